#include "models/audit/lost_events.h"

#include <algorithm>

namespace parallax::audit {

using domain::NodeId;
using domain::Stage;

// What ends a window without an event: age, a read of the database, a start anew.
bool is_told_by_event(Stage stage) {
  switch (stage) {
    case Stage::kTokenCacheTtl:
    case Stage::kCacheSweep:
    case Stage::kDatabaseRead:
    case Stage::kSiteDown:
    case Stage::kDeploymentScan:
    case Stage::kOperator:
      return false;
    default:
      return true;
  }
}

// A loss at a node is one to whoever listens to its broker.
LostEvents::LostEvents(const Setup& setup) : hearers_(setup.observers.size()) {
  for (std::size_t node = 0; node < setup.observers.size(); ++node) {
    const auto observer = static_cast<NodeId>(node);
    for (const NodeId broker : setup.observers[node].hears_at) {
      if (broker != observer) hearers_[domain::index(broker)].push_back(observer);
    }
    if (setup.observers[node].decides()) hearers_[node].push_back(observer);
  }
}

void LostEvents::add(const domain::EventLost& lost, sim::RecordId cause) {
  const bool is_given_up = lost.why == domain::EventLoss::kGivenUp;
  if (!is_given_up) ++counts_[static_cast<std::size_t>(lost.topic)];
  if (lost.topic == domain::id_of(domain::Topic::kThrottleData)) return;
  const Loss loss{lost.died, cause, is_given_up ? Stage::kGivenUp : Stage::kMessageLost};
  for (const NodeId observer : hearers_[domain::index(lost.node)]) {
    losses_[lost.object.packed].push_back({observer, lost.version, loss});
  }
}

std::optional<Loss> LostEvents::find(NodeId observer, domain::ObjectRef object, domain::Version version) const {
  const auto found = losses_.find(object.packed);
  if (found == losses_.end()) return std::nullopt;
  std::optional<Loss> first;
  for (const Entry& entry : found->second) {
    if (entry.observer != observer || entry.version < version) continue;
    if (!first || entry.loss.died < first->died) first = entry.loss;
  }
  return first;
}

}  // namespace parallax::audit
