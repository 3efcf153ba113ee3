// Two distributions over each other, as inline SVG.
#pragma once

#include <string>

#include "scenarios/schema/truth.pb.h"

namespace parallax::reports {

/// Shares of measured (a broad band) and predicted values (a thin line) that are at most so much, from the least to the
/// greatest value, but for the first and last 1 % of long samples; the ends of the axis below. Requires: predicted
/// quantiles.
std::string truth_mark(const schema::TruthReportRow& row);

}  // namespace parallax::reports
