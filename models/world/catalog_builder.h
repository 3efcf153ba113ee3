// The catalog of a run, drawn from the run's own streams.
#pragma once

#include <cstdint>

#include "models/domain/catalog.h"
#include "models/world/config.h"

namespace parallax::world {

/// Every application's first subscription is to an API that is published at the start, so every session can call
/// something. Tokens go to the applications in turn. Requires: fewer unpublished APIs than APIs.
domain::Catalog build_catalog(const CatalogConfig& config, std::uint64_t seed);

}  // namespace parallax::world
