// An all-in-one node: gateway, key manager and traffic manager in one process.
#pragma once

#include <string>

#include "models/runtime/gateway.h"
#include "models/runtime/key_manager.h"
#include "models/runtime/traffic_manager.h"
#include "models/steering/call.h"
#include "sim/power.h"

namespace parallax::runtime {

struct NodeSpec {
  GatewaySpec gateway;
  sim::Duration token_validity{};
  sim::Duration event_delay{};  ///< from the gateway to its own traffic manager
  sim::Duration push_delay{};
  sim::Duration startup_time{};  ///< from power to the first answer
};

class Node : public steering::Backend {
 public:
  /// `path` is "site/node": it names the node's random streams.
  Node(sim::Site& site, const sim::Power& power, domain::NodeId id, const std::string& path, const NodeSpec& spec,
       propagation::DatabaseAccess& access, Gateway::Layers layers);

  domain::NodeId id() const { return id_; }
  Gateway& gateway() { return gateway_; }
  KeyManager& key_manager() { return key_manager_; }
  TrafficManager& traffic_manager() { return traffic_manager_; }

  bool is_ready() const override { return power_.is_on() && is_started_; }
  void call(const steering::ApiCall& call) override { gateway_.call(call); }
  void request_token(const steering::TokenCall& call) override { key_manager_.issue(call); }

  /// The site has lost power.
  void lose(sim::RecordId cause);

  /// It has started, and answers.
  void started() { is_started_ = true; }

 private:
  const sim::Power& power_;
  domain::NodeId id_;
  Gateway gateway_;
  KeyManager key_manager_;
  TrafficManager traffic_manager_;
  bool is_started_{true};
};

}  // namespace parallax::runtime
