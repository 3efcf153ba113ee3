#include "sim/distribution.h"

#include <sleef.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

namespace parallax::sim {

namespace {

constexpr std::size_t kCells = 4096;
constexpr unsigned kCellBits = 12;

__extension__ using SignedWide = __int128;

// SLEEF's scalar functions that use no fused multiply-add: the same bits on every CPU, which libm does not promise.
double log_of(double x) { return Sleef_cinz_logd1_u10purec(x); }
double exp_of(double x) { return Sleef_cinz_expd1_u10purec(x); }

double polynomial(std::span<const double> coefficients, double x) {
  double sum = 0;
  for (const double c : coefficients) sum = sum * x + c;
  return sum;
}

// Quantile of the standard normal distribution: Wichura's algorithm AS 241 (PPND16, relative error 1e-16), coefficients
// from Applied Statistics 37 (1988), highest power first.
double normal_quantile(double p) {
  static constexpr std::array a{2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                                45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                                133.14166789178437745, 3.387132872796366608};
  static constexpr std::array b{
      5226.495278852545925,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
  static constexpr std::array c{7.7454501427834140764e-4, .0227238449892691845833, .24178072517745061177,
                                1.27045825245236838258,   3.64784832476320460504,  5.7694972214606914055,
                                4.6303378461565452959,    1.42343711074968357734};
  static constexpr std::array d{
      1.05075007164441684324e-9, 5.475938084995344946e-4, .0151986665636164571966, .14810397642748007459,
      .68976733498510000455,     1.6763848301838038494,   2.05319162663775882187,  1.0};
  static constexpr std::array e{2.01033439929228813265e-7, 2.71155556874348757815e-5, .0012426609473880784386,
                                .026532189526576123093,    .29656057182850489123,     1.7848265399172913358,
                                5.4637849111641143699,     6.6579046435011037772};
  static constexpr std::array f{
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      .0148753612908506148525,    .13692988092273580531,    .59983220655588793769,    1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-log_of(q < 0 ? p : 1 - p));
  const double tail =
      r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return q < 0 ? -tail : tail;
}

std::int64_t round_to_ns(double value) { return static_cast<std::int64_t>(value + 0.5); }

// `quantile` is a function of p in [0, 1); p = 1 may be infinite and is never asked for.
template <typename Quantile>
std::vector<std::int64_t> tabulate(const Quantile& quantile) {
  std::vector<std::int64_t> table(kCells + 1);
  for (std::size_t i = 0; i < kCells; ++i) table[i] = round_to_ns(quantile(static_cast<double>(i) / kCells));
  // Mean of the last cell by the midpoint rule; a linear cell has the mean of its two ends.
  constexpr int kMidpoints = 4096;
  double sum = 0;
  for (int k = 0; k < kMidpoints; ++k) sum += quantile((kCells - 1 + (k + 0.5) / kMidpoints) / kCells);
  table[kCells] = std::max(table[kCells - 1], round_to_ns(2 * sum / kMidpoints) - table[kCells - 1]);
  return table;
}

}  // namespace

Distribution Distribution::constant(Duration value) {
  Distribution result;
  result.constant_ = value;
  return result;
}

Distribution Distribution::uniform(Duration least, Duration greatest) {
  assert(least <= greatest);
  if (least == greatest) return constant(least);
  Table table(kCells + 1);
  for (std::size_t i = 0; i <= kCells; ++i) {
    const SignedWide span = static_cast<SignedWide>(greatest.ns - least.ns) * static_cast<SignedWide>(i);
    table[i] = least.ns + static_cast<std::int64_t>(span / static_cast<SignedWide>(kCells));
  }
  return Distribution{std::move(table)};
}

Distribution Distribution::exponential(Duration mean) {
  assert(mean.ns > 0);
  const auto scale = static_cast<double>(mean.ns);
  return Distribution{tabulate([scale](double p) { return -scale * log_of(1 - p); })};
}

Distribution Distribution::shifted_lognormal(Duration p50, Duration p95, Duration least) {
  assert(least < p50 && p50 < p95);
  const double mu = log_of(static_cast<double>((p50 - least).ns));
  const double sigma = (log_of(static_cast<double>((p95 - least).ns)) - mu) / normal_quantile(0.95);
  const auto floor = static_cast<double>(least.ns);
  return Distribution{
      tabulate([=](double p) { return p == 0 ? floor : floor + exp_of(mu + sigma * normal_quantile(p)); })};
}

Distribution Distribution::empirical(std::span<const Duration> quantiles) {
  assert(quantiles.size() >= 2 && std::is_sorted(quantiles.begin(), quantiles.end()));
  Table table(kCells + 1);
  const std::size_t last = quantiles.size() - 1;
  for (std::size_t i = 0; i <= kCells; ++i) {
    const std::size_t below = i * last / kCells;
    const std::int64_t left = quantiles[below].ns;
    const std::int64_t right = quantiles[std::min(below + 1, last)].ns;
    const SignedWide rise = static_cast<SignedWide>(right - left) * static_cast<SignedWide>(i * last % kCells);
    table[i] = left + static_cast<std::int64_t>(rise / static_cast<SignedWide>(kCells));
  }
  return Distribution{std::move(table)};
}

Duration Distribution::interpolate(std::uint64_t random) const {
  const std::size_t cell = random >> (64 - kCellBits);
  const auto fraction = static_cast<std::int64_t>(random >> (64 - kCellBits - 32) & 0xffff'ffff);
  const std::int64_t left = (*table_)[cell];
  const SignedWide rise = static_cast<SignedWide>((*table_)[cell + 1] - left) * fraction;
  return {left + static_cast<std::int64_t>(rise >> 32)};
}

// Each cell is drawn alike, and a value in it uniformly.
Duration Distribution::mean() const {
  if (is_constant()) return constant_;
  SignedWide twice = 0;
  for (std::size_t cell = 0; cell + 1 < table_->size(); ++cell) {
    twice += static_cast<SignedWide>((*table_)[cell]) + (*table_)[cell + 1];
  }
  return {static_cast<std::int64_t>(twice / static_cast<SignedWide>(2 * (table_->size() - 1)))};
}

}  // namespace parallax::sim
