// A checked scenario becomes the plain values that the models take.
#pragma once

#include <cstdint>

#include "models/world/config.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Requires: a scenario that loading has passed, and in which nothing waits for anything (settle.h): runbooks are not
/// read here, and a fault that still waits never comes. Sites come before regions; SiteId is the index in that order.
world::WorldConfig compile(const schema::Scenario& scenario, std::uint64_t seed);

}  // namespace parallax::scenarios
