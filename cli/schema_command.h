// `parallax schema`: the schema of scenarios, for editors.
#pragma once

#include "cli/authoring_arguments.h"

namespace parallax::cli {

ExitCode print_schema(const SchemaArguments& arguments);

}  // namespace parallax::cli
