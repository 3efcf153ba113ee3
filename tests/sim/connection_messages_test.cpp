// What a message costs on a modelled connection, and datagrams in its place.
#include "sim/connection.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/sim/connected_pair.h"
#include "tests/support/allocations.h"

namespace parallax::sim {
namespace {

using namespace connected_pair;

TEST_CASE("datagrams go by themselves: in any order, and lost for good") {
  ConnectionSpec spec;
  spec.transport = Transport::kDatagram;
  World world{spec, {{kThere, 500, 600}}, Distribution::uniform(milliseconds(10), milliseconds(70))};
  CHECK(world.client().is_open());
  world.connect_at(0);
  for (int i = 0; i < 100; ++i) world.send_at(10 * i, i);
  world.answer_at(5, 1);
  world.run(5'000);
  CHECK(world.arrived.size() == 90);
  CHECK(world.answered.size() == 1);
  CHECK(!std::is_sorted(world.arrived.begin(), world.arrived.end(),
                        [](const auto& a, const auto& b) { return a.second < b.second; }));
  CHECK(world.simulation.events() == 200 - 10 + 2 + 1);  // sending and arriving, and no more
  const auto taken = world.client().taken_datagram();
  REQUIRE(taken);
  CHECK(taken->since == at_ms(500));
  CHECK_FALSE(world.client().taken_datagram());  // told once
  CHECK_FALSE(world.server().taken_datagram());
}

// The greatest of n draws from [D - J, D + J] is D + J (n - 1) / (n + 1) on average, its deviation
// 2 J sqrt(n / (n + 2)) / (n + 1): for n = 5, J = 30 ms it is 20 and 8.5 ms, so 0.15 ms for 3,000 of them.
TEST_CASE("a message of several packets takes as long as the slowest of them") {
  World world{exact(), {}, Distribution::uniform(milliseconds(10), milliseconds(70))};
  world.connect_at(0);
  double sum = 0;
  for (int i = 0; i < 3'000; ++i) {
    world.client_at(1'000 + 1'000 * i, [&world, &sum, i] {
      world.client().send(
          [&world, &sum, i] {
            const Duration passed = world.simulation.site(kServer).now() - at_ms(1'000 + 1'000 * i);
            sum += static_cast<double>(passed.ns) / 1e6;
          },
          5);
    });
  }
  world.run(4'000'000);
  CHECK(sum / 3'000 == Approx(60).margin(0.6));
}

// 1 - 0.9^5 = 0.41; in 10,000 of them the deviation is 49.
TEST_CASE("a message of several packets is lost if any of them is") {
  ConnectionSpec spec;
  spec.transport = Transport::kDatagram;
  World world{spec, {}, Distribution::constant(milliseconds(1)), 0.1};
  for (int i = 0; i < 10'000; ++i) world.send_at(i, i, 5);
  world.run(20'000);
  CHECK(static_cast<double>(world.arrived.size()) == Approx(5'905).margin(200));
}

// Twenty a second for 100 s.
TEST_CASE("on a healthy way a message costs its delivery, an acknowledgement and less than one timer") {
  ConnectionSpec spec;
  World world{spec};
  world.connect_at(0);
  for (int i = 0; i < 2'000; ++i) world.send_at(1'000 + 50 * i, i);
  world.run(200'000);
  CHECK(world.arrived.size() == 2'000);
  CHECK(world.simulation.events() <= 2'000 + 2'000 * 3 + 50);  // the first 2,000 are this test's
}

TEST_CASE("an answer carries the acknowledgement") {
  World world;
  world.connect_at(0);
  for (int i = 0; i < 1'000; ++i) {
    world.client_at(1'000 + 50 * i, [&world] {
      world.client().send([&world] { world.server().send([&world] { world.answered.emplace_back(0, 0); }); });
    });
  }
  world.run(100'000);
  CHECK(world.answered.size() == 1'000);
  // Message, answer, the answer's acknowledgement; timers at two ends.
  CHECK(world.simulation.events() <= 1'000 + 1'000 * 5 + 50);
}

TEST_CASE("what waits is accounted for, and nothing when it has arrived") {
  World world{exact(), both_ways(1'000, 3'000)};
  world.connect_at(0);
  for (int i = 0; i < 500; ++i) world.send_at(1'000 + i, i);
  world.run(2'000);
  CHECK(world.simulation.site(kClient).accounted() >= 500 * 72);
  world.run(30'000);
  CHECK(world.arrived.size() == 500);
  CHECK(world.simulation.site(kClient).accounted() == 0);
  CHECK(world.simulation.site(kServer).accounted() == 0);
}

/// Sends one message at a time, each when the one before should have arrived, and answers every third.
struct Streamer {
  World& world;
  void act() {
    world.client().send([this] {
      if (++received % 3 == 0) world.server().send([] {});
    });
    world.simulation.site(kClient).after(milliseconds(7), [this] { act(); });
  }
  std::uint64_t received{0};
};

TEST_CASE("a connection allocates nothing in a steady state, jitter and losses included") {
  World world{ConnectionSpec{}, {}, Distribution::uniform(milliseconds(20), milliseconds(60)), 0.01};
  Streamer streamer{world};
  world.connect_at(0);
  world.client_at(3'000, [&streamer] { streamer.act(); });
  world.run(600'000);
  const std::uint64_t before = parallax::testing::allocations();
  const std::uint64_t received = streamer.received;
  world.run(900'000);
  const std::uint64_t during = parallax::testing::allocations() - before;
  CHECK(during == 0);
  CHECK(streamer.received > received + 40'000);
}

}  // namespace
}  // namespace parallax::sim
