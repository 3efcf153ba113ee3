// What a scenario may say about gateways that share their token caches: each check once, with the complaint that
// breaking it leads to.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kSharing =
    R"(name: "pair"
duration: "1h"
sites {
  name: "dc1"
  nodes: ["cp", "gw"]
  roles { nodes: "cp" parts: ["control_plane", "key_manager", "traffic_manager"] }
  roles { nodes: "gw" parts: "gateway" }
}
sites { name: "dc2" nodes: "b" }
sites { name: "dc3" nodes: "c" }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
cache_clusters {
  name: "near"
  sites: ["dc1", "dc2"]
  backups: 0
  merge_policy: "higher_hits"
  suspicion_time: "1m"
}
cache_clusters { name: "far" sites: "dc3" map: false tells: "puts_too" on_receipt: "remove_anew" }
workload { populations { name: "users" region: "clients" rate: "1/s" } }
)";

TEST_CASE("what is said of shared caches gets to the world") {
  namespace caches = propagation::caches;
  const LoadOutcome outcome = load(kSharing);
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.cache_clusters.size() == 2);
  const world::CacheClusterConfig& near = config.cache_clusters[0];
  CHECK(near.sites == std::vector<sim::SiteId>{sim::SiteId{0}, sim::SiteId{1}});
  CHECK(near.tokens.map == runtime::SharedMap::kShared);
  CHECK_FALSE(near.tokens.tells);
  CHECK(near.cluster.backups == caches::Backups::kNone);
  CHECK(near.cluster.merge_policy == caches::MergePolicy::kHigherHits);
  CHECK(near.cluster.most_without_heartbeat == sim::minutes(1));
  CHECK(near.cluster.local_delay == sim::milliseconds(1));
  const world::CacheClusterConfig& far = config.cache_clusters[1];
  CHECK(far.tokens.map == runtime::SharedMap::kNone);
  REQUIRE(far.tokens.tells);
  CHECK(far.tokens.tells->tells == caches::Tells::kPutsToo);
  CHECK(far.tokens.tells->on_receipt == caches::OnReceipt::kRemoveAnew);
}

// The fields' defaults and the room's are the same Hazelcast's.
TEST_CASE("a cluster of which nothing is said is as the room makes it") {
  const LoadOutcome outcome = load(with(kSharing, " map: false tells: \"puts_too\" on_receipt: \"remove_anew\"", ""));
  REQUIRE(outcome.loaded);
  const world::CacheClusterConfig config = compile(outcome.loaded->scenario, 1).cache_clusters.at(1);
  const propagation::caches::CacheClusterSpec said = config.cluster;
  const propagation::caches::CacheClusterSpec room;
  CHECK(said.backups == room.backups);
  CHECK(said.map_ttl == room.map_ttl);
  CHECK(said.call_timeout == room.call_timeout);
  CHECK(said.backup_timeout == room.backup_timeout);
  CHECK(said.heartbeat_interval == room.heartbeat_interval);
  CHECK(said.most_without_heartbeat == room.most_without_heartbeat);
  CHECK(said.merge_first_run == room.merge_first_run);
  CHECK(said.merge_next_run == room.merge_next_run);
  CHECK(said.merge_policy == room.merge_policy);
  CHECK(config.tokens.levels.copy_age == propagation::caches::TwoLevelSpec{}.copy_age);
  CHECK(config.tokens.levels.on_expiry == propagation::caches::TwoLevelSpec{}.on_expiry);
}

TEST_CASE("a cache cluster has gateways with something to share, and ways between its sites") {
  const Case cases[] = {
      {"tells: \"puts_too\"", "tells: \"puts_to\"", "unknown tells \"puts_to\"; did you mean \"puts_too\"?"},
      {"\"remove_anew\"", "\"remove_new\"", "unknown on_receipt \"remove_new\"; did you mean \"remove_anew\"?"},
      {"\"higher_hits\"", "\"higher_hit\"", "unknown merge_policy \"higher_hit\"; did you mean \"higher_hits\"?"},
      {"backups: 0", "copy_age: \"since_wrote\"", "unknown copy_age \"since_wrote\"; did you mean \"since_write\"?"},
      {"backups: 0", "on_expiry: \"drop_her\"", "unknown on_expiry \"drop_her\"; did you mean \"drop_here\"?"},
      {"backups: 0", "backups: 2", "backups: \"2\" is out of range; expected 0 to 1"},
      {" tells: \"puts_too\" on_receipt: \"remove_anew\"", "",
       "members of \"far\" share no map and tell each other nothing"},
      {"map: false tells: \"puts_too\" ", "", "on_receipt where nobody tells anything"},
      {"[\"dc1\", \"dc2\"]", "[\"dc1\", \"clients\"]", "\"clients\" is a region; expected a site"},
      {"[\"dc1\", \"dc2\"]", "[\"dc1\", \"dc1\"]", "\"dc1\" is named twice; expected each site once"},
      {"[\"dc1\", \"dc2\"]", "[\"dc1\", \"dc4\"]", "unknown site \"dc4\""},
      {"sites: \"dc3\" map", "sites: \"dc2\" map", "\"dc2\" is in cache cluster \"near\" already"},
      {"[\"dc1\", \"dc2\"]", "[\"dc1\", \"dc2\", \"dc3\"]",
       "unreachable site: the cache cluster has no way from \"dc1\" to \"dc3\""},
      {"nodes: \"b\"", "nodes: \"b\" key_manager { tokens: \"jwt\" }",
       "gateways of \"dc2\" decide on JWTs by themselves and have nothing to share"},
      {"nodes: \"b\"", "nodes: \"b\" gateway { token_cache { enabled: false } }",
       "gateways of \"dc2\" cache no tokens; expected token_cache { enabled: true }"},
      {"nodes: \"c\"", "nodes: \"c\" roles { nodes: \"c\" parts: \"key_manager\" }",
       "\"dc3\" has no gateway; expected a site that has one"}};
  check_all(kSharing, cases);
}

}  // namespace
}  // namespace parallax::scenarios
