// Connects the nodes' message brokers: who passes what on to whom, and which gateways listen where.
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

/// The brokers of a subscription of one gateway, in the order in which they are tried.
std::vector<NodePlace> brokers_for(const WorldConfig& config, NodePlace gateway,
                                   const EventsConfig::Subscription& subscription);

/// Before the run. `data_centers`: by site, null for regions.
void connect_brokers(const WorldConfig& config, const std::vector<std::unique_ptr<DataCenter>>& data_centers);

}  // namespace parallax::world
