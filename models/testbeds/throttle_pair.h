// Two limiters at two sites, a link of known delay between them, and one user who asks both in turn, as in the
// measurements of HAProxy, express-rate-limit and Redis (2026-11, two network namespaces on one machine).
#pragma once

#include <cstdint>
#include <vector>

#include "models/propagation/counters/spec.h"
#include "sim/time.h"

namespace parallax::testbeds {

enum class Pattern : std::uint8_t {
  kRoundRobin,  ///< evenly spaced
  kBurst,       ///< a bin's worth 2 ms apart, 300 ms after each bin's begin
};

inline constexpr sim::Duration kBurstAfter = sim::milliseconds(300);
inline constexpr sim::Duration kBurstSpacing = sim::milliseconds(2);

struct PairSetting {
  propagation::counters::CounterSpec spec;
  sim::Duration one_way{};
  std::int64_t offered_per_second{100};  ///< at both together
  Pattern pattern{Pattern::kRoundRobin};
  std::size_t nodes_asked{2};  ///< 1: only the first has traffic
  std::uint32_t bins{7};
  sim::Duration bin{sim::seconds(2)};
  /// A request comes up to so much late, uniform: the client's own timers.
  sim::Duration lateness{sim::milliseconds(2)};
};

struct Asked {
  sim::VirtualTime when;  ///< since the first request's due time
  std::size_t node;
  bool is_admitted;
  sim::Duration latency;
};

/// What both nodes take for the period's requests.
struct Believed {
  sim::VirtualTime when;
  std::uint64_t first;
  std::uint64_t second;
};

struct PairRun {
  std::vector<Asked> asked;        ///< in the order in which they were due
  std::vector<Believed> believed;  ///< every 100 ms, for two bins after the last request too
};

/// Due in one bin, at both nodes together.
std::int64_t requests_in_bin(std::int64_t offered_per_second, sim::Duration bin);

PairRun run_pair(const PairSetting& setting, std::uint64_t seed);

/// Admitted requests by the bin in which they were asked, of both nodes or of one. What comes so late that the last bin
/// is over is in none.
std::vector<int> admitted_by_bin(const PairSetting& setting, const PairRun& run);
std::vector<int> admitted_by_bin(const PairSetting& setting, const PairRun& run, std::size_t node);

}  // namespace parallax::testbeds
