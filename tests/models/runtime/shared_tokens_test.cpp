// Gateways that share their token caches, in whole worlds: what the cluster adds to a window and to a call, by hand.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "models/runtime/answers_book.h"
#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/statistics.h"
#include "tests/models/support/two_regions.h"

namespace parallax::test {
namespace {

using audit::Findings;
using audit::WindowFinding;
using domain::Stage;
namespace shared = propagation::caches;

constexpr sim::Duration kNear = sim::milliseconds(1);

world::CacheClusterConfig cluster_of(std::vector<sim::SiteId> sites) {
  world::CacheClusterConfig config;
  config.name = "tokens";
  config.sites = std::move(sites);
  config.cluster.local_delay = kNear;
  return config;
}

sim::Duration spent_on(const WindowFinding& window, Stage stage) {
  sim::Duration sum{};
  for (const audit::Piece& piece : window.pieces) sum += piece.stage == stage ? piece.length : sim::Duration{};
  return sum;
}

bool has_stage(const WindowFinding& window, Stage stage) { return spent_on(window, stage).ns > 0; }

/// `nodes` of one data center that call 20 tokens all the time.
world::WorldConfig sharing_nodes(std::uint32_t nodes, std::uint64_t seed) {
  world::WorldConfig config = deployment(nodes, seed);
  config.catalog.tokens = 20;
  config.duration = sim::minutes(40);
  add_callers(config, sim::milliseconds(20));
  config.cache_clusters.push_back(cluster_of({kDataCenter}));
  return config;
}

}  // namespace

// The owner of the token's partition is the node itself, or the other one 1 ms away; it tells all members 1 ms later.
// An answer that was under way from the database when the token was revoked is put after it: that node has been told,
// and has an old answer for its whole time to live, and so has who takes it from the map.
TEST_CASE("a revoked token is forgotten in the whole cluster a message or two later, unless it is cached again stale") {
  std::size_t at_once = 0;
  std::size_t again = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    world::WorldConfig config = sharing_nodes(2, seed);
    // Not so little that the answers under way are none.
    config.sites[0].database.access_time = sim::milliseconds(20);
    config.catalog.tokens = 400;
    add_revocations(config, sim::seconds(1), sim::minutes(15), sim::seconds(4));
    const Run played = run(config);
    check_invariants(played);
    for (const WindowFinding& window : played.findings.windows) {
      if (window.length.ns == 0) continue;
      if (window.length <= kNear + kNear) {
        CHECK(spent_on(window, Stage::kClusterMessage) == window.length);
        CHECK((window.length == kNear || window.length == kNear + kNear));
        CHECK(window.observer != window.writer);
        ++at_once;
      } else {
        CHECK(has_stage(window, Stage::kStaleRecache));
        CHECK(window.length <= sim::seconds(930) + sim::milliseconds(50));
        ++again;
      }
    }
  }
  CHECK(at_once > 100);
  CHECK(again < at_once);
}

// One asks, the others take it from the map: with 4 nodes and 20 tokens that live for 15 minutes to be swept by the
// first sweeper to come, a run of 40 minutes has 3 lives of each at the most. Whoever asks while another one is asking
// asks too: few, for a token is called once in 400 ms and an answer takes some 7 ms.
TEST_CASE("one gateway asks about a token, the others take the answer from the map") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    world::WorldConfig alone = sharing_nodes(4, seed);
    alone.cache_clusters.clear();
    world::WorldConfig together = sharing_nodes(4, seed);
    const Findings findings = findings_of(together);
    CHECK(findings.caches.are_shared);
    CHECK_FALSE(findings_of(alone).caches.are_shared);
    CHECK(findings.caches.asked >= 20);
    CHECK(findings.caches.asked <= 20 * 3 * 5 / 4);
    // But for those whose answer is under way at the end.
    CHECK(findings.caches.hits + findings.caches.asked >= findings.decisions);
    CHECK(findings.caches.hits + findings.caches.asked <= findings.decisions + 5);
    CHECK(findings.caches.told == 0);
    // Two questions at the most before, each there and back; the put waits for owner and backup, 1 ms and 2 ms away.
    CHECK(findings.caches.longest_wait <= sim::milliseconds(4));
  }
}

