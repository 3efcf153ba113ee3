// What each fault of a scenario has touched in one run.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/run.h"

namespace parallax::test {

inline schema::Result result_of_text(const std::string& text, std::uint64_t seed = 1) {
  const auto outcome = scenarios::load_text("generated", text, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  scenarios::RunOptions options;
  options.seeds = {seed};
  return scenarios::run(*outcome.loaded, options).result;
}

/// By fault, in the order in which the scenario names them.
inline std::vector<std::uint64_t> touched_in(const std::string& text, std::uint64_t seed = 1) {
  std::vector<std::uint64_t> touched;
  const schema::Result result = result_of_text(text, seed);
  for (const auto& fault : result.faults()) touched.push_back(fault.touched());
  return touched;
}

}  // namespace parallax::test
