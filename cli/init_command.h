// `parallax init`: the file of a new scenario.
#pragma once

#include "cli/authoring_arguments.h"

namespace parallax::cli {

ExitCode init(const InitArguments& arguments);

}  // namespace parallax::cli
