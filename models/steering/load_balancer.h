// A data center's load balancer in front of its nodes.
#pragma once

#include <vector>

#include "models/steering/front_door.h"
#include "sim/power.h"

namespace parallax::steering {

/// Takes the ready nodes that serve a call in turn, for API and token calls together, whoever calls (a hardware
/// balancer without affinity). It sees at once which nodes are ready. With none it answers 503; without power it does
/// not answer.
class RoundRobinBalancer final : public FrontDoor {
 public:
  /// Requires: at least one backend.
  RoundRobinBalancer(sim::Site& site, const sim::Power& power, std::vector<Backend*> backends);

  void call(const ApiCall& call) override;
  void request_token(const TokenCall& call) override;
  void open_page(const PageCall& call) override;
  bool answers() const override { return power_.is_on(); }
  bool is_healthy() const override;

 private:
  Backend* next_ready(Service service);

  const sim::Power& power_;
  std::vector<Backend*> backends_;
  std::size_t turn_{0};
};

}  // namespace parallax::steering
