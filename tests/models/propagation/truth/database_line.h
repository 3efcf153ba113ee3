// A line of databases that follow one another over links of equal delay, one writer at its head, as in the measurements
// of PostgreSQL 15.18 (2026-11, two and three servers in network namespaces joined by a link of known delay).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/propagation/replication/spec.h"
#include "sim/time.h"

namespace parallax::test {

struct LineSetting {
  sim::Duration one_way{};
  sim::Duration jitter{};  ///< a packet takes one_way +- jitter, uniform
  std::size_t databases{2};
  sim::Duration least_gap{sim::milliseconds(25)};  ///< between two commits, uniform
  sim::Duration greatest_gap{sim::milliseconds(75)};
  std::uint32_t rows{300};
  std::optional<sim::Duration> cut{};  ///< both ways, at a random moment
  sim::Duration silence_timeout{sim::seconds(60)};
  propagation::replication::StreamSpec stream;  ///< of every hop
};

/// A row from its commit until it is visible, in milliseconds.
struct Seen {
  double committed;             ///< since the cut, where there is one
  std::vector<double> windows;  ///< by hop
};

/// Every row of one run, in the order of commits.
std::vector<Seen> run_line(const LineSetting& setting, std::uint64_t seed);

}  // namespace parallax::test
