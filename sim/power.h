// Whether the hosts of a site run, and which of their lives this is: what was under way in an earlier one must not go
// on after a restart.
#pragma once

#include <cstdint>
#include <set>

#include "sim/standstill.h"
#include "sim/time.h"

namespace parallax::sim {

class Power {
 public:
  bool is_on() const { return is_on_; }

  /// A token for work that begins now: it is stale once the power has failed.
  std::uint32_t life() const { return life_; }
  bool outlived(std::uint32_t life) const { return life != life_; }

  /// Before the run, for every failure that is on the schedule.
  void plan_failure(VirtualTime when) { planned_.insert(when); }

  /// True if nothing on the schedule fails it up to and at `t`. Requires: t not in the past.
  bool lasts_beyond(VirtualTime t) const { return is_on_ && (planned_.empty() || t < *planned_.begin()); }

  void fail(VirtualTime now) {
    is_on_ = false;
    ++life_;
    planned_.erase(planned_.begin(), planned_.upper_bound(now));
  }
  void restore() { is_on_ = true; }

  /// Of whose process it is: whoever has something for it asks this first. Its beginnings are to be planned as failures
  /// are, for what is on its way before one may not be.
  Standstill& standstill() const { return standstill_; }
  void stand_still(VirtualTime now, std::uint32_t fault) {
    planned_.erase(planned_.begin(), planned_.upper_bound(now));
    standstill_.begin(fault);
  }

 private:
  bool is_on_{true};
  std::uint32_t life_{0};
  std::multiset<VirtualTime> planned_;  ///< that have not happened yet
  mutable Standstill standstill_;       ///< changed by who waits for it, of which there are many
};

}  // namespace parallax::sim
