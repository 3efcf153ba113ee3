// Distances between a sample and the law that it should follow. Seeds are fixed, so a test either always passes or
// always fails; the critical values at 1 % say how far a correct generator may plausibly be off.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace parallax::sim::testing {

/// Kolmogorov-Smirnov: the greatest gap between the sample's distribution function and `cdf`.
template <typename Cdf>
double ks_distance(std::vector<double> sample, const Cdf& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double expected = cdf(sample[i]);
    distance = std::max({distance, expected - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - expected});
  }
  return distance;
}

/// Asymptotic critical value at 1 %: K(1.63) = 0.99.
inline double ks_critical(std::size_t n) { return 1.63 / std::sqrt(static_cast<double>(n)); }

/// Pearson's statistic. Requires: every share positive, shares add up to 1.
inline double chi_square(const std::vector<std::uint64_t>& counts, const std::vector<double>& shares) {
  double total = 0;
  for (const std::uint64_t count : counts) total += static_cast<double>(count);
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * shares[i];
    const double error = static_cast<double>(counts[i]) - expected;
    sum += error * error / expected;
  }
  return sum;
}

inline double chi_square_even(const std::vector<std::uint64_t>& counts) {
  return chi_square(counts, std::vector<double>(counts.size(), 1.0 / static_cast<double>(counts.size())));
}

}  // namespace parallax::sim::testing
