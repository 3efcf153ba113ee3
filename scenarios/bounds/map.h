// A deployment as bounds see it: its nodes by number, what they do, and how long messages take between their sites.
#pragma once

#include <string>
#include <vector>

#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "models/domain/topic.h"
#include "models/runtime/parts.h"
#include "models/world/config.h"
#include "scenarios/bounds/ways.h"

namespace parallax::bounds {

struct MapNode {
  domain::NodeId id{};
  world::NodePlace place{};
  runtime::PartSet parts{runtime::PartSet::all()};
  std::string name;  ///< "site/node"
};

class Map {
 public:
  /// `config` outlives this.
  explicit Map(const world::WorldConfig& config);

  const world::WorldConfig& config() const { return config_; }
  const Ways& ways() const { return ways_; }
  const std::vector<MapNode>& nodes() const { return nodes_; }  ///< by NodeId
  const MapNode& node(world::NodePlace place) const { return nodes_[first_[sim::index(place.site)] + place.node]; }
  const world::SiteConfig& site(sim::SiteId id) const { return config_.sites[sim::index(id)]; }
  const world::SiteConfig& site_of(const MapNode& node) const { return site(node.place.site); }

  /// Whose database its nodes use.
  sim::SiteId database_of(sim::SiteId id) const { return site(id).database_at.value_or(id); }
  /// And its gateways, about tokens.
  sim::SiteId asked_by(sim::SiteId id) const { return site(id).validates_at.value_or(database_of(id)); }

  /// Where changes of a kind are written in this scenario, and who comes to obey them.
  std::vector<const MapNode*> writers(domain::ChangeKind change) const;
  std::vector<const MapNode*> observers(domain::ChangeKind change) const;

 private:
  std::vector<const MapNode*> nodes_with(sim::SiteId site, runtime::Part part) const;
  std::vector<sim::SiteId> sites_that_write(domain::ChangeKind change) const;

  const world::WorldConfig& config_;
  Ways ways_;
  std::vector<MapNode> nodes_;
  std::vector<std::size_t> first_;  ///< node of each site
};

/// Who it is that writes such changes.
runtime::Part writer_of(domain::ChangeKind change);

/// On which topic nodes are told of them.
domain::Topic topic_of(domain::ChangeKind change);

}  // namespace parallax::bounds
