// A node's own clock, as a part of its software reads it where it decides by the time of day: when a token was issued
// and expires, in which window a request is counted, until when a decision holds. What is measured on one machine alone
// (the age of a cache's entry, timers, time-outs) is a difference between two readings, or a monotonic clock, and goes
// by the site's virtual time: what NTP's step does to the former is left out.
//
// It counts its readings while it is off, fault by fault: a fault without any has touched nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/clock_error.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::runtime {

class Clock {
 public:
  explicit Clock(sim::Site& site) : site_{site} {}

  /// It is off by `error`, which outlives it. Before the run.
  void be_off_by(const domain::ClockError& error) {
    error_ = &error;
    readings_.assign(error.faults().size(), 0);
  }

  sim::VirtualTime now() { return at(site_.now()); }

  /// What it shows at another instant of true time.
  sim::VirtualTime at(sim::VirtualTime instant) { return error_ == nullptr ? instant : read(instant); }

  /// By how much it is ahead now.
  sim::Duration ahead() { return now() - site_.now(); }

  /// Adds its readings while it was off to the sums by fault number.
  void add_readings(std::vector<std::uint64_t>& by_fault) const {
    for (std::size_t place = 0; place < readings_.size(); ++place) {
      by_fault[error_->faults()[place].number] += readings_[place];
    }
  }

 private:
  sim::VirtualTime read(sim::VirtualTime instant) {
    return instant + error_->visit(instant, [this](std::size_t place) { ++readings_[place]; });
  }

  sim::Site& site_;
  const domain::ClockError* error_{nullptr};  ///< null: it is right
  std::vector<std::uint64_t> readings_;       ///< by the error's faults
};

}  // namespace parallax::runtime
