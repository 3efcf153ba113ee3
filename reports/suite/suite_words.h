// A regression suite in words, the same in each of its reports. What comes from scenarios is in it as it is: whoever
// prints it escapes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

/// "5 scenarios: 2 fail and 3 pass; 1 regressed, 4 same"; of one that was interrupted how far it came.
std::string suite_headline(const scenarios::suite::Suite& suite);

/// "fails; it passed when it was blessed".
std::string state_sentence(const scenarios::suite::Row& row);

/// "Access that should have ended: window.token_revoked.max at most 1m, found 75 in seed 2".
std::string expectation_words(const schema::SuiteExpectation& expectation);

/// Why somebody has to look at a row, one finding each: what is missed, why it is undecided, where it went another way,
/// which values are others now, and what makes it hard to compare.
std::vector<std::string> row_findings(const scenarios::suite::Row& row);

/// A command and what it is for.
struct SuiteCommand {
  std::string_view purpose;
  std::string command;
};
std::vector<SuiteCommand> row_commands(const scenarios::suite::Row& row);

}  // namespace parallax::reports
