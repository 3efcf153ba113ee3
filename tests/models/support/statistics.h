// Do samples come from a distribution? Both tests are at the 1 % level: a right model with a seed drawn at random fails
// one of them in 100. Seeds are fixed, so a test that has passed once passes until the model changes.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace parallax::test {

/// Kolmogorov's distance: the greatest between the sample's distribution function and `cdf`. Requires: not empty.
double kolmogorov_distance(std::vector<double> sample, const std::function<double(double)>& cdf);

/// What it exceeds with probability 1 % if the sample comes from `cdf`: 1.63 / sqrt(n), for n > 35.
double kolmogorov_critical(std::size_t n);

/// True if `hits` of `n` lie within 2.58 standard deviations (99 % of the normal law) of n * share.
bool within_binomial(std::size_t hits, std::size_t n, double share);

}  // namespace parallax::test
