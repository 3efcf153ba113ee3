// Deployments at the ends of what a scenario may ask for: nothing breaks, and every invariant holds.
#include <catch2/catch.hpp>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

// Some of everything on `nodes` nodes, with times short enough that a minute sees it all.
world::WorldConfig busy(std::uint32_t nodes) {
  world::WorldConfig config = deployment(nodes, 1);
  runtime::NodeSpec& node = config.sites[0].node;
  node.gateway.pipeline.cache.ttl = sim::seconds(10);
  node.gateway.pipeline.cache.sweep_interval = sim::seconds(3);
  node.event_delay = sim::milliseconds(1);
  node.push_delay = sim::milliseconds(1);
  node.token_validity = sim::seconds(15);
  config.catalog.token_validity = sim::seconds(15);
  config.catalog.applications = 10;
  config.catalog.tokens = 30;
  set_limit(config, 5, sim::seconds(5));
  add_publications(config, 2, sim::seconds(5), sim::seconds(55), sim::Distribution::constant(sim::seconds(7)));
  config.catalog.subscriptions_per_application = 2;
  add_callers(config, sim::milliseconds(10));
  add_revocations(config, sim::seconds(5), sim::seconds(55), sim::seconds(1));
  return config;
}

TEST_CASE("one node alone has no window and no wrong decision but for its own counter's delay") {
  const Run result = run(busy(1));
  for (const audit::WindowFinding& window : result.findings.windows) CHECK(window.length.ns == 0);
  for (const auto& [key, count] : result.findings.wrong) CHECK(std::get<audit::Why>(key) == audit::Why::kQuota);
  check_invariants(result);
}

TEST_CASE("five nodes admit up to five times the limit and more by their delays") {
  const Run result = run(busy(5));
  CHECK(result.findings.limits.ratio_max > 1);
  check_invariants(result);
}

TEST_CASE("five nodes in a cluster") {
  world::WorldConfig config = busy(5);
  config.sites[0].cluster = propagation::ClusterSpec{sim::milliseconds(1), sim::seconds(15)};
  check_invariants(run(config));
}

TEST_CASE("a token cache for one entry") {
  world::WorldConfig config = busy(2);
  config.sites[0].node.gateway.pipeline.cache.capacity = 1;
  check_invariants(run(config));
}

TEST_CASE("a limit of one request per nanosecond, and of one per year") {
  world::WorldConfig config = busy(2);
  set_limit(config, 1, sim::nanoseconds(1));
  check_invariants(run(config));
  set_limit(config, 1, sim::minutes(60 * 24 * 365));
  const Run result = run(config);
  CHECK(result.findings.limits.ratio_max >= 2);
  check_invariants(result);
}

TEST_CASE("delays of an hour everywhere in a run of a minute: nothing arrives") {
  constexpr sim::Duration kHour = sim::minutes(60);
  world::WorldConfig config = busy(2);
  for (sim::LinkSpec& link : config.links) link.delay = sim::Distribution::constant(kHour);
  const Run nothing_arrives = run(config);
  CHECK(nothing_arrives.findings.decisions == 0);
  CHECK(nothing_arrives.findings.ledger.answered == 0);
  check_invariants(nothing_arrives);
}

TEST_CASE("a database, counters, operators and backends that take an hour") {
  constexpr sim::Duration kHour = sim::minutes(60);
  world::WorldConfig config = busy(2);
  config.sites[0].node.event_delay = kHour;
  config.sites[0].node.push_delay = kHour;
  config.sites[0].node.gateway.backend = sim::Distribution::constant(kHour);
  config.api_writes[0].operator_delay = sim::Distribution::constant(kHour);
  check_invariants(run(config));
  config.sites[0].database.access_time = kHour;
  const Run result = run(config);
  CHECK(result.findings.decisions == 0);
  check_invariants(result);
}

// 1000 calls a second that take 30 s each: 30,000 calls are on their way at any time.
TEST_CASE("calls that come faster than they are answered pile up in flight and are all accounted for") {
  world::WorldConfig config = busy(2);
  config.sites[0].node.gateway.backend = sim::Distribution::constant(sim::seconds(30));
  config.catalog.tiers = {{{"unlimited", {}}, 1}};
  config.populations[0].gap = sim::Distribution::exponential(sim::milliseconds(1));
  config.populations[0].timeout = sim::minutes(5);
  config.duration = sim::seconds(40);
  const Run result = run(config);
  CHECK(result.findings.ledger.in_flight > 20'000);
  CHECK(result.findings.ledger.answered > 5'000);
  check_invariants(result);
}

// 5 ms there and 5 ms back, given up after 9 ms.
TEST_CASE("with a time-out shorter than the way everything times out") {
  world::WorldConfig config = busy(2);
  config.populations[0].timeout = sim::milliseconds(9);
  const Run result = run(config);
  CHECK(result.findings.ledger.answered == 0);
  CHECK(result.findings.ledger.timed_out > 1'000);
  CHECK(result.findings.ledger.sent == result.findings.ledger.timed_out + result.findings.ledger.in_flight);
  // Tens of 100 % bad seconds from the first call on: the whole minute but for what was in flight.
  CHECK(result.findings.unavailable_seconds >= 59);
  check_invariants(result);
}

TEST_CASE("tokens that expire before they reach the client") {
  world::WorldConfig config = busy(2);
  config.sites[0].node.token_validity = sim::milliseconds(1);
  config.duration = sim::seconds(10);
  check_invariants(run(config));
}

TEST_CASE("a link that loses everything") {
  world::WorldConfig config = busy(2);
  config.links[0].loss = 1;
  const Run result = run(config);
  CHECK(result.findings.decisions == 0);
  check_invariants(result);
}

TEST_CASE("nobody calls and nothing changes") {
  world::WorldConfig config = deployment(2, 1);
  const Run result = run(config);
  CHECK(result.findings.decisions == 0);
  CHECK(result.findings.windows.empty());
  CHECK(result.journal.empty());
  check_invariants(result);
}

}  // namespace
}  // namespace parallax::test
