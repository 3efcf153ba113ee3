#include "cli/load_all.h"

#include <cstdio>
#include <utility>

#include "scenarios/trial.h"

namespace parallax::cli {

namespace {

// Junk has a problem on every line; nobody reads more than the first hundred.
constexpr std::size_t kMostPrinted = 100;

}  // namespace

void print_problems(const std::vector<scenarios::Problem>& problems) {
  for (std::size_t i = 0; i < problems.size() && i < kMostPrinted; ++i) {
    std::fprintf(stderr, "%s\n", to_string(problems[i]).c_str());
  }
  if (problems.size() > kMostPrinted) std::fprintf(stderr, "... and %zu more\n", problems.size() - kMostPrinted);
}

std::optional<std::vector<scenarios::Loaded>> load_all(const std::vector<std::string>& files,
                                                       const std::vector<std::string>& overrides) {
  std::vector<scenarios::Loaded> loaded;
  for (const std::string& file : files) {
    scenarios::LoadOutcome outcome = scenarios::load_file(file, overrides);
    print_problems(outcome.problems);
    if (outcome.loaded) loaded.push_back(std::move(*outcome.loaded));
  }
  if (loaded.size() != files.size()) return std::nullopt;
  return loaded;
}

std::optional<std::vector<scenarios::Loaded>> load_all(const RunArguments& arguments) {
  if (!arguments.with) return load_all(arguments.files, arguments.overrides);
  const scenarios::TrialOutcome read = scenarios::read_trial(*arguments.with);
  print_problems(read.problems);
  if (!read.trial) return std::nullopt;
  scenarios::DesignsOutcome outcome = scenarios::load_in_trial(arguments.files, *read.trial, arguments.overrides);
  print_problems(outcome.problems);
  if (!outcome.problems.empty()) return std::nullopt;
  return std::move(outcome.loaded);
}

}  // namespace parallax::cli
