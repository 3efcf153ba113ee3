// What an API's backend is declared to bear: so many requests of production or sandbox keys in each unit of time,
// whoever sends them. Counted in the gateway, in windows that begin with the first request.
#pragma once

#include <cstdint>
#include <vector>

#include "models/logic/throttling/anchored_limiter.h"
#include "models/logic/throttling/subject.h"

namespace parallax::logic::throttling {

inline constexpr sim::Duration kHardLimitUnit = sim::milliseconds(1'000);

class HardLimits {
 public:
  /// `shared` as for AnchoredLimiter.
  HardLimits(const AnchoredLimiterOptions& options, SharedCounter* shared) : limiter_{options, shared} {}

  /// Burst{}: no limit. Elsewhere the unit is kHardLimitUnit by default: {requests, kHardLimitUnit}.
  void set(domain::ApiId api, KeyType type, Burst limit) {
    const std::uint32_t slot = slot_of(api, type);
    if (slot >= limits_.size()) limits_.resize(slot + 1);
    limits_[slot] = limit;
    limiter_.reserve(slot + 1);
  }

  AnchoredLimiter::Verdict admit(const Subject& subject, sim::VirtualTime now) {
    const std::uint32_t slot = slot_of(subject.api, subject.key_type);
    if (slot >= limits_.size() || limits_[slot].requests == 0) return {};
    return limiter_.admit(slot, hard_limit_key(subject), limits_[slot], now);
  }

  void go_synchronous(const Subject& subject, sim::VirtualTime now) {
    const std::uint32_t slot = slot_of(subject.api, subject.key_type);
    if (slot >= limits_.size() || limits_[slot].requests == 0) return;
    limiter_.go_synchronous(slot, hard_limit_key(subject), limits_[slot], now);
  }

  void synchronise() { limiter_.synchronise(); }
  void set_gateways(std::uint32_t gateways) { limiter_.set_gateways(gateways); }

 private:
  static std::uint32_t slot_of(domain::ApiId api, KeyType type) {
    return static_cast<std::uint32_t>(domain::index(api)) * 2 + static_cast<std::uint32_t>(type);
  }

  AnchoredLimiter limiter_;
  std::vector<Burst> limits_;  ///< by slot
};

}  // namespace parallax::logic::throttling
