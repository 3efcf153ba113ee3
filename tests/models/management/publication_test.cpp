// An API published at one node reaches the others by a person's hand, or by the cluster's message and the next scan.
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {
namespace {

using domain::Outcome;
using domain::Stage;

double in_seconds(sim::Duration duration) { return static_cast<double>(duration.ns) / 1e9; }

struct Published {
  sim::VirtualTime time;
  domain::ApiId api;
};

std::vector<Published> publications_of(const Run& run) {
  std::vector<Published> published;
  for_each<domain::ChangeAcknowledged>(run.journal, domain::RecordKind::kChangeAcknowledged,
                                       [&](const sim::Record& record, const domain::ChangeAcknowledged& change) {
                                         if (change.change != domain::ChangeKind::kApiPublished) return;
                                         published.push_back({record.time, domain::ApiId{change.object.id()}});
                                       });
  return published;
}

// Three nodes; the publisher is on the first, then a person needs 90 s for the second and 90 s more for the third.
constexpr sim::Duration kByHand = sim::seconds(90);

Run three_nodes_by_hand() {
  world::WorldConfig config = deployment(3, 1);
  config.duration = sim::minutes(15);
  config.catalog.tokens = 5;
  add_publications(config, 2, sim::minutes(1), sim::minutes(9), sim::Distribution::constant(kByHand));
  config.catalog.subscriptions_per_application = config.catalog.apis;
  add_callers(config, sim::milliseconds(50));
  return run(config);
}

TEST_CASE("an API published by hand reaches each further node after one more operator's delay, exactly") {
  const Run result = three_nodes_by_hand();
  REQUIRE(result.findings.windows.size() == 2 * 3);
  for (const audit::WindowFinding& window : result.findings.windows) {
    const auto node = static_cast<std::int64_t>(window.observer);
    CHECK(window.length == kByHand * node);
    CHECK(window.ending == audit::Ending::kVisible);
    for (const audit::Piece& piece : window.pieces) CHECK(piece.stage == Stage::kOperator);
  }
  check_invariants(result);
}

TEST_CASE("meanwhile the API answers 200 at the first node and 404 at the others") {
  const Run result = three_nodes_by_hand();
  const auto published = publications_of(result);
  REQUIRE(published.size() == 2);
  std::map<domain::ApiId, sim::VirtualTime> since;
  for (const Published& api : published) since[api.api] = api.time;
  std::map<std::size_t, std::uint64_t> not_found;
  std::uint64_t found_meanwhile = 0;
  for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& d) {
    const auto api = since.find(d.api);
    if (api == since.end()) return;
    const auto node = static_cast<std::int64_t>(d.node);
    const bool is_deployed = record.time >= api->second + kByHand * node;
    CHECK(d.outcome == (is_deployed ? Outcome::kAdmitted : Outcome::kApiUnknown));
    if (!is_deployed) ++not_found[domain::index(d.node)];
    found_meanwhile += node == 0 && record.time < api->second + kByHand;
  });
  // 20 calls a second over three nodes and three APIs: 2.2 a second, 200 in 90 s.
  CHECK(not_found[0] == 0);
  CHECK(not_found[1] > 2 * 100);
  CHECK(not_found[2] > 4 * 100);
  CHECK(found_meanwhile > 2 * 100);
  // Each 404 is a wrong deny, and nothing else is wrong.
  std::uint64_t wrong = 0;
  for (const auto& [key, count] : result.findings.wrong) {
    CHECK(std::get<audit::DecisionError>(key) == audit::DecisionError::kWrongDeny);
    CHECK(std::get<audit::Why>(key) == audit::Why::kApiPublished);
    CHECK(std::get<Stage>(key) == Stage::kOperator);
    wrong += count;
  }
  CHECK(wrong == not_found[1] + not_found[2]);
}

// 60 APIs, each published within its own minute; nobody calls.
std::vector<audit::WindowFinding> windows_at_second_node(world::WorldConfig config,
                                                         const sim::Distribution& operator_delay) {
  config.duration = sim::minutes(70);
  add_publications(config, 60, {}, sim::minutes(60), operator_delay);
  std::vector<audit::WindowFinding> windows;
  for (const audit::WindowFinding& window : findings_of(config).windows) {
    if (window.observer == domain::NodeId{0}) {
      CHECK(window.length.ns == 0);
    } else {
      windows.push_back(window);
    }
  }
  return windows;
}

TEST_CASE("an operator who takes from one to four minutes leaves windows spread likewise") {
  std::vector<double> lengths;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto delay = sim::Distribution::uniform(sim::minutes(1), sim::minutes(4));
    for (const auto& window : windows_at_second_node(deployment(2, seed), delay)) {
      lengths.push_back(in_seconds(window.length));
    }
  }
  REQUIRE(lengths.size() == 4 * 60);
  CHECK(kolmogorov_distance(lengths, [](double w) { return (w - 60) / 180; }) < kolmogorov_critical(lengths.size()));
}

// Heard 40 ms later, then a wait for the node's next scan. Instants are uniform over whole minutes, four scan periods
// of 15 s, so they meet any phase of the scan alike: the wait is U(0, 15 s).
TEST_CASE("in a cluster the window is the message delay and a wait uniform over the scan period") {
  std::vector<double> waits;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    world::WorldConfig config = deployment(2, seed);
    config.sites[0].cluster = propagation::ClusterSpec{sim::milliseconds(40), sim::seconds(15)};
    for (const auto& window : windows_at_second_node(config, {})) {
      REQUIRE(window.pieces.size() == 2);
      CHECK(window.pieces[0].stage == Stage::kClusterMessage);
      CHECK(window.pieces[0].length == sim::milliseconds(40));
      CHECK(window.pieces[1].stage == Stage::kDeploymentScan);
      CHECK(window.length < sim::milliseconds(40) + sim::seconds(15));
      waits.push_back(in_seconds(window.pieces[1].length));
    }
  }
  REQUIRE(waits.size() == 8 * 60);
  CHECK(kolmogorov_distance(waits, [](double w) { return w / 15; }) < kolmogorov_critical(waits.size()));
}

// Deployments at one node fall on one grid of 15 s, whose phase the seed draws.
TEST_CASE("a node of a cluster deploys at its own scans only, and their phase differs from run to run") {
  std::vector<double> phases;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    world::WorldConfig config = deployment(2, seed);
    config.sites[0].cluster = propagation::ClusterSpec{sim::milliseconds(40), sim::seconds(15)};
    const auto windows = windows_at_second_node(config, {});
    const std::int64_t phase = (windows.front().start + windows.front().length).ns % sim::seconds(15).ns;
    for (const auto& window : windows) {
      CHECK((window.start + window.length).ns % sim::seconds(15).ns == phase);
    }
    phases.push_back(static_cast<double>(phase) / 1e9);
  }
  CHECK(kolmogorov_distance(phases, [](double p) { return p / 15; }) < kolmogorov_critical(phases.size()));
}

TEST_CASE("in a cluster that does not wait for scans the window is the message delay exactly") {
  world::WorldConfig config = deployment(2, 1);
  config.sites[0].cluster = propagation::ClusterSpec{sim::milliseconds(40), {}};
  for (const auto& window : windows_at_second_node(config, {})) {
    CHECK(window.length == sim::milliseconds(40));
    REQUIRE(window.pieces.size() == 1);
    CHECK(window.pieces[0].stage == Stage::kClusterMessage);
  }
}

}  // namespace
}  // namespace parallax::test
