#include "sim/network.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "sim/network_view.h"
#include "sim/simulation.h"
#include "tests/sim/places.h"

namespace parallax::sim {
namespace {

constexpr LinkId ab{0};
constexpr LinkId ac{1};
constexpr LinkId cb{2};
constexpr VirtualTime kStart{0};

/// a to b directly in 30 ms, or through c in 10 + 50 = 60 ms; no way back.
std::vector<LinkSpec> triangle() {
  return {link(a, b, milliseconds(30)), link(a, c, milliseconds(10)), link(c, b, milliseconds(50))};
}

Network triangle_with(std::vector<LinkOutage> outages) {
  return Network{{.sites = 3, .links = triangle(), .outages = std::move(outages)}};
}

using Links = std::vector<LinkId>;

/// The links of the way, as a site that knows of no fault but the scheduled ones sees it; none where there is no way.
Links way(const Network& network, SiteId from, SiteId to, VirtualTime t) {
  Links links;
  NetworkView view{network, from};
  for (const NetworkView::Hop& hop : view.hops(to, t)) links.push_back(hop.link);
  return links;
}

std::optional<std::uint32_t> cut(const Network& network, SiteId from, SiteId to, VirtualTime t) {
  return NetworkView{network, from}.cut_at(to, t);
}

TEST_CASE("the way with the least delay is taken") {
  CHECK(way(triangle_with({}), a, b, kStart) == Links{ab});
  std::vector<LinkSpec> slow_direct = triangle();
  slow_direct[0].delay = Distribution::constant(milliseconds(61));  // against 60 through c
  CHECK(way(Network{{.sites = 3, .links = slow_direct}}, a, b, kStart) == Links{ac, cb});
}

TEST_CASE("one nanosecond decides between ways, however many links they have") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::constant(milliseconds(60) + nanoseconds(1));  // against 60 ms through c
  CHECK(way(Network{{.sites = 3, .links = links}}, a, b, kStart) == Links{ac, cb});
}

TEST_CASE("of ways of equal delay the one with fewer links is taken") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::constant(milliseconds(60));
  CHECK(way(Network{{.sites = 3, .links = links}}, a, b, kStart) == Links{ab});
  // Also where links cost nothing.
  CHECK(way(Network{{.sites = 3, .links = {link(a, b, {}), link(a, c, {}), link(c, b, {})}}}, a, b, kStart) ==
        Links{ab});
  // Two links of 50 + 10 ms against three of 10 + 10 + 40: a search by delay comes upon the three first, at 20 ms.
  const SiteId d{3};
  const SiteId e{4};
  const Network detours{
      {.sites = 5,
       .links = {link(a, c, milliseconds(50)), link(c, b, milliseconds(10)), link(a, d, milliseconds(10)),
                 link(d, e, milliseconds(10)), link(e, b, milliseconds(40))}}};
  CHECK(way(detours, a, b, kStart) == Links{LinkId{0}, LinkId{1}});
}

TEST_CASE("a way is chosen by the least delay of its links, not by their mean") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::uniform(milliseconds(30), seconds(10));  // least 30 ms against 60
  CHECK(way(Network{{.sites = 3, .links = links}}, a, b, kStart) == Links{ab});
}

TEST_CASE("of two links between the same sites the quicker is taken") {
  const Network network{{.sites = 2, .links = {link(a, b, milliseconds(30)), link(a, b, milliseconds(20))}}};
  CHECK(way(network, a, b, kStart) == Links{LinkId{1}});
}

TEST_CASE("links lead one way") {
  const Network network = triangle_with({});
  CHECK(way(network, b, a, kStart) == Links{});
  CHECK_FALSE(network.least_delay(b, a).has_value());
}

TEST_CASE("a site reaches itself over no link") {
  const Network network = triangle_with({});
  CHECK(way(network, c, c, kStart) == Links{});
  CHECK(network.least_delay(c, c) == Duration{});
}

TEST_CASE("the least delay of a way is the sum over its links, outages aside") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::uniform(milliseconds(70), milliseconds(90));
  const Network network{{.sites = 3, .links = links, .outages = {{ac, kStart, kNever, 0}}}};
  CHECK(network.least_delay(a, b) == milliseconds(60));  // 10 + 50 through c; 70 directly
  CHECK(network.least_delay(a, c) == milliseconds(10));
}

