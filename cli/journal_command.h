// `parallax run FILE --journal FROM..TO`
#pragma once

#include "cli/arguments.h"

namespace parallax::cli {

/// The records of that stretch on stdout, and no file. Requires: arguments that ask for it.
ExitCode print_journal(const RunArguments& arguments);

}  // namespace parallax::cli
