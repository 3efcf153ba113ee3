// Why a change has not come: what stands in its way when its window is closed. Of a change that is under way for good
// no record tells anything more, so this is known from the faults of the deployment (Setup::Barrier), and of a database
// whose apply stands still from the journal.
//
// A way of several links is judged by the one between its ends, if there is one.
#pragma once

#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "sim/time.h"

namespace parallax::audit {

class Barriers {
 public:
  explicit Barriers(const Setup& setup) : all_{setup.barriers} {}

  void stream_changed(const domain::StreamChanged& stream, sim::VirtualTime now);

  struct Way {
    domain::SiteId from;                      ///< the writer's
    domain::SiteId to;                        ///< of the database that is waited for, or of the observer
    std::optional<domain::LayerId> database;  ///< nothing: events or files are
    std::optional<domain::NodeId> observer;   ///< likewise
  };
  /// Charges to what was in the way whatever of `pieces`, which begin at `start`, is spent on waiting for news. Leaves
  /// them as they are if nothing is in the way any more at `end`: then it has another reason.
  void charge(const Way& way, sim::VirtualTime start, sim::VirtualTime end, std::vector<Piece>& pieces) const;

 private:
  using Barrier = Setup::Barrier;
  std::vector<Barrier> on(const Way& way, sim::VirtualTime start, sim::VirtualTime end) const;

  std::vector<Barrier> all_;
};

}  // namespace parallax::audit
