// A balancer in front of servers: it sends each request to one that its checkers call up, and what that cannot take to
// the next. Rules and defaults are HAProxy's (2.6, src/stream_interface and stream.c; configuration manual).
//
//  * Until the checkers have noticed, requests go on to a server that is gone: of two servers, every other one. One
//    that is refused is tried again at the same server after a second (the turn-around), so retries alone gain nothing
//    but time; with redispatch, and no affinity, it goes to the next server at once.
//  * Affinity: a client belongs to a server by its cookie or its address. If that server cannot be used the client gets
//    another, and loses what the old one kept for it; it does not go back by itself.
//  * A server that drains takes no new clients, but those that belong to it; one in maintenance takes none.
//  * What is under way at a server that is marked down goes on, unless the balancer shuts it. A balancer of connections
//    keeps a client's connection where its first request went, whatever is judged of that server later: so live
//    connections outlast a change, until they break or are closed.
//
// Stages: health detection as in checker.h; per request up to retries x (connect time-out or turn-around).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/steering/health/checker.h"
#include "models/steering/health/port.h"
#include "models/steering/health/request.h"
#include "models/steering/health/selection.h"
#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::steering::health {

enum class Redispatch : std::uint8_t { kNever, kLastRetry, kEveryRetry };

/// What is balanced: HTTP requests, or TCP connections with all that comes over them.
enum class Unit : std::uint8_t { kRequest, kConnection };

enum class WhenMarkedDown : std::uint8_t { kGoesOn, kIsShut };

/// What the operator has ordered.
enum class Duty : std::uint8_t { kReady, kDraining, kMaintenance };

struct BalancerSpec {
  Algorithm algorithm{Algorithm::kRoundRobin};
  Persistence persistence{Persistence::kNone};
  Unit unit{Unit::kRequest};
  std::uint32_t retries{3};
  Redispatch redispatch{Redispatch::kNever};
  sim::Duration connect_timeout{sim::seconds(5)};
  sim::Duration answer_timeout{sim::seconds(50)};
  sim::Duration turn_around{sim::seconds(1)};  ///< no more than connect_timeout
  WhenMarkedDown when_marked_down{WhenMarkedDown::kGoesOn};
  std::uint32_t connections{64};      ///< to each server at once; what comes beyond waits, up to connect_timeout
  std::uint32_t idle_connections{0};  ///< of them, kept open for the next request
  sim::ConnectionSpec connection{};   ///< its connect_timeout is not used
  CheckSpec check{};
};

/// A request at a server, to be answered from there.
struct Ticket {
  std::uint32_t server;
  std::uint32_t line;
  std::uint32_t era;
};

class Balancer;

class BalancerHost {
 public:
  virtual void replied(const Reply& reply) = 0;
  virtual void judged(std::uint32_t /*server*/, Verdict /*verdict*/) {}

  /// At the server's site: it has a request, and calls balancer.answer() now or later. By itself it takes the port's
  /// service time and gives the port's status.
  virtual void serve(Balancer& balancer, const Ticket& ticket, const Request& request);

 protected:
  ~BalancerHost() = default;
};

class Balancer final : private CheckListener {
 public:
  /// `name`: of its random streams, distinct among balancers.
  Balancer(sim::Site& site, const std::string& name, const BalancerSpec& spec, const std::vector<Port*>& servers,
           BalancerHost& host);
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;
  ~Balancer();

  /// The checks begin. Once.
  void start();

  // At its site.

  /// The host is told what becomes of it. Requires: of a balancer of connections, one request at a time on each.
  void submit(const Request& request);
  void set_duty(std::uint32_t server, Duty duty) { servers_[server].duty = duty; }
  Checker& checker(std::uint32_t server) { return checkers_[server]; }
  Verdict verdict(std::uint32_t server) const { return servers_[server].verdict; }

  /// A client has closed its connection; what it has asked for is not answered.
  void client_closed(std::uint64_t connection);

  // What happens to its own host: what it had in hand is gone, and nobody is told. It comes back with its last
  // verdicts.
  void lost();
  void restored();

  // At the server's.
  void answer(const Ticket& ticket, Status status);
  Port& port(std::uint32_t server) const { return *servers_[server].port; }

  /// Requests and bound connections that a server has in hand.
  std::uint32_t in_hand(std::uint32_t server) const { return servers_[server].in_hand; }

 private:
  class Line;
  struct Exchange {
    Request request{};
    Affinity affinity{};
    std::uint32_t server{0};
    std::uint32_t retries{0};
    std::uint32_t wait{0};  ///< told apart from an earlier wait in the queue
    bool is_open{false};
    bool is_queued{false};
    bool is_abandoned{false};  ///< its client has gone
    bool is_counted{false};    ///< among what its server has in hand
  };
  struct Server {
    Port* port;
    Verdict verdict{Verdict::kUp};
    Duty duty{Duty::kReady};
    std::uint32_t in_hand{0};
    std::vector<std::unique_ptr<Line>> lines{};
    std::vector<std::uint32_t> idle{};  ///< open, the one used last comes first
    std::vector<std::uint32_t> closed{};
    std::deque<std::uint32_t> queue{};  ///< of exchanges
  };
  enum class Failure : std::uint8_t { kRefused, kSilent };

  void judged(std::uint32_t server, Verdict verdict) override;
  bool takes_new(std::uint32_t server) const {
    return servers_[server].verdict == Verdict::kUp && servers_[server].duty == Duty::kReady;
  }
  bool takes_its_own(std::uint32_t server) const {
    return servers_[server].verdict == Verdict::kUp && servers_[server].duty != Duty::kMaintenance;
  }

  // Choosing.
  std::optional<std::uint32_t> belongs_to(const Request& request) const;
  std::optional<std::uint32_t> choose_freely(const Request& request,
                                             std::optional<std::uint32_t> avoided = std::nullopt);
  bool assign(Exchange& exchange);
  std::uint32_t usable() const;

  // Exchanges.
  std::uint32_t open_exchange(const Request& request);
  void begin(std::uint32_t exchange);
  void enqueue(std::uint32_t exchange);
  void connect_failed(std::uint32_t exchange, Failure failure);
  void retry_here(std::uint32_t exchange, Failure failure);
  bool redispatches(const Exchange& exchange) const;
  bool reassign(Exchange& exchange);
  void move_on(std::uint32_t exchange);
  void finish(std::uint32_t exchange, Result result);
  void forget(std::uint32_t exchange);
  void leave(Exchange& exchange);

  // Lines.
  std::optional<std::uint32_t> take_line(std::uint32_t server);
  void give_back(std::uint32_t server, std::uint32_t line);
  void unbind(Line& line);
  void serve_next(std::uint32_t server);

  sim::Site& site_;
  BalancerSpec spec_;
  BalancerHost& host_;
  Selection selection_;
  std::deque<Server> servers_;
  std::deque<Checker> checkers_;
  std::deque<Exchange> exchanges_;
  std::vector<std::uint32_t> free_exchanges_;
  std::uint32_t life_{0};                                ///< of its host
  std::map<std::uint32_t, std::uint32_t> source_table_;  ///< address -> server
  std::map<std::uint64_t, Line*> bound_;                 ///< client's connection -> line
};

}  // namespace parallax::steering::health
