// Where nothing takes time and nothing is cached, everybody sees the single copy.
#include <catch2/catch.hpp>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

// All kinds of work at once, in a cluster that hears of everything at once: tokens of 10 s are renewed, tokens are
// revoked, APIs published, limits of 5 per 10 s used up.
world::WorldConfig busy_cluster(std::uint64_t seed) {
  world::WorldConfig config = deployment(3, seed);
  remove_delays(config);
  config.sites[0].cluster = propagation::ClusterSpec{};
  config.duration = sim::seconds(40);
  config.catalog.applications = 10;
  config.catalog.tokens = 20;
  config.catalog.token_validity = sim::seconds(10);
  config.sites[0].node.token_validity = sim::seconds(10);
  set_limit(config, 5, sim::seconds(10));
  add_publications(config, 4, sim::seconds(5), sim::seconds(35), {});
  config.catalog.subscriptions_per_application = 3;
  add_callers(config, sim::milliseconds(40));
  add_callers(config, sim::milliseconds(80));
  add_revocations(config, sim::seconds(2), sim::seconds(38), sim::seconds(1));
  return config;
}

TEST_CASE("without delay, cache and fault there is no window and no wrong decision, over 100 seeds") {
  std::uint64_t refused = 0;
  std::uint64_t decisions = 0;
  std::map<domain::ChangeKind, std::size_t> changes;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    const Run result = run(busy_cluster(seed));
    for (const audit::WindowFinding& window : result.findings.windows) {
      CHECK(window.length.ns == 0);
      CHECK(window.ending != audit::Ending::kCensored);
      ++changes[window.change];
    }
    CHECK(result.findings.wrong.empty());
    CHECK(result.findings.limits.over == 0);
    check_invariants(result);
    decisions += result.findings.decisions;
    for (const auto& minutes : result.findings.minutes) refused += minutes.at(0).refused_quota;
  }
  // Not vacuous: 40 s at 37.5 a second and seed, and everything that can go wrong was tried.
  CHECK(decisions > 100 * 1'200);
  CHECK(refused > 100 * 100);
  CHECK(changes[domain::ChangeKind::kTokenRevoked] > 3 * 100 * 20);
  CHECK(changes[domain::ChangeKind::kTokenIssued] > 3 * 100 * 30);
  CHECK(changes[domain::ChangeKind::kApiPublished] == 3 * 100 * 4);
}

}  // namespace
}  // namespace parallax::test
