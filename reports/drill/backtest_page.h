// The page of a backtest: the drill's line over the band of the seeds, the phases, and the rule of the verdict.
#pragma once

#include <string>

#include "scenarios/schema/backtest.pb.h"

namespace parallax::reports {

std::string backtest_page(const schema::Backtest& backtest);

}  // namespace parallax::reports
