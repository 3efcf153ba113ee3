// `parallax run FILE...`
#pragma once

#include "cli/arguments.h"

namespace parallax::cli {

/// Loads all scenarios, then runs and reports one after the other.
ExitCode run(const RunArguments& arguments);

}  // namespace parallax::cli
