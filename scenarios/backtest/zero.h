// Where a drill begins in a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/run.h"

namespace parallax::scenarios::backtest {

struct Zero {
  std::int64_t at_s;                     ///< the whole second in which it is
  std::optional<std::int64_t> over_s{};  ///< the same of the fault's end, from there on; absent: it lasts
  std::optional<sim::Duration> lasts{};  ///< to the nanosecond; absent: it outlasts the run
  std::string what;                      ///< "fault \"us-east lost\" begins"
};

/// The first fault of a run, those of its runbooks with them; nothing if none ever is on.
std::optional<Zero> zero_of(const SeedRun& run);

}  // namespace parallax::scenarios::backtest
