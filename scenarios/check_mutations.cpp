// What expectations say of being broken: each of their overrides is tried on a copy, as the command line's are on the
// scenario. Whether the whole still makes sense shows when it is played (suite/mutation.h).
#include <fmt/format.h>

#include <span>
#include <string>
#include <vector>

#include "scenarios/check.h"
#include "scenarios/overrides.h"
#include "scenarios/reporter.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// What is wrong with the last of `overrides` where those before it are right; nothing if it is right too.
std::string wrong_override(const schema::Scenario& scenario, std::span<const std::string> overrides) {
  const std::string path = overrides.back().substr(0, overrides.back().find('='));
  // Else the target could be moved until the run misses it.
  if (path.starts_with("expectations")) {
    return fmt::format("{} is of the expectations; expected a value of what is played", quoted(path));
  }
  Draft mutant("");
  *mutant.scenario = scenario;
  apply_overrides(overrides, mutant);
  if (mutant.problems.empty()) check_values(mutant);
  for (const Problem& problem : mutant.problems) {
    if (problem.file == "--set " + path) return problem.message;
  }
  return {};
}

void check_one(const schema::Scenario& scenario, const schema::Expectation& expectation, Reporter& reporter) {
  const std::vector<std::string> overrides(expectation.broken_by().begin(), expectation.broken_by().end());
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const std::string error = wrong_override(scenario, std::span(overrides).first(i + 1));
    if (error.empty()) continue;
    return reporter.report(expectation, "broken_by", fmt::format("broken_by {}: {}", quoted(overrides[i]), error),
                           static_cast<int>(i));
  }
}

}  // namespace

void check_mutations(Draft& draft) {
  Reporter reporter(draft.places, draft.problems);
  for (const schema::Expectation& expectation : draft.scenario->expectations()) {
    check_one(*draft.scenario, expectation, reporter);
  }
}

}  // namespace parallax::scenarios
