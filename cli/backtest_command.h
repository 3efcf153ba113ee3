// `parallax backtest`: a drill that was held, over what its scenario gives.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// pass: the scenario explains the drill; fail: it does not.
ExitCode backtest(const BacktestArguments& arguments);

}  // namespace parallax::cli
