// A zone, resolvers, and what clients keep: their parameters.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/record.h"
#include "sim/time.h"

namespace parallax::steering::dns {

enum class Routing : std::uint8_t { kFailover, kWeighted, kGeo, kLatency };

enum class NoneHealthy : std::uint8_t { kAllCountAsHealthy, kEmptyAnswer, kLastResort };

struct Target {
  sim::SiteId address{};
  std::uint32_t weight{1};
};

/// Targets by their place in the list, the best first.
using Order = std::vector<std::uint32_t>;

struct PolicySpec {
  Routing routing{Routing::kFailover};
  std::vector<Target> targets{};
  sim::Duration ttl{sim::seconds(60)};  ///< whole seconds; Route 53's alias records have 60 s
  NoneHealthy none_healthy{NoneHealthy::kAllCountAsHealthy};
  std::uint32_t addresses{1};  ///< at most so many in an answer

  // By the asker's site.
  std::vector<Order> geo{};                           ///< empty orders: see `geo_default`
  Order geo_default{};                                ///< empty: none
  std::vector<std::vector<sim::Duration>> latency{};  ///< to each target
};

struct ZoneSpec {
  std::vector<PolicySpec> names{};
  /// The lesser of the SOA's own TTL and its last field (RFC 2308): how long "no data" may be kept. Route 53: 900 s.
  sim::Duration negative_ttl{sim::seconds(900)};
};

/// Of a resolver's clock, which it reads in whole seconds.
using Seconds = std::int64_t;

struct ServerViewSpec {
  std::int64_t least_ms{50};            ///< infra-cache-min-rtt
  std::int64_t greatest_ms{120'000};    ///< RTT_MAX_TIMEOUT
  std::int64_t unknown_ms{376};         ///< UNKNOWN_SERVER_NICENESS: before the first answer
  std::int64_t probed_from_ms{12'000};  ///< PROBE_MAXRTO
  Seconds remembered{900};              ///< infra-host-ttl
  std::uint32_t losses_to_block{3};     ///< TIMEOUT_COUNT_MAX
};

enum class Prefetch : std::uint8_t { kOff, kOn };

enum class Expired : std::uint8_t { kNotServed, kServed };

/// Whether the authority is told where the client is, or takes the resolver's place for it.
enum class ClientSubnet : std::uint8_t { kKept, kPassedOn };

/// Whether names lie below a label of their own that the resolver asks for first.
enum class ParentLabel : std::uint8_t { kNone, kAskedFirst };

struct ResolverSpec {
  // The cache.
  sim::Duration least_ttl{};                              ///< cache-min-ttl
  sim::Duration greatest_ttl{sim::seconds(86'400)};       ///< cache-max-ttl
  sim::Duration greatest_negative_ttl{sim::minutes(60)};  ///< cache-max-negative-ttl
  sim::Duration failure_ttl{sim::seconds(5)};             ///< NORR_TTL
  Prefetch prefetch{Prefetch::kOff};
  Expired expired{Expired::kNotServed};
  sim::Duration served_expired_for{};                  ///< serve-expired-ttl; 0: for ever
  sim::Duration expired_answer_ttl{sim::seconds(30)};  ///< serve-expired-reply-ttl
  ClientSubnet client_subnet{ClientSubnet::kKept};

  // Asking.
  ServerViewSpec server;
  std::uint32_t attempts{5};                        ///< outbound-msg-retry
  sim::Duration sent_twice_below{sim::seconds(5)};  ///< the EDNS fallback to smaller packets
  ParentLabel parent_label{ParentLabel::kNone};
  std::uint32_t minimised_attempts{3};  ///< MAX_MINIMISE_TIMEOUT_COUNT
};

enum class Keeps : std::uint8_t {
  kNothing,
  kForItsTtl,
  kFixed,  ///< for `kept`, whatever the TTL
  kForEver,
};

struct ClientCacheSpec {
  Keeps keeps{Keeps::kForItsTtl};
  sim::Duration kept{};
  sim::Duration failures_kept{};
  sim::Duration timeout{sim::seconds(5)};
  std::uint32_t attempts{2};
};

/// 0: no such limit. Both ends have one for idle connections, and the shorter counts. The defaults are nginx's
/// (ngx_http_core_module: keepalive_timeout 75s, keepalive_time 1h); Java's own client closes idle ones after 30 s
/// since JDK 20 (jdk.httpclient.keepalive.timeout).
struct KeepAliveSpec {
  sim::Duration idle{sim::seconds(75)};
  sim::Duration greatest_age{sim::minutes(60)};
};

}  // namespace parallax::steering::dns