// wso2/product-apim 9468. If one of n nodes has the token, (n - 1) / n of the calls go to another: a miss, after which
// nobody has it. If nobody has it the next call is a miss, after which one has it. With p the share of calls before
// which one has it: 1 - p = p (n - 1) / n, p = n / (2 n - 1), and p / n of the calls is a hit: 1 / (2 n - 1).
// Messages: n - 1 after a miss where nobody has it. Where one has, it tells n - 1 in turn, and so does the node that
// has put, which was told by it: 3 (n - 1). Together (n - 1) (1 - p) + 3 (n - 1) p (n - 1) / n for each call.
TEST_CASE("in the storm one call in 2 n - 1 is answered from a cache") {
  for (const std::uint32_t nodes : {2U, 3U, 5U}) {
    world::WorldConfig config = sharing_nodes(nodes, nodes);
    config.catalog.tokens = 50;
    config.cache_clusters[0].tokens.map = runtime::SharedMap::kNone;
    config.cache_clusters[0].tokens.tells = {shared::OnReceipt::kRemoveAnew, shared::Tells::kPutsToo};
    const Findings findings = findings_of(config);
    const double calls = static_cast<double>(findings.caches.hits + findings.caches.asked);
    CHECK(calls > 100'000);
    const double n = nodes;
    const double p = n / (2 * n - 1);
    // A token is called again within the 6 ms of an answer in 0.6 % of the cases: those are off.
    CHECK(std::abs(static_cast<double>(findings.caches.hits) / calls - 1 / (2 * n - 1)) < 0.01);
    const double messages = (n - 1) * (1 - p) + 3 * (n - 1) * p * (n - 1) / n;
    CHECK(std::abs(static_cast<double>(findings.caches.told) / calls / messages - 1) < 0.02);
    // The cure: nobody tells of puts.
    config.cache_clusters[0].tokens.tells = {shared::OnReceipt::kForget, shared::Tells::kRemovals};
    const Findings cured = findings_of(config);
    CHECK(cured.caches.told == 0);
    CHECK(static_cast<double>(cured.caches.hits) / calls > 0.99);
  }
}

// dc "east" and "west", 30 ms apart; each has 2 gateways. A put goes to the owner and from there to the backup, which
// tells the member: at the longest from one site to the other, back, and there again: 3 ways. A question twice: 4 ways.
TEST_CASE("over two data centers a call waits for the way between them") {
  world::WorldConfig config = two_regions(7);
  config.catalog.tokens = 100;
  config.duration = sim::minutes(10);
  add_callers_everywhere(config, sim::milliseconds(50));
  config.cache_clusters.push_back(cluster_of({kEast, kWest}));
  const Findings stretched = findings_of(config);
  CHECK(stretched.caches.longest_wait >= 4 * kWan);
  // The connection between the sites is made in the first three ways of the run; what is asked before waits for it.
  CHECK(stretched.caches.longest_wait <= 7 * kWan + sim::milliseconds(2));
  config.cache_clusters = {cluster_of({kEast}), cluster_of({kWest})};
  config.cache_clusters[1].name = "others";
  CHECK(findings_of(config).caches.longest_wait <= sim::milliseconds(4));
}

TEST_CASE("a node that is lost has forgotten, a site too, and both come back into the cluster") {
  world::WorldConfig config = two_regions(3);
  config.catalog.tokens = 100;
  config.duration = sim::minutes(20);
  add_callers_everywhere(config, sim::milliseconds(100));
  add_writes(config, domain::ChangeKind::kTokenRevoked, kWest, sim::seconds(10));
  config.cache_clusters.push_back(cluster_of({kEast, kWest}));
  config.cache_clusters[0].cluster.most_without_heartbeat = sim::seconds(20);
  config.sites[sim::index(kEast)].node.startup_time = sim::seconds(10);
  lose(config, kEast, sim::minutes(5), sim::minutes(7), world::Disk::kKept);
  config.node_outages.push_back({kWest, 1, sim::VirtualTime{} + sim::minutes(12), sim::VirtualTime{} + sim::minutes(13),
                                 propagation::broker::HostLoss::kProcess});
  const Run played = run(config);
  std::size_t dropped_with_node = 0;
  for_each<domain::EntryDropped>(played.journal, domain::RecordKind::kEntryDropped,
                                 [&](const sim::Record& record, const domain::EntryDropped& entry) {
                                   if (entry.passage.second != Stage::kSiteDown) return;
                                   const bool is_west = record.id.site() == kWest;
                                   const auto at = is_west ? sim::minutes(12) : sim::minutes(5);
                                   CHECK(record.time == sim::VirtualTime{} + at);
                                   ++dropped_with_node;
                                 });
  CHECK(dropped_with_node > 100);
  check_invariants(played);
  CHECK(played.findings.caches.hits > 10 * played.findings.caches.asked);
}

TEST_CASE("equal answers have one number in a book, and numbers stay what they were") {
  runtime::AnswersBook book;
  const auto answer = [](std::uint32_t version) {
    logic::gateway::Validation validation;
    validation.token.version = {version};
    return validation;
  };
  std::vector<const logic::gateway::Validation*> places;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    REQUIRE(book.number_of(domain::TokenId{i}, 0, answer(i)) == i);
    places.push_back(&book.answer(i));
  }
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    CHECK(book.number_of(domain::TokenId{i}, 0, answer(i)) == i);
    CHECK(&book.answer(i) == places[i]);
    CHECK(book.answer(i).token.version.packed == i);
  }
  CHECK(book.number_of(domain::TokenId{7}, 1, answer(7)) == 2'000);
}

}  // namespace parallax::test