TEST_CASE("ways lead around a dead link while it is dead") {
  const Network network = triangle_with({{ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK(way(network, a, b, at(seconds(10)) - nanoseconds(1)) == Links{ab});
  CHECK(way(network, a, b, at(seconds(10))) == Links{ac, cb});  // the outage holds in [10 s, 20 s)
  CHECK(way(network, a, b, at(seconds(20)) - nanoseconds(1)) == Links{ac, cb});
  CHECK(way(network, a, b, at(seconds(20))) == Links{ab});
  CHECK(way(network, a, b, kNever - nanoseconds(1)) == Links{ab});
  CHECK_FALSE(cut(network, a, b, at(seconds(15))).has_value());  // there is a way
}

TEST_CASE("an outage holds from its beginning until just before its end, and names its fault") {
  const Network network = triangle_with({{ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK_FALSE(network.outage_at(ab, at(seconds(10)) - nanoseconds(1)).has_value());
  CHECK(network.outage_at(ab, at(seconds(10))) == 7U);
  CHECK(network.outage_at(ab, at(seconds(20)) - nanoseconds(1)) == 7U);
  CHECK_FALSE(network.outage_at(ab, at(seconds(20))).has_value());
  CHECK_FALSE(network.outage_at(ac, at(seconds(15))).has_value());
}

TEST_CASE("where every way is dead the pair is cut, by the fault on the way that was") {
  // Undisturbed a to b goes directly: fault 7, not 8.
  const Network network =
      triangle_with({{cb, at(seconds(5)), at(seconds(30)), 8}, {ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK_FALSE(cut(network, a, b, at(seconds(9))).has_value());
  CHECK(way(network, a, b, at(seconds(10))) == Links{});
  CHECK(cut(network, a, b, at(seconds(10))) == 7U);
  CHECK(cut(network, c, b, at(seconds(10))) == 8U);
  CHECK_FALSE(cut(network, a, b, at(seconds(20))).has_value());
  CHECK(cut(network, c, b, at(seconds(20))) == 8U);
}

TEST_CASE("a pair that never had a way is not cut, nor is a site from itself") {
  const Network network = triangle_with({{ab, kStart, kNever, 7}});
  CHECK_FALSE(cut(network, b, a, kStart).has_value());
  CHECK_FALSE(cut(network, a, a, kStart).has_value());
}

TEST_CASE("outages of one link may touch and overlap") {
  const Network network{{.sites = 2,
                         .links = {link(a, b, milliseconds(1))},
                         .outages = {{ab, at(seconds(3)), at(seconds(6)), 2},
                                     {ab, at(seconds(1)), at(seconds(4)), 1},
                                     {ab, at(seconds(6)), at(seconds(8)), 3}}}};
  CHECK(network.outage_at(ab, at(seconds(2))) == 1U);
  CHECK(network.outage_at(ab, at(seconds(3))) == 1U);  // of two at once the one that began first
  CHECK(network.outage_at(ab, at(seconds(4))) == 2U);
  CHECK(network.outage_at(ab, at(seconds(6))) == 3U);
  CHECK(way(network, a, b, at(seconds(5))) == Links{});
  CHECK(way(network, a, b, at(seconds(8))) == Links{ab});
}

TEST_CASE("an epoch reaches from the last edge of an outage to the next") {
  const Network network = triangle_with({{cb, at(seconds(5)), at(seconds(30)), 8},
                                         {ab, at(seconds(10)), at(seconds(20)), 7},
                                         {ac, at(seconds(5)), kNever, 9}});
  const auto epoch = [&network](VirtualTime t) {
    const Network::Epoch found = network.epoch_at(t);
    CHECK(found.from <= t);
    CHECK(t < found.until);
    return found;
  };
  CHECK(epoch(kStart).until == at(seconds(5)));
  CHECK(epoch(kStart).from < kStart);  // no outage began before the run
  CHECK(epoch(at(seconds(5))).from == at(seconds(5)));
  CHECK(epoch(at(seconds(5))).until == at(seconds(10)));
  CHECK(epoch(at(seconds(20)) - nanoseconds(1)).from == at(seconds(10)));
  CHECK(epoch(at(seconds(25))).until == at(seconds(30)));
  CHECK(epoch(at(minutes(10))).until == kNever);
  CHECK(triangle_with({}).epoch_at(kStart).until == kNever);
}

TEST_CASE("no traffic between others passes through an end site, but its own does") {
  // Through c it would be 60 ms, but c is a client: directly then, in 90.
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::constant(milliseconds(90));
  const Network network{{.sites = 3, .links = links, .end_sites = {c}}};
  CHECK(way(network, a, b, kStart) == Links{ab});
  CHECK(way(network, a, c, kStart) == Links{ac});
  CHECK(way(network, c, b, kStart) == Links{cb});
}

/// Of `sent` messages from a to b over a link with this loss share, how many arrive.
int arrived_of(int sent, double loss) {
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, milliseconds(1), loss)}, .outages = {}}};
  int arrived = 0;
  int refused = 0;
  simulation.site(a).at(at(seconds(1)), [&simulation, &arrived, &refused, sent] {
    for (int i = 0; i < sent; ++i) {
      if (!simulation.site(a).send(b, [&arrived] { ++arrived; })) ++refused;
    }
  });
  simulation.run(at(seconds(2)));
  CHECK(arrived + refused == sent);  // what was not lost has had the time
  return arrived;
}

TEST_CASE("a link loses its share of messages") {
  CHECK(arrived_of(10'000, 0) == 10'000);
  CHECK(arrived_of(10'000, 1) == 0);
  CHECK(arrived_of(10'000, 0.25) == Approx(7'500).margin(2.58 * std::sqrt(10'000 * 0.25 * 0.75)));  // binomial, 1 %
}

}  // namespace
}  // namespace parallax::sim
