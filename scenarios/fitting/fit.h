// Measured lengths become a delay of scenarios: as the likeliest family from which they may have come, or as they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/schema/fit.pb.h"

namespace parallax::scenarios::fitting {

struct Measurements {
  std::vector<std::int64_t> ns;  ///< none is negative
  std::string column;            ///< empty: it has no name
  std::uint64_t lost{0};         ///< pings without an answer
  bool are_round_trips{false};
};

/// Fewer say nothing of a tail.
inline constexpr std::size_t kLeastSamples = 20;

/// Families are ordered by BIC, and the first that passes the test is chosen; where none does the samples themselves
/// are written. `as` is carried along. Requires: at least kLeastSamples.
schema::Fit fit(Measurements measurements, const std::string& file, const std::string& as);

}  // namespace parallax::scenarios::fitting
