// A data center's load balancer in front of its nodes, as it would be if it knew all: it sees at once which of them are
// ready (a balancer that has to find out: checked_balancer.h).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "models/steering/front_door.h"
#include "models/steering/health/request.h"
#include "models/steering/health/selection.h"
#include "sim/power.h"

namespace parallax::steering {

/// Takes the ready nodes that serve a call in turn, for API and token calls together, or by where the call comes from.
/// With none it answers 503; without power it does not answer.
///
/// With affinity a client stays at the node that it was first given, whoever else is ready, for its calls of APIs and
/// its requests for tokens. If that node is not ready the client gets another, stays there, and what the first had kept
/// for it is of no more use. A request for a token that another node has to answer leaves the client where it is. What
/// the balancer remembers of addresses is gone with its power. A node that is drained gets no new clients, unless no
/// other is ready.
class AllSeeingBalancer final : public FrontDoor {
 public:
  struct Spec {
    health::Algorithm algorithm{health::Algorithm::kRoundRobin};  ///< not kLeastConnections: it counts none
    health::Persistence persistence{health::Persistence::kNone};
  };

  /// Requires: at least one backend.
  AllSeeingBalancer(sim::Site& site, const sim::Power& power, std::vector<Backend*> backends, const Spec& spec);

  void call(const ApiCall& call) override;
  void request_token(const TokenCall& call) override;
  void open_page(const PageCall& call) override;
  bool answers() const override { return power_.is_on(); }
  bool is_healthy() const override;
  std::uint64_t affinity_lost() const override { return affinity_lost_; }

 private:
  bool can_serve(std::uint32_t node, Service service) const {
    return backends_[node]->serves(service) && backends_[node]->is_ready();
  }
  bool can_take(std::uint32_t node, Service service) const { return !drains().holds(node) && can_serve(node, service); }
  std::optional<std::uint32_t> select(Service service, std::uint32_t source);
  template <typename Call>
  Backend* choose(Service service, Call& call);
  template <typename Call>
  std::optional<std::uint32_t> belongs_to(const Call& call);
  template <typename Call>
  void remember(Call& call, std::uint32_t node);

  const sim::Power& power_;
  std::vector<Backend*> backends_;
  Spec spec_;
  health::Selection selection_;
  std::uint64_t affinity_lost_{0};
  std::uint32_t life_{0};                                                 ///< of the table
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> source_table_;  ///< address -> node; never iterated
};

}  // namespace parallax::steering
