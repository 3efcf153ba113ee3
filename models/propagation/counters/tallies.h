// The tallies of one node by key.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>

#include "models/logic/throttling/tally.h"
#include "models/logic/throttling/throttle_key.h"

namespace parallax::propagation::counters {

using logic::throttling::Lesson;
using logic::throttling::Tally;
using logic::throttling::TallySpec;
using logic::throttling::ThrottleKey;

class Tallies {
 public:
  explicit Tallies(const TallySpec& spec) : spec_{spec} {}

  bool admit(ThrottleKey key, sim::VirtualTime now) { return tallies_[key].admit(spec_, now); }
  void add(ThrottleKey key, sim::VirtualTime now) { tallies_[key].add(spec_, now); }

  std::uint64_t total(ThrottleKey key, sim::VirtualTime now) const {
    const auto found = tallies_.find(key);
    return found == tallies_.end() ? 0 : found->second.total(spec_, now);
  }

  Lesson teach(ThrottleKey key, sim::VirtualTime now) { return tallies_[key].teach(spec_, now); }
  void learn(ThrottleKey key, const Lesson& lesson, sim::VirtualTime now) { tallies_[key].learn(spec_, lesson, now); }

  const TallySpec& spec() const { return spec_; }

  /// Becomes a copy of the other's, whatever it was.
  void copy(const Tallies& other) { tallies_ = other.tallies_; }

 private:
  TallySpec spec_;
  boost::unordered_flat_map<ThrottleKey, Tally> tallies_;  ///< looked up only, never walked
};

}  // namespace parallax::propagation::counters
