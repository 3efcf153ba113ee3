// Members of a cluster tell each other of revocations: the window at the others is the message's way, whatever the
// age of the entry.
#include <catch2/catch.hpp>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

// Three members, 40 tokens, each called at each node every 0.6 s; entries live longer than the run. Revoked from 30 s
// on: that a node has not been asked for a token by then has probability e^-50.
world::WorldConfig cluster_of_three(sim::Duration message_delay) {
  world::WorldConfig config = deployment(3, 1);
  config.sites[0].cluster = propagation::ClusterSpec{message_delay, {}};
  config.duration = sim::seconds(70);
  config.catalog.tokens = 40;
  add_callers(config, sim::milliseconds(5));
  add_revocations(config, sim::seconds(30), sim::seconds(60), sim::seconds(1));
  return config;
}

TEST_CASE("in a cluster a cached token's revocation window is the message delay exactly") {
  constexpr sim::Duration kDelay = sim::milliseconds(250);
  const Run result = run(cluster_of_three(kDelay));
  REQUIRE(result.findings.windows.size() > 3 * 10);
  for (const audit::WindowFinding& window : result.findings.windows) {
    CHECK(window.ending == audit::Ending::kVisible);
    if (window.observer == window.writer) {
      CHECK(window.length.ns == 0);
      continue;
    }
    CHECK(window.length == kDelay);
    REQUIRE(window.pieces.size() == 1);
    CHECK(window.pieces[0].stage == domain::Stage::kClusterMessage);
  }
  check_invariants(result);
}

TEST_CASE("in a cluster whose messages take no time a revocation has no window") {
  const Run result = run(cluster_of_three({}));
  CHECK(result.findings.windows.size() > 3 * 10);
  for (const audit::WindowFinding& window : result.findings.windows) CHECK(window.length.ns == 0);
  CHECK(result.findings.wrong.empty());
  check_invariants(result);
}

// Nobody calls, so nobody has cached anything.
TEST_CASE("in a cluster a token that nobody has cached has no window") {
  world::WorldConfig config = cluster_of_three(sim::milliseconds(250));
  config.populations.clear();
  const Run result = run(config);
  CHECK(result.findings.windows.size() > 3 * 10);
  for (const audit::WindowFinding& window : result.findings.windows) CHECK(window.length.ns == 0);
}

// Revoked up to the end with messages of 20 s: what is under way at the end is censored, at the end's distance.
TEST_CASE("a message under way when the run ends leaves a censored window") {
  world::WorldConfig config = cluster_of_three(sim::seconds(20));
  const Run result = run(config);
  std::size_t censored = 0;
  for (const audit::WindowFinding& window : result.findings.windows) {
    if (window.observer == window.writer) continue;
    const bool in_time = window.start + sim::seconds(20) < result.end();
    CHECK(window.ending == (in_time ? audit::Ending::kVisible : audit::Ending::kCensored));
    CHECK(window.length == (in_time ? sim::seconds(20) : result.end() - window.start));
    censored += in_time ? 0 : 1;
  }
  CHECK(censored > 0);
  check_invariants(result);
}

}  // namespace
}  // namespace parallax::test
