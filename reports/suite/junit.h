// A regression suite as JUnit XML, for whatever shows test results: the subset that Jenkins' schema (junit-10.xsd) and
// GitLab share. A scenario is a testsuite, an expectation a testcase; one more, "verdict", stands for the scenario as a
// whole. Missed: failure; undecided: skipped, or failure where the suite is strict; no result: error. Times are virtual
// seconds, as a property of each testsuite says: wall time would make each file another one. GitLab shows neither
// properties nor messages, so all that matters is in the bodies too.
#pragma once

#include <string>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

std::string junit(const scenarios::suite::Suite& suite);

}  // namespace parallax::reports
