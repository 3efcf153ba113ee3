#include "scenarios/backtest/phases.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace parallax::scenarios::backtest {

namespace {

struct Slope {
  double begin;
  double end;
};

/// The share of the plateau that still fails, at an instant.
double left_at(double instant, const Slope& slope) {
  if (instant <= slope.begin) return 1;
  return instant >= slope.end ? 0 : (slope.end - instant) / (slope.end - slope.begin);
}

struct Fitted {
  Slope slope{0, 0};
  double height{0};
  double error{std::numeric_limits<double>::infinity()};
};

/// The height that fits best, and how well.
Fitted fitted(std::span<const double> failed, double width_s, const Slope& slope) {
  double shape_squares = 0;
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < failed.size(); ++i) {
    if (failed[i] < 0) continue;
    const double shape = left_at((static_cast<double>(i) + 0.5) * width_s, slope);
    shape_squares += shape * shape;
    products += shape * failed[i];
    squares += failed[i] * failed[i];
  }
  if (shape_squares <= 0) return {slope, 0, squares};
  const double height = std::clamp(products / shape_squares, 0.0, 1.0);
  return {slope, height, squares - 2 * height * products + height * height * shape_squares};
}

void try_around(std::span<const double> failed, double width_s, double outage_s, double step, int steps, Fitted& best) {
  const Slope centre = best.slope;
  for (int i = -steps; i <= steps; ++i) {
    for (int j = -steps; j <= steps; ++j) {
      const Slope slope{centre.begin + i * step, centre.end + j * step};
      if (slope.begin < 0 || slope.end < slope.begin || slope.end > outage_s) continue;
      const Fitted found = fitted(failed, width_s, slope);
      if (found.error < best.error) best = found;
    }
  }
}

/// First on a grid over the whole outage, then around the best, ever more finely.
Fitted best_slope(std::span<const double> failed, double width_s, double outage_s) {
  constexpr int kGrid = 40;
  Fitted best;
  for (int i = 0; i <= kGrid; ++i) {
    for (int j = i; j <= kGrid; ++j) {
      const Fitted found = fitted(failed, width_s, {outage_s * i / kGrid, outage_s * j / kGrid});
      if (found.error < best.error) best = found;
    }
  }
  for (double step = outage_s / kGrid / 3; step > width_s / 16; step /= 3) {
    try_around(failed, width_s, outage_s, step, 3, best);
  }
  return best;
}

}  // namespace

Phases phases_of(std::span<const double> failed, double width_s, double outage_s) {
  const auto within = std::min(failed.size(), static_cast<std::size_t>(outage_s / width_s + 0.5));
  Phases phases;
  if (within == 0) return phases;
  const Fitted best = best_slope(failed.first(within), width_s, width_s * static_cast<double>(within));
  phases.height = best.height;
  phases.detect = best.slope.begin;
  phases.redirect = best.slope.end - best.slope.begin;
  for (std::size_t i = 0; i < failed.size(); ++i) {
    if (failed[i] < 0 || static_cast<double>(i) * width_s < best.slope.end) continue;
    (i < within ? phases.warm_up : phases.back) += failed[i] * width_s;
  }
  return phases;
}

}  // namespace parallax::scenarios::backtest
