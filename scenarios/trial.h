// A trial in a file of its own: what several deployments are put to, so that none of them need repeat it. Workloads
// speak of client regions, not of data centers; where they do name one, each deployment must have it.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/load.h"

namespace parallax::scenarios {

/// The fields of a scenario that are no deployment: what has to be the same in all that are held against each other.
inline constexpr std::array kTrialFields{"duration", "workload", "catalog", "faults", "compared_by"};

struct Trial {
  std::string file;
  std::string text;
};

/// Exactly one of them is filled.
struct TrialOutcome {
  std::optional<Trial> trial{};
  std::vector<Problem> problems{};
};

/// Part of a scenario in Protobuf text format: a workload and, if it has them, others of kTrialFields and expectations;
/// nothing else.
TrialOutcome read_trial(const std::filesystem::path& path);

/// All designs, or every problem of all of them.
struct DesignsOutcome {
  std::vector<Loaded> loaded{};
  std::vector<Problem> problems{};
};

/// load_file() of each, with what the trial says in place of what the file says of the same; overrides come behind it.
/// What of the trial does not fit some of the designs is a problem of the trial's file that names them.
DesignsOutcome load_in_trial(std::span<const std::string> files, const Trial& trial,
                             std::span<const std::string> overrides);

}  // namespace parallax::scenarios
