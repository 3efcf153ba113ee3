// A delay as a scenario states it, as a distribution.
#pragma once

#include "scenarios/schema/scenario.pb.h"
#include "sim/distribution.h"

namespace parallax::scenarios {

/// Requires: a delay that checking has passed. None = zero.
sim::Distribution distribution_of(const schema::Delay& delay);

}  // namespace parallax::scenarios
