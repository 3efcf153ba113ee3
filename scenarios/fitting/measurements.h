// Reads what somebody has measured: a column of a table with its unit, or the output of ping.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/fitting/fit.h"
#include "scenarios/problem.h"

namespace parallax::scenarios::fitting {

/// More would need over a gigabyte: a distribution is as well known from a part of them.
inline constexpr std::size_t kMostSamples = 20'000'000;

struct ReadOptions {
  std::optional<std::string> column;  ///< by its name, or its place from 1 on
  std::optional<std::string> unit;    ///< of values that name none
};

/// Exactly one of them is filled.
struct ReadMeasurements {
  std::optional<Measurements> measurements{};
  std::vector<Problem> problems{};  ///< the first ten
};

/// ns, us, ms, s, min, h or d, as people write them in the heads of columns: "ms", "millis", "usec", "Seconds". Nothing
/// of any other word.
std::optional<double> ns_of_unit(std::string_view word);

/// The first line is a head if it has names and no number. What ping has printed counts as round trips. A line
/// that begins with # is none; empty lines are at the end alone. Refused are values that are no finite number, negative
/// ones, those over 30 days (the longest delay of a scenario), and any in another unit than the first.
ReadMeasurements read_measurements(const std::filesystem::path& path, const ReadOptions& options);

}  // namespace parallax::scenarios::fitting
