// The part of compiling that is about gateways that share their token caches. Requires: a scenario that checking has
// passed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/world/config.h"
#include "scenarios/compile_databases.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

std::vector<world::CacheClusterConfig> cache_cluster_configs(const schema::Scenario& scenario,
                                                             const SiteNumbers& sites);

// The words that fields take, in the order of help.
std::span<const std::string> tells_words();
std::span<const std::string> on_receipt_words();
std::span<const std::string> copy_age_words();
std::span<const std::string> on_expiry_words();
std::span<const std::string> merge_policy_words();

}  // namespace parallax::scenarios
