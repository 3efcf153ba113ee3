// A population of API clients in one region: Poisson arrivals over its sessions by Zipf popularity. A session calls
// the APIs that its application is subscribed to and that have been announced, each alike. It renews its token when it
// knows that it has expired; it does not know of a revocation and goes on using the token (a leaked one, say).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/steering/call.h"
#include "sim/discrete.h"
#include "sim/distribution.h"
#include "sim/site.h"

namespace parallax::steering {

struct PopulationSpec {
  std::string name;
  domain::PopulationId id{};
  sim::Distribution gap;                ///< between two calls of the whole population
  double token_popularity{1};           ///< Zipf exponent over the sessions
  sim::Duration timeout{};              ///< a client without an answer by then gives up
  std::vector<domain::TokenId> tokens;  ///< of the catalog; one session each
};

class Population {
 public:
  /// Calls go to `backend`, which lives in `target`.
  Population(sim::Site& site, PopulationSpec spec, const domain::Catalog& catalog, sim::SiteId target,
             Backend& backend);

  /// Begins to call. Once.
  void start();

  /// The answer to a call; too late, it is ignored.
  void answered(std::uint64_t number, domain::TokenId token, domain::Outcome outcome);
  void token_issued(SessionId session, const IssuedToken& issued);

  /// An API can be called from now on.
  void announce(domain::ApiId api) { announced_[domain::index(api)] = 1; }

  /// Writes its books to the journal, at the end of the run.
  void close();

  sim::Site& site() { return site_; }

 private:
  struct Session {
    domain::TokenId token;
    domain::ApplicationId application;
    sim::VirtualTime expires;
    std::uint32_t waiting{0};  ///< calls that wait for a new token; the token request is under way while > 0
  };
  enum class CallState : std::uint8_t { kOpen, kDone };
  struct OpenCall {
    sim::VirtualTime sent;
    domain::TokenId token;
    CallState state;
  };

  void arrive();
  void schedule_arrival();
  void call(SessionId session);
  void send(SessionId session);
  void renew(SessionId session);
  void expire_calls();
  std::uint64_t first_number() const { return sent_ - open_.size(); }

  sim::Site& site_;
  PopulationSpec spec_;
  const domain::Catalog& catalog_;
  sim::SiteId target_;
  Backend& backend_;
  sim::Stream arrivals_;
  sim::Stream choices_;
  sim::Discrete popularity_;
  std::vector<Session> sessions_;
  std::vector<std::uint8_t> announced_;  ///< by API
  std::deque<OpenCall> open_;            ///< by number, from first_number(); equal time-outs expire in this order
  std::uint64_t sent_{0};
  std::uint64_t answered_{0};
  std::uint64_t timed_out_{0};
};

}  // namespace parallax::steering
