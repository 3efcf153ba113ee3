// `parallax truth`: predictions against what was measured on real software.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

ExitCode truth(const TruthArguments& arguments);

}  // namespace parallax::cli
