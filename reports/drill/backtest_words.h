// How a backtest is told, alike in text and on its page.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/schema/backtest.pb.h"

namespace parallax::reports {

/// "calls of west that failed", "calls that us-east decided".
std::string line_words(const schema::BacktestLine& line);

/// "detect", "warm up".
std::string phase_words(std::string_view phase);

/// What a phase is, in a few words after its name.
std::string phase_meaning(std::string_view phase);

/// "62 s"; "0.4 s" under ten.
std::string seconds_words(double seconds);

/// "as in the scenario", "35 s longer".
std::string phase_verdict(const schema::BacktestPhase& phase);

/// "3 min 20 s after time zero", "20 s before time zero".
std::string from_zero_words(std::int64_t ns);

}  // namespace parallax::reports
