// `parallax fit`: measured lengths become a delay of scenarios.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// 0 whatever fits: where no family does, the values are written as they are.
ExitCode fit(const FitArguments& arguments);

}  // namespace parallax::cli
