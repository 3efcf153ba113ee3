// A population of API clients in one region. Open: arrivals (arrivals.h) over its sessions by Zipf popularity. Closed:
// each session calls, waits for the end of its call with all its tries, thinks, and calls again; it begins somewhere in
// a mean pause, so that no two start together. N sessions with a pause of Z on average and calls that take R make
// N/(Z+R) calls a unit of time, and never more than the servers' capacity (the interactive response time law and the
// asymptotic bounds: Lazowska, Zahorjan, Graham and Sevcik, Quantitative System Performance, 1984, sections 3.5 and
// 5.2). A session calls what its application is subscribed to and what has been announced, each alike. It renews
// its token when it knows that it has expired; it does not know of a revocation, a blocked subscription or a retired
// API and goes on calling.
//
// Each session sits behind one of the region's resolvers. A call without an answer within the time-out, or answered
// 503, is sent again after a back-off (backoff.h), wherever the resolver then points, up to the number of retries. A
// request for a token without an answer by then is sent again after a back-off too, without end; its failures count
// from the session's last success. A call that needs a new token waits for it, and the wait counts for its time-out: a
// client without a token is a client that is not served.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/steering/arrivals.h"
#include "models/steering/backoff.h"
#include "models/steering/call.h"
#include "models/steering/directory.h"
#include "sim/discrete.h"
#include "sim/site.h"
#include "sim/timeouts.h"

namespace parallax::steering {

struct PopulationSpec {
  std::string name;
  Service asks_for{Service::kApi};  ///< kToken: each arrival asks for a token, whether it has one or not
  domain::PopulationId id{};
  ArrivalSpec arrivals;                    ///< of calls of the whole population
  std::optional<sim::Distribution> think;  ///< in place of arrivals
  double token_popularity{1};              ///< Zipf exponent over the sessions
  sim::Duration timeout{};                 ///< a call without an answer by then has failed
  std::uint32_t retries{0};
  BackoffSpec backoff;
  double roaming{0};                    ///< share of calls that go to another data center than the resolver says
  double drops_cookies{0};              ///< share of the sessions
  std::vector<domain::TokenId> tokens;  ///< of the catalog; one session each
};

class Population final : public Caller, private sim::EventHandler, private Seeker {
 public:
  Population(sim::Site& site, PopulationSpec spec, const domain::Catalog& catalog, Directory& apis,
             Directory& token_endpoint);

  /// Begins to call. Once.
  void start();

  /// The answer to a call; too late, it is ignored.
  void answered(const ApiCall& call, domain::Outcome outcome) override;

  void page_answered(const PageCall& call, domain::Outcome outcome) { finish(call.number, outcome); }

  /// The answer to a request for a token. One that comes after another was sent is good too, unless the token has
  /// expired: else each of several answers under way would make a further request.
  void token_issued(const TokenCall& call, const IssuedToken& issued) override;

  // From now on it can be called.
  void announce(domain::ApiId api) { announced_apis_[domain::index(api)] = 1; }
  void announce(domain::SubscriptionId subscription) { announced_subscriptions_[domain::index(subscription)] = 1; }

  /// Writes its books to the journal, at the end of the run.
  void close();

 private:
  /// There may be millions, so it is kept small.
  struct Session {
    Claims claims() const { return {application, issued, expires}; }

    sim::VirtualTime expires;     ///< as its token says
    sim::VirtualTime good_until;  ///< by the right clock
    domain::TokenId token;
    domain::ApplicationId application;
    domain::Version issued;  ///< of the token
    std::uint32_t attempt;   ///< token requests so far
    Cookie cookie;
    sim::SiteId last;             ///< where its last call went
    std::uint16_t failures : 15;  ///< of token requests since the last that was answered, up to kMostFailures
    std::uint16_t has_moved : 1;  ///< from one data center to another
  };
  static_assert(sizeof(Session) == 40);
  /// Pauses have long stopped to grow: a factor of at least 2 reaches every greatest pause with its 64th.
  static constexpr std::uint32_t kMostFailures = 0x7fff;
  enum class Phase : std::uint8_t { kOnItsWay, kWaitsForToken };
  /// One try of a call.
  struct Try {
    sim::VirtualTime sent;
    SessionId session;
    domain::TokenId token;
    domain::ApiId api;
    sim::SiteId called;  ///< kNowhere: it is still looking for its way
    std::uint32_t retries_left;
    Phase phase;
  };
  struct TokenSeeker final : Seeker {
    explicit TokenSeeker(Population& one) : population{one} {}
    void found(SessionId session, std::uint64_t question, FrontDoor* door) override {
      population.found_token_endpoint(session, question, door);
    }
    void refused(SessionId session, std::uint64_t question, FrontDoor& door) override {
      population.refused_token_endpoint(session, question, door);
    }
    Population& population;
  };

  void schedule_next();
  void start_thinking();
  void on_event() override;  ///< the next call may be due
  void choose_who_drops_cookies();
  /// Each session is a user, and bears the number of the token that it began with.
  domain::UserId user_of(SessionId session) const { return static_cast<domain::UserId>(spec_.tokens[index(session)]); }
  bool waits_for(SessionId session, std::uint32_t attempt) const;
  void call(SessionId session);
  void begin(SessionId session, domain::ApiId api, std::uint32_t retries_left);
  void send(std::uint64_t number, const Try& call);
  void finish(std::uint64_t number, domain::Outcome outcome);
  void retry(const Try& failed);
  void ended(SessionId session);
  std::optional<domain::ApiId> choose_api(const Session& session);
  void found(SessionId session, std::uint64_t call, FrontDoor* door) override;
  void refused(SessionId session, std::uint64_t call, FrontDoor& door) override;
  void found_token_endpoint(SessionId session, std::uint64_t attempt, FrontDoor* door);
  void refused_token_endpoint(SessionId session, std::uint64_t attempt, FrontDoor& door);
  template <typename Alert>
  void shake_hands(FrontDoor& door, Alert alert);
  void goes_to(Session& session, sim::SiteId data_center);
  void renew(SessionId session);
  void renew_again(SessionId session, std::uint32_t attempt);
  void expire(const Try& expired);
  void record(const Try& finished, domain::Ending ending, domain::Outcome outcome);

  PopulationSpec spec_;
  const domain::Catalog& catalog_;
  Directory& apis_;
  Directory& token_endpoint_;  ///< of its own name, or of the APIs'
  TokenSeeker token_seeker_{*this};
  Arrivals arrivals_;
  Backoff backoff_;
  sim::Stream choices_;
  sim::Stream pauses_;
  sim::Discrete popularity_;
  std::uint64_t roaming_threshold_;
  std::vector<Session> sessions_;
  std::vector<std::uint8_t> announced_apis_;
  std::vector<std::uint8_t> announced_subscriptions_;
  sim::Timeouts<Try> tries_;
  /// Calls by number that wait for their session's new token, which is asked for meanwhile.
  std::map<SessionId, std::vector<std::uint64_t>> waiting_;
  std::uint64_t answered_{0};
  std::uint64_t timed_out_{0};
  std::uint64_t unresolved_{0};  ///< whose name had no address
  std::uint64_t tokenless_{0};   ///< that waited for a token in vain
  std::uint64_t moves_{0};       ///< of sessions, from one data center to another
};

}  // namespace parallax::steering
