// The table that `parallax truth` prints: plain text in 80 columns, for terminals and for grep.
#pragma once

#include <string>

#include "scenarios/schema/truth.pb.h"

namespace parallax::reports {

/// Every row, measured over predicted; the headline last. Ends with a newline.
std::string truth_text(const schema::TruthReport& report);

}  // namespace parallax::reports
