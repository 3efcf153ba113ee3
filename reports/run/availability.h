// The share of requests that was served, second by second: stretches in which it was low, and what a panel that is
// narrower than the run shows of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Below it a population counts as locked out, as in the audit's metrics.
inline constexpr double kLockedOut = 0.5;

/// A stretch in which less than a share was served. It ends when that share was served for a minute, as in the audit.
struct Dip {
  std::int64_t start_ns;
  std::int64_t end_ns;
  double least;  ///< share served in its worst second
  double mean;   ///< over its seconds with requests
};

/// In order of time.
std::vector<Dip> dips(const schema::Series& series, double share);

/// The longest of them.
std::optional<Dip> longest_dip(const schema::Series& series, double share);

/// The least and the greatest share in a column of a panel.
struct Extent {
  double least;
  double greatest;
};

/// At most `columns` equal groups of steps; empty where no request was sent. No second is averaged away.
std::vector<std::optional<Extent>> decimated(const schema::Series& series, std::size_t columns);

/// When a column of them begins.
std::int64_t column_start_ns(const schema::Series& series, std::size_t columns, std::size_t column);

}  // namespace parallax::reports
