// The part of compiling that is about analytics and statistics databases. Requires: a scenario that checking has
// passed.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "models/world/config.h"
#include "scenarios/compile_databases.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

std::optional<world::AnalyticsConfig> analytics_config(const schema::Site& site);
std::optional<world::StatisticsConfig> statistics_config(const schema::Scenario& scenario, const SiteNumbers& sites);

// The words that fields take, in the order of help.
std::span<const std::string> statistics_mode_words();
std::span<const std::string> totals_words();

}  // namespace parallax::scenarios
