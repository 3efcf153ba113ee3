// `parallax validate FILE...`
#pragma once

#include "cli/arguments.h"

namespace parallax::cli {

/// "FILE: ok (...)" on stdout for each, or all problems on stderr.
ExitCode validate(const ValidateArguments& arguments);

}  // namespace parallax::cli
