#include "tests/models/support/statistics.h"

#include <algorithm>
#include <cmath>

namespace parallax::test {

double kolmogorov_distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double expected = cdf(sample[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, std::fabs(expected - below / n), std::fabs((below + 1) / n - expected)});
  }
  return distance;
}

double kolmogorov_critical(std::size_t n) { return 1.63 / std::sqrt(static_cast<double>(n)); }

bool within_binomial(std::size_t hits, std::size_t n, double share) {
  const double mean = static_cast<double>(n) * share;
  return std::fabs(static_cast<double>(hits) - mean) <= 2.58 * std::sqrt(mean * (1 - share));
}

}  // namespace parallax::test
