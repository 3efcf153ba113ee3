// The history of a suite as a file: a line of JSON for each record. Versions of it are told apart by their text alone,
// so that it can be kept beside the scenarios.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/suite/baseline.h"

namespace parallax::reports {

/// Exactly one of them is filled.
struct ReadBaseline {
  std::optional<scenarios::suite::Baseline> baseline{};
  std::vector<std::string> errors{};  ///< "file:line:1: what was found, what was expected"
};

/// A file that is not there is an empty history only if it need not be.
enum class Presence { kNeeded, kOptional };
ReadBaseline read_baseline(const std::filesystem::path& path, Presence presence);

/// The same of its text; `file` is for the errors.
ReadBaseline baseline_from_lines(std::string_view file, std::string_view text);

std::string baseline_lines(const scenarios::suite::Baseline& baseline);

}  // namespace parallax::reports
