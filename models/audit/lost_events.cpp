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

void charge_loss(std::vector<Piece>& pieces, sim::Duration offset) {
  sim::Duration lost = total(pieces) - std::max(offset, sim::Duration{});
  if (lost.ns <= 0) return;
  truncate(pieces, std::max(offset, sim::Duration{}));
  pieces.push_back({Stage::kMessageLost, lost});
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

void LostEvents::add(const domain::EventLost& lost) {
  ++counts_[static_cast<std::size_t>(lost.topic)];
  if (lost.topic == domain::id_of(domain::Topic::kThrottleData)) return;
  for (const NodeId observer : hearers_[domain::index(lost.node)]) {
    losses_[lost.object.packed].push_back({observer, lost.version, lost.died});
  }
}

std::optional<sim::VirtualTime> LostEvents::died(NodeId observer, domain::ObjectRef object,
                                                 domain::Version version) const {
  const auto found = losses_.find(object.packed);
  if (found == losses_.end()) return std::nullopt;
  std::optional<sim::VirtualTime> first;
  for (const Loss& loss : found->second) {
    if (loss.observer != observer || loss.version < version) continue;
    first = first ? std::min(*first, loss.died) : loss.died;
  }
  return first;
}

}  // namespace parallax::audit
