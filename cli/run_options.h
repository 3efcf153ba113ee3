// What a command line asks of the engine.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/progress.h"
#include "scenarios/run.h"

namespace parallax::cli {

/// How many seeds at a time.
unsigned jobs_of(const RunArguments& arguments);

/// The runs of one file. They show `progress`, which has to live as long, and stop where the user interrupts.
scenarios::RunOptions run_options(const RunArguments& arguments, const std::string& file,
                                  const schema::Scenario& scenario, Progress& progress);

}  // namespace parallax::cli
