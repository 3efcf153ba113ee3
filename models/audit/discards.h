// Changes that a replica has thrown away: the row came, met another one, and lost. From then on that is what the rest
// of the window there is due to; no later look and no link brings it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "models/audit/journeys.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

class Discards {
 public:
  /// Of a conflict that `journeys` can tell the write of; what comes of conflicts that stop a stream is told by its
  /// standing still.
  void add(const sim::Record& conflict, const Journeys& journeys);

  /// When and by what `replica` first threw away a row of the write that was invoked by this record; nothing if never.
  std::optional<Step> find(domain::LayerId replica, sim::RecordId invoked) const;

 private:
  struct Entry {
    domain::LayerId replica;
    Step step;
  };
  boost::unordered_flat_map<std::uint64_t, std::vector<Entry>> by_write_;  ///< looked up, never iterated
};

}  // namespace parallax::audit
