// Shares over the time of a drill, as panels on one clock: what was observed over the band of the seeds.
#pragma once

#include <string>

#include "scenarios/schema/backtest.pb.h"

namespace parallax::reports {

/// A table with a row for each line, and one with its figures.
std::string drill_panels(const schema::Backtest& backtest);

}  // namespace parallax::reports
