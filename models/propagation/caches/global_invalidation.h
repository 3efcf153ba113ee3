// Nodes that tell each other through a broker's topic what to forget: WSO2's global cache invalidation over JMS
// (carbon-apimgt, cache.invalidation; topic globalCacheInvalidation). Off by default. A message carries the cache's
// name, the key, the tenant, a domain ("default") and the node that it comes from; receivers leave their own and those
// of other domains alone, so none is answered by another. What is published while a subscriber is away is lost to it:
// the entry's time to live ends it then.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "models/propagation/broker/event.h"
#include "models/propagation/caches/local_cache.h"

namespace parallax::propagation::caches {

/// What messages are about, beside the key.
struct CacheAddress {
  std::uint8_t cache{0};   ///< its name's number
  std::uint8_t domain{0};  ///< "default"
  std::uint16_t tenant{0};

  std::uint32_t packed() const {
    return static_cast<std::uint32_t>(cache) << 24 | static_cast<std::uint32_t>(domain) << 16 | tenant;
  }
  static CacheAddress unpack(std::uint32_t packed) {
    return {static_cast<std::uint8_t>(packed >> 24), static_cast<std::uint8_t>(packed >> 16),
            static_cast<std::uint16_t>(packed)};
  }
  friend bool operator==(const CacheAddress&, const CacheAddress&) = default;
};

enum class GlobalInvalidationMode : std::uint8_t { kOff, kOn };

struct GlobalInvalidationSpec {
  GlobalInvalidationMode mode{GlobalInvalidationMode::kOff};
  CacheAddress address{};
  domain::TopicId topic{};
};

class GlobalInvalidation {
 public:
  /// `publish`: to the broker, at the node's site.
  using Publish = std::function<void(const broker::Event&)>;
  GlobalInvalidation(LocalCache& local, domain::NodeId node, const GlobalInvalidationSpec& spec, Publish publish)
      : local_{local}, node_{node}, spec_{spec}, publish_{std::move(publish)}, numbers_{node} {}
  GlobalInvalidation(const GlobalInvalidation&) = delete;
  GlobalInvalidation& operator=(const GlobalInvalidation&) = delete;

  /// Its host has learned that nothing about `object` is to be used any more that is older than `replaced_by`.
  /// Requires: `cause` was recorded now.
  void remove(domain::ObjectRef object, domain::Version replaced_by, sim::RecordId cause);

  /// By the host's subscriber, whatever the topic.
  void act_on(const broker::Event& event);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t obeyed() const { return obeyed_; }

 private:
  bool is_meant_for_me(const broker::Event& event) const;

  LocalCache& local_;
  domain::NodeId node_;
  GlobalInvalidationSpec spec_;
  Publish publish_;
  broker::EventNumbers numbers_;
  std::uint64_t sent_{0};
  std::uint64_t obeyed_{0};
};

}  // namespace parallax::propagation::caches
