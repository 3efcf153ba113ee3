// Weighted choice among 0..n-1 in constant time: Walker's alias method, with integer thresholds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/random.h"

namespace parallax::sim {

class Discrete {
 public:
  /// Requires: at least one weight, none negative, a positive sum.
  explicit Discrete(std::span<const double> weights);

  /// Rank r (from 0) has weight 1 / (r + 1)^exponent. Exponent 0 needs no table. Requires: count > 0.
  static Discrete zipf(std::uint32_t count, double exponent);

  std::uint32_t sample(Stream& stream) const;

 private:
  Discrete() = default;

  struct Cell {
    std::uint64_t threshold;  ///< of 2^64: keep the cell below it, else take the alias
    std::uint32_t alias;
  };
  std::vector<Cell> cells_;  ///< empty: all alike
  std::uint64_t count_{0};
};

}  // namespace parallax::sim
