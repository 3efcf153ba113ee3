// A regression suite as a page: one self-contained file, readable from disk with the network off and without a script.
#pragma once

#include <string>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

/// Rows that regressed first. It leads to the reports of its rows, by paths from the page, and nowhere else.
std::string suite_page(const scenarios::suite::Suite& suite);

}  // namespace parallax::reports
