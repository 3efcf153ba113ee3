#include "scenarios/backtest/phase_ranks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "scenarios/statistics.h"

namespace parallax::scenarios::backtest {

namespace {

/// How many widths each member is away from the median.
std::vector<double> distances_of(const PhaseSeconds& seconds, double resolution_s) {
  PhaseSeconds sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  // The second at either end, at the least: a drill that is far off must not measure itself.
  const std::size_t rank = std::max<std::size_t>(2, (sorted.size() + 9) / 10);
  const double middle = median(sorted);
  const double below = std::max(middle - sorted[rank - 1], resolution_s);
  const double above = std::max(sorted[sorted.size() - rank] - middle, resolution_s);
  std::vector<double> distances;
  for (const double value : seconds) distances.push_back(std::fabs(value - middle) / (value < middle ? below : above));
  return distances;
}

}  // namespace

std::vector<double> adjusted_ps(const std::vector<PhaseSeconds>& phases, double resolution_s) {
  std::vector<double> of_drill;
  std::vector<double> greatest;
  for (const PhaseSeconds& seconds : phases) {
    const std::vector<double> distances = distances_of(seconds, resolution_s);
    of_drill.push_back(distances.front());
    greatest.resize(distances.size());
    for (std::size_t i = 0; i < distances.size(); ++i) greatest[i] = std::max(greatest[i], distances[i]);
  }
  std::vector<double> ps;
  for (const double distance : of_drill) {
    const auto as_far =
        std::count_if(greatest.begin(), greatest.end(), [&](double other) { return other >= distance; });
    ps.push_back(static_cast<double>(as_far) / static_cast<double>(greatest.size()));
  }
  return ps;
}

}  // namespace parallax::scenarios::backtest
