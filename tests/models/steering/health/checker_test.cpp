// The health checker against arithmetic: one case by hand, each formula of detection and return as a distribution over
// 1,000 phases, and what must hold of any checker.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/models/steering/health/checked_server.h"
#include "tests/models/support/statistics.h"
#include "tests/support/checked_property.h"

namespace parallax::test {

namespace health = steering::health;
using health::IntervalFrom;
using sim::milliseconds;
using sim::seconds;

namespace {

constexpr sim::VirtualTime kFails{seconds(100).ns};
constexpr sim::VirtualTime kReturns{seconds(400).ns};
constexpr sim::VirtualTime kEnd{seconds(600).ns};
constexpr std::uint64_t kPhases = 1'000;

double seconds_between(sim::VirtualTime from, sim::VirtualTime until) {
  return static_cast<double>((until - from).ns) / 1e9;
}

health::CheckSpec every_ten_seconds(IntervalFrom from) {
  health::CheckSpec spec;
  spec.interval = seconds(10);
  spec.interval_from = from;
  spec.fall = 3;
  spec.rise = 2;
  spec.connect_timeout = seconds(1);
  spec.answer_timeout = seconds(1);
  return spec;
}

struct Delays {
  std::vector<double> detection;
  std::vector<double> back;
};

Delays delays_over_phases(const health::CheckSpec& spec, Breakdown breakdown) {
  Delays delays;
  for (std::uint64_t seed = 1; seed <= kPhases; ++seed) {
    CheckedServer server{spec, seed};
    // At any phase of the failing checks, too.
    sim::Stream phases{seed, "test", "return"};
    const sim::VirtualTime returns =
        kReturns + sim::nanoseconds(static_cast<std::int64_t>(phases.below(110'000'000'000)));
    const auto& judged = server.run(breakdown, kFails, returns, kEnd);
    REQUIRE(judged.size() == 2);
    REQUIRE(judged[0].verdict == health::Verdict::kDown);
    REQUIRE(judged[1].verdict == health::Verdict::kUp);
    delays.detection.push_back(seconds_between(kFails, judged[0].when));
    delays.back.push_back(seconds_between(returns, judged[1].when));
  }
  return delays;
}

// At most `late` more, for the round trips.
void check_uniform(const std::vector<double>& delays, double least, double greatest) {
  const double late = 0.003;
  CHECK(*std::min_element(delays.begin(), delays.end()) >= least);
  CHECK(*std::max_element(delays.begin(), delays.end()) <= greatest + late);
  const auto law = [&](double x) { return std::clamp((x - least) / (greatest - least), 0.0, 1.0); };
  CHECK(kolmogorov_distance(delays, law) < kolmogorov_critical(delays.size()));
}

}  // namespace

// One way 0.5 ms; a check begins at phase p, connects at p + 1 ms and has its answer at p + 2 ms. The server is killed
// at 100 s. Checks begin at p + 10 k s, refused ones end 1 ms later. With p in (0, 10 s) the first to fail is that of
// k = 10, the third of k = 12: it is down at p + 120.001 s. Back at 400 s, good checks of k = 40 and 41: it is up at
// p + 410.002 s. So the two tell the same phase.
TEST_CASE("a checker that counts from the start, by hand") {
  CheckedServer server{every_ten_seconds(IntervalFrom::kStart), 7};
  const auto& judged = server.run(Breakdown::kRefuses, kFails, kReturns, kEnd);
  REQUIRE(judged.size() == 2);
  const sim::Duration phase = judged[0].when - sim::VirtualTime{milliseconds(120'001).ns};
  CHECK(phase > sim::Duration{});
  CHECK(phase < seconds(10));
  CHECK(judged[1].when - sim::VirtualTime{milliseconds(410'002).ns} == phase);
}

TEST_CASE("refused checks are found out after fall - 1 intervals and a phase, wherever they count from") {
  for (const IntervalFrom from : {IntervalFrom::kStart, IntervalFrom::kEnd}) {
    const Delays delays = delays_over_phases(every_ten_seconds(from), Breakdown::kRefuses);
    check_uniform(delays.detection, 20, 30);
    check_uniform(delays.back, 10, 20);
  }
}

TEST_CASE("silent checks take one time-out more if they count from the start, and one each if from the end") {
  const Delays start = delays_over_phases(every_ten_seconds(IntervalFrom::kStart), Breakdown::kSilent);
  check_uniform(start.detection, 20 + 1, 30 + 1);
  check_uniform(start.back, 10, 20);
  // Failing checks begin every 11 s, so the first good one does after U(0, 11 s).
  const Delays end = delays_over_phases(every_ten_seconds(IntervalFrom::kEnd), Breakdown::kSilent);
  check_uniform(end.detection, 20 + 3, 30 + 3);
  check_uniform(end.back, 10, 10 + 11);
}

TEST_CASE("a server that answers badly is found out like one that refuses, unless only the connection counts") {
  health::CheckSpec spec = every_ten_seconds(IntervalFrom::kStart);
  const Delays delays = delays_over_phases(spec, Breakdown::kAnswersBadly);
  check_uniform(delays.detection, 20, 30);
  check_uniform(delays.back, 10, 20);
  spec.probe = health::Probe::kConnection;
  CheckedServer server{spec, 1};
  CHECK(server.run(Breakdown::kAnswersBadly, kFails, kReturns, kEnd).empty());
}

// Refused: a fast interval of 1 s while the results contradict the verdict makes it U(0, 10) + 2 x 1; while it is down
// every 5 s, and fast again from the first good one on, back is U(0, 5) + 1.
TEST_CASE("intervals of their own while the verdict is in doubt, and while the server is down") {
  health::CheckSpec spec = every_ten_seconds(IntervalFrom::kStart);
  spec.interval_while_changing = seconds(1);
  spec.interval_while_down = seconds(5);
  const Delays delays = delays_over_phases(spec, Breakdown::kRefuses);
  check_uniform(delays.detection, 2, 12);
  check_uniform(delays.back, 1, 6);
}

// 2 s long, with checks every 10 s and fall 3: nothing comes of it.
TEST_CASE("a failure shorter than fall - 1 intervals is not noticed") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CheckedServer server{every_ten_seconds(IntervalFrom::kEnd), seed};
    CHECK(server.run(Breakdown::kSilent, kFails, kFails + seconds(19), kEnd).empty());
  }
}

TEST_CASE("a checker that was without power comes back with its verdict and finds out what has changed") {
  CheckedServer server{every_ten_seconds(IntervalFrom::kStart), 3};
  sim::Site& site = server.simulation().site(sim::SiteId{0});
  site.at(kFails + seconds(5), [&server] { server.checker().lost(); });
  site.at(kFails + seconds(60), [&server] { server.checker().restored(); });
  const auto& judged = server.run(Breakdown::kRefuses, kFails, kReturns, kEnd);
  REQUIRE(judged.size() == 2);
  CHECK(judged[0].when >= kFails + seconds(60 + 20));
  CHECK(judged[0].when <= kFails + seconds(60 + 30) + milliseconds(3));
}

TEST_CASE("detection is never outside what its intervals, thresholds and time-outs allow, and grows with fall") {
  testing::check("physically possible", 150, [] {
    health::CheckSpec spec;
    spec.interval = milliseconds(testing::pick(500, 8'000));
    spec.interval_from = testing::pick(0, 2) == 0 ? IntervalFrom::kStart : IntervalFrom::kEnd;
    spec.fall = testing::pick(1U, 5U);
    spec.rise = testing::pick(1U, 5U);
    spec.connect_timeout = milliseconds(testing::pick(100, 900));
    const Breakdown breakdown = testing::pick(0, 2) == 0 ? Breakdown::kRefuses : Breakdown::kSilent;
    const auto seed = testing::pick<std::uint64_t>(1, 1'000'000);
    CheckedServer server{spec, seed};
    const auto judged = server.run(breakdown, kFails, kReturns, kEnd);
    RC_ASSERT(judged.size() == 2U);
    const sim::Duration round_trips = milliseconds(3);
    const sim::Duration waits = breakdown == Breakdown::kSilent ? spec.connect_timeout : sim::Duration{};
    const sim::Duration detection = judged[0].when - kFails;
    RC_ASSERT(detection >= (spec.fall - 1) * spec.interval);
    RC_ASSERT(detection <= spec.fall * (spec.interval + waits + round_trips) + waits);
    const sim::Duration back = judged[1].when - kReturns;
    RC_ASSERT(back >= (spec.rise - 1) * spec.interval);
    RC_ASSERT(back <= spec.rise * (spec.interval + round_trips) + waits);
    ++spec.fall;
    CheckedServer later{spec, seed};
    RC_ASSERT(later.run(breakdown, kFails, kReturns, kEnd)[0].when > judged[0].when);
  });
}

TEST_CASE("detection grows with the interval, on average over 200 phases") {
  double previous = 0;
  for (const int interval : {1, 2, 5, 10, 20}) {
    health::CheckSpec spec = every_ten_seconds(IntervalFrom::kEnd);
    spec.interval = seconds(interval);
    double sum = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      CheckedServer server{spec, seed};
      sum += seconds_between(kFails, server.run(Breakdown::kSilent, kFails, kReturns, kEnd).at(0).when);
    }
    CHECK(sum > previous);
    previous = sum;
  }
}

}  // namespace parallax::test
