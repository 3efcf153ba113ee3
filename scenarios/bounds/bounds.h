// How long a change may remain unseen, by arithmetic on the deployment alone (metrology: worst case on the dependency
// graph). Nothing is simulated; every window that a run finds is compared with these (check.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/world/config.h"
#include "sim/time.h"

namespace parallax::bounds {

struct BoundStage {
  domain::Stage stage{};
  sim::Duration least{};
  std::optional<sim::Duration> greatest{};  ///< while nothing fails and nobody is before it
  std::string to{};                         ///< where it leads
};

/// Of the window of one kind of change, by the node that writes it and the node that observes it. From the
/// acknowledgement on.
struct Bound {
  domain::ChangeKind change{};
  domain::NodeId writer{};
  domain::NodeId observer{};
  sim::Duration least{};
  /// While nothing fails, connections are open, and nothing waits for what is before it. Nothing: there is none.
  std::optional<sim::Duration> undisturbed{};
  /// With all outages of the scenario, each at its worst moment. Nothing: there is none.
  std::optional<sim::Duration> greatest{};
  std::string why{};              ///< there is no greatest, or no undisturbed
  bool ends_with_token{false};    ///< the greatest is what is left of a token's life
  std::vector<BoundStage> way{};  ///< that takes the longest, or the leg that has no end

  /// What a run's windows are held against: the same with what connections may take to get into their stride, without
  /// and with the outages.
  std::optional<sim::Duration> checked{};
  std::optional<sim::Duration> checked_with_outages{};
  bool may_queue{false};  ///< on some way there others may be before it
};

/// Of a change of a token: after which none is accepted any more, whatever anybody knows. Nothing of other changes, and
/// where clocks are off.
std::optional<sim::Duration> longest_life(domain::ChangeKind change, const world::WorldConfig& config);

/// The deployment by itself.
world::WorldConfig without_faults(world::WorldConfig config);

/// In the order of changes, writers and observers; only what the scenario writes.
std::vector<Bound> bounds_of(const world::WorldConfig& config);

}  // namespace parallax::bounds
