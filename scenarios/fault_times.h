// When a fault is on: once, again and again by a period, or at random from the run's seed (an alternating renewal
// process: exponential times without it, exponential times with it). One that waits for something has no time of its
// own (settle.h).
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/schema/scenario.pb.h"
#include "sim/network.h"

namespace parallax::scenarios {

/// Each time is an event or a change of the network's ways, so a run stays within memory and minutes.
constexpr std::int64_t kTimesMax = 100'000;

/// How often a fault of a schedule ends within the run, and no oftener than it says. Requires: not random, durations
/// that are ones.
std::int64_t times_within(const schema::Fault& fault, sim::Duration run);

/// In order, apart, and none beyond the run. Of a fault that still waits: none. Requires: a fault that is checked.
std::vector<sim::Spell> spells_of(const schema::Fault& fault, sim::Duration run, std::uint64_t seed);

}  // namespace parallax::scenarios
