// Two designs in the same seeds: with common random numbers what is different in a seed is due to the design. Whole
// seeds are the unit, never requests.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/expect.h"
#include "scenarios/statistics.h"

namespace parallax::scenarios {

/// The value of one design minus that of the other in one seed, which lies between these two: they differ where a
/// window was still open at the end of either run; then one of them is infinite.
struct SeedDifference {
  double least;
  double greatest;
  double seen;  ///< of the two values as they are
};

/// In the order of the seeds that both have a value for.
std::vector<SeedDifference> differences(const SeedValues& design, const SeedValues& baseline);

/// 95 % interval of the median difference by order statistics, as median_interval(); ends may be infinite.
std::optional<Interval> difference_interval(std::span<const SeedDifference> differences);

/// Two-sided sign test that the median is zero: the chance that a fair coin falls so unevenly over those that are not
/// zero. Those that may be of either sign count for neither. 1 if none is left.
double sign_test(std::span<const SeedDifference> differences);

/// Holm's correction (1979) over all tests that are judged together: what each p is worth then, in the same order.
std::vector<double> holm(std::span<const double> p);

/// Of the values of both designs, seed by seed. Nothing where one of them never varies.
struct Pairing {
  double correlation;
  double gain;  ///< variance of an unpaired difference over that of the paired one; infinite if that never varies
};
std::optional<Pairing> pairing(const SeedValues& design, const SeedValues& baseline);

/// 95 % interval of the mean difference: the percentile bootstrap, 2,000 draws of as many whole seeds (Efron 1979). The
/// draws are always the same. Nothing for fewer than 6 seeds.
std::optional<Interval> mean_interval(std::span<const SeedDifference> differences);

}  // namespace parallax::scenarios
