// Predicted against measured as a page: both distributions of every row over each other. One self-contained file,
// readable from disk with the network off and without a script.
#pragma once

#include <string>

#include "scenarios/schema/truth.pb.h"

namespace parallax::reports {

std::string truth_page(const schema::TruthReport& report);

}  // namespace parallax::reports
