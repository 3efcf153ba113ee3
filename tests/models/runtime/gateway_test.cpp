// A gateway and its caches in small worlds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {
namespace {

using domain::Outcome;
using domain::Stage;

// Link 5 ms each way, decision 3 ms, backend 20 ms: 33 ms. A miss asks the database, 1 ms away: 2 ms more.
TEST_CASE("an admitted call takes its ways, the decision, the backend, and on a miss the database") {
  world::WorldConfig config = deployment(2, 1);
  config.catalog.tokens = 10;
  config.sites[0].node.gateway.decision_time = sim::milliseconds(3);
  config.sites[0].node.gateway.backend = sim::Distribution::constant(sim::milliseconds(20));
  add_callers(config, sim::milliseconds(100));
  const Run result = run(config);
  std::size_t hits = 0;
  std::size_t misses = 0;
  for_each<domain::RequestFinished>(result.journal, domain::RecordKind::kRequestFinished,
                                    [&](const sim::Record& record, const domain::RequestFinished& request) {
                                      const sim::Duration taken = record.time - request.sent;
                                      CHECK((taken == sim::milliseconds(33) || taken == sim::milliseconds(35)));
                                      ++(taken == sim::milliseconds(33) ? hits : misses);
                                    });
  // Each token misses once at each node (and again if two calls come within the database's 2 ms).
  CHECK(misses >= 20);
  CHECK(misses <= 22);
  CHECK(hits > 500);
}

// Refusals do not go to the backend, and a revoked token is remembered as invalid: 10 ms, with the database 12 ms.
TEST_CASE("a refused token is cached too, and the backend does not see its calls") {
  world::WorldConfig config = deployment(1, 2);
  config.sites[0].node.gateway.backend = sim::Distribution::constant(sim::seconds(1));
  config.duration = sim::seconds(100);
  add_callers(config, sim::milliseconds(100));
  add_revocations(config, sim::seconds(50), sim::seconds(60), sim::milliseconds(1));
  const Run result = run(config);
  std::set<std::int64_t> taken_ms;
  std::size_t refused = 0;
  for_each<domain::RequestFinished>(result.journal, domain::RecordKind::kRequestFinished,
                                    [&](const sim::Record& record, const domain::RequestFinished& request) {
                                      if (request.outcome != Outcome::kTokenInvalid) return;
                                      taken_ms.insert((record.time - request.sent).ns / 1'000'000);
                                      ++refused;
                                    });
  CHECK(refused > 300);
  CHECK(taken_ms == std::set<std::int64_t>{10, 12});
  check_invariants(result);
}

// 40 tokens share a cache for 10: entries go for want of room long before their time. Until then it is the time to live
// that let them stay, not the database that they were read from long ago.
TEST_CASE("a window that ends because the cache was full is charged to the time to live") {
  world::WorldConfig config = deployment(2, 3);
  config.sites[0].node.gateway.pipeline.cache.capacity = 10;
  config.duration = sim::minutes(5);
  config.catalog.tokens = 40;
  add_callers(config, sim::milliseconds(200));
  add_revocations(config, sim::minutes(1), sim::minutes(4), sim::seconds(6));
  const Run result = run(config);
  std::size_t open = 0;
  for (const audit::WindowFinding& window : result.findings.windows) {
    if (window.length.ns == 0) continue;
    REQUIRE(window.pieces.size() == 1);
    CHECK(window.pieces[0].stage == Stage::kTokenCacheTtl);
    ++open;
  }
  CHECK(open > 3);
  check_invariants(result);
}

// Entries of 1 s that are swept every 30 s: what is dropped goes at the node's own phase of 30 s.
TEST_CASE("each node's sweeper has a phase of its own, uniform over the sweep interval") {
  std::vector<double> phases;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    world::WorldConfig config = deployment(2, seed);
    config.sites[0].node.gateway.pipeline.cache.ttl = sim::seconds(1);
    config.duration = sim::seconds(95);
    add_callers(config, sim::milliseconds(500));
    std::map<domain::LayerId, std::int64_t> phase_of_cache;
    for_each<domain::EntryDropped>(run(config).journal, domain::RecordKind::kEntryDropped,
                                   [&](const sim::Record& record, const domain::EntryDropped& dropped) {
                                     const std::int64_t phase = record.time.ns % sim::seconds(30).ns;
                                     CHECK(phase_of_cache.try_emplace(dropped.layer, phase).first->second == phase);
                                   });
    REQUIRE(phase_of_cache.size() == 2);
    for (const auto& [layer, phase] : phase_of_cache) phases.push_back(static_cast<double>(phase) / 1e9);
  }
  CHECK(kolmogorov_distance(phases, [](double p) { return p / 30; }) < kolmogorov_critical(phases.size()));
}

// Two nodes 5 s away from their database, a few tokens that are asked for all the time, and entries of 20 s: around a
// revocation some reads come back valid and later ones invalid.
world::WorldConfig far_database(std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  config.sites[0].database.access_time = sim::seconds(5);
  config.sites[0].node.gateway.pipeline.cache.ttl = sim::seconds(20);
  config.sites[0].node.gateway.pipeline.cache.sweep_interval = sim::seconds(3);
  config.duration = sim::seconds(90);
  config.catalog.tokens = 20;
  add_callers(config, sim::milliseconds(20));
  return config;
}

