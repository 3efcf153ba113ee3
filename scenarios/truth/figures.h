// The figures by which a sample is known, and how far two samples are apart.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace parallax::scenarios::truth {

inline constexpr std::array<std::string_view, 4> kFigures{"mean", "p50", "p95", "max"};

/// In the order of kFigures. Requires: not empty.
std::array<double, kFigures.size()> figures_of(std::vector<double> values);

/// As many as there are values, but at most so many, equally spaced from the least to the greatest value. Requires: not
/// empty; most > 1.
std::vector<double> equally_spaced(std::vector<double> values, std::size_t most);

/// Kolmogorov and Smirnov: the greatest gap between two distribution functions. Requires: neither is empty.
double ks_distance(std::vector<double> one, std::vector<double> other);

/// Which is exceeded by 1 % of pairs of large samples of one distribution (Smirnov 1948): K(1.628) = 0.99.
double ks_critical(std::size_t one, std::size_t other);

}  // namespace parallax::scenarios::truth
