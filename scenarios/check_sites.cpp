#include <fmt/format.h>

#include <array>
#include <set>
#include <string>

#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

void check_site_count(const schema::Scenario& scenario, Reporter& reporter) {
  constexpr int kSitesMax = 65535;  // sim::SiteId has 16 bits
  const int count = scenario.sites_size() + scenario.regions_size();
  if (count <= kSitesMax) return;
  reporter.report(scenario, fmt::format("{} sites and regions; expected at most {}", count, kSitesMax));
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

void check_balancer_policy(const schema::Scenario& scenario, Reporter& reporter) {
  const std::array<std::string, 1> policies{"round_robin"};
  for (const schema::Site& site : scenario.sites()) {
    const std::string& policy = site.load_balancer().policy();
    if (policy.empty() || policy == policies[0]) continue;
    reporter.report(site.load_balancer(), "policy",
                    fmt::format("unknown policy {}{}", quoted(policy), suggestion(policy, "policies", policies)));
  }
}

}  // namespace parallax::scenarios
