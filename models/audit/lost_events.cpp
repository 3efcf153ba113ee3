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
LostEvents::LostEvents(const Setup& setup) : setup_{setup}, hearers_(setup.observers.size()) {
  for (std::size_t node = 0; node < setup.observers.size(); ++node) {
    const auto observer = static_cast<NodeId>(node);
    if (setup.observers[node].observes_any()) hearers_[node].push_back(observer);
    for (const Observer::Hears& hears : setup.observers[node].hears_at) {
      if (hears.broker != observer) hearers_[domain::index(hears.broker)].push_back(observer);
    }
  }
}

// By the broker that lost it, if it listens there for that; of what was lost on the way to itself it has asked for.
bool LostEvents::is_told(const domain::EventLost& lost, NodeId observer) const {
  const Observer& who = setup_.observers[domain::index(observer)];
  if (lost.why == domain::EventLoss::kGivenUp) return observer == lost.node && who.observes(lost.object);
  const bool is_decision = lost.topic == domain::id_of(domain::Topic::kThrottleData);
  if (!is_decision && !who.acts_on[static_cast<std::size_t>(lost.object.kind())]) return false;
  return std::any_of(who.hears_at.begin(), who.hears_at.end(), [&](const Observer::Hears& hears) {
    const bool is_there = hears.broker == lost.node || observer == lost.node;
    return is_there && hears.topics[static_cast<std::size_t>(lost.topic)];
  });
}

void LostEvents::add(const domain::EventLost& lost, sim::RecordId cause) {
  if (lost.topic == domain::kCountedRequests) {
    ++uncounted_;
    return;
  }
  const bool is_given_up = lost.why == domain::EventLoss::kGivenUp;
  const bool is_decision = lost.topic == domain::id_of(domain::Topic::kThrottleData);
  const Loss loss{lost.died, cause, is_given_up ? Stage::kGivenUp : Stage::kMessageLost};
  bool is_missed = false;
  for (const NodeId observer : hearers_[domain::index(lost.node)]) {
    if (!is_told(lost, observer)) continue;
    is_missed = true;
    if (!is_decision) losses_[lost.object.packed].push_back({observer, lost.version, loss});
  }
  if (is_missed && !is_given_up) ++counts_[static_cast<std::size_t>(lost.topic)];
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
