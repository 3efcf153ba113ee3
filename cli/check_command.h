// `parallax check PATH...`
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/suite_run.h"

namespace parallax::cli {

/// Runs a regression suite, holds it against what was blessed, and reports it.
ExitCode check(const CheckArguments& arguments);

/// The same with another way to play, since no scenario makes the engine fail on purpose.
ExitCode check(const CheckArguments& arguments, const Play& play);

}  // namespace parallax::cli
