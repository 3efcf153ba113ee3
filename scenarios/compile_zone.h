// The part of compiling that is about a DNS provider, its resolvers and what clients keep. Requires: a scenario that
// checking has passed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/world/config.h"
#include "scenarios/compile_databases.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Requires: a scenario with a zone.
world::ZoneConfig zone_config(const schema::Scenario& scenario, const SiteNumbers& sites);

std::vector<world::ResolversConfig> resolver_configs(const schema::Region& region, const SiteNumbers& sites);
std::vector<world::PopulationConfig::ClientCaches> client_caches(const schema::Population& population);

/// In the order of preference, of those whose law lets it be served there.
std::vector<std::string> served_by(const schema::Scenario& scenario, const schema::Region& region);

// In the orders of what they stand for.
std::span<const std::string> routing_words();
std::span<const std::string> none_healthy_words();
std::span<const std::string> check_profile_words();
std::span<const std::string> resolver_words();
std::span<const std::string> client_cache_words();
std::span<const std::string> abroad_words();

}  // namespace parallax::scenarios
