// What the audit must know of a deployment, from its configuration alone.
#pragma once

#include <cstddef>

#include "models/audit/setup.h"
#include "models/world/config.h"

namespace parallax::world {

/// Without catalog and statistics. `nodes`: of all data centers.
audit::Setup setup_of(const WorldConfig& config, std::size_t nodes);

}  // namespace parallax::world
