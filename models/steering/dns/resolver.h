// A recursive resolver: where most clients' DNS answers come from, and what decides how long an old one lives. It has a
// site of its own, which is the location that an authority sees unless it passes the client's subnet on (RFC 7871).
//
// Caching is Unbound's (1.17.1, daemon/worker.c and services/cache/dns.c): time is counted in whole seconds and an
// entry is good up to the end of its last one, so it lives up to TTL + 1 s. `least_ttl` stretches it (cache-min-ttl);
// `prefetch` asks anew in the last tenth; `serve_expired` hands an expired answer out at once and asks behind it. A
// failure is cached for 5 s, but never over a good answer.
//
// Asking is its iterator's (iterator/iterator.c, services/outside_network.c). A query whose time-out is below 5 s is
// sent again once, then counts as lost; after `attempts` lost ones the name fails. With query name minimisation (RFC
// 9156) a name below an empty label asks for that label first, whose "no data" is cached too; equal queries under way
// are one, so in an outage all names below the label hang on one query, fail together and come back together. What is
// known of the server (server_view.h) is shared by all names.
//
// Stages: dns_ttl [0, max(TTL, least) + 1 s] with an authority that answers; after an outage what is left of the
// server's back-off besides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/steering/dns/answer.h"
#include "models/steering/dns/authority.h"
#include "models/steering/dns/server_view.h"
#include "models/steering/dns/spec.h"
#include "sim/site.h"

namespace parallax::steering::dns {

class Resolver final : private Upstream {
 public:
  /// `name`: of its random stream. `number`: of its records, in its site. The names are 0 to `names` - 1; where the
  /// subnet is passed on, answers are kept for each of `locations` sites.
  Resolver(sim::Site& site, const std::string& name, std::uint32_t number, const ResolverSpec& spec,
           Authority& authority, std::uint32_t names, std::size_t locations = 1);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  sim::Site& site() const { return site_; }

  /// At its site. The answer is sent to the asker's.
  void ask(const Question& question);

  const ServerView& server() const { return server_; }

 private:
  using Slot = std::uint32_t;  ///< a name as seen from a location

  struct Entry {
    Answer answer{};
    Seconds expires{-1};  ///< good up to the end of that second
    Seconds refresh{-1};  ///< from then on an answer sets off a prefetch
    bool is_held{false};
    bool is_good() const { return is_held && answer.code != Code::kServerFailure; }
  };

  /// A name that is being asked for.
  struct Fetch {
    bool is_active{false};
    bool is_refresh{false};  ///< nobody waited when it began
    bool asks_parent{false};
    std::uint32_t attempts{0};
    std::uint32_t losses{0};  ///< in a row
    std::vector<Question> waiting{};
  };

  /// A query to the authority that is under way.
  struct Query {
    std::vector<Slot> waiting{};
    std::uint32_t serial{0};  ///< of the last packet; 0: none is under way
    bool is_second{false};
    std::int64_t timeout_ms{0};
    sim::VirtualTime sent{};
    sim::Timer timer{};
  };

  Seconds now() const { return (site_.now() + clock_phase_ - sim::VirtualTime{}) / sim::seconds(1); }
  Slot slot_of(const Question& question) const;
  void reply(const Question& question, Answer answer);

  void begin(Slot slot);
  void refresh(Slot slot);
  void advance(Slot slot);
  void enqueue(std::size_t query, Slot slot);
  void transmit(std::size_t query);
  void expire(std::size_t query, std::uint32_t serial);
  void answered(std::size_t query, std::uint32_t serial, const Answer& answer) override;
  void parent_answered(std::vector<Slot> waiting, const Answer& answer);
  void store(Slot slot, const Answer& answer);
  void finish(Slot slot, const Answer& answer);
  void fail(Slot slot);

  static constexpr std::size_t kParent = 0;  ///< the queries for names come after it
  static std::size_t query_of(Slot slot) { return slot + 1; }

  sim::Site& site_;
  std::uint32_t number_;
  ResolverSpec spec_;
  Authority& authority_;
  std::uint32_t names_;
  sim::Duration clock_phase_;
  ServerView server_;
  std::vector<Entry> entries_;
  std::vector<Fetch> fetches_;
  std::vector<Query> queries_;
  Seconds parent_expires_{-1};
  std::uint32_t serials_{0};
};

}  // namespace parallax::steering::dns
