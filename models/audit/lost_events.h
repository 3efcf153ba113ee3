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

struct Loss {
  sim::VirtualTime died;  ///< from when on the event got no further
  sim::RecordId cause;    ///< of the event, or where it has got to
  domain::Stage stage;    ///< that the rest of the window is charged to
};

class LostEvents {
 public:
  explicit LostEvents(const Setup& setup);

  void add(const domain::EventLost& lost, sim::RecordId cause);

  /// The first event to get no further of those that would have told `observer` of this version, or a later one.
  std::optional<Loss> find(domain::NodeId observer, domain::ObjectRef object, domain::Version version) const;

  /// Of each topic, if somebody would have heard it: one lost on the way to several nodes counts as often.
  const std::array<std::uint64_t, domain::kTopics.size()>& counts() const { return counts_; }

  /// Requests that did not get to a traffic manager of another site.
  std::uint64_t uncounted() const { return uncounted_; }

 private:
  struct Entry {
    domain::NodeId observer;
    domain::Version version;
    Loss loss;
  };
  bool is_told(const domain::EventLost& lost, domain::NodeId observer) const;

  const Setup& setup_;
  std::vector<std::vector<domain::NodeId>> hearers_;                     ///< by the node of a broker
  boost::unordered_flat_map<std::uint32_t, std::vector<Entry>> losses_;  ///< by object; looked up, never iterated
  std::array<std::uint64_t, domain::kTopics.size()> counts_{};
  std::uint64_t uncounted_{0};
};

}  // namespace parallax::audit
