// Links that are slow or lossy for a while: worked out by hand, counted against the binomial law, and the same with one
// thread as with three.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "sim/network.h"
#include "sim/simulation.h"
#include "tests/sim/connected_pair.h"
#include "tests/sim/places.h"

namespace parallax::sim {
namespace {

constexpr LinkId ab{0};
constexpr LinkId bc{1};

Disturbance disturbance(LinkId link, Distribution adds, double loss, std::vector<Spell> spells) {
  return {link, "fault", 0, std::move(adds), loss, std::move(spells)};
}

const std::vector<Spell> kSecondSecond{{at(seconds(1)), at(seconds(2))}};

/// a to b in 10 ms, b to c in 20.
SimulationSpec line(std::vector<Disturbance> disturbances, unsigned threads = 1) {
  return {.seed = 1,
          .sites = {"a", "b", "c"},
          .links = {link(a, b, milliseconds(10)), link(b, c, milliseconds(20))},
          .outages = {},
          .faults = 2,
          .disturbances = std::move(disturbances),
          .threads = threads};
}

/// How long messages take that leave a at these instants; kNever of one that is lost.
std::vector<VirtualTime> arrivals(SimulationSpec spec, SiteId to, const std::vector<VirtualTime>& departures,
                                  std::uint32_t packets = 1, std::vector<std::uint64_t>* touched = nullptr) {
  Simulation simulation{std::move(spec)};
  std::vector<VirtualTime> arrived(departures.size(), kNever);
  for (std::size_t i = 0; i < departures.size(); ++i) {
    simulation.site(a).at(departures[i], [&simulation, &arrived, to, i, packets] {
      simulation.site(a).send(
          to, [&simulation, &arrived, to, i] { arrived[i] = simulation.site(to).now(); }, packets);
    });
  }
  simulation.run(at(seconds(100)));
  if (touched != nullptr) *touched = simulation.touched();
  return arrived;
}

std::vector<VirtualTime> every_millisecond(int count) {
  std::vector<VirtualTime> instants;
  for (int i = 0; i < count; ++i) instants.push_back(at(milliseconds(i)));
  return instants;
}

}  // namespace

// A spell is [1 s, 2 s) at the link's entry. To c through b: who leaves a at 985 ms enters b -> c at 995, at 990 ms at
// 1000 ms.
TEST_CASE("a message that enters a slow link is so much later, whatever it does before and behind") {
  const auto slow = Distribution::constant(milliseconds(200));
  const std::vector<VirtualTime> departures{at(milliseconds(985)), at(milliseconds(990)), at(milliseconds(1989)),
                                            at(milliseconds(1990))};
  std::vector<std::uint64_t> touched;
  const auto behind = arrivals(line({disturbance(bc, slow, 0, kSecondSecond)}), c, departures, 1, &touched);
  CHECK(behind == std::vector{at(milliseconds(985 + 30)), at(milliseconds(990 + 230)), at(milliseconds(1989 + 230)),
                              at(milliseconds(1990 + 30))});
  CHECK(touched == std::vector<std::uint64_t>{2, 0});
  const auto before = arrivals(line({disturbance(ab, slow, 0, kSecondSecond)}), c, departures, 1, &touched);
  CHECK(before == std::vector{at(milliseconds(985 + 30)), at(milliseconds(990 + 30)), at(milliseconds(1989 + 230)),
                              at(milliseconds(1990 + 230))});
  CHECK(touched == std::vector<std::uint64_t>{2, 0});
}

TEST_CASE("spells hold from their start to just before their end, and between them nothing is on") {
  const Disturbance flapping =
      disturbance(ab, {}, 1, {{at(seconds(1)), at(seconds(2))}, {at(seconds(4)), at(seconds(5))}});
  const auto is_on = [&](Duration t) { return flapping.is_on(at(t)); };
  CHECK_FALSE(is_on(seconds(1) - nanoseconds(1)));
  CHECK(is_on(seconds(1)));
  CHECK(is_on(seconds(2) - nanoseconds(1)));
  CHECK_FALSE(is_on(seconds(2)));
  CHECK_FALSE(is_on(seconds(3)));
  CHECK(is_on(seconds(4)));
  CHECK_FALSE(is_on(seconds(5)));
  CHECK_FALSE(disturbance(ab, {}, 1, {}).is_on(at(seconds(1))));
}

// Both at once: 10 + 200 + 30 ms, and each is charged.
TEST_CASE("disturbances of one link add up") {
  Disturbance second = disturbance(ab, Distribution::constant(milliseconds(30)), 0, kSecondSecond);
  second.name = "second";
  second.fault = 1;
  std::vector<std::uint64_t> touched;
  const auto arrived =
      arrivals(line({disturbance(ab, Distribution::constant(milliseconds(200)), 0, kSecondSecond), second}), b,
               {at(milliseconds(1500))}, 1, &touched);
  CHECK(arrived == std::vector{at(milliseconds(1740))});
  CHECK(touched == std::vector<std::uint64_t>{1, 1});
}

// Each packet has its own draw: of n uniform ones over [0, 100 ms] the greatest has the mean 100 n / (n + 1) ms, 80 for
// four, and the variance n / ((n + 1)^2 (n + 2)) = 4 / 150 of 100^2. Five standard errors over 10,000 messages:
// 5 * 100 * sqrt(4 / 150 / 10000) = 0.82 ms.
TEST_CASE("nothing is sooner than the link and what is added at least, and a message waits for its slowest packet") {
  const auto adds = Distribution::uniform({}, milliseconds(100));
  std::vector<std::uint64_t> touched;
  const std::vector<VirtualTime> departures = every_millisecond(10'000);
  const auto arrived =
      arrivals(line({disturbance(ab, adds, 0, {{at({}), at(seconds(100))}})}), b, departures, 4, &touched);
  double sum = 0;
  for (std::size_t i = 0; i < departures.size(); ++i) {
    const Duration taken = arrived[i] - departures[i];
    REQUIRE(taken >= milliseconds(10));
    REQUIRE(taken <= milliseconds(110));
    sum += static_cast<double>((taken - milliseconds(10)).ns) / 1e6;
  }
  CHECK(sum / 10'000 == Approx(80).margin(0.82));
  CHECK(touched[0] == 10'000);
}

// 20,000 messages: on average 20,000 p are lost, with the standard deviation sqrt(20,000 p (1 - p)); five of them.
TEST_CASE("a lossy link loses its share, of packets, on top of the link's own, and is charged with its share only") {
  struct Row {
    double link_loss;
    double loss;
    std::uint32_t packets;
    double lost;     ///< share of all messages
    double charged;  ///< share of all messages
  };
  // 0.1 and 0.2 of what is left: 0.1 + 0.9 * 0.2 = 0.28. Three packets: 1 - 0.8^3 = 0.488.
  const Row rows[] = {
      {0, 0.2, 1, 0.2, 0.2}, {0.1, 0.2, 1, 0.28, 0.18}, {0, 0.2, 3, 0.488, 0.488}, {0, 1, 1, 1, 1}, {0, 0, 1, 0, 0}};
  for (const Row& row : rows) {
    SimulationSpec spec = line({disturbance(ab, {}, row.loss, {{at({}), at(seconds(100))}})});
    spec.links[0].loss = row.link_loss;
    std::vector<std::uint64_t> touched;
    const auto arrived = arrivals(spec, b, every_millisecond(20'000), row.packets, &touched);
    const auto lost = static_cast<double>(std::count(arrived.begin(), arrived.end(), kNever));
    const auto bound = [](double share) { return 5 * std::sqrt(20'000 * share * (1 - share)) + 0.5; };
    CHECK(lost == Approx(20'000 * row.lost).margin(bound(row.lost)));
    CHECK(static_cast<double>(touched[0]) == Approx(20'000 * row.charged).margin(bound(row.charged)));
  }
}

// What a link draws for itself is drawn from its own streams, message by message, whether or not it is disturbed.
TEST_CASE("a disturbance moves no draw of the link: outside its spells everything is as without it") {
  SimulationSpec plain = line({});
  plain.links[0].delay = Distribution::uniform(milliseconds(10), milliseconds(50));
  plain.links[0].loss = 0.3;
  SimulationSpec disturbed = plain;
  disturbed.disturbances = {disturbance(ab, Distribution::uniform({}, milliseconds(7)), 0, kSecondSecond)};
  const std::vector<VirtualTime> departures = every_millisecond(3'000);
  const auto without = arrivals(plain, b, departures);
  const auto with = arrivals(disturbed, b, departures);
  for (std::size_t i = 0; i < departures.size(); ++i) {
    const bool is_on = i >= 1'000 && i < 2'000;
    if (!is_on || without[i] == kNever) REQUIRE(with[i] == without[i]);
    if (is_on && without[i] != kNever) {
      REQUIRE(with[i] >= without[i]);
      REQUIRE(with[i] <= without[i] + milliseconds(7));
    }
  }
}

TEST_CASE("three threads see the same of disturbed links as one") {
  const auto both = [](unsigned threads) {
    SimulationSpec spec = line({disturbance(ab, Distribution::uniform({}, milliseconds(90)), 0.2, kSecondSecond),
                                disturbance(bc, Distribution::uniform({}, milliseconds(9)), 0.1, kSecondSecond)},
                               threads);
    return arrivals(std::move(spec), c, every_millisecond(3'000));
  };
  CHECK(both(1) == both(3));
}

// connected_pair.h: 40 ms each way, so the acknowledgement of a segment at 1000 ms comes at 1080; 200 ms more on the
// way there and it comes at 1280, and the data is there at 1240.
TEST_CASE("a connection over a slow link is slow, and over one that loses everything sends again until it ends") {
  using namespace connected_pair;
  const auto played = [](Distribution adds, double loss) {
    SimulationSpec spec = World::spec_of({}, Distribution::constant(milliseconds(40)), 0);
    spec.disturbances = {disturbance(kThere, std::move(adds), loss, {{at_ms(1000), at_ms(1150)}})};
    Simulation simulation{spec};
    Listener at_client{simulation.site(kClient)};
    Listener at_server{simulation.site(kServer)};
    Connection connection{
        simulation.site(kClient), simulation.site(kServer), "connection", exact(), at_client, at_server};
    std::int64_t arrived = 0;
    simulation.site(kClient).at(at_ms(100), [&] { connection.client().connect(); });
    simulation.site(kClient).at(
        at_ms(1000), [&] { connection.client().send([&] { arrived = ms_of(simulation.site(kServer).now()); }); });
    simulation.run(at_ms(10'000));
    return std::pair{arrived, simulation.touched().at(0)};
  };
  CHECK(played({}, 0) == std::pair<std::int64_t, std::uint64_t>{1040, 0});
  CHECK(played(Distribution::constant(milliseconds(200)), 0) == std::pair<std::int64_t, std::uint64_t>{1240, 1});
  // Lost at 1000; the time-out is 280 ms, when the link is sound again: 1280 + 40.
  CHECK(played({}, 1) == std::pair<std::int64_t, std::uint64_t>{1320, 1});
}

// The linear search that it replaced.
TEST_CASE("the outage of an instant is the first of those that are on, however many there are") {
  Stream stream{1, "outages", "test"};
  std::vector<LinkOutage> outages;
  for (std::uint32_t i = 0; i < 60; ++i) {
    const VirtualTime from{static_cast<std::int64_t>(stream.below(300))};
    outages.push_back({ab, from, from + Duration{1 + static_cast<std::int64_t>(stream.below(20))}, i});
  }
  const Network network{{.sites = 2, .links = {{a, b, {}}}, .outages = outages}};
  std::stable_sort(outages.begin(), outages.end(), [](const auto& x, const auto& y) { return x.from < y.from; });
  int cut = 0;
  for (std::int64_t t = -1; t < 330; ++t) {
    const auto is_on = [&](const LinkOutage& outage) { return outage.from.ns <= t && t < outage.until.ns; };
    const auto first = std::find_if(outages.begin(), outages.end(), is_on);
    const auto expected = first == outages.end() ? std::nullopt : std::optional{first->fault};
    REQUIRE(network.outage_at(ab, VirtualTime{t}) == expected);
    cut += expected.has_value();
  }
  CHECK(cut > 100);
  CHECK(cut < 330);
}

}  // namespace parallax::sim
