#include "tests/models/support/deployment.h"

#include <string>

namespace parallax::test {

using sim::Distribution;
using sim::VirtualTime;

world::WorldConfig deployment(std::uint32_t nodes, std::uint64_t seed) {
  world::WorldConfig config;
  config.seed = seed;
  config.duration = sim::minutes(1);
  world::SiteConfig dc;
  dc.name = "dc";
  for (std::uint32_t node = 0; node < nodes; ++node) dc.nodes.push_back("node-" + std::to_string(node));
  dc.node.gateway.pipeline.cache.ttl = sim::seconds(900);
  dc.node.gateway.pipeline.cache.sweep_interval = sim::seconds(30);
  dc.node.gateway.pipeline.cache.capacity = 10'000;
  dc.node.token_validity = kNoExpiry;
  dc.database.access_time = sim::milliseconds(1);
  world::SiteConfig users;
  users.name = "users";
  config.sites = {dc, users};
  config.regions = {{kUsers, {}, {kDataCenter}}};
  const Distribution delay = Distribution::constant(sim::milliseconds(5));
  config.links = {{kUsers, kDataCenter, delay}, {kDataCenter, kUsers, delay}};
  config.catalog.token_validity = kNoExpiry;
  config.catalog.tiers = {{{"unlimited", {}}, 1}};
  return config;
}

void add_callers(world::WorldConfig& config, sim::Duration gap) {
  world::PopulationConfig population;
  population.name = "callers-" + std::to_string(config.populations.size());
  population.region = kUsers;
  population.gap = Distribution::exponential(gap);
  population.token_popularity = 0;
  population.timeout = sim::seconds(10);
  config.populations.push_back(population);
}

void add_revocations(world::WorldConfig& config, sim::Duration from, sim::Duration until, sim::Duration gap) {
  config.writes.push_back({"revocations-" + std::to_string(config.writes.size()), management::Task::kRevokeTokens,
                           kDataCenter, VirtualTime{} + from, VirtualTime{} + until, Distribution::exponential(gap),
                           0});
}

void set_limit(world::WorldConfig& config, std::uint64_t requests, sim::Duration window) {
  config.catalog.tiers = {{{"limited", domain::Limit{requests, window}}, 1}};
}

void add_publications(world::WorldConfig& config, std::uint32_t count, sim::Duration from, sim::Duration until,
                      const sim::Distribution& operator_delay) {
  const auto first = static_cast<domain::ApiId>(config.catalog.apis);
  config.catalog.apis += count;
  config.catalog.unpublished_apis += count;
  world::ApiWritesConfig publication;
  publication.name = "publications-" + std::to_string(config.api_writes.size());
  publication.task = domain::ChangeKind::kApiPublished;
  publication.site = kDataCenter;
  publication.from = VirtualTime{} + from;
  publication.until = VirtualTime{} + until;
  publication.first = first;
  publication.count = count;
  publication.operator_delay = operator_delay;
  config.api_writes.push_back(publication);
}

void remove_delays(world::WorldConfig& config) {
  for (world::SiteConfig& site : config.sites) {
    site.database.access_time = {};
    site.node.gateway.pipeline.caching = logic::gateway::TokenCaching::kOff;
    site.node.gateway.decision_time = {};
    site.node.gateway.backend = {};
    site.node.event_delay = {};
    site.node.push_delay = {};
  }
  for (sim::LinkSpec& link : config.links) link.delay = {};
}

}  // namespace parallax::test
