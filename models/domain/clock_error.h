// How far a clock is off. Virtual time is the true time; a node reads its own clock, and while a fault is on that is
// ahead by an offset, and by what it has gained since the fault began: reading = now + offset + drift x (now - start).
// When the fault ends the clock is right again, as after NTP has stepped it (ntpd steps what is off by more than 128
// ms). Faults that are on at once add up: a host that was set up wrong may drift as well.
//
// It never changes during a run, so any site may ask it, about any instant.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/time.h"

namespace parallax::domain {

class ClockError {
 public:
  struct Spell {
    sim::VirtualTime from;
    sim::VirtualTime until;  ///< first instant at which it is over
  };
  struct Fault {
    std::uint32_t number{0};      ///< the caller's
    sim::Duration offset{};       ///< ahead; behind if negative
    std::int64_t drift{0};        ///< nanoseconds gained in each second (parts per billion); in [-10^8, 10^8]
    std::vector<Spell> spells{};  ///< in order, apart
  };

  void add(Fault fault) { faults_.push_back(std::move(fault)); }

  /// In the order in which they were added.
  const std::vector<Fault>& faults() const { return faults_; }
  bool is_ever_off() const { return !faults_.empty(); }

  /// By how much the clock is ahead.
  sim::Duration at(sim::VirtualTime now) const {
    return visit(now, [](std::size_t) {});
  }
  sim::VirtualTime reading(sim::VirtualTime now) const { return now + at(now); }

  /// The same; `visit` gets the place of each fault that is on.
  template <typename Visit>
  sim::Duration visit(sim::VirtualTime now, Visit&& visit) const {
    sim::Duration ahead;
    for (std::size_t place = 0; place < faults_.size(); ++place) {
      const Spell* spell = spell_at(faults_[place], now);
      if (spell == nullptr) continue;
      ahead += faults_[place].offset + gained(faults_[place].drift, now - spell->from);
      visit(place);
    }
    return ahead;
  }

 private:
  /// The one that is on; null if none is.
  static const Spell* spell_at(const Fault& fault, sim::VirtualTime now);
  static sim::Duration gained(std::int64_t drift, sim::Duration since);

  std::vector<Fault> faults_;
};

}  // namespace parallax::domain
