// How a scenario has done from blessing to blessing, as a small picture in the row of a suite's page.
#pragma once

#include <string>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

/// HTML: of one target a point for each blessing and the last for now, against the target; in its title the same in
/// words. The target is the first that is missed, else the first there is; without any the verdicts stand in a line.
/// Empty: it was never blessed, or has no result.
std::string history_mark(const scenarios::suite::Row& row);

}  // namespace parallax::reports
