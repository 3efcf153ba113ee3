#include "scenarios/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace parallax::scenarios {

std::int64_t quantile(std::span<const std::int64_t> sorted, double q) {
  assert(!sorted.empty());
  // 0.07 * 100 is a little more than 7 in binary; a share of a millionth is no rank.
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size()) - 1e-6));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

double interpolated_quantile(std::span<const double> sorted, double share) {
  assert(!sorted.empty());
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

double median(std::vector<double> values) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> binomial_terms(std::size_t n) {
  std::vector<double> terms(n + 1);
  const std::size_t centre = n / 2;
  terms[centre] = 1;
  for (std::size_t k = centre; k > 0; --k) {
    terms[k - 1] = terms[k] * static_cast<double>(k) / static_cast<double>(n - k + 1);
  }
  for (std::size_t k = centre; k < n; ++k) {
    terms[k + 1] = terms[k] * static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  return terms;
}

namespace {

// Largest l with P(B < l) <= 2.5 %, B ~ Bin(n, 1/2); 0 if there is none.
std::size_t lower_rank(std::size_t n) {
  const std::vector<double> terms = binomial_terms(n);
  double all = 0;
  for (const double term : terms) all += term;
  double below = 0;
  std::size_t rank = 0;
  while (rank < n && below + terms[rank] <= 0.025 * all) below += terms[rank++];
  return rank;
}

}  // namespace

std::optional<Interval> median_interval(std::vector<double> values) {
  const std::size_t rank = lower_rank(values.size());
  if (rank == 0) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{values[rank - 1], values[values.size() - rank]};
}

}  // namespace parallax::scenarios
