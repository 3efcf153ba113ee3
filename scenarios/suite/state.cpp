#include "scenarios/suite/state.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "scenarios/suite/difference.h"
#include "scenarios/suite/holding.h"

namespace parallax::scenarios::suite {
namespace {

/// How often a metric's limit of one side is missed, and nobody says that this is known. Limits themselves may have
/// been changed.
using Misses = std::map<std::pair<std::string, std::string>, int>;

Misses misses_of(const schema::SuiteRecord& record) {
  Misses misses;
  for (const schema::SuiteExpectation& expectation : record.expectations()) {
    if (holding_of(expectation) == Holding::kMissed) ++misses[{expectation.metric(), expectation.operator_()}];
  }
  return misses;
}

/// Whether `some` misses what `others` does not.
bool misses_more(const Misses& some, const Misses& others) {
  for (const auto& [what, times] : some) {
    const auto other = others.find(what);
    if (other == others.end() || other->second < times) return true;
  }
  return false;
}

/// Whether all that fails are marks of known misses that are out of date.
bool meets_more_than_is_known(const schema::SuiteRecord& record) {
  const auto& all = record.expectations();
  const auto is_now_met = [](const auto& one) { return holding_of(one) == Holding::kNowMet; };
  return misses_of(record).empty() && std::any_of(all.begin(), all.end(), is_now_met);
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::kFault:
      return "engine fault";
    case State::kRegressed:
      return "regressed";
    case State::kInconclusive:
      return "inconclusive";
    case State::kMoved:
      return "moved";
    case State::kNew:
      return "new";
    case State::kImproved:
      return "improved";
    case State::kSame:
      break;
  }
  return "same";
}

State state_of(const schema::SuiteRecord* before, const schema::SuiteRecord& now) {
  if (before == nullptr) return State::kNew;
  if (now.verdict() != before->verdict()) {
    if (now.verdict() == "fail") return meets_more_than_is_known(now) ? State::kImproved : State::kRegressed;
    return now.verdict() == "inconclusive" ? State::kInconclusive : State::kImproved;
  }
  if (now.verdict() == "fail") {
    const Misses was = misses_of(*before);
    const Misses is = misses_of(now);
    if (misses_more(is, was)) return State::kRegressed;
    if (misses_more(was, is)) return State::kImproved;
  }
  return first_difference(*before, now) ? State::kMoved : State::kSame;
}

}  // namespace parallax::scenarios::suite
