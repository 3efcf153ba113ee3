// A data center's load balancer in front of its nodes.
#pragma once

#include <vector>

#include "models/steering/call.h"

namespace parallax::steering {

/// Takes the nodes in turn, for API and token calls together, whoever calls (a hardware balancer without affinity).
class RoundRobinBalancer : public Backend {
 public:
  /// Requires: at least one backend.
  explicit RoundRobinBalancer(std::vector<Backend*> backends);

  void call(const ApiCall& call) override { next().call(call); }
  void request_token(const TokenCall& call) override { next().request_token(call); }

 private:
  Backend& next();

  std::vector<Backend*> backends_;
  std::size_t turn_{0};
};

}  // namespace parallax::steering