// A refused token is cached for all resources at once and says nothing of subscriptions: an entry that is replaced by
// one from another API must not keep the first API's subscription open. Entries live 20 s and up to 3 s more.
TEST_CASE("a subscription's window outlives no entry that speaks of it, revoked tokens or not") {
  world::WorldConfig config = deployment(2, 5);
  config.sites[0].node.gateway.pipeline.cache.ttl = sim::seconds(20);
  config.sites[0].node.gateway.pipeline.cache.sweep_interval = sim::seconds(3);
  config.duration = sim::minutes(6);
  config.catalog.apis = 3;
  config.catalog.subscriptions_per_application = 3;
  config.catalog.applications = 10;
  config.catalog.tokens = 30;
  add_callers(config, sim::milliseconds(50));
  add_revocations(config, sim::seconds(10), sim::minutes(3), sim::seconds(5));
  config.writes.push_back({"blocks", management::Task::kBlockSubscriptions, kDataCenter,
                           sim::VirtualTime{} + sim::seconds(10), sim::VirtualTime{} + sim::minutes(5),
                           sim::Distribution::exponential(sim::seconds(15)), 0});
  const Run result = run(config);
  std::size_t blocked = 0;
  for (const audit::WindowFinding& window : result.findings.windows) {
    if (window.change != domain::ChangeKind::kSubscriptionBlocked) continue;
    CHECK(window.length <= sim::seconds(23) + 2 * config.sites[0].database.access_time);
    ++blocked;
  }
  CHECK(blocked > 20);
  check_invariants(result);
}

// How often a node replaced an old version in its cache with a newer one, which it had read meanwhile.
std::size_t count_replaced_by_newer(const Run& run) {
  std::map<sim::RecordId, domain::Version> put;
  std::size_t count = 0;
  for_each<domain::EntryPut>(run.journal, domain::RecordKind::kEntryPut,
                             [&](const sim::Record& record, const domain::EntryPut& entry) {
                               const auto replaced = put.find(record.cause);
                               count += replaced != put.end() && replaced->second < entry.version;
                               put.emplace(record.id, entry.version);
                             });
  return count;
}

// Decisions of one node on one token and API that rest on an older version than an earlier one did.
std::size_t count_relapses(const Run& run) {
  std::map<std::tuple<domain::NodeId, domain::TokenId, domain::ApiId>, domain::Version> newest;
  std::size_t count = 0;
  for_each_decision(run, [&](const sim::Record&, const domain::RequestDecided& d) {
    domain::Version& version = newest[{d.node, d.token, d.api}];
    count += d.token_version < version;
    version = std::max(version, d.token_version);
  });
  return count;
}

// The answers of the database come back in the order of their reads, so the newer one comes later, and it counts.
TEST_CASE("a node that has decided on a newer version of a token never goes back to an older one") {
  std::size_t replaced = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    world::WorldConfig config = far_database(seed);
    add_revocations(config, sim::seconds(5), sim::seconds(50), sim::seconds(3));
    const Run result = run(config);
    check_invariants(result);
    CHECK(count_relapses(result) == 0);
    replaced += count_replaced_by_newer(result);
  }
  CHECK(replaced > 10);
}

// A token is drawn again while its first revocation is under way to the database. A read between the two commits and
// one after both come back to the same cache, the second replacing the first: it ends the second revocation's window,
// which the replaced entry had kept open until the read and the read's way back since.
TEST_CASE("a window that a concurrent read ends is charged to the entry that it replaces and to the read") {
  std::size_t ended_by_read = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    world::WorldConfig config = far_database(seed);
    config.catalog.tokens = 5;
    add_revocations(config, sim::seconds(5), sim::seconds(50), sim::milliseconds(200));
    const Run result = run(config);
    check_invariants(result);
    for (const audit::WindowFinding& window : result.findings.windows) {
      // The node that revokes has dropped valid and refused verdicts alike before it acknowledges.
      if (window.observer == window.writer) CHECK(window.length.ns == 0);
      if (window.pieces.empty() || window.pieces.back().stage != Stage::kDatabaseRead) continue;
      ++ended_by_read;
      if (window.pieces.size() == 1) continue;
      CHECK(window.pieces.size() == 2);
      CHECK(window.pieces.front().stage == Stage::kTokenCacheTtl);
      CHECK(window.pieces.back().length == sim::seconds(5));
    }
  }
  CHECK(ended_by_read > 3);
}

// Whoever looks a token up in several APIs has an entry for each: revoking it at this node drops them all.
TEST_CASE("revoking a token at a node drops its entries for every API there") {
  world::WorldConfig config = deployment(1, 4);
  config.catalog.apis = 5;
  config.catalog.subscriptions_per_application = 5;
  config.duration = sim::seconds(120);
  config.catalog.tokens = 10;
  add_callers(config, sim::milliseconds(20));
  add_revocations(config, sim::seconds(60), sim::seconds(100), sim::seconds(5));
  const Run result = run(config);
  for (const audit::WindowFinding& window : result.findings.windows) CHECK(window.length.ns == 0);
  CHECK_FALSE(result.findings.windows.empty());
  CHECK(result.findings.wrong.empty());
  check_invariants(result);
}

}  // namespace
}  // namespace parallax::test
