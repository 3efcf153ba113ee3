// What a modelled TCP connection does about a cut or a loss, against schedules worked out by hand.
#include "sim/connection.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "tests/sim/connected_pair.h"

namespace parallax::sim {
namespace {

using namespace connected_pair;

// Sent at 1000, when the cut begins. A lone packet's probe would wait 2 SRTT + 200 ms = 360 ms, but no longer than the
// time-out: 1280. Then the time-outs, from the probe on: 1280 + 280 (2^k - 1) = 1560, 2120, 3240, 5480, 9960, 18920.
TEST_CASE("after a cut a message goes at the next time-out") {
  for (const auto& [length, sent] : {std::pair{200, 1'280}, {500, 1'560}, {2'000, 3'240}, {10'000, 18'920}}) {
    World world{exact(), both_ways(1'000, 1'000 + length)};
    world.connect_at(0);
    world.send_at(1'000, 7);
    world.run(60'000);
    CHECK(world.arrived == Arrivals{{sent + 40, 7}});
    CHECK(world.client().unacknowledged() == 0);
    CHECK(world.at_client.closes.empty());
  }
}

// 1000 + 280 x 2^k up to 144.36 s; then the time-out is 120 s. The first one was at 1.56 s: the connection is given up
// at the first that is 924.6 s later, at 144.36 + 7 x 120 = 984.36 s.
TEST_CASE("time-outs double up to two minutes, and after a quarter of an hour the connection is given up") {
  World world{exact(), {{kThere, 1'000, 10'000'000}}};
  world.connect_at(0);
  world.send_at(1'000, 7);
  std::uint64_t expected = 1;
  for (std::int64_t sent = 1'280; sent < 145'000; sent = 1'000 + 2 * (sent - 1'000)) {
    CHECK(world.kept_back_until(sent) == expected);  // runs up to, not through
    CHECK(world.kept_back_until(sent + 1) == ++expected);
  }
  for (std::int64_t sent = 264'360; sent < 984'360; sent += 120'000) {
    CHECK(world.kept_back_until(sent) == expected);
    CHECK(world.kept_back_until(sent + 1) == ++expected);
  }
  world.run(10'000'000);
  CHECK(world.at_client.closes == Closes{{984'360, Closed::kUnacknowledged}});
  CHECK(world.client().unacknowledged() == 0);
  CHECK(world.at_server.closes.empty());  // it has nothing to say, and no time-out
}

// The second message puts the probe off to 1050 + 2 x 80 + 2 = 1212, which sends it again; the first one goes at
// 1212 + 280 = 1492 and, the cut over, at 1492 + 560 = 2052. Its acknowledgement, at 2132, brings the second.
TEST_CASE("a probe goes two round trips after the last message, and time-outs count from it") {
  World world{exact(), both_ways(1'000, 2'000)};
  world.connect_at(0);
  world.send_at(1'000, 1);
  world.send_at(1'050, 2);
  CHECK(world.kept_back_until(1'212) == 2);
  CHECK(world.kept_back_until(1'213) == 3);
  CHECK(world.kept_back_until(1'492) == 3);
  CHECK(world.kept_back_until(1'493) == 4);
  world.run(10'000);
  CHECK(world.arrived == Arrivals{{2'092, 1}, {2'172, 2}});
}

// Eleven messages fill the window of ten packets at 1009: the probe, due at 1171, sends the eleventh for the first
// time.
TEST_CASE("beyond the window only a probe sends something new") {
  World world{exact(), {{kThere, 1'000, 1'500}}};
  world.connect_at(0);
  for (int i = 0; i < 12; ++i) world.send_at(1'000 + i, i);
  CHECK(world.kept_back_until(1'100) == 10);
  CHECK(world.kept_back_until(1'170) == 10);
  CHECK(world.kept_back_until(1'180) == 11);
  CHECK(world.client().unacknowledged() == 12);
}

// Forty messages wait when the time-out gets through at T: 1, then 2, then 4 at a time, each a round trip later.
TEST_CASE("after a time-out the window doubles with each round trip") {
  World world{exact(), both_ways(1'000, 2'000)};
  world.connect_at(0);
  for (int i = 0; i < 40; ++i) world.send_at(1'000, i);
  world.run(10'000);
  REQUIRE(world.arrived.size() == 40);
  std::vector<std::pair<std::int64_t, int>> groups;
  for (const auto& [ms, number] : world.arrived) {
    if (groups.empty() || groups.back().first != ms) groups.emplace_back(ms, 0);
    ++groups.back().second;
  }
  const std::int64_t first = groups.front().first;
  CHECK(groups[0] == std::pair<std::int64_t, int>{first, 1});
  CHECK(groups[1] == std::pair<std::int64_t, int>{first + 80, 2});
  CHECK(groups[2] == std::pair<std::int64_t, int>{first + 160, 4});
}

// Forty messages go 10, 20 and 10 at a time, the last at 1160. Then the window is 20 and grows with each
// acknowledgement while it is more than half used: after k of them 20 + k, with 30 - k in flight, so up to 34. A pause
// of less than the time-out of 280 ms keeps it, one of 340 ms halves it, a longer one does so again, but never
// below 10.
TEST_CASE("after a pause the window is halved for each time-out of it") {
  const auto arrived_at_once = [](std::int64_t again) {
    World world;
    world.connect_at(0);
    for (int i = 0; i < 40; ++i) world.send_at(1'000, i);
    for (int i = 0; i < 40; ++i) world.send_at(again, i);
    world.run(10'000);
    REQUIRE(world.arrived.size() == 80);
    return std::count_if(world.arrived.begin(), world.arrived.end(),
                         [again](const auto& arrival) { return arrival.first == again + 40; });
  };
  CHECK(arrived_at_once(1'160 + 270) == 34);
  CHECK(arrived_at_once(1'160 + 340) == 17);
  CHECK(arrived_at_once(1'160 + 640) == 10);
  CHECK(arrived_at_once(1'160 + 5'000) == 10);
}

// Fifty share one packet: all forty go with the first time-out that gets through.
TEST_CASE("messages that wait share packets") {
  ConnectionSpec spec = exact();
  spec.messages_per_packet = 50;
  World world{spec, both_ways(1'000, 2'000)};
  world.connect_at(0);
  for (int i = 0; i < 40; ++i) world.send_at(1'000 + 10 * i, i);
  world.run(10'000);
  REQUIRE(world.arrived.size() == 40);
  CHECK(world.arrived.front().first == world.arrived.back().first);
}

// Every 30 ms a message; that of 1060 is lost. The next one arrives at 1130, its acknowledgement at 1170 says so, and
// it is 30 ms younger, more than a quarter of a round trip: sent again at 1170.
TEST_CASE("a message that others overtake goes again at once") {
  World world{exact(), {{kThere, 1'060, 1'061}}};
  world.connect_at(0);
  for (int i = 0; i < 6; ++i) world.send_at(1'000 + 30 * i, i);
  world.run(5'000);
  CHECK(world.arrived == Arrivals{{1'040, 0}, {1'070, 1}, {1'210, 2}, {1'210, 3}, {1'210, 4}, {1'210, 5}});
  CHECK(world.simulation.touched()[0] == 1);
}

// Message 1 arrives but its acknowledgement is lost; 2 and 3 are lost and fill the window, 4 goes with the probe at
// 999 + 280 = 1279, 5 waits. The time-outs at 1559, 2119 and 3239 are lost too, the next would be at 5479. But the
// server's message of 990, unacknowledged as well, goes again at 990 + 8 x 280 = 3230, when its way is free, and says
// that 1 has arrived: at 3270 the client sends 5. The server's acknowledgement of it, at 3350, shows that 2, 3 and 4
// are lost: they arrive at 3390.
TEST_CASE("an end that hears of the other does not wait for its own time-out to send what waits") {
  World world{exact(), {{kThere, 1'000, 3'250}, {kBack, 1'000, 3'000}}};
  world.connect_at(0);
  world.answer_at(990, 1);
  world.send_at(999, 1);
  world.send_at(1'150, 2);
  world.send_at(1'160, 3, 10);
  world.send_at(1'170, 4);
  world.send_at(1'180, 5);
  world.run(20'000);
  CHECK(world.answered == Arrivals{{1'030, 1}});
  CHECK(world.arrived == Arrivals{{1'039, 1}, {3'390, 2}, {3'390, 3}, {3'390, 4}, {3'390, 5}});
}

TEST_CASE("what keeps messages back is known at either end while it does") {
  World world{exact(), both_ways(1'000, 3'000)};
  std::vector<std::optional<HeldBack>> seen;
  world.connect_at(0);
  for (const int ms : {500, 1'200, 2'000, 6'000}) {
    world.client_at(ms, [&] { world.client().send([&] { seen.push_back(world.server().was_held_back()); }); });
  }
  world.run(900);
  CHECK(!world.client().held_back());
  world.run(2'500);
  REQUIRE(world.client().held_back());
  CHECK(world.client().held_back()->fault == 0);
  CHECK(world.client().held_back()->since == at_ms(1'200));
  CHECK(world.client().unacknowledged() == 2);
  world.run(10'000);
  CHECK(!world.client().held_back());
  REQUIRE(seen.size() == 4);
  CHECK(!seen[0]);
  REQUIRE(seen[1]);
  REQUIRE(seen[2]);
  CHECK(seen[1]->since == at_ms(1'200));
  CHECK(seen[2]->fault == 0);
  CHECK(!seen[3]);
}

TEST_CASE("a connection without any delay is a connection") {
  World world{exact(), both_ways(1'000, 1'001), Distribution{}};
  world.connect_at(0);
  for (int i = 0; i < 100; ++i) world.send_at(1 + i % 2, i);
  world.send_at(1'000, 100);
  world.answer_at(2, 1);
  world.run(5'000);
  REQUIRE(world.arrived.size() == 101);
  CHECK(world.arrived[99].first == 2);
  CHECK(world.arrived[100].first == 1'200);  // SRTT = 0: the least time-out
  CHECK(world.answered == Arrivals{{2, 1}});
}

}  // namespace
}  // namespace parallax::sim
