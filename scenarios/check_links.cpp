#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/compile_artifacts.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using Leg = std::pair<std::string, std::string>;

/// The directions in which a link carries messages.
std::vector<Leg> legs_of(const schema::Link& link) {
  std::vector<Leg> legs{{link.from(), link.to()}};
  if (!link.one_way()) legs.emplace_back(link.to(), link.from());
  return legs;
}

/// Every site that messages from `start` can get to, over any number of links. Regions do not forward.
std::set<std::string> reached_from(const std::string& start, const schema::Scenario& scenario,
                                   const std::map<std::string, std::vector<std::string>>& next) {
  std::set<std::string> reached{start};
  std::vector<std::string> open{start};
  while (!open.empty()) {
    const std::string here = std::exchange(open.back(), {});
    open.pop_back();
    const auto found = next.find(here);
    if (found == next.end() || (here != start && is_region(scenario, here))) continue;
    for (const std::string& site : found->second) {
      if (reached.insert(site).second) open.push_back(site);
    }
  }
  return reached;
}

class Reachability {
 public:
  explicit Reachability(const schema::Scenario& scenario) : scenario_{scenario} {
    for (const schema::Link& link : scenario.links()) {
      for (const auto& [from, to] : legs_of(link)) next_[from].push_back(to);
    }
  }

  bool reaches(const std::string& from, const std::string& to) {
    const auto known = reached_.find(from);
    if (known != reached_.end()) return known->second.contains(to);
    return reached_.emplace(from, reached_from(from, scenario_, next_)).first->second.contains(to);
  }

 private:
  const schema::Scenario& scenario_;
  std::map<std::string, std::vector<std::string>> next_;
  std::map<std::string, std::set<std::string>> reached_;
};

/// Between which sites statistics travel.
std::vector<Leg> ways_of_statistics(const schema::Scenario& scenario) {
  const schema::Statistics& statistics = scenario.statistics();
  const bool is_shared = statistics.mode() == "shared";
  std::vector<Leg> ways;
  if (is_shared && !statistics.replica().empty()) ways.emplace_back(statistics.master(), statistics.replica());
  for (const schema::Site& site : scenario.sites()) {
    if (!site.has_analytics()) continue;
    if (is_shared) ways.emplace_back(site.name(), statistics.master());
    if (is_shared && !statistics.replica().empty()) ways.emplace_back(site.name(), statistics.replica());
    for (const schema::Site& other : scenario.sites()) {
      if (&other == &site) break;
      if (statistics.mode() == "replicated" && other.has_analytics()) ways.emplace_back(other.name(), site.name());
    }
  }
  std::erase_if(ways, [&](const Leg& way) {
    return way.first == way.second || !is_site(scenario, way.first) || !is_site(scenario, way.second);
  });
  return ways;
}

}  // namespace

void check_link_ends(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Link& link : scenario.links()) {
    if (link.from().empty() || link.from() != link.to()) continue;
    reporter.report(link, "to",
                    fmt::format("link from {} to itself; expected another site or region", quoted(link.from())));
  }
}

void check_duplicate_links(const schema::Scenario& scenario, Reporter& reporter) {
  std::set<Leg> seen;
  for (const schema::Link& link : scenario.links()) {
    if (link.from().empty() || link.to().empty() || link.from() == link.to()) continue;
    for (const Leg& leg : legs_of(link)) {
      if (seen.insert(leg).second) continue;
      reporter.report(link, fmt::format("duplicate link from {} to {}; expected one link for each direction "
                                        "(a link goes both ways unless it is one_way)",
                                        quoted(leg.first), quoted(leg.second)));
      break;
    }
  }
}

