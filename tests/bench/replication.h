// Rows replicated as fast as this machine can: databases that all follow one another, with an access-token table each.
#pragma once

#include <cstdint>

namespace parallax::bench {

struct ReplicationSize {
  std::uint32_t data_centers;
  std::uint32_t rows;    ///< that the table grows to and stays at; as many for each data center
  std::uint32_t writes;  ///< transactions of one row, shared among the data centers
  std::uint32_t batch;   ///< changes in a message, and changes that become visible together, at the most
};

struct ReplicationOutcome {
  std::uint64_t written{0};
  std::uint64_t applied{0};  ///< summed over the replicas, what each wrote itself left out
  std::uint64_t conflicts{0};
  std::uint64_t rows{0};  ///< in the end
  bool are_equal{false};  ///< the replicas, in the end
  double seconds{0};
  double cpu_seconds{0};
};

/// While the table grows every other write is an insertion; then nine writes in ten are updates, of which every fourth
/// changes a key, and insertions make up for deletions. Nobody touches what another wrote, so nothing clashes.
ReplicationOutcome replicate(const ReplicationSize& size);

}  // namespace parallax::bench
