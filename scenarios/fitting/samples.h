// Measured lengths, as fitting takes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parallax::scenarios::fitting {

/// A value stands for all lengths that are rounded to it: half a step to each side.
struct Samples {
  std::vector<double> ns;  ///< ascending
  double step_ns{0};       ///< to whose multiples they were rounded; 0: to none

  std::size_t size() const { return ns.size(); }
};

/// The step is the greatest common divisor of the values: a log that says "12.300 ms" where it knows 12.3 is not
/// believed. Requires: no negative value.
Samples samples_of(std::span<const std::int64_t> sorted_ns);

/// At most so many of them, which lie evenly in their order: the share below any value is off by less than one of them.
Samples thinned(const Samples& samples, std::size_t most);

double mean_of(std::span<const double> values);

}  // namespace parallax::scenarios::fitting
