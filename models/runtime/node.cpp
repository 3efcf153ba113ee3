#include "models/runtime/node.h"

namespace parallax::runtime {

Node::Node(sim::Site& site, domain::NodeId id, const std::string& path, const NodeSpec& spec,
           const domain::Catalog& catalog, propagation::Database& database, Gateway::Layers layers)
    : id_{id},
      gateway_{site, id, path, spec.gateway, catalog, database, layers},
      key_manager_{site, id, spec.token_validity, database, gateway_},
      traffic_manager_{site, catalog, spec.push_delay} {
  gateway_.publish_events_to(traffic_manager_, spec.event_delay);
  traffic_manager_.push_decisions_to(gateway_);
}

}  // namespace parallax::runtime
