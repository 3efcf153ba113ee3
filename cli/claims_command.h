// `parallax describe --claims`: what others claim of such deployments, with our verdicts.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

ExitCode describe_claims(const ClaimsArguments& arguments);

}  // namespace parallax::cli
