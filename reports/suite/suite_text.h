// A regression suite for the terminal.
#pragma once

#include <cstddef>
#include <string>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

/// One line, as soon as the row is there; `name_width` is that of the longest name, in code points.
std::string suite_line(const scenarios::suite::Row& row, std::size_t name_width);

/// A line for each row, then its details.
std::string suite_text(const scenarios::suite::Suite& suite);

/// What to know of rows that need a look, those that regressed first, and the headline at the end.
std::string suite_details(const scenarios::suite::Suite& suite);

}  // namespace parallax::reports
