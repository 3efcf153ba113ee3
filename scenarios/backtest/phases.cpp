#include "scenarios/backtest/phases.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace parallax::scenarios::backtest {

namespace {

constexpr double kBegun = 0.1;  // so many have moved
constexpr double kDone = 0.9;

struct Level {
  double share;
  double from_s;  ///< the middle of its first bucket
  double to_s;    ///< and of its last
  double weight;
};

/// Neighbours that rise become one level, their mean, until none does (pool adjacent violators).
std::vector<Level> falling_levels(std::span<const double> failed, double width_s) {
  std::vector<Level> levels;
  for (std::size_t i = 0; i < failed.size(); ++i) {
    if (failed[i] < 0) continue;
    const double middle = (static_cast<double>(i) + 0.5) * width_s;
    Level level{failed[i], middle, middle, 1};
    for (; !levels.empty() && levels.back().share <= level.share; levels.pop_back()) {
      const Level& before = levels.back();
      const double weight = before.weight + level.weight;
      level = {(before.share * before.weight + level.share * level.weight) / weight, before.from_s, level.to_s, weight};
    }
    levels.push_back(level);
  }
  return levels;
}

/// When the levels come down to `share`, linear from the end of one to the start of the next; at the end of the last if
/// they never do.
double falls_to(double share, const std::vector<Level>& levels) {
  if (levels.front().share <= share) return 0;
  for (std::size_t i = 1; i < levels.size(); ++i) {
    if (levels[i].share > share) continue;
    const Level& before = levels[i - 1];
    const double part = (before.share - share) / (before.share - levels[i].share);
    return before.to_s + part * (levels[i].from_s - before.to_s);
  }
  return levels.back().to_s;
}

}  // namespace

Phases phases_of(std::span<const double> failed, double width_s, double outage_s) {
  const auto within = std::min(failed.size(), static_cast<std::size_t>(outage_s / width_s + 0.5));
  const std::vector<Level> levels = falling_levels(failed.first(within), width_s);
  Phases phases;
  if (levels.empty()) return phases;
  phases.height = levels.front().share;
  phases.detect = falls_to((1 - kBegun) * phases.height, levels);
  const double moved = falls_to((1 - kDone) * phases.height, levels);
  phases.redirect = moved - phases.detect;
  for (std::size_t i = 0; i < failed.size(); ++i) {
    if (failed[i] < 0 || static_cast<double>(i) * width_s < moved) continue;
    (i < within ? phases.warm_up : phases.back) += failed[i] * width_s;
  }
  return phases;
}

}  // namespace parallax::scenarios::backtest
