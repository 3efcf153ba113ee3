// What is wrong with a scenario, and where: the one form in which loading reports anything to people.
#pragma once

#include <string>

namespace parallax::scenarios {

/// Line and column count from 1; 1:1 where there is nothing better. The column counts characters, a tab as one.
struct Problem {
  std::string file;  ///< or "--set path" for a value of the command line
  int line{1};
  int column{1};
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// "file:line:column: message", as editors and CI annotations understand it.
inline std::string to_string(const Problem& problem) {
  return problem.file + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
         problem.message;
}

}  // namespace parallax::scenarios
