#include "scenarios/problem.h"

#include "scenarios/wording.h"

namespace parallax::scenarios {

std::string to_string(const Problem& problem) {
  const std::string place =
      problem.line == 0 ? "" : ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  return on_one_line(problem.file + place + ": " + problem.message);
}

}  // namespace parallax::scenarios
