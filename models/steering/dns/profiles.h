// Resolvers, clients' caches and health checks as they are in the world, as parameters. Each number has its source in
// profiles.cpp.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "models/steering/dns/client_cache.h"
#include "models/steering/dns/monitor.h"
#include "models/steering/dns/resolver.h"

namespace parallax::steering::dns {

/// Unbound 1.17 with its defaults.
ResolverSpec unbound();

/// How resolvers treat a TTL.
struct ResolverClass {
  std::string_view name;
  ResolverSpec spec;
  double share;  ///< of resolvers
};
std::span<const ResolverClass> resolver_classes();

/// How applications keep what a resolver told them. There is no census of them: a scenario says which its clients are.
struct ClientCacheProfile {
  std::string_view name;
  ClientCacheSpec spec;
};
std::span<const ClientCacheProfile> client_cache_profiles();

/// Nothing if there is none of that name.
std::optional<ClientCacheSpec> client_cache_named(std::string_view name);

/// Health checks of Route 53: from all over the world every 30 s, or 10 s at a price.
MonitorSpec route53_checks();
MonitorSpec route53_fast_checks();

}  // namespace parallax::steering::dns
