// Statistics over seeds and over windows. The unit of replication is the seed, never the request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace parallax::scenarios {

/// The least value that at least a share `q` of the values does not exceed (nearest rank). Requires: sorted, not empty.
std::int64_t quantile(std::span<const std::int64_t> sorted, double q);

/// Linear between order statistics, of which the first is at a `share` of 0 and the last at 1. Requires: sorted, not
/// empty; 0 <= share <= 1.
double interpolated_quantile(std::span<const double> sorted, double share);

/// Requires: not empty.
double median(std::vector<double> values);

/// Binomial coefficients of n over 0 to n, each divided by the greatest, so that thousands of seeds do not overflow.
/// Made of divisions alone, which are the same on every machine.
std::vector<double> binomial_terms(std::size_t n);

struct Interval {
  double low;
  double high;
};

/// 95 % interval of the median by order statistics, which assumes nothing of the distribution: ranks l and u with
/// P(B < l) <= 2.5 % and P(B >= u) <= 2.5 %, B ~ Bin(n, 1/2). Nothing for fewer than 6 values, where no rank is safe.
std::optional<Interval> median_interval(std::vector<double> values);

}  // namespace parallax::scenarios
