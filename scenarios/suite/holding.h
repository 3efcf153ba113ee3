// How a suite takes what came of an expectation: a target that is known to be missed holds while it is, and its mark is
// out of date once it is met.
#pragma once

#include <string_view>

#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/suite.pb.h"

namespace parallax::scenarios::suite {

enum class Holding {
  kHolds,      ///< met; or missed, as is known
  kMissed,     ///< and nobody says that this is known
  kNowMet,     ///< though said to be missed: the mark has to go
  kUndecided,  ///< inconclusive
};

Holding holding_of(std::string_view verdict, bool is_known_miss);

inline Holding holding_of(const schema::SuiteExpectation& expectation) {
  return holding_of(expectation.verdict(), !expectation.known_miss().empty());
}
inline Holding holding_of(const schema::ExpectationOutcome& outcome) {
  return holding_of(outcome.verdict(), !outcome.known_miss().empty());
}

/// pass, fail or inconclusive: the result's own verdict but for what is known.
std::string_view verdict_of(const schema::Result& result);

}  // namespace parallax::scenarios::suite
