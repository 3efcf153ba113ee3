// `parallax check --mutate`: plays each scenario as it is, and under each of the mutations that its expectations name.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// 1 if an expectation survives its mutation, or does not hold without it; 4 if one names none, or is undecided (with
/// --strict 1). Nothing is played if any mutation makes a scenario that is refused.
ExitCode mutate(const CheckArguments& arguments, const std::vector<std::string>& files);

}  // namespace parallax::cli
