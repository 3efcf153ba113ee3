// Predicted against measured in words, the same in each of its reports. What comes from files of users is in it as it
// is: whoever prints it escapes it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/truth.pb.h"

namespace parallax::reports {

/// "132 measured rows: 126 within, 6 outside".
std::string truth_headline(const schema::TruthReport& report);

/// A figure of a row, without its unit: "40.5", "181", "14106".
std::string truth_figure(double value);

/// What of a row is outside, one finding for each figure, and the reason last. Empty where all is within.
std::vector<std::string> truth_findings(const schema::TruthReportRow& row);

/// "300 values", "205 values of 3 draws", "one draw".
std::string sample_words(const schema::TruthReportRow& row);

/// The command that simulates a row's setting by itself; empty of a testbed.
std::string truth_command(const schema::TruthReportGroup& group, const schema::TruthReportRow& row);

}  // namespace parallax::reports
