#include "reports/suite/mutation_text.h"

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Fate;
using scenarios::suite::MutatedScenario;
using scenarios::suite::MutatedSuite;
using scenarios::suite::Trial;

std::string told(std::string_view finding) { return wrapped(fmt::format("  {}", safe(plain(finding))), 4); }

std::string trial_text(const std::string& scenario, const Trial& trial) {
  const auto head = [&](std::string_view what) { return fmt::format("\n{}: {}\n", what, safe(scenario)); };
  // Commands stay on one line each, to be copied.
  const std::string command = fmt::format("  to see it: {}\n", safe(trial.command));
  switch (trial.fate) {
    case Fate::kTurned:
      return "";
    case Fate::kNamesNone:
      return head("no mutation") + told(trial.as_it_is) + told("nothing is said to break it: expected broken_by");
    case Fate::kDoesNotHold:
      return head("does not hold") + told(trial.as_it_is) + command;
    case Fate::kUndecided:
      return head("undecided") + told("as it is: " + trial.as_it_is) + told("mutated: " + trial.mutated) + command;
    case Fate::kSurvived:
      break;
  }
  return head("survived") + told("as it is: " + trial.as_it_is) + told("mutated: " + trial.mutated) + command;
}

std::string scenario_text(const MutatedScenario& one) {
  std::string out;
  for (const std::string& fault : one.faults)
    out += fmt::format("\nengine fault: {}\n  {}\n", safe(one.scenario), safe(fault));
  for (const Trial& trial : one.trials) out += trial_text(one.scenario, trial);
  return out;
}

std::string headline(const MutatedSuite& suite) {
  std::string out =
      fmt::format("{}, {}: {} under {} mutation", counted(suite.scenarios.size(), "scenario", "scenarios"),
                  counted(suite.expectations(), "expectation", "expectations"),
                  counted(suite.count(Fate::kTurned), "turns round", "turn round"),
                  suite.count(Fate::kTurned) == 1 ? "its" : "their");
  const auto add = [&](std::size_t count, std::string_view one, std::string_view many) {
    if (count > 0) out += ", " + counted(count, one, many);
  };
  add(suite.count(Fate::kSurvived), "survives", "survive");
  add(suite.count(Fate::kUndecided), "is undecided", "are undecided");
  add(suite.count(Fate::kDoesNotHold), "does not hold without any", "do not hold without any");
  add(suite.count(Fate::kNamesNone), "names none", "name none");
  add(suite.faults(), "engine fault", "engine faults");
  return out;
}

}  // namespace

std::string mutation_text(const MutatedSuite& suite) {
  std::string out;
  for (const MutatedScenario& one : suite.scenarios) out += scenario_text(one);
  return out + fmt::format("\n{}", wrapped(plain(headline(suite)), 2));
}

}  // namespace parallax::reports
