// A modelled TCP connection against schedules worked out by hand. Unless a test says otherwise each way takes 40 ms and
// timers are exact, so SRTT = 80 ms and the time-out is 280 ms.
#include "sim/connection.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "sim/simulation.h"
#include "tests/support/allocations.h"

namespace parallax::sim {
namespace {

constexpr SiteId kClient{0};
constexpr SiteId kServer{1};
constexpr LinkId kThere{0};
constexpr LinkId kBack{1};

VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }
std::int64_t ms_of(VirtualTime t) { return t.ns / 1'000'000; }

struct Listener final : ConnectionListener {
  explicit Listener(Site& where) : site{where} {}
  void opened() override { opens.push_back(ms_of(site.now())); }
  void closed(Closed reason) override { closes.emplace_back(ms_of(site.now()), reason); }

  Site& site;
  std::vector<std::int64_t> opens;
  std::vector<std::pair<std::int64_t, Closed>> closes;
};

using Closes = std::vector<std::pair<std::int64_t, Closed>>;
using Arrivals = std::vector<std::pair<std::int64_t, int>>;  // ms, number

ConnectionSpec exact() {
  ConnectionSpec spec;
  spec.tick = {};
  return spec;
}

/// One fault, which may cut either way.
struct Cut {
  LinkId link;
  std::int64_t from;
  std::int64_t until;
};

struct World {
  explicit World(const ConnectionSpec& spec = exact(), const std::vector<Cut>& cuts = {},
                 const Distribution& delay = Distribution::constant(milliseconds(40)), double loss = 0)
      : simulation{spec_of(cuts, delay, loss)},
        connection{simulation.site(kClient), simulation.site(kServer), "connection", spec, at_client, at_server} {}

  static SimulationSpec spec_of(const std::vector<Cut>& cuts, const Distribution& delay, double loss) {
    SimulationSpec spec{.seed = 1,
                        .sites = {"client", "server"},
                        .links = {{kClient, kServer, delay, loss}, {kServer, kClient, delay, loss}},
                        .outages = {},
                        .faults = 1};
    for (const Cut& cut : cuts) spec.outages.push_back({cut.link, at_ms(cut.from), at_ms(cut.until), 0});
    return spec;
  }

  ConnectionEnd& client() { return connection.client(); }
  ConnectionEnd& server() { return connection.server(); }

  template <typename Callable>
  void client_at(std::int64_t ms, Callable what) {
    simulation.site(kClient).at(at_ms(ms), what);
  }
  template <typename Callable>
  void server_at(std::int64_t ms, Callable what) {
    simulation.site(kServer).at(at_ms(ms), what);
  }

  void connect_at(std::int64_t ms) {
    client_at(ms, [this] { client().connect(); });
  }
  void send_at(std::int64_t ms, int number, std::uint32_t packets = 1) {
    client_at(ms, [this, number, packets] {
      client().send([this, number] { arrived.emplace_back(ms_of(simulation.site(kServer).now()), number); }, packets);
    });
  }
  void answer_at(std::int64_t ms, int number) {
    server_at(ms, [this, number] {
      server().send([this, number] { answered.emplace_back(ms_of(simulation.site(kClient).now()), number); });
    });
  }
  void run(std::int64_t until) { simulation.run(at_ms(until)); }

  /// What the fault has kept from being sent by then.
  std::uint64_t kept_back_until(std::int64_t ms) {
    run(ms);
    return simulation.touched()[0];
  }

  Simulation simulation;
  Listener at_client{simulation.site(kClient)};
  Listener at_server{simulation.site(kServer)};
  Connection connection;
  Arrivals arrived;   ///< at the server
  Arrivals answered;  ///< at the client
};

std::vector<Cut> both_ways(std::int64_t from, std::int64_t until) {
  return {{kThere, from, until}, {kBack, from, until}};
}

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

// --- Retransmission

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

// --- What it is made of

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
