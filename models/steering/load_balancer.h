// A data center's load balancer in front of its nodes.
#pragma once

#include <vector>

#include "models/steering/call.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::steering {

/// Takes the ready nodes that serve a call in turn, for API and token calls together, whoever calls (a hardware
/// balancer without affinity). It sees at once which nodes are ready. With none it answers 503; without power it does
/// not answer.
class RoundRobinBalancer {
 public:
  /// Requires: at least one backend.
  RoundRobinBalancer(sim::Site& site, const sim::Power& power, std::vector<Backend*> backends);

  void call(const ApiCall& call);
  void request_token(const TokenCall& call);

  /// What a health check of the APIs sees: an answer, with a good status or not.
  bool answers() const { return power_.is_on(); }
  bool is_healthy() const;

  /// Sends the answer to a health check back.
  void reply(sim::SiteId to, const sim::Action& answer) { site_.send(to, answer); }

  sim::SiteId site() const { return site_.id(); }

 private:
  Backend* next_ready(Service service);

  sim::Site& site_;
  const sim::Power& power_;
  std::vector<Backend*> backends_;
  std::size_t turn_{0};
};

}  // namespace parallax::steering
