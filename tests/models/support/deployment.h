// Small deployments for tests, built without a scenario file: one data center "dc", one region "users", one link each
// way. Tests change what they are about.
#pragma once

#include <cstdint>

#include "models/world/config.h"
#include "sim/time.h"

namespace parallax::test {

inline constexpr sim::SiteId kDataCenter{0};
inline constexpr sim::SiteId kUsers{1};

/// Longer than any test runs, so that no token expires: 1,000,000 hours (114 years; virtual time ends at 292). Tokens
/// at the start are of any age below it, so one in 10^6 expires in a run of an hour.
inline constexpr sim::Duration kNoExpiry = sim::minutes(60 * 1'000'000);

/// `nodes` all-in-one nodes without a cluster. Token cache 900 s from write with a sweeper every 30 s and 10,000
/// entries (carbon-apimgt's defaults), database 1 ms away, links of 5 ms, backends and traffic managers without delay,
/// tokens that do not expire, one API, one unlimited tier, one application; nobody calls.
world::WorldConfig deployment(std::uint32_t nodes, std::uint64_t seed);

/// Adds a population that calls over all its tokens alike, with `gap` between two calls on average.
void add_callers(world::WorldConfig& config, sim::Duration gap);

/// Revokes tokens at the nodes in turn, with `gap` between two revocations on average.
void add_revocations(world::WorldConfig& config, sim::Duration from, sim::Duration until, sim::Duration gap);

/// Limits every subscription.
void set_limit(world::WorldConfig& config, std::uint64_t requests, sim::Duration window);

/// Publishes the last `count` APIs between `from` and `until`; the catalog gets as many more.
void add_publications(world::WorldConfig& config, std::uint32_t count, sim::Duration from, sim::Duration until,
                      const sim::Distribution& operator_delay);

/// No delay anywhere, and no token cache.
void remove_delays(world::WorldConfig& config);

}  // namespace parallax::test
