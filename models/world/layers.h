// Numbers of the layers that hold copies: two for each node, then a database for each site.
#pragma once

#include "models/domain/ids.h"
#include "models/runtime/gateway.h"

namespace parallax::world {

inline runtime::Gateway::Layers layers_of(domain::NodeId node) {
  const auto first = static_cast<std::uint16_t>(2 * domain::index(node));
  return {domain::LayerId{first}, domain::LayerId{static_cast<std::uint16_t>(first + 1)}};
}

inline domain::LayerId database_layer(std::size_t nodes, sim::SiteId site) {
  return static_cast<domain::LayerId>(2 * nodes + sim::index(site));
}

}  // namespace parallax::world
