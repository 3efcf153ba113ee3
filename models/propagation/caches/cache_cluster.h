// A cluster of nodes that share a map, of one site or stretched over several.
//
//   CacheCluster cluster{"cluster", spec, {{dc1, power1, gateway1}, {dc1, power1, gateway2}, {dc2, power2, gateway3}}};
//   cluster.start();  // before the run
//   const Answer answer = co_await cluster.side_of(member).get(member, key);
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/propagation/caches/membership.h"
#include "models/propagation/caches/roster.h"
#include "models/propagation/caches/side.h"
#include "models/propagation/caches/spec.h"
#include "models/propagation/caches/wire.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::caches {

/// When hosts do what they do at intervals.
enum class Phases : std::uint8_t {
  kDrawn,   ///< each at its own moments
  kInStep,  ///< all at multiples of the interval, to be worked out by hand
};

/// Must outlive the run.
class CacheCluster {
 public:
  struct Node {
    sim::Site& site;
    const sim::Power& power;  ///< the same for all nodes of a site
    domain::NodeId node;
  };

  /// `name`: of its random streams. `nodes`: the eldest first; MemberId is the index. Requires: at least one, at most
  /// 32 sites.
  CacheCluster(const std::string& name, const CacheClusterSpec& spec, const std::vector<Node>& nodes,
               const StagesOfFaults& stage_of_fault = {}, Phases phases = Phases::kDrawn);
  CacheCluster(const CacheCluster&) = delete;
  CacheCluster& operator=(const CacheCluster&) = delete;

  /// Before the run. All members know each other from the start.
  void start();

  const Roster& roster() const { return roster_; }
  std::size_t side_count() const { return sides_.size(); }
  Side& side(SideId id) { return *sides_[index(id)]; }
  Side& side_of(MemberId member) { return side(roster_[member].side); }

  // What happens to the hosts of a side, told there after their power knows.
  void lost(SideId id);
  void restored(SideId id);

  // The same of one node, or of all of a site. One of several of a side leaves it: the others have its backups and take
  // its place at once, for nothing keeps them from noticing.
  void lost(sim::SiteId site, std::optional<domain::NodeId> only);
  void restored(sim::SiteId site, std::optional<domain::NodeId> only);

 private:
  static Roster roster_of(const std::vector<Node>& nodes);
  std::optional<MemberId> find(domain::NodeId node) const;
  SideId side_at(sim::SiteId site) const;

  Roster roster_;
  std::vector<std::unique_ptr<Side>> sides_;
  std::vector<std::unique_ptr<Membership>> memberships_;
  std::vector<std::unique_ptr<Wire>> wires_;
};

}  // namespace parallax::propagation::caches
