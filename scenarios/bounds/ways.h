// How long messages take between the sites of a deployment, on the ways that the network takes: the shortest, or, while
// a link of that is down, one round it.
#pragma once

#include <vector>

#include "models/domain/declared_stage.h"
#include "models/world/config.h"
#include "sim/network.h"

namespace parallax::bounds {

class Ways {
 public:
  explicit Ways(const world::WorldConfig& config);

  /// Of a message in a connection or by itself; what slows links down meanwhile is counted in.
  const domain::WaySpan& between(sim::SiteId from, sim::SiteId to) const {
    return spans_[sim::index(from)][sim::index(to)];
  }
  domain::WaySpan round_trip(sim::SiteId from, sim::SiteId to) const { return between(from, to) + between(to, from); }

  /// Links that messages from one to the other may go over.
  const std::vector<sim::LinkId>& links(sim::SiteId from, sim::SiteId to) const {
    return links_[sim::index(from)][sim::index(to)];
  }

 private:
  domain::WaySpan span_of(const std::vector<sim::LinkId>& way, const world::WorldConfig& config) const;

  std::vector<std::vector<domain::WaySpan>> spans_;
  std::vector<std::vector<std::vector<sim::LinkId>>> links_;
};

}  // namespace parallax::bounds