void check_reachable_sites(const schema::Scenario& scenario, Reporter& reporter) {
  Reachability reachability(scenario);
  const auto check = [&](const google::protobuf::Message& owner, const char* field, const std::string& who,
                         const std::string& here, const std::string& site) {
    const bool there = reachability.reaches(here, site);
    if (there && reachability.reaches(site, here)) return;
    reporter.report(
        owner, field,
        fmt::format("unreachable site: {} has no way from {} to {}; expected links that lead there and back", who,
                    quoted(there ? site : here), quoted(there ? here : site)));
  };
  for (const schema::Population& population : scenario.workload().populations()) {
    if (!is_region(scenario, population.region())) continue;
    const std::string who = "population " + quoted(population.name());
    for (const std::string& site : preferred_sites(scenario, population.region())) {
      check(population, "region", who, population.region(), site);
    }
  }
  for (const schema::Region& region : scenario.regions()) {
    for (const std::string& site : region.tokens_from()) {
      if (is_site(scenario, site)) check(region, "tokens_from", "region " + quoted(region.name()), region.name(), site);
    }
  }
  for (const schema::Replication& replication : scenario.replications()) {
    if (!is_site(scenario, replication.from()) || !is_site(scenario, replication.to())) continue;
    check(replication, "to", "the replication", replication.from(), replication.to());
  }
  const std::string home = home_of_sequence(scenario);
  for (const schema::Site& site : scenario.sites()) {
    if (site.database().keys().strategy() != "common" || site.name() == home || !is_site(scenario, home)) continue;
    check(site, "name", "the common sequence", site.name(), home);
  }
  for (const schema::Site& site : scenario.sites()) {
    const schema::RemoteDatabase& at = site.database().at();
    if (is_site(scenario, at.site())) check(at, "site", "the database", site.name(), at.site());
  }
  for (const schema::Site& site : scenario.sites()) {
    const schema::RemoteKeyManager& validation = site.gateway().key_validation();
    if (is_site(scenario, validation.site())) {
      check(validation, "site", "the key validation", site.name(), validation.site());
    }
    for (const std::string& there : site.traffic_manager().counted_at()) {
      if (is_site(scenario, there) && there != site.name()) {
        check(site.traffic_manager(), "counted_at", "what is counted", site.name(), there);
      }
    }
  }
  for (const schema::Bridge& bridge : scenario.bridges()) {
    if (is_site(scenario, bridge.from()) && is_site(scenario, bridge.to())) {
      check(bridge, "to", "the bridge", bridge.from(), bridge.to());
    }
  }
  for (const schema::Site& site : scenario.sites()) {
    const std::string& from = site.pull().from();
    if (is_site(scenario, from)) check(site.pull(), "from", "the pull", site.name(), from);
    const std::string& start = site.startup().from();
    if (is_site(scenario, start)) check(site.startup(), "from", "the startup", site.name(), start);
    if (site.has_artifacts() && is_site(scenario, files_of(site))) {
      check(site, "name", "the way of artifacts", site.name(), files_of(site));
    }
    for (const schema::Subscription& subscription : site.events().subscriptions()) {
      for (const std::string& broker : subscription.brokers()) {
        const std::string there = broker.substr(0, broker.find('/'));
        if (there != broker && is_site(scenario, there)) {
          check(subscription, "brokers", "the subscription", site.name(), there);
        }
      }
    }
  }
  for (const schema::CacheCluster& cluster : scenario.cache_clusters()) {
    for (int i = 1; i < cluster.sites_size(); ++i) {
      for (int earlier = 0; earlier < i; ++earlier) {
        const std::string& here = cluster.sites(earlier);
        const std::string& there = cluster.sites(i);
        if (here == there || !is_site(scenario, here) || !is_site(scenario, there)) continue;
        check(cluster, "sites", "the cache cluster", here, there);
      }
    }
  }
  const auto exists = [&](const std::string& name) { return is_site(scenario, name) || is_region(scenario, name); };
  for (const NeededWay& way : ways_of_zone(scenario)) {
    if (exists(way.from) && exists(way.to)) check(*way.owner, way.field, way.who, way.from, way.to);
  }
  for (const auto& [here, there] : ways_of_statistics(scenario)) {
    check(scenario.statistics(), "mode", "the statistics database", here, there);
  }
}

}  // namespace parallax::scenarios
