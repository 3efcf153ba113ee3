#include "scenarios/compile_caches.h"

#include <array>

#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace caches = propagation::caches;

namespace {

// The first of the words: nobody is told.
std::optional<caches::ClusterInvalidationSpec> invalidation(const schema::CacheCluster& given) {
  using Tells = caches::Tells;
  if (given.tells() == tells_words()[0]) return std::nullopt;
  return caches::ClusterInvalidationSpec{word<caches::OnReceipt>(on_receipt_words(), given.on_receipt()),
                                         given.tells() == tells_words()[1] ? Tells::kRemovals : Tells::kPutsToo};
}

caches::CacheClusterSpec cache_cluster_spec(const schema::CacheCluster& given) {
  caches::CacheClusterSpec spec;
  spec.backups = given.backups() == 0 ? caches::Backups::kNone : caches::Backups::kOne;
  spec.map_ttl = duration(given.map_ttl());
  spec.local_delay = duration(given.local_delay());
  spec.call_timeout = duration(given.call_timeout());
  spec.backup_timeout = duration(given.backup_timeout());
  spec.heartbeat_interval = duration(given.heartbeat_interval());
  spec.most_without_heartbeat = duration(given.suspicion_time());
  spec.merge_first_run = duration(given.merge_first_run());
  spec.merge_next_run = duration(given.merge_interval());
  spec.merge_policy = word<caches::MergePolicy>(merge_policy_words(), given.merge_policy());
  return spec;
}

}  // namespace

std::vector<world::CacheClusterConfig> cache_cluster_configs(const schema::Scenario& scenario,
                                                             const SiteNumbers& sites) {
  std::vector<world::CacheClusterConfig> configs;
  for (const schema::CacheCluster& given : scenario.cache_clusters()) {
    world::CacheClusterConfig& config = configs.emplace_back();
    config.name = given.name();
    for (const std::string& site : given.sites()) config.sites.push_back(sites.at(site));
    config.tokens.map = given.map() ? runtime::SharedMap::kShared : runtime::SharedMap::kNone;
    config.tokens.levels = {word<caches::CopyAge>(copy_age_words(), given.copy_age()),
                            word<caches::OnExpiry>(on_expiry_words(), given.on_expiry())};
    config.tokens.tells = invalidation(given);
    config.cluster = cache_cluster_spec(given);
  }
  return configs;
}

std::span<const std::string> tells_words() {
  static const std::array<std::string, 3> kWords{"nothing", "removals", "puts_too"};
  return kWords;
}
std::span<const std::string> on_receipt_words() {
  static const std::array<std::string, 2> kWords{"forget", "remove_anew"};
  return kWords;
}
std::span<const std::string> copy_age_words() {
  static const std::array<std::string, 2> kWords{"since_write", "since_arrival"};
  return kWords;
}
std::span<const std::string> on_expiry_words() {
  static const std::array<std::string, 2> kWords{"remove_everywhere", "drop_here"};
  return kWords;
}
std::span<const std::string> merge_policy_words() {
  static const std::array<std::string, 4> kWords{"put_if_absent", "pass_through", "latest_update", "higher_hits"};
  return kWords;
}

}  // namespace parallax::scenarios
