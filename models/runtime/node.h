// An all-in-one node: gateway, key manager and traffic manager in one process.
#pragma once

#include <string>

#include "models/runtime/gateway.h"
#include "models/runtime/key_manager.h"
#include "models/runtime/traffic_manager.h"
#include "models/steering/call.h"

namespace parallax::runtime {

struct NodeSpec {
  GatewaySpec gateway;
  sim::Duration token_validity{};
  sim::Duration event_delay{};  ///< from the gateway to its own traffic manager
  sim::Duration push_delay{};
};

class Node : public steering::Backend {
 public:
  /// `path` is "site/node": it names the node's random streams.
  Node(sim::Site& site, domain::NodeId id, const std::string& path, const NodeSpec& spec,
       const domain::Catalog& catalog, propagation::Database& database, Gateway::Layers layers);

  domain::NodeId id() const { return id_; }
  Gateway& gateway() { return gateway_; }
  KeyManager& key_manager() { return key_manager_; }
  TrafficManager& traffic_manager() { return traffic_manager_; }

  void call(const steering::ApiCall& call) override { gateway_.call(call); }
  void request_token(const steering::TokenCall& call) override { key_manager_.issue(call); }

 private:
  domain::NodeId id_;
  Gateway gateway_;
  KeyManager key_manager_;
  TrafficManager traffic_manager_;
};

}  // namespace parallax::runtime
