// How sites are divided among logical processes. Sites joined by less than a microsecond belong together, since windows
// between them would be all overhead; nearness is passed on. One thread has nothing to gain from several processes, so
// then all sites share one, and their events and records come out in the same order.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/network.h"
#include "sim/time.h"

namespace parallax::sim {

struct Partition {
  std::vector<std::size_t> process_of;  ///< by site
  std::size_t processes{0};
  unsigned threads{1};  ///< that can be used: no more than processes
  Duration
      lookahead;  ///< the least delay between two sites that are not near; at most 100 ms, for any `threads` the same
};

/// Requires: threads > 0.
Partition divide(std::size_t sites, const std::vector<LinkSpec>& links, unsigned threads);

}  // namespace parallax::sim
