// Numbers of the layers that hold copies: two for each node, then a database for each site, then one more for each
// node.
#pragma once

#include "models/domain/ids.h"
#include "models/runtime/gateway.h"

namespace parallax::world {

struct LayerCounts {
  std::size_t nodes;
  std::size_t sites;

  std::size_t total() const { return 3 * nodes + sites; }
};

inline runtime::Gateway::Layers layers_of(domain::NodeId node, const LayerCounts& counts) {
  const std::size_t first = 2 * domain::index(node);
  return {static_cast<domain::LayerId>(first), static_cast<domain::LayerId>(first + 1),
          static_cast<domain::LayerId>(2 * counts.nodes + counts.sites + domain::index(node))};
}

inline domain::LayerId database_layer(std::size_t nodes, sim::SiteId site) {
  return static_cast<domain::LayerId>(2 * nodes + sim::index(site));
}

}  // namespace parallax::world
