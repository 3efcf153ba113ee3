// Arrivals against the formulas of their processes. Seeds are fixed; bounds are 2.58 standard deviations (1 %).
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "models/steering/arrivals.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {
namespace {

using sim::Duration;
using sim::seconds;
using sim::VirtualTime;
using steering::Arrivals;
using steering::ArrivalSpec;
using steering::DayCurve;

constexpr Duration kHour = sim::minutes(60);
constexpr double kQuantile = 2.58;

sim::Distribution per_second(std::int64_t calls) { return sim::Distribution::exponential({seconds(1).ns / calls}); }

void play(const ArrivalSpec& spec, std::uint64_t seed, Duration length, const std::function<void(Duration)>& called) {
  const auto stream = [&](const char* purpose) { return sim::Stream{seed, "users", purpose}; };
  Arrivals arrivals{spec, {stream("arrivals"), stream("bursts"), stream("day"), stream("trace")}};
  VirtualTime now{};
  while (const auto pause = arrivals.next(now)) {
    now = now + *pause;
    if (now - VirtualTime{} >= length) return;
    if (arrivals.calls(now)) called(now - VirtualTime{});
  }
}

/// Calls in each whole `bin` of the time.
std::vector<double> counts(const ArrivalSpec& spec, std::uint64_t seed, Duration length, Duration bin) {
  std::vector<double> found(static_cast<std::size_t>(length / bin));
  play(spec, seed, bin * (length / bin), [&](Duration at) { ++found[static_cast<std::size_t>(at / bin)]; });
  return found;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
  const double middle = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return sum / static_cast<double>(values.size() - 1);
}

TEST_CASE("a Poisson process draws one gap after the other and nothing else") {
  const ArrivalSpec spec{per_second(10), {}, {}};
  sim::Stream gaps{7, "users", "arrivals"};
  Duration expected{};
  std::size_t calls = 0;
  play(spec, 7, kHour, [&](Duration at) {
    expected += spec.gap.sample(gaps);
    REQUIRE(at == expected);
    ++calls;
  });
  CHECK(calls > 35'000);
}

// r0 = 10/s for 4 s, r1 = 100/s for 1 s: 28/s. s = 1/4 + 1 = 5/4 per second, p0 p1 = 4/25.
const ArrivalSpec kBursty{per_second(10), steering::BurstSpec{per_second(100), seconds(4), seconds(1)}, {}};
constexpr double kMean = (10.0 * 4 + 100.0 * 1) / 5;
constexpr double kTurns = 1.25;

double dispersion(double t) {
  return 1 + 2 * 0.16 * 90 * 90 / (kMean * kTurns) * (1 - (1 - std::exp(-kTurns * t)) / (kTurns * t));
}

// 200 seeds of 1000 s each. The count of a seed has variance I(1000) * 28,000, I being 1 + 74.06 * (1 - 1/1250) = 75.0:
// a standard deviation of 1449, and that of the mean of 200 is 102 of 28,000: 2.58 of them are one part in 106.
TEST_CASE("calls in bursts come at the mean of both rates, weighted by how long they last") {
  constexpr std::size_t kSeeds = 200;
  std::vector<double> calls;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    calls.push_back(mean(counts(kBursty, seed, seconds(1000), seconds(1000))));
  }
  const double deviation = std::sqrt(dispersion(1000) * kMean * 1000);
  CHECK(std::abs(mean(calls) - kMean * 1000) < kQuantile * deviation / std::sqrt(double{kSeeds}));
  // Counts over 1000 s, 800 times what the states remember, are nearly normal: the variance of 200 of them is within
  // 2.58 * sqrt(2 / 199) = 26 %. Without bursts it would be 28,000, a 75th.
  const double bound = kQuantile * std::sqrt(2.0 / (kSeeds - 1));
  CHECK(std::abs(variance(calls) / (deviation * deviation) - 1) < bound);
}

// The index of dispersion of the first t seconds over many seeds, short and long against the states. It is right from
// the start of the run only if the process starts as one that has been going on for ever. The error of a sample
// variance: relative variance (kurtosis - 1) / n, with the sample's own kurtosis; its mean is known.
TEST_CASE("the index of dispersion of calls in bursts is that of the formula, from the start of the run") {
  constexpr std::size_t kSeeds = 4'000;
  for (const std::int64_t tenths : {1, 10, 100}) {
    const double t = static_cast<double>(tenths) / 10;
    double squares = 0;
    double fourths = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const Duration length = sim::milliseconds(100 * tenths);
      const double off = counts(kBursty, seed, length, length)[0] - kMean * t;
      squares += off * off / kSeeds;
      fourths += off * off * off * off / kSeeds;
    }
    const double bound = kQuantile * std::sqrt((fourths / (squares * squares) - 1) / kSeeds);
    INFO("t " << t << " s, bound " << bound);
    CHECK(bound < 0.15);
    CHECK(std::abs(squares / (kMean * t) / dispersion(t) - 1) < bound);
  }
}

TEST_CASE("states that are much shorter than gaps end, and leave the mean") {
  const ArrivalSpec spec{
      per_second(1), steering::BurstSpec{per_second(3), sim::milliseconds(1), sim::milliseconds(1)}, {}};
  const double calls = counts(spec, 1, seconds(1000), seconds(1000))[0];
  CHECK(std::abs(calls - 2'000) < kQuantile * std::sqrt(2'000));
}

steering::DaySpec day(double least_share) { return {VirtualTime{} + 15 * kHour, least_share, 24 * kHour}; }

