#include "sim/distribution.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "goodness_of_fit.h"
#include "sim/fingerprint.h"

namespace parallax::sim {
namespace {

using testing::ks_critical;
using testing::ks_distance;

constexpr std::size_t kDraws = 100'000;

// A table agrees with its law at 4,097 probabilities, and both are monotone, so between two of them they are less than
// a cell apart.
constexpr double kCell = 1.0 / 4096;

std::vector<double> sample_of(const Distribution& distribution) {
  Stream stream{1, "distribution", "test"};
  std::vector<double> sample(kDraws);
  for (double& value : sample) value = static_cast<double>(distribution.sample(stream).ns);
  return sample;
}

double mean_of(const std::vector<double>& sample) {
  return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

double share_up_to(const std::vector<double>& sample, Duration limit) {
  const auto count = std::count_if(sample.begin(), sample.end(),
                                   [limit](double value) { return value <= static_cast<double>(limit.ns); });
  return static_cast<double>(count) / static_cast<double>(sample.size());
}

bool within_range(const std::vector<double>& sample, const Distribution& distribution) {
  const auto [low, high] = std::minmax_element(sample.begin(), sample.end());
  return *low >= static_cast<double>(distribution.least().ns) &&
         *high <= static_cast<double>(distribution.greatest().ns);
}

/// A draw and the probability that it stands for: the random number that it used, as a fraction of 2^64.
struct Draw {
  std::uint64_t random;
  Duration value;
};

std::vector<Draw> draws_of(const Distribution& distribution, std::size_t count) {
  Stream stream{1, "distribution", "quantiles"};
  std::vector<Draw> draws(count);
  for (Draw& draw : draws) {
    Stream ahead = stream;
    draw = {ahead.next(), distribution.sample(stream)};
  }
  return draws;
}

/// Entry `i` of the table: the least draw of cell i. Exact where the cell rises by some ns only, because then draws
/// from the first part of the cell are rounded down to its left end.
Duration entry(const std::vector<Draw>& draws, std::uint64_t i) {
  std::optional<Duration> least;
  for (const Draw& draw : draws) {
    if (draw.random >> 52 == i) least = std::min(least.value_or(draw.value), draw.value);
  }
  return least.value();
}

/// What the draws within `margin` of probability `p` lie between.
struct Bracket {
  Duration least{nanoseconds(std::numeric_limits<std::int64_t>::max())};
  Duration greatest{};
  int draws{0};
};

Bracket bracket(const std::vector<Draw>& draws, double p, double margin) {
  Bracket result;
  for (const Draw& draw : draws) {
    if (std::fabs(std::ldexp(static_cast<double>(draw.random), -64) - p) > margin) continue;
    result = {std::min(result.least, draw.value), std::max(result.greatest, draw.value), result.draws + 1};
  }
  return result;
}

TEST_CASE("a constant is always itself") {
  const Distribution constant = Distribution::constant(milliseconds(40));
  Stream stream{1, "distribution", "constant"};
  for (int i = 0; i < 100; ++i) CHECK(constant.sample(stream) == milliseconds(40));
  CHECK(constant.is_constant());
  CHECK(constant.least() == milliseconds(40));
  CHECK(constant.greatest() == milliseconds(40));
  CHECK(Distribution{}.sample(stream) == Duration{});
}

TEST_CASE("uniform delays fill their range evenly") {
  const Distribution uniform = Distribution::uniform(milliseconds(10), milliseconds(30));
  CHECK_FALSE(uniform.is_constant());
  CHECK(uniform.least() == milliseconds(10));
  CHECK(uniform.greatest() == milliseconds(30));
  const auto sample = sample_of(uniform);
  CHECK(within_range(sample, uniform));
  CHECK(ks_distance(sample, [](double x) { return (x - 10e6) / 20e6; }) < ks_critical(kDraws));
  CHECK(Distribution::uniform(seconds(1), seconds(1)).is_constant());
}

TEST_CASE("uniform delays may span most of virtual time") {
  // 200 years are 6.3e18 ns; times 4,096 cells that is 2.6e22, beyond 64 bits.
  const Duration span = seconds(200LL * 365 * 86'400);
  const Distribution uniform = Distribution::uniform(Duration{}, span);
  CHECK(within_range(sample_of(uniform), uniform));
  CHECK(ks_distance(sample_of(uniform), [&](double x) { return x / static_cast<double>(span.ns); }) <
        ks_critical(kDraws));
}

TEST_CASE("exponential gaps have their mean and their law") {
  const Distribution gaps = Distribution::exponential(milliseconds(5));
  const auto sample = sample_of(gaps);
  CHECK(within_range(sample, gaps));
  // Deviation = mean, so the mean of n draws is off by 4 * 5 ms / sqrt(n) at most.
  CHECK(mean_of(sample) == Approx(5e6).margin(4 * 5e6 / std::sqrt(kDraws)));
  CHECK(ks_distance(sample, [](double x) { return 1 - std::exp(-x / 5e6); }) < ks_critical(kDraws) + kCell);
}

TEST_CASE("the greatest exponential gap is 10.3 means, so that the last cell keeps its mean") {
  const Distribution gaps = Distribution::exponential(seconds(1));
  CHECK(gaps.least() == Duration{});
  // The last cell begins at the quantile ln 4096 = 8.3178 means. Having no memory, an exponential is one mean above
  // that on average, and a linear cell is midway on average: 8.3178 + 2 = 10.3178. The construction's midpoint rule
  // over 4,096 points misses ln(2) / 8192 = 0.00008 of the cell's mean, hence 0.0002 of the end.
  CHECK(static_cast<double>(gaps.greatest().ns) == Approx((std::log(4096.0) + 2) * 1e9).margin(0.0002 * 1e9));
  // The mean of all of the cell's draws, not only its ends.
  std::vector<double> last;
  for (const Draw& draw : draws_of(gaps, 1'000'000)) {
    if (draw.random >> 52 == 4095) last.push_back(static_cast<double>(draw.value.ns));
  }
  // 1,000,000 / 4,096 = 244 draws, uniform over two means: deviation 2 / sqrt(12) = 0.577 s; four standard errors.
  CHECK(last.size() == Approx(244).margin(4 * std::sqrt(244)));
  CHECK(mean_of(last) == Approx((std::log(4096.0) + 1) * 1e9).margin(4 * 0.577e9 / std::sqrt(last.size())));
}

TEST_CASE("a shifted lognormal's table holds its median exactly and its 95th percentile to a cell's curvature") {
  // Microseconds, so that cells are a few ns wide. p = 1/2 is entry 2048 of 4096 itself.
  const auto draws =
      draws_of(Distribution::shifted_lognormal(microseconds(40), microseconds(80), microseconds(10)), 1'000'000);
  CHECK(entry(draws, 2048) == microseconds(40));
  // p = 0.95 is 3891.2 cells: a fifth of the way along a chord that lies f'' h^2 t (1 - t) / 2 = 0.035 ns above the
  // curve. The slope there is 350 us, so a margin of 5e-6 is 1.75 ns, and 1 ns is rounding.
  const Bracket p95 = bracket(draws, 0.95, 5e-6);
  REQUIRE(p95.draws >= 2);
  CHECK(p95.least >= microseconds(80) - nanoseconds(3));
  CHECK(p95.greatest <= microseconds(80) + nanoseconds(3));
}

TEST_CASE("a shifted lognormal hits its percentiles and its mean") {
  const Distribution delay = Distribution::shifted_lognormal(milliseconds(40), milliseconds(80), milliseconds(10));
  const auto sample = sample_of(delay);
  CHECK(within_range(sample, delay));
  // Binomial at 1 %: 2.58 * sqrt(p (1 - p) / n).
  CHECK(share_up_to(sample, milliseconds(40)) == Approx(0.5).margin(2.58 * std::sqrt(0.25 / kDraws)));
  CHECK(share_up_to(sample, milliseconds(80)) == Approx(0.95).margin(2.58 * std::sqrt(0.0475 / kDraws)));
  // sigma = ln(70 / 30) / 1.6449 = 0.51512, mean = 10 + 30 exp(sigma^2 / 2) = 44.256 ms,
  // deviation = 34.256 sqrt(exp(sigma^2) - 1) = 18.884 ms; four standard errors.
  CHECK(mean_of(sample) == Approx(44.2563e6).margin(4 * 18.884e6 / std::sqrt(kDraws)));
  const auto law = [](double x) {
    return x <= 10e6 ? 0 : 0.5 * std::erfc(-std::log((x - 10e6) / 30e6) / 0.5151205228866 / std::sqrt(2.0));
  };
  CHECK(ks_distance(sample, law) < ks_critical(kDraws) + kCell);
}

TEST_CASE("a shifted lognormal's range is finite and keeps the last cell's mean") {
  const Distribution delay = Distribution::shifted_lognormal(milliseconds(40), milliseconds(80), milliseconds(10));
  CHECK(delay.least() == milliseconds(10));
  // With z = Phi^-1(4095/4096) = 3.4866: the last cell begins at 10 + 30 exp(sigma z) = 190.815 ms and has the mean
  // 10 + 4096 * 34.256 Phi(sigma - z) = 217.582 ms, so it ends at 2 * 217.582 - 190.815 = 244.349 ms; the midpoint
  // rule takes 0.008 off.
  CHECK(static_cast<double>(delay.greatest().ns) == Approx(244.349e6).margin(0.01e6));
}

TEST_CASE("empirical delays reproduce the quantiles that were measured") {
  // Four intervals of 1,024 cells each; the widest cell rises by 40,000 / 1024 = 39 ns.
  const std::vector<Duration> quantiles{microseconds(10), microseconds(12), microseconds(15), microseconds(20),
                                        microseconds(60)};
  const Distribution delay = Distribution::empirical(quantiles);
  CHECK(delay.least() == microseconds(10));
  CHECK(delay.greatest() == microseconds(60));
  const auto draws = draws_of(delay, 1'000'000);
  for (std::uint64_t i = 0; i < 4; ++i) CHECK(entry(draws, i * 1024) == quantiles[i]);
  const auto sample = sample_of(delay);
  CHECK(within_range(sample, delay));
  for (std::size_t i = 1; i < 4; ++i) {
    const double p = static_cast<double>(i) / 4;
    CHECK(share_up_to(sample, quantiles[i]) == Approx(p).margin(2.58 * std::sqrt(p * (1 - p) / kDraws)));
  }
}

TEST_CASE("empirical delays need no number of quantiles that divides the table") {
  // Three intervals: the quantiles of 1/3 and 2/3 lie within a cell, which may cut their corners.
  const Distribution delay =
      Distribution::empirical(std::vector{milliseconds(1), milliseconds(2), milliseconds(4), milliseconds(10)});
  const auto law = [](double x) {
    if (x < 2e6) return (x - 1e6) / 1e6 / 3;
    if (x < 4e6) return (1 + (x - 2e6) / 2e6) / 3;
    return (2 + (x - 4e6) / 6e6) / 3;
  };
  CHECK(ks_distance(sample_of(delay), law) < ks_critical(kDraws) + kCell);
}

TEST_CASE("draws never change") {
  const Distribution all[] = {
      Distribution::constant(milliseconds(40)),
      Distribution::uniform(milliseconds(10), milliseconds(30)),
      Distribution::exponential(milliseconds(5)),
      Distribution::shifted_lognormal(milliseconds(40), milliseconds(80), Duration{}),
      Distribution::shifted_lognormal(milliseconds(40), milliseconds(200), milliseconds(38)),
      Distribution::empirical(std::vector{milliseconds(1), milliseconds(2), milliseconds(4), milliseconds(10)})};
  Hasher hasher;
  for (const Distribution& distribution : all) {
    for (const Draw& draw : draws_of(distribution, 20'000)) {  // five in each cell
      hasher.add(std::vector<std::uint64_t>{static_cast<std::uint64_t>(draw.value.ns)});
    }
    hasher.add(std::vector<std::uint64_t>{static_cast<std::uint64_t>(distribution.greatest().ns)});
  }
  // Equal for g++ and clang++, at -O0 and -O3. It moves with the tables and with Stream alone.
  CHECK(to_hex(hasher.digest()) == "326ae13b93bc7aba8fa91341ccac5252");
}

}  // namespace
}  // namespace parallax::sim
