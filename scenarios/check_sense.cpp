#include <algorithm>
#include <array>

#include "scenarios/check.h"
#include "scenarios/sense.h"
#include "scenarios/units.h"

namespace parallax::scenarios {
namespace {

constexpr std::array kChecks{check_site_count,      check_shared_names,
                             check_balancers,       check_delays,
                             check_link_ends,       check_duplicate_links,
                             check_preferences,     check_reachable_sites,
                             check_replications,    check_something_happens,
                             check_populations,     check_writes,
                             check_published_apis,  check_tokens,
                             check_artifact_stores, check_sweepers,
                             check_tiers,           check_policy_changes,
                             check_elsewhere,       check_fault_targets,
                             check_fault_overlaps,  check_fault_schedules,
                             check_databases,       check_replication_words,
                             check_database_tasks,  check_shared_databases,
                             check_analytics,       check_roles,
                             check_events,          check_artifacts,
                             check_cache_clusters,  check_zone,
                             check_runbooks,        check_expectations};

}  // namespace

void check_sense(Draft& draft) {
  Reporter reporter(draft.places, draft.problems);
  for (const SenseCheck check : kChecks) check(*draft.scenario, reporter);
}

std::optional<sim::Duration> duration_in(std::string_view text) { return parse_duration(text).value; }

const schema::Site* site_named(const schema::Scenario& scenario, std::string_view name) {
  for (const schema::Site& site : scenario.sites()) {
    if (site.name() == name) return &site;
  }
  return nullptr;
}

const schema::Site* site_of(const schema::Scenario& scenario, const schema::Write& write) {
  if (write.site().empty() && scenario.sites_size() > 0) return &scenario.sites(0);
  return site_named(scenario, write.site());
}

bool is_site(const schema::Scenario& scenario, std::string_view name) { return site_named(scenario, name) != nullptr; }

bool is_region(const schema::Scenario& scenario, std::string_view name) {
  const auto& regions = scenario.regions();
  return std::any_of(regions.begin(), regions.end(),
                     [name](const schema::Region& region) { return region.name() == name; });
}

bool follows(const schema::Scenario& scenario, const std::string& target, const std::string& source) {
  const auto& all = scenario.replications();
  return std::any_of(all.begin(), all.end(), [&](const schema::Replication& one) {
    return (one.from() == source && one.to() == target) ||
           (!one.one_way() && one.to() == source && one.from() == target);
  });
}

std::string home_of_sequence(const schema::Scenario& scenario) {
  for (const schema::Site& site : scenario.sites()) {
    if (!site.database().keys().home().empty()) return site.database().keys().home();
  }
  return scenario.sites_size() > 0 ? scenario.sites(0).name() : "";
}

std::vector<std::string> preferred_sites(const schema::Scenario& scenario, const std::string& region) {
  std::vector<std::string> sites;
  for (const schema::Region& candidate : scenario.regions()) {
    if (candidate.name() != region) continue;
    for (const std::string& site : candidate.prefers()) {
      if (is_site(scenario, site)) sites.push_back(site);
    }
    if (candidate.prefers().empty() && scenario.sites_size() == 1) sites.push_back(scenario.sites(0).name());
  }
  return sites;
}

}  // namespace parallax::scenarios
