// `parallax list`: what there is to begin with.
#pragma once

#include "cli/authoring_arguments.h"

namespace parallax::cli {

ExitCode list(const ListArguments& arguments);

}  // namespace parallax::cli
