#include "scenarios/suite/mutation.h"

#include <algorithm>

#include "scenarios/cut_short.h"
#include "scenarios/suite/holding.h"

namespace parallax::scenarios::suite {

std::vector<Mutation> mutations_of(const schema::Scenario& scenario) {
  std::vector<Mutation> mutations;
  for (int i = 0; i < scenario.expectations_size(); ++i) {
    const auto& named = scenario.expectations(i).broken_by();
    if (named.empty()) continue;
    const std::vector<std::string> overrides(named.begin(), named.end());
    const auto same = std::find_if(mutations.begin(), mutations.end(),
                                   [&](const Mutation& mutation) { return mutation.overrides == overrides; });
    (same == mutations.end() ? mutations.emplace_back(Mutation{overrides, {}}) : *same).expectations.push_back(i);
  }
  return mutations;
}

Fate fate_of(const schema::ExpectationOutcome& as_it_is, const schema::ExpectationOutcome& mutated) {
  if (holding_of(as_it_is) != Holding::kHolds) return Fate::kDoesNotHold;
  switch (holding_of(mutated)) {
    case Holding::kHolds:
      return Fate::kSurvived;
    case Holding::kUndecided:
      return Fate::kUndecided;
    default:
      return Fate::kTurned;
  }
}

Fate fate_of(const schema::Result& as_it_is, const schema::Result& mutated, int expectation) {
  if (is_cut_short(as_it_is) || is_cut_short(mutated)) return Fate::kUndecided;
  return fate_of(as_it_is.expectations(expectation), mutated.expectations(expectation));
}

std::size_t MutatedSuite::count(Fate fate) const {
  std::size_t count = 0;
  for (const MutatedScenario& one : scenarios) {
    count += static_cast<std::size_t>(
        std::count_if(one.trials.begin(), one.trials.end(), [fate](const Trial& trial) { return trial.fate == fate; }));
  }
  return count;
}

std::size_t MutatedSuite::expectations() const {
  std::size_t count = 0;
  for (const MutatedScenario& one : scenarios) count += one.trials.size();
  return count;
}

std::size_t MutatedSuite::faults() const {
  std::size_t count = 0;
  for (const MutatedScenario& one : scenarios) count += one.faults.size();
  return count;
}

}  // namespace parallax::scenarios::suite
