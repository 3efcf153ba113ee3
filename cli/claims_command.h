// `parallax describe --claims`: what others claim of such deployments, with our verdicts.
#pragma once

#include "cli/exit_code.h"

namespace parallax::cli {

enum class ClaimsAs { kText, kMarkdown };

ExitCode describe_claims(ClaimsAs as);

}  // namespace parallax::cli
