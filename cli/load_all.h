// Every command reads all its scenarios before it does anything with one of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "scenarios/load.h"

namespace parallax::cli {

/// The scenarios in the order of the files; nothing if any has a problem: all of all files are on stderr then.
std::optional<std::vector<scenarios::Loaded>> load_all(const std::vector<std::string>& files,
                                                       const std::vector<std::string>& overrides);

/// The files of `arguments`, with their overrides, in the trial that they name if they do.
std::optional<std::vector<scenarios::Loaded>> load_all(const RunArguments& arguments);

/// Problems on stderr, one a line.
void print_problems(const std::vector<scenarios::Problem>& problems);

}  // namespace parallax::cli
