// A measured figure, what a prediction of it may differ by, and the statistics of both.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace parallax::test {

/// The measured figure, and its 99 % interval.
struct Measured {
  double figure;
  double low;
  double high;
};

struct Truth {
  const char* setting;
  Measured mean;
  Measured p50;
  Measured p95;
};

inline double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

inline double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// 5 % or 3 ms, whichever is more.
inline double slack(double figure) { return std::max(0.05 * figure, 3.0); }

inline void check(const std::string& what, double predicted, const Measured& measured) {
  INFO(what << ": predicted " << predicted << ", measured " << measured.figure << " [" << measured.low << ", "
            << measured.high << "]");
  CHECK(predicted >= measured.low - slack(measured.figure));
  CHECK(predicted <= measured.high + slack(measured.figure));
}

}  // namespace parallax::test
