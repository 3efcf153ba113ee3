#include <fmt/format.h>

#include <set>
#include <string>

#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

void check_site_count(const schema::Scenario& scenario, Reporter& reporter) {
  constexpr int kSitesMax = 1023;    // a version's writer has 10 bits
  constexpr int kLayersMax = 65535;  // sim::SiteId, domain::NodeId and domain::LayerId have 16 bits
  if (scenario.sites_size() > kSitesMax) {
    reporter.report(scenario, fmt::format("{} sites; expected at most {}", scenario.sites_size(), kSitesMax));
  }
  int layers = scenario.sites_size() + scenario.regions_size();
  for (const schema::Site& site : scenario.sites()) layers += 3 * site.nodes_size();
  if (layers > kLayersMax) {
    reporter.report(scenario, fmt::format("sites, regions and three times the nodes make {}; expected at most {}",
                                          layers, kLayersMax));
  }
}

void check_sweepers(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    const schema::TokenCache& cache = site.gateway().token_cache();
    const auto interval = duration_in(cache.sweep_interval());
    if (!interval || interval->ns == 0 || *interval >= sim::milliseconds(1)) continue;
    reporter.report(
        cache, "sweep_interval",
        fmt::format("sweep_interval {}; expected 0s, which drops each entry when it is due, or 1ms and more",
                    quoted(cache.sweep_interval())));
  }
}

void check_shared_names(const schema::Scenario& scenario, Reporter& reporter) {
  std::set<std::string> sites;
  for (const schema::Site& site : scenario.sites()) sites.insert(site.name());
  for (const schema::Region& region : scenario.regions()) {
    if (region.name().empty() || !sites.contains(region.name())) continue;
    reporter.report(region, "name",
                    fmt::format("duplicate name {}: a site has it already; expected sites and regions to differ",
                                quoted(region.name())));
  }
}

}  // namespace parallax::scenarios
