// How many seeds of a scenario a suite plays where the command line does not say.
#pragma once

#include <cstdint>
#include <span>

#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios::suite {

/// The level "quick": enough for a median with an interval, few enough for every change of a suite.
inline constexpr std::uint32_t kSeeds = 30;
/// Of scenarios tagged "long".
inline constexpr std::uint32_t kSeedsOfLong = 3;

/// What the scenario itself says comes first; its assumptions tell whether it does.
std::uint32_t seeds_of(const schema::Scenario& scenario, std::span<const schema::Assumption> assumptions);

}  // namespace parallax::scenarios::suite
