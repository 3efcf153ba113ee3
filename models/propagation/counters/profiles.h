// Rate limiters of real products as parameters of a group. Each number and each behaviour has its source in
// profiles.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/propagation/counters/spec.h"

namespace parallax::propagation::counters {

/// What a user of the product says.
struct Allowed {
  std::uint32_t limit{1};
  sim::Duration period{sim::seconds(1)};
};

struct Profile {
  std::string_view name;
  std::string_view source;
  CounterSpec (*spec)(const Allowed&);
};

/// HAProxy 2.6: stick-table gpc0_rate, incremented for admitted requests, deny if >= limit. Each node by itself.
CounterSpec haproxy_admitted(const Allowed& allowed);
/// http_req_rate, which counts denied requests too, deny if > limit.
CounterSpec haproxy_offered(const Allowed& allowed);
/// The same tables in a `peers` section.
CounterSpec haproxy_peers_admitted(const Allowed& allowed);
CounterSpec haproxy_peers_offered(const Allowed& allowed);

/// express-rate-limit with its memory store.
CounterSpec express_memory(const Allowed& allowed);
/// express-rate-limit with rate-limit-redis, one Redis for all.
CounterSpec express_redis(const Allowed& allowed);
/// A gateway that reads a Redis replica, decides by it and increments at the master without waiting.
CounterSpec redis_async(const Allowed& allowed);

std::span<const Profile> profiles();

/// Nothing if there is none of that name.
const Profile* profile_named(std::string_view name);

}  // namespace parallax::propagation::counters
