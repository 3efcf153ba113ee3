// A gateway's cache of what a resource asks for (carbon-apimgt: the resource cache of VerbInfoDTO; on by default). A
// redeployed API whose entries nobody evicts is served with its old policies and scopes until the sweeper has come.
#pragma once

#include "models/logic/caches/expiring_cache.h"
#include "models/logic/gateway/facts.h"

namespace parallax::logic::gateway {

/// Whether a deployment evicts the API's resources (newer builds), or leaves them to their age.
enum class OnDeployment : std::uint8_t { kEvict, kKeep };

struct ResourceCacheOptions {
  std::size_t capacity{10'000};         ///< carbon-kernel CachingConstants; 0: no cache
  sim::Duration ttl{sim::minutes(15)};  ///< carbon-apimgt CacheProvider
  OnDeployment on_deployment{OnDeployment::kEvict};
};

class ResourceCache {
 public:
  explicit ResourceCache(const ResourceCacheOptions& options)
      : options_{options}, cache_{std::max<std::size_t>(options.capacity, 1), options.ttl} {}

  /// What is cached of `resource`, or what `read` says, which is cached then. Read again before the next call.
  template <typename Read>
  ResourceFacts find(domain::ResourceId resource, sim::VirtualTime now, Read&& read) {
    // What every deployment would evict is what stands behind it.
    if (options_.capacity == 0 || options_.on_deployment == OnDeployment::kEvict) return read();
    const Cache::Key key{static_cast<std::uint32_t>(resource), 0};
    if (const ResourceFacts* cached = cache_.find(key)) return *cached;
    const ResourceFacts facts = read();
    if (facts.standing != domain::Standing::kAbsent) cache_.put(key, facts, now, [](const auto&) {});
    return facts;
  }

  void sweep(sim::VirtualTime now) {
    cache_.sweep(now, [](const auto&) {});
  }

  void clear() {
    cache_.clear([](const auto&) {});
  }

 private:
  using Cache = caches::ExpiringCache<std::uint32_t, ResourceFacts>;
  ResourceCacheOptions options_;
  Cache cache_;
};

}  // namespace parallax::logic::gateway
