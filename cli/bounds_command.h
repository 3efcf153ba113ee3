// `parallax bounds`.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// What can be said of scenarios without playing them, on stdout.
ExitCode bounds(const BoundsArguments& arguments);

}  // namespace parallax::cli
