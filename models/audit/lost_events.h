// Events that did not come: whoever was to hear of a change by one learns of it by something slower, if at all. From
// the instant at which the event got no further, that is what the rest of the window is due to.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/journeys.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "models/domain/topic.h"

namespace parallax::audit {

/// Whether an event has told the observer, in a step whose time was spent last on `stage`.
bool is_told_by_event(domain::Stage stage);

/// Charges what is left of a window from `offset` after its start on to the loss.
void charge_loss(std::vector<Piece>& pieces, sim::Duration offset);

class LostEvents {
 public:
  explicit LostEvents(const Setup& setup);

  void add(const domain::EventLost& lost);

  /// When the first event that would have told `observer` of this version, or a later one, got no further.
  std::optional<sim::VirtualTime> died(domain::NodeId observer, domain::ObjectRef object,
                                       domain::Version version) const;

  /// Of each topic: an event lost on the way to several nodes counts as often.
  const std::array<std::uint64_t, domain::kTopics.size()>& counts() const { return counts_; }

 private:
  struct Loss {
    domain::NodeId observer;
    domain::Version version;
    sim::VirtualTime died;
  };
  std::vector<std::vector<domain::NodeId>> hearers_;                    ///< by the node of a broker
  boost::unordered_flat_map<std::uint32_t, std::vector<Loss>> losses_;  ///< by object; looked up, never iterated
  std::array<std::uint64_t, domain::kTopics.size()> counts_{};
};

}  // namespace parallax::audit
