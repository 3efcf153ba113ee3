// Connects gateways that pull their APIs with the control planes that they ask.
#pragma once

#include <memory>
#include <vector>

#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

/// Before the run. `data_centers`: by site, null for regions.
void connect_pulling_gateways(const WorldConfig& config, const DataCenters& data_centers);

}  // namespace parallax::world
