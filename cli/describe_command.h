// `parallax describe`: a scenario, or the metrics, in words.
#pragma once

#include "cli/authoring_arguments.h"

namespace parallax::cli {

ExitCode describe(const DescribeArguments& arguments);

}  // namespace parallax::cli
