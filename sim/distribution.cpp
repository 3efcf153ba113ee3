#include "sim/distribution.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/elementary.h"

namespace parallax::sim {

namespace {

constexpr std::size_t kCells = 4096;
constexpr unsigned kCellBits = 12;

__extension__ using SignedWide = __int128;

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
