// The scenarios of a folder of scenarios/library, their verdicts, and what tests ask of windows.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {

inline std::vector<std::string> scenarios_in(const std::string& folder) {
  std::set<std::string> names;
  const auto path = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (!entry.is_directory()) names.insert(entry.path().stem().string());
  }
  return {names.begin(), names.end()};
}

/// Of three seeds.
inline std::string verdict(const std::string& name) {
  const auto file = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / (name + ".txtpb");
  const auto outcome = scenarios::load_file(file, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  CHECK(outcome.loaded->scenario.name() == file.stem());
  scenarios::RunOptions options;
  options.seeds = {1, 2, 3};
  return scenarios::run(*outcome.loaded, options).result.verdict();
}

inline std::vector<audit::WindowFinding> windows_of(const Rehearsal& played, domain::ChangeKind change) {
  std::vector<audit::WindowFinding> windows;
  for (const audit::WindowFinding& window : played.findings.windows) {
    if (window.change == change) windows.push_back(window);
  }
  return windows;
}

inline sim::Duration spent_on(const audit::WindowFinding& window, domain::Stage stage) {
  sim::Duration sum{};
  for (const audit::Piece& piece : window.pieces) sum += piece.stage == stage ? piece.length : sim::Duration{};
  return sum;
}

}  // namespace parallax::test
