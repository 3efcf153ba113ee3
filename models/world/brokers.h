// Connects the nodes' message brokers: who passes what on to whom, and which gateways and traffic managers listen
// where.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "models/domain/topic.h"
#include "models/propagation/broker/event.h"
#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

/// Who publishes on a topic.
constexpr runtime::Part publisher_of(domain::Topic topic) {
  switch (topic) {
    case domain::Topic::kTokenRevocation:
      return runtime::Part::kKeyManager;
    case domain::Topic::kNotification:
      return runtime::Part::kControlPlane;
    case domain::Topic::kThrottleData:
      return runtime::Part::kTrafficManager;
  }
  return runtime::Part::kControlPlane;
}

/// Whether the node tells others anything on one of these topics.
inline bool publishes(const runtime::PartSet& parts,
                      const propagation::broker::TopicSet& topics = propagation::broker::TopicSet::all()) {
  return std::any_of(domain::kTopics.begin(), domain::kTopics.end(), [&](domain::Topic topic) {
    return topics.has(domain::id_of(topic)) && parts.has(publisher_of(topic));
  });
}

/// A subscription of one node, and its brokers in the order in which they are tried.
struct Listening {
  propagation::broker::SubscriberSpec spec;
  std::vector<NodePlace> brokers;
};
/// Gateways listen to everything, traffic managers without a gateway to notifications alone; others to nothing.
std::vector<Listening> subscriptions_of(const WorldConfig& config, NodePlace node);

/// Whether traffic managers of `there` count requests of `site`.
bool is_counted_at(const WorldConfig& config, sim::SiteId site, sim::SiteId there);

/// Before the run. `data_centers`: by site, null for regions.
void connect_brokers(const WorldConfig& config, const DataCenters& data_centers);
void connect_counters(const WorldConfig& config, const DataCenters& data_centers);

}  // namespace parallax::world
