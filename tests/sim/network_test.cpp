#include "sim/network.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

constexpr SiteId a{0};
constexpr SiteId b{1};
constexpr SiteId c{2};
constexpr LinkId ab{0};
constexpr LinkId ac{1};
constexpr LinkId cb{2};
constexpr VirtualTime kStart{0};

VirtualTime at(Duration d) { return kStart + d; }

LinkSpec link(SiteId from, SiteId to, Duration delay, double loss = 0) {
  return {from, to, Distribution::constant(delay), loss};
}

/// a to b directly in 30 ms, or through c in 10 + 50 = 60 ms; no way back.
std::vector<LinkSpec> triangle() {
  return {link(a, b, milliseconds(30)), link(a, c, milliseconds(10)), link(c, b, milliseconds(50))};
}

using Links = std::vector<LinkId>;

TEST_CASE("the way with the least delay is taken") {
  CHECK(Network(3, triangle(), {}).route(a, b, kStart) == Links{ab});
  std::vector<LinkSpec> slow_direct = triangle();
  slow_direct[0].delay = Distribution::constant(milliseconds(61));  // against 60 through c
  CHECK(Network(3, slow_direct, {}).route(a, b, kStart) == Links{ac, cb});
}

TEST_CASE("one nanosecond decides between ways, however many links they have") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::constant(milliseconds(60) + nanoseconds(1));  // against 60 ms through c
  CHECK(Network(3, links, {}).route(a, b, kStart) == Links{ac, cb});
}

TEST_CASE("of ways of equal delay the one with fewer links is taken") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::constant(milliseconds(60));
  CHECK(Network(3, links, {}).route(a, b, kStart) == Links{ab});
  // Also where links cost nothing.
  CHECK(Network(3, {link(a, b, {}), link(a, c, {}), link(c, b, {})}, {}).route(a, b, kStart) == Links{ab});
  // Two links of 50 + 10 ms against three of 10 + 10 + 40: a search by delay comes upon the three first, at 20 ms.
  const SiteId d{3};
  const SiteId e{4};
  const Network detours(5,
                        {link(a, c, milliseconds(50)), link(c, b, milliseconds(10)), link(a, d, milliseconds(10)),
                         link(d, e, milliseconds(10)), link(e, b, milliseconds(40))},
                        {});
  CHECK(detours.route(a, b, kStart) == Links{LinkId{0}, LinkId{1}});
}

TEST_CASE("a way is chosen by the least delay of its links, not by their mean") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::uniform(milliseconds(30), seconds(10));  // least 30 ms against 60
  CHECK(Network(3, links, {}).route(a, b, kStart) == Links{ab});
}

TEST_CASE("of two links between the same sites the quicker is taken") {
  const Network network(2, {link(a, b, milliseconds(30)), link(a, b, milliseconds(20))}, {});
  CHECK(network.route(a, b, kStart) == Links{LinkId{1}});
}

TEST_CASE("links lead one way") {
  const Network network(3, triangle(), {});
  CHECK_FALSE(network.route(b, a, kStart).has_value());
  CHECK(network.hops(b, a, kStart).empty());
  CHECK_FALSE(network.least_delay(b, a).has_value());
}

TEST_CASE("a site reaches itself over no link") {
  const Network network(3, triangle(), {});
  CHECK(network.route(c, c, kStart) == Links{});
  CHECK(network.least_delay(c, c) == Duration{});
}

TEST_CASE("the least delay of a way is the sum over its links, outages aside") {
  std::vector<LinkSpec> links = triangle();
  links[0].delay = Distribution::uniform(milliseconds(70), milliseconds(90));
  const Network network(3, links, {{ac, kStart, kNever, 0}});
  CHECK(network.least_delay(a, b) == milliseconds(60));  // 10 + 50 through c; 70 directly
  CHECK(network.least_delay(a, c) == milliseconds(10));
}

TEST_CASE("ways lead around a dead link while it is dead") {
  const Network network(3, triangle(), {{ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK(network.route(a, b, at(seconds(10)) - nanoseconds(1)) == Links{ab});
  CHECK(network.route(a, b, at(seconds(10))) == Links{ac, cb});  // the outage holds in [10 s, 20 s)
  CHECK(network.route(a, b, at(seconds(20)) - nanoseconds(1)) == Links{ac, cb});
  CHECK(network.route(a, b, at(seconds(20))) == Links{ab});
  CHECK(network.route(a, b, kNever - nanoseconds(1)) == Links{ab});
  CHECK_FALSE(network.cut_at(a, b, at(seconds(15))).has_value());  // there is a way
}

TEST_CASE("an outage holds from its beginning until just before its end, and names its fault") {
  const Network network(3, triangle(), {{ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK_FALSE(network.outage_at(ab, at(seconds(10)) - nanoseconds(1)).has_value());
  CHECK(network.outage_at(ab, at(seconds(10))) == 7U);
  CHECK(network.outage_at(ab, at(seconds(20)) - nanoseconds(1)) == 7U);
  CHECK_FALSE(network.outage_at(ab, at(seconds(20))).has_value());
  CHECK_FALSE(network.outage_at(ac, at(seconds(15))).has_value());
}

TEST_CASE("where every way is dead the pair is cut, by the fault on the way that was") {
  // Undisturbed a to b goes directly: fault 7, not 8.
  const Network network(3, triangle(),
                        {{cb, at(seconds(5)), at(seconds(30)), 8}, {ab, at(seconds(10)), at(seconds(20)), 7}});
  CHECK_FALSE(network.cut_at(a, b, at(seconds(9))).has_value());
  CHECK_FALSE(network.route(a, b, at(seconds(10))).has_value());
  CHECK(network.cut_at(a, b, at(seconds(10))) == 7U);
  CHECK(network.cut_at(c, b, at(seconds(10))) == 8U);
  CHECK_FALSE(network.cut_at(a, b, at(seconds(20))).has_value());
  CHECK(network.cut_at(c, b, at(seconds(20))) == 8U);
}

TEST_CASE("a pair that never had a way is not cut, nor is a site from itself") {
  const Network network(3, triangle(), {{ab, kStart, kNever, 7}});
  CHECK_FALSE(network.cut_at(b, a, kStart).has_value());
  CHECK_FALSE(network.cut_at(a, a, kStart).has_value());
}

TEST_CASE("outages of one link may touch and overlap") {
  const Network network(2, {link(a, b, milliseconds(1))},
                        {{ab, at(seconds(3)), at(seconds(6)), 2},
                         {ab, at(seconds(1)), at(seconds(4)), 1},
                         {ab, at(seconds(6)), at(seconds(8)), 3}});
  CHECK(network.outage_at(ab, at(seconds(2))) == 1U);
  CHECK(network.outage_at(ab, at(seconds(3))) == 1U);  // of two at once the one that began first
  CHECK(network.outage_at(ab, at(seconds(4))) == 2U);
  CHECK(network.outage_at(ab, at(seconds(6))) == 3U);
  CHECK_FALSE(network.route(a, b, at(seconds(5))).has_value());
  CHECK(network.route(a, b, at(seconds(8))) == Links{ab});
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
