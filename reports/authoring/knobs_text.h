// The values that a scenario has and that could be others: what it sets, and what is left at its default.
#pragma once

#include <string>

#include "scenarios/load.h"

namespace parallax::reports {

/// Each with its path, value, what it may be, its default, what it means and where it comes from. Defaults that are the
/// same at several places stand once, with "*" for the places.
std::string knobs_text(const scenarios::Loaded& loaded);

}  // namespace parallax::reports
