// What `parallax backtest` prints: plain text in 80 columns.
#pragma once

#include <string>

#include "scenarios/schema/backtest.pb.h"

namespace parallax::reports {

std::string backtest_text(const schema::Backtest& backtest);

}  // namespace parallax::reports
