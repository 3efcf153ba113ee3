// A data center's load balancer that has to find out which nodes it can use: it asks them over and over
// (health/balancer.h), and until it has noticed it sends calls to a node that is gone.
//
// A call comes in at the balancer, goes to a node over a connection of its own, and its answer comes back to the
// balancer, which passes it on: to the node the balancer is the caller. Between the two no time passes, for they share
// a site; what takes time are time-outs, pauses, and the wait for a free connection. A node takes connections when it
// is ready. When its process is lost its host says so; when its power is lost nobody does.
//
// What the balancer itself says instead of a node, that none can be used, is connected to or answers in time (503, 502,
// 504), is kUnavailable to an API's caller; who asked for a token hears nothing and has a time-out of its own.
//
// One health::Balancer for each set of nodes: those that serve APIs and those that issue tokens, if they are not the
// same. Then a client belongs to one of each by its address, but by its cookie to a gateway alone.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/steering/front_door.h"
#include "models/steering/health/balancer.h"
#include "models/steering/health/port.h"
#include "sim/power.h"

namespace parallax::steering {

class CheckedBalancer final : public FrontDoor, private Caller, private health::BalancerHost {
 public:
  /// `power`: of its own host.
  CheckedBalancer(sim::Site& site, const sim::Power& power, const std::vector<Backend*>& backends,
                  const health::BalancerSpec& spec);
  ~CheckedBalancer() override;

  /// The checks begin. Once.
  void start();

  /// Of a node, by its place among the backends, or of all.
  std::vector<health::Checker*> checkers_of(std::optional<std::uint32_t> place);

  void call(const ApiCall& call) override;
  void request_token(const TokenCall& call) override;
  /// By turns among the ready nodes, whatever the checks say: pages are few.
  void open_page(const PageCall& call) override;
  bool answers() const override { return power_.is_on(); }
  /// As far as it knows.
  bool is_healthy() const override;
  std::uint64_t affinity_lost() const override { return affinity_lost_; }

  void drain(std::size_t node, std::uint32_t fault) override;
  void restore(std::size_t node, std::uint32_t fault) override;

  // What happens to its own host; it comes back with its last verdicts.
  void lost();
  void restored();

  // What happens to a node, by its place among the backends.
  void node_stopped(std::size_t place) { ports_[place].stop(); }
  void node_lost(std::size_t place) { ports_[place].lose(); }
  void node_powered(std::size_t place);
  void node_ready(std::size_t place) { ports_[place].start(); }

 private:
  /// The nodes of one service.
  struct Pool {
    std::vector<std::uint32_t> places;  ///< among the backends, by the pool's numbers
    std::unique_ptr<health::Balancer> balancer;

    std::uint32_t number_of(std::uint32_t place) const;
  };
  /// A call in hand. Its number is the slot's, with an era above, so that what comes too late is told apart.
  struct Exchange {
    std::uint32_t era{0};
    bool is_open{false};
    bool is_answered{false};
    Service service{};
    ApiCall api{};
    TokenCall token{};
    health::Ticket ticket{};
    domain::Outcome outcome{};
    IssuedToken issued{};
  };

  void order(std::size_t node);
  Pool pool_for(Service service, const health::BalancerSpec& spec, const std::string& name);
  Pool& pool_of(Service service) { return service == Service::kToken && tokens_ ? *tokens_ : apis_; }
  std::uint32_t open(Service service);
  Exchange* find(std::uint64_t number);
  void submit(std::uint32_t slot, domain::UserId user, Cookie cookie);
  void answer(Exchange& exchange, health::Status status);
  void note_affinity(const health::Reply& reply, Cookie cookie);
  Cookie new_cookie(const health::Reply& reply, Service service);

  void serve(health::Balancer& balancer, const health::Ticket& ticket, const health::Request& request) override;
  void answered(const ApiCall& call, domain::Outcome outcome) override;
  void token_issued(const TokenCall& call, const IssuedToken& issued) override;
  void replied(const health::Reply& reply) override;

  const sim::Power& power_;
  std::vector<Backend*> backends_;
  health::Persistence persistence_;
  std::deque<health::Port> ports_;
  Pool apis_;
  std::optional<Pool> tokens_;  ///< absent: the same
  std::deque<Exchange> exchanges_;
  std::vector<std::uint32_t> free_;
  std::size_t page_turn_{0};
  std::uint64_t affinity_lost_{0};
};

}  // namespace parallax::steering
