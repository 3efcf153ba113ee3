#include "models/propagation/caches/cache_cluster.h"

#include <cassert>

#include "sim/distribution.h"

namespace parallax::propagation::caches {

namespace {

Membership::Phases draw(Phases phases, sim::Site& site, const std::string& entity, const CacheClusterSpec& spec) {
  if (phases == Phases::kInStep) return {};
  sim::Stream heartbeat = site.stream(entity, "heartbeat phase");
  sim::Stream merge = site.stream(entity, "merge phase");
  return {sim::Distribution::uniform({}, spec.heartbeat_interval).sample(heartbeat),
          sim::Distribution::uniform({}, spec.merge_next_run).sample(merge)};
}

}  // namespace

// A site's side is numbered when its first node comes.
Roster CacheCluster::roster_of(const std::vector<Node>& nodes) {
  std::map<sim::SiteId, SideId> sides;
  std::vector<Member> members;
  for (const Node& node : nodes) {
    const SideId side = sides.try_emplace(node.site.id(), static_cast<SideId>(sides.size())).first->second;
    members.push_back({side, node.node});
  }
  return Roster{std::move(members)};
}

CacheCluster::CacheCluster(const std::string& name, const CacheClusterSpec& spec, const std::vector<Node>& nodes,
                           const StagesOfFaults& stage_of_fault, Phases phases)
    : roster_{roster_of(nodes)} {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const SideId side = roster_[static_cast<MemberId>(i)].side;
    if (index(side) < sides_.size()) continue;
    const Node& node = nodes[i];
    sides_.push_back(std::make_unique<Side>(Side::Place{node.site, node.power, side}, roster_, spec, stage_of_fault));
    memberships_.push_back(std::make_unique<Membership>(
        *sides_.back(), draw(phases, node.site, name + "/" + std::to_string(index(side)), spec)));
  }
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    for (std::size_t j = i + 1; j < sides_.size(); ++j) {
      const std::string wire = name + "/" + std::to_string(i) + "-" + std::to_string(j);
      wires_.push_back(
          std::make_unique<Wire>(sides_[i]->site(), sides_[j]->site(), wire, spec.connection, spec.reconnect_interval));
      sides_[i]->join(*sides_[j], wires_.back()->client());
      sides_[j]->join(*sides_[i], wires_.back()->server());
      memberships_[i]->join(*memberships_[j]);
      memberships_[j]->join(*memberships_[i]);
    }
  }
}

void CacheCluster::start() {
  for (const auto& wire : wires_) wire->start();
  for (const auto& membership : memberships_) membership->start();
}

std::optional<MemberId> CacheCluster::find(domain::NodeId node) const {
  for (std::size_t i = 0; i < roster_.size(); ++i) {
    if (roster_[static_cast<MemberId>(i)].node == node) return static_cast<MemberId>(i);
  }
  return std::nullopt;
}

SideId CacheCluster::side_at(sim::SiteId site) const {
  for (const auto& side : sides_) {
    if (side->site().id() == site) return side->id();
  }
  assert(false);
  return {};
}

void CacheCluster::lost(sim::SiteId site, std::optional<domain::NodeId> only) {
  const SideId id = side_at(site);
  if (!only) return lost(id);
  const std::optional<MemberId> member = find(*only);
  if (!member) return;
  if (roster_.count_in(SideSet::only(id)) == 1) return lost(id);
  side(id).lost(*member);
}

void CacheCluster::restored(sim::SiteId site, std::optional<domain::NodeId> only) {
  const SideId id = side_at(site);
  if (!only || (find(*only) && roster_.count_in(SideSet::only(id)) == 1)) restored(id);
}

void CacheCluster::lost(SideId id) {
  side(id).lost();
  memberships_[index(id)]->lost();
}

void CacheCluster::restored(SideId id) {
  side(id).restored();
  memberships_[index(id)]->restored();
}

}  // namespace parallax::propagation::caches
