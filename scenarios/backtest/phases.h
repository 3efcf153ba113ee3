// What a population saw of an outage, taken apart. While nothing has noticed, all of its calls that go to the lost side
// fail; from then on its resolvers let go of the old answer one after the other; then all have moved. So the share of
// failed calls never rises while the fault is on, but for chance and for warm-up: of all lines that never rise the one
// that fits best by least squares (isotonic regression; Barlow and others 1972) tells how many have moved by when, and
// assumes nothing of how evenly they do. What fails after that while the fault is on is warm-up; what fails once it is
// over belongs to the way back. The same is done to the drill and to each seed, so whatever it gets wrong it gets wrong
// alike in all.
#pragma once

#include <span>

namespace parallax::scenarios::backtest {

/// In seconds. Of the last two: for how long all calls would have had to fail to be as many.
struct Phases {
  double height{0};    ///< share that fails at first
  double detect{0};    ///< until a tenth of those have moved
  double redirect{0};  ///< from then until nine tenths have
  double warm_up{0};
  double back{0};
};

/// `failed` are shares from time zero on, in buckets of `width_s`; the fault is over after `outage_s`. Buckets without
/// calls are below 0.
Phases phases_of(std::span<const double> failed, double width_s, double outage_s);

}  // namespace parallax::scenarios::backtest
