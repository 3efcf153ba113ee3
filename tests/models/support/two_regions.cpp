#include "tests/models/support/two_regions.h"

#include <string>

#include "tests/models/support/deployment.h"

namespace parallax::test {

using sim::Distribution;
using sim::VirtualTime;

namespace {

void link(world::WorldConfig& config, sim::SiteId a, sim::SiteId b, sim::Duration delay) {
  config.links.push_back({a, b, Distribution::constant(delay)});
  config.links.push_back({b, a, Distribution::constant(delay)});
}

world::SiteConfig data_center(const std::string& name) {
  world::SiteConfig site = deployment(2, 1).sites[0];
  site.name = name;
  site.database.access_time = {};
  site.cluster = propagation::ClusterSpec{{}, {}, sim::seconds(30)};
  site.node.startup_time = sim::seconds(20);
  return site;
}

world::SiteConfig region(const std::string& name) {
  world::SiteConfig site;
  site.name = name;
  return site;
}

template <typename IsHit>
void cut(world::WorldConfig& config, sim::Duration from, sim::Duration until, domain::Stage stage, IsHit is_hit) {
  const auto fault = static_cast<std::uint32_t>(config.stage_of_fault.size());
  config.stage_of_fault.push_back(stage);
  for (std::size_t i = 0; i < config.links.size(); ++i) {
    if (!is_hit(config.links[i])) continue;
    config.outages.push_back({static_cast<sim::LinkId>(i), VirtualTime{} + from, VirtualTime{} + until, fault});
  }
}

}  // namespace

world::WorldConfig two_regions(std::uint64_t seed) {
  world::WorldConfig config;
  config.seed = seed;
  config.duration = sim::minutes(10);
  config.sites = {data_center("east"), data_center("west"), region("east-users"), region("west-users")};
  steering::DnsSpec dns{sim::seconds(60), sim::seconds(10), sim::seconds(1), 2, 2, 20};
  config.regions = {{kEastUsers, dns, {kEast, kWest}}, {kWestUsers, dns, {kWest, kEast}}};
  link(config, kEast, kWest, kWan);
  link(config, kEastUsers, kEast, kAccess);
  link(config, kWestUsers, kWest, kAccess);
  link(config, kEastUsers, kWest, kAccess + kWan);
  link(config, kWestUsers, kEast, kAccess + kWan);
  propagation::replication::StreamSpec at_once;
  at_once.rules.insert_insert = propagation::replication::Resolution::kLatest;
  at_once.rules.update_update = propagation::replication::Resolution::kLatest;
  config.replications = {{kEast, kWest, {}, at_once}, {kWest, kEast, {}, at_once}};
  config.catalog.apis = 4;
  config.catalog.applications = 20;
  config.catalog.tokens = 200;
  config.catalog.token_validity = kNoExpiry;
  config.catalog.tiers = {{{"unlimited", {}}, 1}};
  return config;
}

void add_callers_everywhere(world::WorldConfig& config, sim::Duration gap) {
  for (const sim::SiteId region : {kEastUsers, kWestUsers}) {
    world::PopulationConfig population;
    population.name = config.sites[sim::index(region)].name;
    population.region = region;
    population.gap = Distribution::exponential(gap);
    population.token_popularity = 0;
    population.timeout = sim::seconds(2);
    config.populations.push_back(population);
  }
}

void add_writes(world::WorldConfig& config, domain::ChangeKind change, sim::SiteId site, sim::Duration gap) {
  using management::Task;
  Task task = Task::kRevokeTokens;
  if (change == domain::ChangeKind::kSubscriptionAdded) task = Task::kAddSubscriptions;
  if (change == domain::ChangeKind::kSubscriptionBlocked) task = Task::kBlockSubscriptions;
  if (task == Task::kAddSubscriptions) config.catalog.subscriptions_to_add += 60;
  config.writes.push_back({"writes-" + std::to_string(config.writes.size()), task, site, VirtualTime{},
                           VirtualTime{} + config.duration, Distribution::exponential(gap), 600});
}

void lose(world::WorldConfig& config, sim::SiteId site, sim::Duration from, sim::Duration until, world::Disk disk) {
  cut(config, from, until, domain::Stage::kSiteDown,
      [&](const sim::LinkSpec& spec) { return spec.from == site || spec.to == site; });
  config.site_outages.push_back({site, VirtualTime{} + from, VirtualTime{} + until, disk});
}

void cut_wan(world::WorldConfig& config, sim::Duration from, sim::Duration until) {
  cut(config, from, until, domain::Stage::kLinkDown, [&](const sim::LinkSpec& spec) {
    return (spec.from == kEast && spec.to == kWest) || (spec.from == kWest && spec.to == kEast);
  });
}

}  // namespace parallax::test