// At the peak, at 15:00, the share is 1; a quarter of a day from it 0.2 + 0.8 / 2 = 0.6; at 3:00 it is 0.2.
TEST_CASE("the day's curve is a raised cosine, before the peak and days after it") {
  const DayCurve curve{day(0.2)};
  const auto share = [&](Duration at) {
    return std::ldexp(static_cast<double>(curve.threshold(VirtualTime{} + at)), -64);
  };
  for (const std::int64_t days : {0, 1, 50}) {
    CHECK(share((15 + 24 * days) * kHour) == Approx(1.0).margin(1e-12));
    CHECK(share((9 + 24 * days) * kHour) == Approx(0.6).margin(1e-12));
    CHECK(share((21 + 24 * days) * kHour) == Approx(0.6).margin(1e-12));
    CHECK(share((3 + 24 * days) * kHour) == Approx(0.2).margin(1e-12));
  }
  // Linear between 4,097 points: (2 pi / 4096)^2 / 8 * 0.8 / 2 = 1.2e-7.
  for (std::int64_t second = 0; second < 86'400; second += 37) {
    const double turns = static_cast<double>(second - 15 * 3600) / 86'400;
    REQUIRE(std::abs(share(seconds(second)) - (0.6 + 0.4 * std::cos(2 * M_PI * turns))) < 1.2e-7);
  }
}

// The integral of the share over the hour from a to b: 0.6 + 0.4 * (sin(2 pi (b - 15) / 24) - sin(2 pi (a - 15) / 24))
// * 24 / (2 pi). Counts are Poisson; 24 hours at 1 % each: chi-square with 24 degrees of freedom, 42.98 at 1 %.
TEST_CASE("each hour of the day has the calls of the curve's integral") {
  const ArrivalSpec spec{per_second(10), {}, day(0.2)};
  const std::vector<double> found = counts(spec, 1, 24 * kHour, kHour);
  const auto primitive = [](double hour) {
    return 0.6 * hour + 0.4 * 24 / (2 * M_PI) * std::sin(2 * M_PI * (hour - 15) / 24);
  };
  double chi_square = 0;
  for (std::size_t hour = 0; hour < found.size(); ++hour) {
    const auto from = static_cast<double>(hour);
    const double expected = 36'000 * (primitive(from + 1) - primitive(from));
    chi_square += (found[hour] - expected) * (found[hour] - expected) / expected;
  }
  CHECK(chi_square < 42.98);
}

TEST_CASE("a day that falls to nothing has nobody at the trough, and a share of 1 is no day") {
  // Around 3:00 the share is (pi (t - 3h) / 24h)^2: over half an hour to either side 2 * (pi / 24)^2 * 0.5^3 / 3 =
  // 0.0014 hours, of 36,000 calls 51.
  const std::vector<double> found = counts({per_second(10), {}, day(0)}, 1, 24 * kHour, sim::minutes(30));
  const double trough = found[5] + found[6];
  CHECK(std::abs(trough - 51.4) < kQuantile * std::sqrt(51.4));
  CHECK(counts({per_second(10), {}, day(1)}, 3, kHour, seconds(1)) ==
        counts({per_second(10), {}, {}}, 3, kHour, seconds(1)));
}

ArrivalSpec traced(Duration bucket, std::vector<std::uint32_t> calls) {
  return {{}, {}, {}, steering::TraceSpec{bucket, std::move(calls)}};
}

TEST_CASE("a trace has exactly as many calls in each bucket as it says, in their order, and none after the last") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<double> found(6);
    Duration last{};
    play(traced(seconds(10), {3, 0, 0, 100, 1}), seed, kHour, [&](Duration at) {
      REQUIRE(at >= last);
      last = at;
      ++found.at(static_cast<std::size_t>(at / seconds(10)));
    });
    CHECK(found == std::vector<double>{3, 0, 0, 100, 1, 0});
  }
}

// The instants are the bucket's own draws, sorted.
TEST_CASE("the instants of a trace are drawn uniformly in their bucket") {
  std::vector<Duration> drawn;
  sim::Stream stream{3, "users", "trace"};
  for (int i = 0; i < 4; ++i) drawn.push_back(Duration{static_cast<std::int64_t>(stream.below(1'000))});
  std::sort(drawn.begin(), drawn.end());
  std::vector<Duration> found;
  play(traced(Duration{1'000}, {4}), 3, kHour, [&](Duration at) { found.push_back(at); });
  CHECK(found == drawn);

  std::vector<double> places;
  play(traced(seconds(60), {5'000, 5'000}), 7, kHour, [&](Duration at) {
    places.push_back(static_cast<double>(at.ns % seconds(60).ns) / static_cast<double>(seconds(60).ns));
  });
  CHECK(kolmogorov_distance(places, [](double x) { return x; }) < kolmogorov_critical(places.size()));
}

// A bucket of a nanosecond has one instant.
TEST_CASE("traces of a nanosecond a bucket, and without a call, come to their end") {
  std::vector<std::int64_t> found;
  play(traced(Duration{1}, {2, 0, 3}), 1, kHour, [&](Duration at) { found.push_back(at.ns); });
  CHECK(found == std::vector<std::int64_t>{0, 0, 2, 2, 2});
  play(traced(Duration{1}, std::vector<std::uint32_t>(100'000)), 1, kHour, [](Duration) { FAIL("nobody calls"); });
}

}  // namespace
}  // namespace parallax::test
