// The part of compiling that is about databases and their replication. Requires: a scenario that checking has passed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "models/propagation/access/connection_pool.h"
#include "models/propagation/database.h"
#include "models/propagation/replication/spec.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/record.h"

namespace parallax::scenarios {

using SiteNumbers = std::unordered_map<std::string, sim::SiteId>;  // looked up, never iterated

propagation::DatabaseSpec database_spec(const schema::Database& database);

propagation::ConnectionPoolSpec connection_pool_spec(const schema::RemoteDatabase& database);

propagation::ConnectionPoolSpec connection_pool_spec(const schema::RemoteKeyManager& manager);

/// The profile's, with what the scenario says instead.
propagation::replication::StreamSpec stream_spec(const schema::Replication& replication, const SiteNumbers& sites);

// The words that fields take, in the order of help.
std::span<const std::string> key_strategy_words();
std::span<const std::string> children_words();
std::span<const std::string> forwarding_words();
std::span<const std::string> resolution_words();
std::span<const std::string> synchronous_words();
std::span<const std::string> transport_words();

}  // namespace parallax::scenarios
