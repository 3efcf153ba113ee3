// Quantities of the truth folder's scenarios and testbeds, in settings of a test's own.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/load.h"
#include "scenarios/truth/journal_reading.h"
#include "scenarios/truth/read_truth.h"
#include "scenarios/truth/testbed.h"

namespace parallax::test {

using Values = std::vector<double>;
using Settings = std::vector<std::string>;  ///< "path=value"

/// "library/truth/cut", "truth/testbeds/limiters".
inline std::filesystem::path scenario_file(const std::string& name) {
  return std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / (name + ".txtpb");
}

inline schema::JournalReading reading(const std::string& of, const std::string& fault = "") {
  schema::JournalReading reading;
  reading.set_quantity(of);
  reading.set_of(of);
  reading.set_fault(fault);
  return reading;
}

/// Of rows that are written at dc1, as dc2 sees them.
inline schema::JournalReading row_reading(const std::string& of, const std::string& fault = "") {
  schema::JournalReading rows = reading(of, fault);
  rows.set_change("subscription_added");
  rows.set_observer("dc2");
  return rows;
}

/// Values of each reading, of seeds 1 to `seeds` together.
inline std::vector<Values> simulated(const std::string& scenario, const Settings& settings,
                                     const std::vector<schema::JournalReading>& readings, std::uint64_t seeds) {
  const auto outcome = scenarios::load_file(scenario_file("library/truth/" + scenario), settings);
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  const google::protobuf::RepeatedPtrField<schema::JournalReading> wanted{readings.begin(), readings.end()};
  std::vector<Values> all(readings.size());
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto run = scenarios::truth::run_scenario(outcome.loaded->scenario, wanted, seed);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].insert(all[i].end(), run[i].begin(), run[i].end());
  }
  return all;
}

/// The same of one quantity of a testbed.
inline Values on_testbed(const std::string& testbed, const Settings& settings, const std::string& quantity,
                         std::uint64_t seeds) {
  const auto file = scenarios::truth::read_testbed(scenario_file("truth/testbeds/" + testbed), settings);
  INFO((file.problems.empty() ? "" : to_string(file.problems.front())));
  REQUIRE(file.message);
  Values all;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Values run = scenarios::truth::run_testbed(*file.message, std::vector{quantity}, seed).front();
    all.insert(all.end(), run.begin(), run.end());
  }
  return all;
}

inline double least_of(const Values& values) { return *std::min_element(values.begin(), values.end()); }
inline double greatest_of(const Values& values) { return *std::max_element(values.begin(), values.end()); }

}  // namespace parallax::test
