#include "reports/drill/backtest_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/words.h"

namespace parallax::reports {

std::string line_words(const schema::BacktestLine& line) {
  if (line.name() == "decided") return "calls that " + line.of() + " decided";
  return line.of().empty() ? "calls that failed" : "calls of " + line.of() + " that failed";
}

std::string phase_words(std::string_view phase) {
  std::string words(phase);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string phase_meaning(std::string_view phase) {
  if (phase == "detect") return "from time zero until a tenth of its clients have moved";
  if (phase == "redirect") return "from then until nine tenths have";
  if (phase == "warm_up") return "what still fails after that, as seconds in which all would have";
  return "the same of what fails once the fault is over";
}

std::string seconds_words(double seconds) {
  if (std::fabs(seconds) < 10) return fmt::format("{:.1f}\u00A0s", seconds);
  return clock_words(static_cast<std::int64_t>(std::llround(seconds)) * 1'000'000'000);
}

std::string phase_verdict(const schema::BacktestPhase& phase) {
  if (phase.verdict() == "same") return "as in the scenario";
  return seconds_words(std::fabs(phase.observed_s() - phase.typical_s())) + " " + phase.verdict();
}

std::string from_zero_words(std::int64_t ns) {
  if (ns == 0) return "at time zero";
  return round_clock_words(std::abs(ns)) + (ns < 0 ? " before time zero" : " after time zero");
}

}  // namespace parallax::reports
