// What is wrong with a scenario, and where: the one form in which loading reports anything to people.
#pragma once

#include <string>

namespace parallax::scenarios {

/// Line and column count from 1; 1:1 where there is nothing better, 0:0 on the command line, which has neither. The
/// column counts characters, a tab as one.
struct Problem {
  std::string file;  ///< or "--set path" for a value of the command line
  int line{1};
  int column{1};
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// "file:line:column: message", as editors and CI annotations understand it; of the command line "--set path: message".
/// On one line, whatever names hold.
std::string to_string(const Problem& problem);

}  // namespace parallax::scenarios
