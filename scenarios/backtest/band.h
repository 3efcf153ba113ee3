// Whether a drill lies among the seeds of a scenario.
//
// If the scenario explains the drill, the drill is one more draw from the same bag: of N seeds and the drill each is as
// likely as any other to lie farthest from the rest. So every one of these N + 1 members is held, in the same way,
// against the band of all the others: their 5 % and 95 % in each bucket of each line. Its misfit is the number of
// buckets in which it is outside; of equally many the greater sum of its distances. The rank of the drill's misfit
// among all is an exact test, whatever the lines look like and however their buckets hang together: p, the share of
// members whose misfit is no smaller, is 5 % or less in one of twenty drills that the scenario does explain. A member
// that is put into the band of the others and one that is not are never mixed: the drill stands in the band of each
// seed.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/share_lines.h"

namespace parallax::scenarios::backtest {

/// One share over time, of the drill and of the seeds, in the same buckets.
struct Line {
  std::string name;      ///< failed, decided
  std::string of;        ///< population, site; "" all populations
  std::int64_t first_s;  ///< where the first bucket begins, from time zero on
  std::int64_t width_s;
  std::vector<std::vector<Part>> seeds;  ///< each as long as `observed`
  std::vector<Part> observed;
};

/// A drill with few calls sees its shares less sharply than a scenario with many: of a seed's calls in a bucket as many
/// are drawn as the drill has there, always the same ones.
void see_as_many(Line& line);

/// Whether the drill and every seed have calls in a bucket: only there is anything compared.
bool is_compared(const Line& line, std::size_t bucket);

struct Misfit {
  std::size_t outside{0};
  double area{0};

  friend auto operator<=>(const Misfit&, const Misfit&) = default;
};

struct Ranked {
  std::vector<Misfit> members;  ///< the drill first, then the seeds
  std::size_t buckets{0};       ///< of all lines, that can be compared
  double p{1};
};

/// Requires: as many seeds in each line.
Ranked rank(const std::vector<Line>& lines);

/// Fewer seeds could never say that a drill is not explained: p is 1 / (N + 1) at the least.
inline constexpr std::size_t kLeastSeeds = 19;

/// At or below it a drill is not explained.
inline constexpr double kUnlikely = 0.05;

}  // namespace parallax::scenarios::backtest
