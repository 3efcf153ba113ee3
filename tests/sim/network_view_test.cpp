#include "sim/network_view.h"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/sim/places.h"

namespace parallax::sim {
namespace {

constexpr LinkId ab{0};
constexpr LinkId ac{1};
constexpr LinkId cb{2};

/// a to b directly in 30 ms, which fault 4 may cut, or through c in 10 + 50 = 60 ms, of which fault 5 may cut the
/// second half; directly there is an outage in [10 s, 20 s), by fault 7.
Network triangle() {
  return Network{
      {.sites = 3,
       .links = {link(a, b, milliseconds(30)), link(a, c, milliseconds(10), 0.25), link(c, b, milliseconds(50))},
       .outages = {{ab, at(seconds(10)), at(seconds(20)), 7}},
       .conditional = {{ab, 4}, {cb, 5}, {cb, 6}}}};
}

using Links = std::vector<LinkId>;

Links way(NetworkView& view, SiteId to, VirtualTime t) {
  Links links;
  for (const NetworkView::Hop& hop : view.hops(to, t)) links.push_back(hop.link);
  return links;
}

TEST_CASE("a hop says all that a message needs to know of its link") {
  const Network network = triangle();
  NetworkView view{network, a};
  const auto hops = view.hops(b, at(seconds(15)));
  REQUIRE(hops.size() == 2);
  CHECK(hops[0].link == ac);
  CHECK(hops[0].from == a);
  CHECK(hops[0].delay->least() == milliseconds(10));
  CHECK(hops[0].loss_threshold == std::uint64_t{1} << 62);  // a quarter of 2^64
  CHECK_FALSE(hops[0].depends_on_condition);
  CHECK(hops[1].link == cb);
  CHECK(hops[1].from == c);
  CHECK(hops[1].loss_threshold == 0);
  CHECK(hops[1].depends_on_condition);
}

TEST_CASE("ways may be asked for in any order of time") {
  const Network network = triangle();
  NetworkView view{network, a};
  for (int round = 0; round < 3; ++round) {
    CHECK(way(view, b, at(seconds(20))) == Links{ab});
    CHECK(way(view, b, at(seconds(19))) == Links{ac, cb});
    CHECK(way(view, c, at(seconds(19))) == Links{ac});
    CHECK(way(view, b, at(seconds(9))) == Links{ab});
    CHECK(way(view, b, at(seconds(10))) == Links{ac, cb});
    CHECK(way(view, a, at(seconds(10))) == Links{});
  }
}

TEST_CASE("a link's fault may be asked for at any time, whatever the ways were computed for") {
  const Network network = triangle();
  for (const Duration computed : {seconds(0), seconds(15), seconds(30)}) {
    NetworkView view{network, a};
    view.hops(b, at(computed));
    CHECK_FALSE(view.fault_on(ab, at(seconds(10)) - nanoseconds(1)).has_value());
    CHECK(view.fault_on(ab, at(seconds(10))) == 7U);
    CHECK(view.fault_on(ab, at(seconds(20)) - nanoseconds(1)) == 7U);
    CHECK_FALSE(view.fault_on(ab, at(seconds(20))).has_value());
    CHECK_FALSE(view.fault_on(ac, at(seconds(15))).has_value());
  }
}

TEST_CASE("a fault on a condition takes its links away until it ends") {
  const Network network = triangle();
  NetworkView view{network, a};
  CHECK(way(view, b, at(seconds(1))) == Links{ab});
  view.set_fault(4, FaultState::kOn);
  CHECK(view.fault_on(ab, at(seconds(1))) == 4U);
  CHECK(way(view, b, at(seconds(1))) == Links{ac, cb});
  CHECK(view.fault_on(ab, at(seconds(1))) == 4U);
  view.set_fault(4, FaultState::kOn);  // says nothing new
  CHECK(way(view, b, at(seconds(1))) == Links{ac, cb});
  view.set_fault(4, FaultState::kOff);
  CHECK(way(view, b, at(seconds(1))) == Links{ab});
  CHECK_FALSE(view.fault_on(ab, at(seconds(1))).has_value());
}

TEST_CASE("a link that two faults cut is down until both have ended") {
  const Network network = triangle();
  NetworkView view{network, c};
  view.set_fault(6, FaultState::kOn);
  view.set_fault(5, FaultState::kOn);
  CHECK(view.fault_on(cb, at(seconds(1))) == 5U);  // in the order of the specification
  view.set_fault(5, FaultState::kOff);
  CHECK(view.fault_on(cb, at(seconds(1))) == 6U);
  CHECK(way(view, b, at(seconds(1))) == Links{});
  view.set_fault(6, FaultState::kOff);
  CHECK(way(view, b, at(seconds(1))) == Links{cb});
}

TEST_CASE("a fault that cuts no link, or was never on, changes nothing") {
  const Network network = triangle();
  NetworkView view{network, a};
  view.set_fault(3, FaultState::kOn);
  view.set_fault(5, FaultState::kOff);
  CHECK(way(view, b, at(seconds(1))) == Links{ab});
  CHECK(way(view, b, at(seconds(15))) == Links{ac, cb});
}

TEST_CASE("where conditions and the schedule cut every way, the fault on the undisturbed way is named") {
  const Network network = triangle();
  NetworkView view{network, a};
  view.set_fault(5, FaultState::kOn);
  CHECK_FALSE(view.cut_at(b, at(seconds(1))).has_value());  // directly
  CHECK(view.cut_at(b, at(seconds(15))) == 7U);             // the outage on the direct way, not 5 on the other
  view.set_fault(4, FaultState::kOn);
  CHECK(view.cut_at(b, at(seconds(1))) == 4U);
  CHECK(view.cut_at(b, at(seconds(15))) == 4U);  // both on one link: conditions are named first
  CHECK_FALSE(view.cut_at(c, at(seconds(15))).has_value());
  CHECK_FALSE(view.cut_at(a, at(seconds(15))).has_value());
  view.set_fault(5, FaultState::kOff);
  CHECK_FALSE(view.cut_at(b, at(seconds(15))).has_value());
}

TEST_CASE("each site's view is its own") {
  const Network network = triangle();
  NetworkView at_a{network, a};
  NetworkView at_c{network, c};
  at_a.set_fault(5, FaultState::kOn);
  CHECK(way(at_c, b, at(seconds(1))) == Links{cb});
  CHECK(way(at_a, b, at(seconds(15))) == Links{});
}

}  // namespace
}  // namespace parallax::sim
