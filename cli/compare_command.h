// `parallax compare`: deployments beside each other, in the same trial.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// 0 whatever was found: a comparison has no target of its own.
ExitCode compare(const CompareArguments& arguments);

}  // namespace parallax::cli
