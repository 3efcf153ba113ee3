// `parallax explain RESULT ID`
#pragma once

#include "cli/arguments.h"

namespace parallax::cli {

/// The journey of one window on stdout, and what becomes of it with other values; or what is wrong on stderr.
ExitCode explain(const ExplainArguments& arguments);

}  // namespace parallax::cli
