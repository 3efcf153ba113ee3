// Mutation testing of a suite: whether its expectations can fail at all. Each names overrides under which it has to
// come out the other way, what is met missed and a known miss met: usually those that turn round the rule which the
// scenario is about. An expectation that comes out the same under them proves nothing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios::suite {

/// One change of a scenario, and the places of the expectations that it has to turn round.
struct Mutation {
  std::vector<std::string> overrides;
  std::vector<int> expectations;
};

/// Each set of overrides once, in the order of the expectations; those that name none are in none.
std::vector<Mutation> mutations_of(const schema::Scenario& scenario);

enum class Fate {
  kTurned,       ///< it holds, and under its mutation it does not
  kSurvived,     ///< it comes out the same
  kUndecided,    ///< inconclusive under its mutation
  kNamesNone,    ///< nothing is said to break it
  kDoesNotHold,  ///< already without any mutation
};

Fate fate_of(const schema::ExpectationOutcome& as_it_is, const schema::ExpectationOutcome& mutated);

/// The same of the `expectation`-th of two results; undecided, if a limit has cut one of them short.
Fate fate_of(const schema::Result& as_it_is, const schema::Result& mutated, int expectation);

/// One expectation, as it is and under its mutation.
struct Trial {
  Fate fate{Fate::kNamesNone};
  std::string as_it_is;  ///< one sentence, with the figures
  std::string mutated{};
  std::string command{};  ///< that plays the mutation
};

struct MutatedScenario {
  std::string scenario;  ///< name
  std::vector<Trial> trials{};
  std::vector<std::string> faults{};  ///< what the engine said, and the command that makes it again
};

struct MutatedSuite {
  std::vector<MutatedScenario> scenarios;
  std::string command;  ///< that plays all of it again

  std::size_t count(Fate fate) const;
  std::size_t expectations() const;
  std::size_t faults() const;
};

}  // namespace parallax::scenarios::suite
