#include "models/runtime/node.h"

namespace parallax::runtime {

Node::Node(sim::Site& site, const sim::Power& power, domain::NodeId id, const std::string& path, const NodeSpec& spec,
           propagation::DatabaseAccess& access, Gateway::Layers layers)
    : power_{power},
      id_{id},
      gateway_{site, power, id, path, spec.gateway, access, layers},
      key_manager_{site, power, id, spec.token_validity, access, gateway_},
      traffic_manager_{site, power, access.catalog(), spec.push_delay} {
  gateway_.publish_events_to(traffic_manager_, spec.event_delay);
  traffic_manager_.push_decisions_to(gateway_);
}

void Node::lose(sim::RecordId cause) {
  is_started_ = false;
  gateway_.lose_memory(cause);
  traffic_manager_.lose_memory();
}

}  // namespace parallax::runtime
