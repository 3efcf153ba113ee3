// Publishing by hand, node after node.
#include "models/propagation/artifacts/manual_publishing.h"

#include <cmath>
#include <memory>

#include "models/propagation/artifacts/poller.h"
#include "tests/models/propagation/artifacts/sites.h"
#include "tests/sim/goodness_of_fit.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using sim::testing::ks_critical;
using sim::testing::ks_distance;

/// A person at data center 0; two nodes there, one at data center 1.
struct ByHand {
  explicit ByHand(const ManualSpec& spec, const std::vector<Cut>& cuts = {}, std::uint64_t seed = 1)
      : sites{cuts, seed} {
    std::vector<ManualTarget> targets;
    for (const int site : {0, 0, 1}) {
      nodes.push_back(&sites.gateway(site));
      sinks.push_back(std::make_unique<Deployment>(*nodes.back()));
      targets.push_back({static_cast<sim::SiteId>(site), sinks.back().get()});
    }
    person = std::make_unique<ManualPublishing>(sites.place(0), "person", spec, targets,
                                                std::vector<Stage>{Stage::kLinkDown});
  }
  void publish_at(std::int64_t ms, std::uint32_t n) {
    sites.at(0, ms, [this, n] { person->publish(sites.publish(kApi, n)); });
  }

  Sites sites;
  std::vector<Gateway*> nodes;
  std::vector<std::unique_ptr<Deployment>> sinks;
  std::unique_ptr<ManualPublishing> person;
};

TEST_CASE("each further node has it one delay later, one elsewhere a way after that") {
  ByHand world{{.delay_per_node = sim::Distribution::constant(seconds(90))}};
  world.publish_at(10'000, 1);
  world.sites.run(1'000'000);
  for (const std::int64_t node : {0, 1}) {
    check_pieces(world.sites.trip(*world.nodes[static_cast<std::size_t>(node)], kApi, 1),
                 {{Stage::kOperator, seconds(90 * (node + 1))}});
  }
  check_pieces(world.sites.trip(*world.nodes[2], kApi, 1),
               {{Stage::kOperator, seconds(270)}, {kTransfer, milliseconds(40)}});
}

// Tried at 280, 310, 340 s: the cut ends at 320.
TEST_CASE("a node that cannot be reached is tried again every half a minute") {
  ByHand world{{.delay_per_node = sim::Distribution::constant(seconds(90))}, {{1, 200'000, 320'000}}};
  world.publish_at(10'000, 1);
  world.sites.run(1'000'000);
  check_pieces(world.sites.trip(*world.nodes[2], kApi, 1),
               {{Stage::kOperator, seconds(270)}, {Stage::kLinkDown, milliseconds(60'040)}});
}

// Each of the nodes is left out in a fifth of all cases.
TEST_CASE("a node that was forgotten stays as it was until the next publication") {
  ByHand world{{.delay_per_node = sim::Distribution::constant(seconds(10)), .forgets = 0.2}};
  constexpr std::uint32_t kVersions = 2'000;
  for (std::uint32_t n = 1; n <= kVersions; ++n) world.publish_at(100'000 * std::int64_t{n}, n);
  world.sites.run(300'000'000);
  std::size_t served = 0;
  for (const Gateway* node : world.nodes) {
    served += node->served.size();
    const auto forgotten = static_cast<double>(kVersions - node->served.size());
    CHECK(std::fabs(forgotten - 0.2 * kVersions) < 2.58 * std::sqrt(kVersions * 0.2 * 0.8));
  }
  CHECK(served + world.person->forgotten() == 3 * kVersions);
}

TEST_CASE("the first node's window is the person's delay, as it is distributed") {
  ByHand world{{.delay_per_node = sim::Distribution::uniform(seconds(30), seconds(150))}};
  for (std::uint32_t n = 1; n <= 1'500; ++n) world.publish_at(1'000'000 * std::int64_t{n}, n);
  world.sites.run(2'000'000'000);
  std::vector<double> windows;
  for (const Trip& trip : world.sites.trips) {
    CHECK(is_accounted_for(trip));
    if (trip.gateway == domain::NodeId{0}) windows.push_back(static_cast<double>(trip.window().ns) / 1e9);
  }
  REQUIRE(windows.size() == 1'500);
  CHECK(ks_distance(windows, [](double x) { return (x - 30) / 120; }) < ks_critical(windows.size()));
}

}  // namespace
}  // namespace parallax::propagation::artifacts
