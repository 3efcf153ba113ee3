#include "scenarios/compile_analytics.h"

#include <algorithm>
#include <array>

#include "models/propagation/replication/profiles.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace {

// Each list stands in the order of its enumeration.
const std::array<std::string, 3> kModes{"separate", "replicated", "shared"};
const std::array<std::string, 2> kTotals{"recomputed", "added"};

}  // namespace

std::span<const std::string> statistics_mode_words() { return kModes; }
std::span<const std::string> totals_words() { return kTotals; }

std::optional<world::AnalyticsConfig> analytics_config(const schema::Site& site) {
  if (!site.has_analytics()) return std::nullopt;
  return world::AnalyticsConfig{duration(site.analytics().summarise_interval())};
}

std::optional<world::StatisticsConfig> statistics_config(const schema::Scenario& scenario, const SiteNumbers& sites) {
  if (!scenario.has_statistics()) return std::nullopt;
  using propagation::schema::SummaryKey;
  const schema::Statistics& statistics = scenario.statistics();
  world::StatisticsConfig config;
  config.mode = word<world::StatisticsConfig::Mode>(kModes, statistics.mode());
  config.key = statistics.data_center_in_key() ? SummaryKey::kWithDataCenter : SummaryKey::kApiAndBucket;
  config.rewriting = word<management::Rewriting>(kTotals, statistics.totals());
  config.bucket = duration(statistics.bucket());
  config.ask_interval = duration(statistics.ask_interval());
  config.stream = *propagation::replication::profile_named(statistics.profile());
  if (!statistics.master().empty()) config.master = sites.at(statistics.master());
  if (!statistics.replica().empty()) config.replica = sites.at(statistics.replica());
  config.failover_time = duration(statistics.failover_time());
  return config;
}

}  // namespace parallax::scenarios
