// How a modelled TCP connection begins and ends, and what is heard of it while nothing is said.
#include "sim/connection.h"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "tests/sim/connected_pair.h"

namespace parallax::sim {
namespace {

using namespace connected_pair;

// --- Opening

TEST_CASE("the client opens after the round trips of its handshake, the server half of one later") {
  for (const std::uint32_t round_trips : {1U, 2U, 6U}) {
    ConnectionSpec spec = exact();
    spec.handshake_round_trips = round_trips;
    World world{spec};
    world.connect_at(100);
    world.run(5'000);
    CHECK(world.at_client.opens == std::vector<std::int64_t>{100 + 80 * round_trips});
    CHECK(world.at_server.opens == std::vector<std::int64_t>{100 + 80 * round_trips + 40});
    CHECK(world.client().is_open());
    CHECK(world.server().is_open());
    CHECK(world.client().round_trip() == milliseconds(80));
    CHECK(world.server().round_trip() == milliseconds(80));
  }
}

/// When SYNs are kept back that begin with one at 0, in s.
std::vector<std::int64_t> syn_seconds(std::uint32_t linear) {
  ConnectionSpec spec = exact();
  spec.syn_linear_timeouts = linear;
  World world{spec, {{kThere, 0, 1'000'000}}};
  world.connect_at(0);
  std::vector<std::int64_t> seconds;
  std::uint64_t before = 0;
  for (std::int64_t s = 0; s < 200; ++s) {
    const std::uint64_t now = world.kept_back_until(1'000 * s + 1);
    if (now > before) seconds.push_back(s);
    before = now;
  }
  CHECK(world.at_client.closes.size() == 1);
  CHECK(world.at_client.closes.front().second == Closed::kConnectTimeout);
  seconds.push_back(world.at_client.closes.front().first / 1'000);  // where the last one is given up
  return seconds;
}

// ip-sysctl.rst: the last retransmission after 67 s, given up after 131 s; before Linux 6.5 63 s and 127 s.
TEST_CASE("SYNs go out on Linux's schedule") {
  CHECK(syn_seconds(4) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131});
  CHECK(syn_seconds(0) == std::vector<std::int64_t>{0, 1, 3, 7, 15, 31, 63, 127});
}

TEST_CASE("a SYN that gets through opens, the one before it notwithstanding") {
  World world{exact(), both_ways(0, 3'500)};
  world.connect_at(0);
  world.run(10'000);
  CHECK(world.at_client.opens == std::vector<std::int64_t>{4'080});
  CHECK(world.at_server.opens == std::vector<std::int64_t>{4'120});
}

TEST_CASE("a connect timeout ends the attempt before the SYNs are spent, and the next may succeed") {
  ConnectionSpec spec = exact();
  spec.connect_timeout = milliseconds(2'500);
  spec.handshake_round_trips = 3;
  // The first attempt loses its SYNs, the second one the greeting after SYN and SYN-ACK.
  World world{spec, {{kThere, 0, 3'000}, {kThere, 4'050, 9'000}}};
  for (const int begin : {0, 4'000, 10'000}) world.connect_at(begin);
  world.run(20'000);
  CHECK(world.at_client.closes == Closes{{2'500, Closed::kConnectTimeout}, {6'500, Closed::kConnectTimeout}});
  CHECK(world.at_client.opens == std::vector<std::int64_t>{10'240});
  CHECK(world.at_server.closes.empty());  // it never knew the first two as open
}

TEST_CASE("connecting is refused where nobody listens") {
  World world;
  world.server_at(0, [&world] { world.server().stop_listening(); });
  world.connect_at(100);
  world.server_at(500, [&world] { world.server().listen(); });
  world.connect_at(1'000);
  world.run(5'000);
  CHECK(world.at_client.closes == Closes{{180, Closed::kRefused}});
  CHECK(world.at_client.opens == std::vector<std::int64_t>{1'080});
}

// --- Silence

TEST_CASE("an idle connection costs nothing") {
  World world;
  world.connect_at(0);
  world.run(10'000);
  const std::uint64_t before = world.simulation.events();
  world.run(36'000'000);
  CHECK(world.simulation.events() == before);
  CHECK(world.client().is_open());
}

// A ping and its acknowledgement every 3 s, and the alarms of two ends.
TEST_CASE("an idle connection with a silence time-out stays open for a few events") {
  ConnectionSpec spec = exact();
  spec.client_silence_timeout = seconds(6);
  spec.server_silence_timeout = seconds(6);
  World world{spec};
  world.connect_at(0);
  world.run(10'000);
  const std::uint64_t before = world.simulation.events();
  world.run(610'000);
  CHECK(world.client().is_open());
  CHECK(world.server().is_open());
  CHECK(world.simulation.events() - before <= 200 * 10);
}

TEST_CASE("an end closes that has heard nothing for its time-out; without one it stays") {
  for (const bool is_client : {true, false}) {
    ConnectionSpec spec = exact();
    (is_client ? spec.client_silence_timeout : spec.server_silence_timeout) = seconds(6);
    World world{spec, both_ways(20'000, 100'000'000)};
    world.connect_at(0);
    for (int ms = 500; ms < 20'000; ms += 500) {
      world.send_at(ms, ms);
      world.answer_at(ms, ms);
    }
    world.run(1'000'000);
    // The last of the other's left at 19500, the acknowledgement of the own at 19540; the own are heard of at 19580.
    const Closes closed{{25'580, Closed::kSilence}};
    CHECK((is_client ? world.at_client : world.at_server).closes == closed);
    CHECK((is_client ? world.at_server : world.at_client).closes.empty());
    CHECK((is_client ? world.server() : world.client()).is_open());
  }
}

// The server closes at 16.0x s, unheard. The client's segment after the heal is one of a connection that nobody knows.
TEST_CASE("an end that missed the other's closing learns of it from the answer to what it sends") {
  ConnectionSpec spec = exact();
  spec.server_silence_timeout = seconds(6);
  World world{spec, both_ways(10'000, 30'000)};
  world.connect_at(0);
  world.run(29'000);
  REQUIRE(world.at_server.closes.size() == 1);
  CHECK(world.at_server.closes[0].second == Closed::kSilence);
  CHECK(world.client().is_open());
  world.send_at(40'000, 1);
  world.run(50'000);
  CHECK(world.at_client.closes == Closes{{40'080, Closed::kReset}});
  CHECK(world.arrived.empty());
}

// --- Ends of connections

TEST_CASE("closing tells the other end") {
  World world;
  world.connect_at(0);
  world.client_at(1'000, [&world] { world.client().close(); });
  world.connect_at(2'000);
  world.server_at(3'000, [&world] { world.server().close(); });
  world.run(5'000);
  CHECK(world.at_server.closes == Closes{{1'040, Closed::kByPeer}});
  CHECK(world.at_client.closes == Closes{{3'040, Closed::kByPeer}});
}

TEST_CASE("a host that has lost its power is silent, and once restored does not know the connection") {
  World world;
  world.connect_at(0);
  world.send_at(990, 1);
  world.server_at(1'000, [&world] { world.server().lose(); });
  world.send_at(1'500, 2);
  world.server_at(3'000, [&world] { world.server().restore(); });
  world.run(20'000);
  CHECK(world.arrived.empty());
  // 990 + 280 = 1270 (probe), 1550 (time-out, with 2 beside it by then), 2110, 3230, which is answered.
  REQUIRE(world.at_client.closes.size() == 1);
  CHECK(world.at_client.closes[0] == std::pair{std::int64_t{3'310}, Closed::kReset});
  CHECK(world.at_server.closes.empty());
  CHECK(!world.server().is_open());
}

TEST_CASE("a client that comes back replaces the connection that its server still holds") {
  World world;
  world.connect_at(0);
  world.client_at(1'000, [&world] { world.client().lose(); });
  world.client_at(2'000, [&world] {
    world.client().restore();
    world.client().connect();
  });
  world.send_at(3'000, 1);
  world.answer_at(3'000, 2);
  world.run(5'000);
  CHECK(world.at_server.closes == Closes{{2'040, Closed::kReplaced}});
  CHECK(world.at_server.opens == std::vector<std::int64_t>{120, 2'120});
  CHECK(world.arrived == Arrivals{{3'040, 1}});
  CHECK(world.answered == Arrivals{{3'040, 2}});
}

// What is sent at 1000 arrives at 1040; meanwhile the client has closed, and connects again.
TEST_CASE("nothing of an earlier connection reaches a later one") {
  World world;
  world.connect_at(0);
  world.send_at(1'000, 1);
  world.answer_at(1'000, 2);
  world.client_at(1'001, [&world] {
    world.client().close();
    world.client().connect();
  });
  // Sent again by the server if it did not know better.
  world.send_at(1'100, 3);
  world.answer_at(1'200, 4);
  world.run(10'000);
  CHECK(world.arrived == Arrivals{{1'040, 1}, {1'140, 3}});  // 1 was in time for its own connection
  CHECK(world.answered == Arrivals{{1'240, 4}});
}

TEST_CASE("a message may close the connection that brings it, and connect anew") {
  World world;
  world.connect_at(0);
  world.server_at(1'000, [&world] {
    world.server().send([&world] {
      world.client().close();
      world.client().connect();
    });
    world.server().send([&world] { world.answered.emplace_back(0, 0); });
  });
  world.run(5'000);
  CHECK(world.answered.empty());
  CHECK(world.at_client.opens == std::vector<std::int64_t>{80, 1'120});
  CHECK(world.client().is_open());
  CHECK(world.server().is_open());
}

}  // namespace
}  // namespace parallax::sim
