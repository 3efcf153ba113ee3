// What expectations say of being broken: each of their overrides is tried on a copy, as the command line's are on the
// scenario. Whether the whole still makes sense shows when it is played (suite/mutation.h).
#include <fmt/format.h>

#include <string>
#include <vector>

#include "scenarios/check.h"
#include "scenarios/overrides.h"
#include "scenarios/reporter.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

// Else the target could be moved until the run misses it.
bool moves_target(const std::string& text) { return text.starts_with("expectations"); }

/// The first problem of the override, as the command line's are told; nothing if there is none.
std::string problem_of(const std::string& text, const Draft& mutant) {
  const std::string source = "--set " + text.substr(0, text.find('='));
  for (const Problem& problem : mutant.problems) {
    if (problem.file == source) return problem.message;
  }
  return {};
}

void check_one(const schema::Scenario& scenario, const schema::Expectation& expectation, Reporter& reporter) {
  const std::vector<std::string> overrides(expectation.broken_by().begin(), expectation.broken_by().end());
  if (overrides.empty()) return;
  Draft mutant("");
  *mutant.scenario = scenario;
  apply_overrides(overrides, mutant);
  check_values(mutant);
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const std::string error = moves_target(overrides[i]) ? "is of the expectations; expected a value of what is played"
                                                         : problem_of(overrides[i], mutant);
    if (error.empty()) continue;
    reporter.report(expectation, "broken_by", fmt::format("broken_by {}: {}", quoted(overrides[i]), error),
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
