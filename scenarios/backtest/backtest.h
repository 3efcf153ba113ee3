// A drill that was held, over what the scenario of it gives.
#pragma once

#include <string>
#include <vector>

#include "scenarios/backtest/drill.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "scenarios/schema/backtest.pb.h"

namespace parallax::scenarios::backtest {

struct BacktestOptions {
  std::string observed;      ///< the drill's file
  std::string command;       ///< that makes it again
  std::int64_t bucket_s{5};  ///< > 0
};

/// Why no drill can be held against the scenario, known before its runs; empty if one can.
std::string obstacle(const schema::Scenario& scenario);

/// Why the two cannot be held against each other; empty if they can.
std::string obstacle(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const Drill& drill,
                     const BacktestOptions& options);

/// Requires: no obstacle.
schema::Backtest backtest(const Loaded& loaded, const std::vector<SeedRun>& runs, const Drill& drill,
                          const BacktestOptions& options);

}  // namespace parallax::scenarios::backtest
