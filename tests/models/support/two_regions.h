// Two data centers, "east" and "west", each with a region of users who prefer it: an active-active deployment for
// tests, with constant delays so that windows can be worked out by hand. Tests change what they are about.
#pragma once

#include <cstdint>

#include "models/world/config.h"

namespace parallax::test {

inline constexpr sim::SiteId kEast{0};
inline constexpr sim::SiteId kWest{1};
inline constexpr sim::SiteId kEastUsers{2};
inline constexpr sim::SiteId kWestUsers{3};

/// Users to a data center.
inline constexpr sim::Duration kAccess = sim::milliseconds(5);
/// Between the data centers.
inline constexpr sim::Duration kWan = sim::milliseconds(30);

/// Two nodes in each data center in a cluster whose messages and scans take no time; token cache 900 s with a sweeper
/// every 30 s; databases without access time, replicated both ways at the commit; health checks every 10 s, two
/// failures, 1 s time-out; DNS with a TTL of 60 s and 20 resolvers a region; ten minutes; nobody calls.
world::WorldConfig two_regions(std::uint64_t seed);

/// Users of both regions call, each region `gap` apart on average.
void add_callers_everywhere(world::WorldConfig& config, sim::Duration gap);

/// Poisson writes of one kind at one site.
void add_writes(world::WorldConfig& config, domain::ChangeKind task, sim::SiteId site, sim::Duration gap);

/// The data center has no power in [from, until).
void lose(world::WorldConfig& config, sim::SiteId site, sim::Duration from, sim::Duration until, world::Disk disk);

/// The links between the data centers are down in [from, until).
void cut_wan(world::WorldConfig& config, sim::Duration from, sim::Duration until);

}  // namespace parallax::test
