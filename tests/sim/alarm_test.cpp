#include "sim/alarm.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }

struct World {
  Simulation simulation{{.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}};
  Site& site{simulation.site(SiteId{0})};
  std::vector<VirtualTime> rung;
  Alarm alarm{site, [this] { rung.push_back(site.now()); }};
};

TEST_CASE("an alarm rings once, at its latest deadline, be that earlier or later than the one before") {
  World world;
  world.alarm.set(at_ms(10));
  world.alarm.set(at_ms(30));
  world.site.at(at_ms(20), [&world] { world.alarm.set(at_ms(25)); });
  world.site.at(at_ms(40), [&world] { world.alarm.set(at_ms(40)); });
  world.simulation.run(at_ms(100));
  CHECK(world.rung == std::vector{at_ms(25), at_ms(40)});
  CHECK(world.alarm.deadline() == kNever);
}

TEST_CASE("an alarm that was cleared does not ring, and may be set again") {
  World world;
  world.alarm.set(at_ms(10));
  world.alarm.clear();
  world.site.at(at_ms(5), [&world] { world.alarm.set(at_ms(12)); });
  world.simulation.run(at_ms(100));
  CHECK(world.rung == std::vector{at_ms(12)});
}

// Set each ms for 100 ms later: the pending event comes up every 100 ms and looks again.
TEST_CASE("a deadline that is put off costs next to no events") {
  World world;
  for (int ms = 0; ms < 1'000; ++ms) world.site.at(at_ms(ms), [&world, ms] { world.alarm.set(at_ms(ms + 100)); });
  world.simulation.run(at_ms(5'000));
  CHECK(world.rung == std::vector{at_ms(1'099)});
  CHECK(world.simulation.events() <= 1'000 + 12);
}

}  // namespace
}  // namespace parallax::sim
