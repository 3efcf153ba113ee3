#include "scenarios/truth/figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/statistics.h"

namespace parallax::scenarios::truth {

// Sums in the order of the values, so that the same sample has the same mean on every machine.
std::array<double, kFigures.size()> figures_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), interpolated_quantile(values, 0.5),
          interpolated_quantile(values, 0.95), values.back()};
}

std::vector<double> equally_spaced(std::vector<double> values, std::size_t most) {
  std::sort(values.begin(), values.end());
  if (values.size() <= most) return values;
  std::vector<double> quantiles;
  for (std::size_t i = 0; i < most; ++i) {
    quantiles.push_back(interpolated_quantile(values, static_cast<double>(i) / static_cast<double>(most - 1)));
  }
  return quantiles;
}

// Both functions step at the values; behind all that are equal their gap is what it is up to the next.
double ks_distance(std::vector<double> one, std::vector<double> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  double distance = 0;
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < one.size() && k < other.size()) {
    const double value = std::min(one[i], other[k]);
    while (i < one.size() && one[i] <= value) ++i;
    while (k < other.size() && other[k] <= value) ++k;
    const double gap = static_cast<double>(i) / static_cast<double>(one.size()) -
                       static_cast<double>(k) / static_cast<double>(other.size());
    distance = std::max(distance, std::abs(gap));
  }
  return distance;
}

double ks_critical(std::size_t one, std::size_t other) {
  return 1.628 * std::sqrt(1.0 / static_cast<double>(one) + 1.0 / static_cast<double>(other));
}

}  // namespace parallax::scenarios::truth
