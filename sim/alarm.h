// A deadline that moves, nearly always to later: setting it costs no event while one that comes up earlier is pending,
// which then looks again. Time-outs that every message pushes on would be a cancelled event for each of them otherwise.
#pragma once

#include <functional>
#include <utility>

#include "sim/site.h"

namespace parallax::sim {

/// Must outlive the run.
class Alarm {
 public:
  Alarm(Site& site, std::function<void()> ring) : site_{site}, ring_{std::move(ring)} {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Rings once, at `deadline`, unless it is set anew or cleared before. Requires: deadline not in the past.
  void set(VirtualTime deadline) {
    deadline_ = deadline;
    if (pending_at_ <= deadline) return;
    site_.cancel(pending_);
    schedule();
  }
  void clear() { deadline_ = kNever; }
  VirtualTime deadline() const { return deadline_; }

 private:
  void schedule() {
    pending_at_ = deadline_;
    pending_ = site_.at(deadline_, [this] { look(); });
  }

  void look() {
    pending_at_ = kNever;
    if (deadline_ == kNever) return;
    if (deadline_ > site_.now()) return schedule();
    deadline_ = kNever;
    ring_();
  }

  Site& site_;
  std::function<void()> ring_;
  VirtualTime deadline_{kNever};
  VirtualTime pending_at_{kNever};
  Timer pending_{};
};

}  // namespace parallax::sim
