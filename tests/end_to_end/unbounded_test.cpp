// Which windows of the library have no bound, and why: a new line here is a new way for a change to be missed for ever.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "scenarios/load.h"
#include "scenarios/result_bounds.h"
#include "tests/support/library_files.h"

namespace parallax::test {

TEST_CASE("windows without a bound are those of the library's cases of something that goes wrong") {
  const std::filesystem::path source{PARALLAX_SOURCE_DIR};
  std::set<std::string> found;
  for (const std::filesystem::path& scenario : library_files()) {
    const std::string name = library_name(scenario);
    const auto outcome = scenarios::load_file(scenario, {});
    REQUIRE(outcome.loaded);
    const schema::Result foreseen = scenarios::foresee(outcome.loaded->scenario);
    for (const schema::Bound& bound : foreseen.bounds()) {
      if (!bound.has_greatest_ns()) found.insert(name + ' ' + bound.change() + ": " + bound.why());
    }
  }
  std::set<std::string> known;
  std::ifstream file{source / "tests" / "end_to_end" / "unbounded.txt"};
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) known.insert(line);
  }
  for (const std::string& one : found) {
    if (!known.contains(one)) FAIL_CHECK("not in tests/end_to_end/unbounded.txt: " << one);
  }
  for (const std::string& one : known) {
    if (!found.contains(one)) FAIL_CHECK("has a bound now: " << one);
  }
}

}  // namespace parallax::test
