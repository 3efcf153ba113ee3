#include "scenarios/suite/holding.h"

#include <algorithm>

namespace parallax::scenarios::suite {

Holding holding_of(std::string_view verdict, bool is_known_miss) {
  if (verdict == "pass") return is_known_miss ? Holding::kNowMet : Holding::kHolds;
  if (verdict == "fail") return is_known_miss ? Holding::kHolds : Holding::kMissed;
  return Holding::kUndecided;
}

std::string_view verdict_of(const schema::Result& result) {
  const auto& all = result.expectations();
  const bool has_marks =
      std::any_of(all.begin(), all.end(), [](const auto& outcome) { return !outcome.known_miss().empty(); });
  // A run that was cut short is inconclusive whatever its expectations say.
  if (!has_marks || result.verdict() == "inconclusive") return result.verdict();
  const bool fails = std::any_of(all.begin(), all.end(), [](const auto& outcome) {
    const Holding holding = holding_of(outcome);
    return holding == Holding::kMissed || holding == Holding::kNowMet;
  });
  if (fails) return "fail";
  return result.reasons().empty() ? "pass" : "inconclusive";
}

}  // namespace parallax::scenarios::suite
