// Numbers of the layers that hold copies: two for each node, then a database for each site, then for each node its
// subscriptions, then for each its policies.
#pragma once

#include "models/domain/ids.h"
#include "models/runtime/node.h"

namespace parallax::world {

struct LayerCounts {
  std::size_t nodes;
  std::size_t sites;

  std::size_t total() const { return 4 * nodes + sites; }
};

inline runtime::Node::Layers layers_of(domain::NodeId node, const LayerCounts& counts) {
  const std::size_t first = 2 * domain::index(node);
  const std::size_t subscriptions = 2 * counts.nodes + counts.sites + domain::index(node);
  return {{static_cast<domain::LayerId>(first), static_cast<domain::LayerId>(first + 1),
           static_cast<domain::LayerId>(subscriptions)},
          static_cast<domain::LayerId>(subscriptions + counts.nodes)};
}

inline domain::LayerId database_layer(std::size_t nodes, sim::SiteId site) {
  return static_cast<domain::LayerId>(2 * nodes + sim::index(site));
}

}  // namespace parallax::world
