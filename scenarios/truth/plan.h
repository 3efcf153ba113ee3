// The comparison before it is made: each setting with the scenario or testbed that stands for it, and its measured
// rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/load.h"
#include "scenarios/problem.h"
#include "scenarios/schema/testbed.pb.h"
#include "scenarios/schema/truth.pb.h"

namespace parallax::scenarios::truth {

/// Of a mapping, before more experiments are played where fewer do not decide; so many values fit into memory.
inline constexpr std::uint64_t kRunsMax = 10'000'000;

/// The mapping that the binary carries, with all that it names: scenarios/truth and scenarios/library/truth.
inline constexpr const char* kCarriedMapping = "scenarios/truth/truth.txtpb";

/// One setting of a group.
struct PlannedSetting {
  std::string name;
  std::vector<std::string> overrides;
  std::variant<schema::Scenario, schema::Testbed> model;  ///< with the overrides
  google::protobuf::RepeatedPtrField<schema::JournalReading> readings;
  std::vector<schema::MeasuredRow> rows;  ///< by reading
  std::vector<std::string> reasons;       ///< by reading: why it is outside, where somebody knows
  std::uint32_t seeds{1};
  std::uint32_t experiments{1};
};

struct PlannedGroup {
  schema::TruthGroup group;
  schema::MeasuredSet measured;  ///< without its rows
  std::string model;             ///< the file's path; of a scenario of the binary's library its name there
  std::vector<PlannedSetting> settings;
};

struct Plan {
  std::vector<PlannedGroup> groups;
  std::vector<Problem> problems;  ///< where there are any nothing is to be simulated
};

/// Every measured row of the files that the mapping names is taken once; one that is left out is a problem. `only`: of
/// the settings whose title, name or quantity holds this text; empty: of all. `overrides` come on top of the mapping's
/// own. Without a mapping: the one that the binary carries.
Plan plan(const std::optional<std::filesystem::path>& mapping, const std::string& only,
          std::span<const std::string> overrides);

}  // namespace parallax::scenarios::truth
