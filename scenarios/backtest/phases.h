// What a population saw of an outage, taken apart. While nothing has noticed, all of its calls that go to the lost side
// fail; from then on its resolvers let go of the old answer one after the other, evenly over its TTL; then all have
// moved. So the share of failed calls is a plateau of some height and a slope down to nothing, and where the slope
// begins and ends is found by least squares. What fails after it while the outage lasts is warm-up; what fails once the
// fault is over belongs to the way back. The same is done to the drill and to each seed, so whatever it gets wrong it
// gets wrong alike in all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace parallax::scenarios::backtest {

/// In seconds. Of the last two: for how long all calls would have had to fail to be as many.
struct Phases {
  double height{0};  ///< of the plateau, a share
  double detect{0};
  double redirect{0};
  double warm_up{0};
  double back{0};
};

/// `failed` are shares from time zero on, in buckets of `width_s`; the fault is over after `outage_s`. Buckets without
/// calls are below 0.
Phases phases_of(std::span<const double> failed, double width_s, double outage_s);

}  // namespace parallax::scenarios::backtest
