// Deployments drawn at random, with delays from nothing to longer than the run: every invariant holds in each.
#include <array>
#include <catch2/catch.hpp>

#include "sim/random.h"
#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

// One of the given values.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_{seed, "random worlds", "dice"} {}

  template <typename Value, std::size_t count>
  Value pick(const std::array<Value, count>& values) {
    return values[stream_.below(count)];
  }
  sim::Duration delay() {
    return pick(std::array{sim::Duration{}, sim::nanoseconds(1), sim::microseconds(700), sim::milliseconds(1),
                           sim::milliseconds(40), sim::milliseconds(700), sim::seconds(4)});
  }
  bool one_in(std::uint64_t n) { return stream_.below(n) == 0; }

 private:
  sim::Stream stream_;
};

void draw_nodes(Dice& dice, world::WorldConfig& config) {
  world::SiteConfig& dc = config.sites[0];
  dc.node.gateway.pipeline.caching =
      dice.one_in(5) ? logic::gateway::TokenCaching::kOff : logic::gateway::TokenCaching::kOn;
  dc.node.gateway.pipeline.cache.ttl = dice.pick(std::array{sim::milliseconds(50), sim::seconds(4), sim::seconds(20)});
  dc.node.gateway.pipeline.cache.sweep_interval =
      dice.pick(std::array{sim::Duration{}, sim::seconds(1), sim::seconds(7)});
  dc.node.gateway.pipeline.cache.capacity = dice.pick(std::array<std::size_t, 4>{1, 7, 20, 10'000});
  dc.node.gateway.decision_time = dice.one_in(3) ? dice.delay() : sim::Duration{};
  dc.node.gateway.backend = sim::Distribution::constant(dice.delay());
  dc.node.token_validity = dice.pick(std::array{sim::seconds(3), sim::seconds(15), kNoExpiry});
  dc.node.event_delay = dice.delay();
  dc.node.push_delay = dice.delay();
  dc.database.access_time = dice.delay();
  if (dice.one_in(2)) {
    const auto scan = dice.pick(std::array{sim::Duration{}, sim::seconds(2), sim::seconds(15)});
    dc.cluster = propagation::ClusterSpec{dice.delay(), scan};
  }
}

void draw_network(Dice& dice, world::WorldConfig& config) {
  for (sim::LinkSpec& link : config.links) {
    link.delay = sim::Distribution::uniform({}, dice.delay());
    link.loss = dice.pick(std::array{0.0, 0.0, 0.3});
  }
  if (!dice.one_in(3)) return;
  config.outages = {{sim::LinkId{dice.one_in(2) ? 0U : 1U}, sim::VirtualTime{} + sim::seconds(10),
                     sim::VirtualTime{} + sim::seconds(17), 0}};
  config.stage_of_fault = {domain::Stage::kLinkDown};
}

world::WorldConfig random_world(std::uint64_t seed) {
  Dice dice{seed};
  world::WorldConfig config = deployment(dice.pick(std::array{1U, 2U, 2U, 3U, 5U}), seed);
  config.duration = sim::seconds(40);
  draw_nodes(dice, config);
  draw_network(dice, config);
  config.catalog.applications = dice.pick(std::array{1U, 5U, 20U});
  config.catalog.tokens = dice.pick(std::array{2U, 10U, 60U});
  config.catalog.token_validity = dice.pick(std::array{sim::seconds(15), kNoExpiry});
  config.catalog.tiers.push_back({{"few", domain::Limit{dice.pick(std::array<std::uint64_t, 3>{1, 5, 30}),
                                                        dice.pick(std::array{sim::seconds(1), sim::seconds(9)})}},
                                  3});
  add_publications(config, 3, sim::seconds(1), sim::seconds(39), sim::Distribution::uniform({}, dice.delay()));
  config.catalog.subscriptions_per_application = dice.pick(std::array{1U, 2U, 4U});
  add_callers(config, sim::milliseconds(20));
  add_callers(config, sim::milliseconds(60));
  config.populations[0].timeout = dice.pick(std::array{sim::milliseconds(30), sim::seconds(1), sim::seconds(60)});
  config.populations[1].token_popularity = 1.2;
  add_revocations(config, sim::seconds(1), sim::seconds(40), sim::milliseconds(400));
  return config;
}

TEST_CASE("in 80 deployments drawn at random every invariant holds") {
  std::uint64_t windows = 0;
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    INFO("seed " << seed);
    const Run result = run(random_world(seed));
    check_invariants(result);
    for (const audit::WindowFinding& window : result.findings.windows) windows += window.length.ns > 0;
    for (const auto& [key, count] : result.findings.wrong) wrong += count;
  }
  // Not vacuous.
  CHECK(windows > 1'000);
  CHECK(wrong > 5'000);
}

// The deployment of the stand-alone pair with everything thirty times faster: entries live for 30 s and a sweep of 1 s.
world::WorldConfig fast_pair(std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  runtime::NodeSpec& node = config.sites[0].node;
  node.gateway.pipeline.cache.ttl = sim::seconds(30);
  node.gateway.pipeline.cache.sweep_interval = sim::seconds(1);
  node.event_delay = sim::milliseconds(1);
  node.push_delay = sim::milliseconds(1);
  node.token_validity = sim::seconds(120);
  config.catalog.token_validity = sim::seconds(120);
  config.duration = sim::seconds(100);
  config.catalog.applications = 40;
  config.catalog.tokens = 100;
  set_limit(config, 20, sim::seconds(15));
  add_publications(config, 2, sim::seconds(10), sim::seconds(90), sim::Distribution::constant(sim::seconds(8)));
  config.catalog.subscriptions_per_application = 2;
  add_callers(config, sim::milliseconds(25));
  config.populations[0].token_popularity = 0.8;
  add_revocations(config, sim::seconds(30), sim::seconds(80), sim::seconds(2));
  return config;
}

TEST_CASE("over 30 seeds of a stand-alone pair every invariant holds, and windows, limits and publications go wrong") {
  std::map<audit::Why, std::uint64_t> wrong;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    const Run result = run(fast_pair(seed));
    check_invariants(result);
    for (const auto& [key, count] : result.findings.wrong) wrong[std::get<audit::Why>(key)] += count;
  }
  CHECK(wrong[audit::Why::kTokenRevoked] > 100);
  CHECK(wrong[audit::Why::kQuota] > 100);
  CHECK(wrong[audit::Why::kApiPublished] > 100);
  CHECK(wrong[audit::Why::kTokenIssued] == 0);
}

TEST_CASE("two worlds of one config write the same journal") {
  const Run once = run(random_world(7));
  const Run again = run(random_world(7));
  REQUIRE(once.journal.size() == again.journal.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < once.journal.size(); ++i) {
    const sim::Record& a = once.journal[i];
    const sim::Record& b = again.journal[i];
    different += a.time != b.time || a.id != b.id || a.cause != b.cause || a.body != b.body;
  }
  CHECK(different == 0);
}

}  // namespace
}  // namespace parallax::test
