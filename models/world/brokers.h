// Connects the nodes' message brokers: who passes what on to whom, and which gateways and traffic managers listen
// where.
#pragma once

#include <memory>
#include <vector>

#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

/// Whether the node tells others anything that gateways listen to.
constexpr bool publishes(const runtime::PartSet& parts) {
  return parts.has(runtime::Part::kKeyManager) || parts.has(runtime::Part::kTrafficManager) ||
         parts.has(runtime::Part::kControlPlane);
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
