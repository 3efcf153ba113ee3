// Measurements in rows, and what they are held against.
#pragma once

#include <string>
#include <vector>

namespace parallax::bench {

/// Of several runs.
struct Spread {
  double median{0};
  double least{0};
  double greatest{0};
};

/// Requires: at least one value.
Spread spread_of(std::vector<double> values);

/// A figure that should reach a bar, or stay under one.
struct Bar {
  enum class Side { kAtLeast, kAtMost };
  std::string what;
  double measured{0};
  Side side{Side::kAtLeast};
  double bar{0};
  double aim{0};
};

/// One line for each, with "aim", "met" or "MISSED".
void print_bars(const std::string& title, const std::vector<Bar>& bars);

}  // namespace parallax::bench
