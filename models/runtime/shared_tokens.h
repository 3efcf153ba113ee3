// A gateway's cache of validated tokens where gateways share them: its own memory in front of a map of its cluster
// (models/propagation/caches), or its own memory alone and messages that tell the others what to forget. What stands in
// it is what the cache of a gateway by itself holds (logic/gateway/token_caches.h): an answer for each resource that a
// token was used on, and one for all resources where the token is refused altogether.
//
//   look-up    own memory -> map, by resource -> map, as a refused token -> key manager
//
// The call waits for the map, when it asks and when it puts, as carbon-kernel's CacheImpl does. What the map does not
// say within its time-out the key manager is asked. A revocation that a gateway hears of is forgotten in the whole
// cluster, all resources at once.
//
// The journal is told of what the gateway has in its own memory. What stands in the map alone counts from when a
// gateway takes it from there.
//
// Stages: token_cache_ttl, cache_sweep, stale_recache as its memory says; cluster_message, link_down as the cluster
// says; database_read.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/token_caches.h"
#include "models/propagation/caches/cache_cluster.h"
#include "models/propagation/caches/cluster_invalidation.h"
#include "models/propagation/caches/two_level_cache.h"
#include "models/runtime/answers_book.h"
#include "models/runtime/spec.h"
#include "sim/site.h"

namespace parallax::runtime {

/// The books of a cluster's gateways, by MemberId.
using AnswersBooks = std::vector<std::unique_ptr<AnswersBook>>;

class SharedTokens {
 public:
  struct Place {
    sim::Site& site;
    const std::string& path;  ///< of the node: it names its random streams
    domain::LayerId layer;
    propagation::caches::CacheCluster& cluster;
    propagation::caches::MemberId member;
  };
  /// `books`, in which the member has one, outlive this.
  SharedTokens(const Place& place, const logic::gateway::TokenCacheOptions& options, const SharedTokensSpec& spec,
               const AnswersBooks& books);
  SharedTokens(const SharedTokens&) = delete;
  SharedTokens& operator=(const SharedTokens&) = delete;

  void start() { local_.start(); }

  /// In its own memory; null if it is not there. Valid until the next call.
  const logic::gateway::Validation* find(domain::TokenId token, std::uint32_t variant);

  bool has_map() const { return map_ == SharedMap::kShared; }

  /// What the map may say about a call, in the order in which it is asked.
  static std::array<propagation::caches::Key, 2> places_of(domain::TokenId token, std::uint32_t variant);
  /// Requires: has_map().
  auto fetch(const propagation::caches::Key& key) { return levels_.fetch(key); }
  /// What the map has answered.
  const logic::gateway::Validation& answer(const propagation::caches::Copy& copy) const;

  /// An answer on its way to the map.
  struct Storing {
    propagation::caches::TwoLevelCache::Store in_map;  ///< to wait for
    propagation::caches::Key key;
    propagation::caches::Copy copy;
    sim::VirtualTime since;
  };
  /// What the key manager said at `read`: in its own memory at once.
  [[nodiscard]] Storing store(domain::TokenId token, std::uint32_t variant, const logic::gateway::Validation& answer,
                              sim::VirtualTime read);
  /// The map has it, and the call that has waited for that is decided by it now, even if it has been forgotten here
  /// meanwhile. Then the journal is told that the call has had it in hand until now.
  void stored(const Storing& storing);

  void revoke(domain::TokenId token, domain::Version version, sim::RecordId cause, const domain::Passage& passage);

  void lose_memory(sim::RecordId cause) { local_.lose_memory(cause); }

  // For its books.
  void hit() { ++hits_; }
  void asked() { ++asked_; }
  void waited_since(sim::VirtualTime since) { longest_wait_ = std::max(longest_wait_, local_.site().now() - since); }
  /// Once, at the end of the run.
  void close();

 private:
  domain::NodeId node() const { return cluster_.roster()[member_].node; }
  propagation::caches::Copy copy_of(domain::TokenId token, std::uint32_t variant,
                                    const logic::gateway::Validation& answer);
  domain::Companion companion_of(const propagation::caches::Key& key, const propagation::caches::Copy& copy) const;
  void contradict(const propagation::caches::Key& key, sim::VirtualTime read);

  SharedMap map_;
  propagation::caches::CacheCluster& cluster_;
  propagation::caches::MemberId member_;
  const AnswersBooks& books_;
  domain::LayerId layer_;
  propagation::caches::LocalCache local_;
  propagation::caches::TwoLevelCache levels_;
  std::unique_ptr<propagation::caches::ClusterInvalidation> tells_;
  std::uint64_t hits_{0};
  std::uint64_t asked_{0};
  sim::Duration longest_wait_{};
};

}  // namespace parallax::runtime
