// `parallax report`.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace parallax::cli {

/// Reports again from results, without simulating.
ExitCode report(const ReportArguments& arguments);

}  // namespace parallax::cli
