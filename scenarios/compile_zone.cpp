#include "scenarios/compile_zone.h"

#include <algorithm>
#include <array>

#include "models/steering/dns/profiles.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace dns = steering::dns;

namespace {

void set_if_given(sim::Duration& value, const std::string& text) {
  if (!text.empty()) value = duration(text);
}

world::ZoneConfig::Checks checks_config(const schema::ZoneChecks& checks, const SiteNumbers& sites) {
  world::ZoneConfig::Checks config;
  config.spec = checks.profile() == "route53" ? dns::route53_checks() : dns::route53_fast_checks();
  steering::health::CheckSpec& check = config.spec.check;
  set_if_given(check.interval, checks.interval());
  set_if_given(check.connect_timeout, checks.connect_timeout());
  set_if_given(check.answer_timeout, checks.answer_timeout());
  if (checks.has_fall()) check.fall = checks.fall();
  if (checks.has_rise()) check.rise = checks.rise();
  if (checks.has_quorum_percent()) config.spec.quorum_percent = checks.quorum_percent();
  for (const std::string& place : checks.from()) config.vantage_points.push_back(sites.at(place));
  config.gathered_at = sites.at(checks.gathered_at().empty() ? checks.from(0) : checks.gathered_at());
  return config;
}

const dns::ResolverClass& resolver_class(const std::string& name) {
  const auto classes = dns::resolver_classes();
  return *std::find_if(classes.begin(), classes.end(), [&](const auto& one) { return one.name == name; });
}

world::ResolversConfig resolvers_config(const schema::Resolvers& resolvers, sim::SiteId at) {
  world::ResolversConfig config{at, resolvers.count(), resolvers.share(), resolver_class(resolvers.profile()).spec};
  set_if_given(config.spec.least_ttl, resolvers.least_ttl());
  set_if_given(config.spec.greatest_ttl, resolvers.greatest_ttl());
  if (resolvers.has_prefetch()) config.spec.prefetch = resolvers.prefetch() ? dns::Prefetch::kOn : dns::Prefetch::kOff;
  if (resolvers.has_serve_expired()) {
    config.spec.expired = resolvers.serve_expired() ? dns::Expired::kServed : dns::Expired::kNotServed;
  }
  if (resolvers.client_subnet()) config.spec.client_subnet = dns::ClientSubnet::kPassedOn;
  return config;
}

const std::string& jurisdiction_of(const schema::Scenario& scenario, const std::string& name) {
  return std::find_if(scenario.sites().begin(), scenario.sites().end(),
                      [&](const schema::Site& site) { return site.name() == name; })
      ->jurisdiction();
}

}  // namespace

world::ZoneConfig zone_config(const schema::Scenario& scenario, const SiteNumbers& sites) {
  const schema::Zone& zone = scenario.zone();
  world::ZoneConfig config;
  for (const std::string& place : zone.authorities()) config.authorities.push_back(sites.at(place));
  config.policy.routing = word<dns::Routing>(routing_words(), zone.routing());
  config.policy.none_healthy = word<dns::NoneHealthy>(none_healthy_words(), zone.none_healthy());
  config.policy.ttl = duration(zone.ttl());
  config.policy.addresses = zone.addresses();
  for (const schema::ZoneTarget& target : zone.targets()) {
    config.policy.targets.push_back({sites.at(target.site()), target.weight()});
  }
  if (zone.targets().empty()) {
    for (const schema::Site& site : scenario.sites()) config.policy.targets.push_back({sites.at(site.name()), 1});
  }
  config.negative_ttl = duration(zone.negative_ttl());
  if (zone.has_checks()) config.checks = checks_config(zone.checks(), sites);
  return config;
}

std::vector<world::ResolversConfig> resolver_configs(const schema::Region& region, const SiteNumbers& sites) {
  std::vector<world::ResolversConfig> configs;
  for (const schema::Resolvers& resolvers : region.resolvers()) {
    configs.push_back(resolvers_config(resolvers, sites.at(resolvers.at().empty() ? region.name() : resolvers.at())));
  }
  if (configs.empty()) configs.push_back({sites.at(region.name()), 10, 1, dns::unbound()});
  return configs;
}

std::vector<world::PopulationConfig::ClientCaches> client_caches(const schema::Population& population) {
  std::vector<world::PopulationConfig::ClientCaches> caches;
  for (const schema::ClientCache& cache : population.client_caches()) {
    caches.push_back({*dns::client_cache_named(cache.profile()), cache.share()});
  }
  if (caches.empty()) caches.push_back({dns::ClientCacheSpec{}, 1});
  return caches;
}

std::vector<std::string> served_by(const schema::Scenario& scenario, const schema::Region& region) {
  std::vector<std::string> sites{region.prefers().begin(), region.prefers().end()};
  if (sites.empty()) sites.push_back(scenario.sites(0).name());
  if (region.abroad() == "held") {
    std::erase_if(sites,
                  [&](const std::string& site) { return jurisdiction_of(scenario, site) != region.jurisdiction(); });
  }
  return sites;
}

std::span<const std::string> routing_words() {
  static const std::array<std::string, 4> words{"failover", "weighted", "geo", "latency"};
  return words;
}

std::span<const std::string> none_healthy_words() {
  static const std::array<std::string, 3> words{"all", "empty", "last"};
  return words;
}

std::span<const std::string> check_profile_words() {
  static const std::array<std::string, 2> words{"route53", "route53_fast"};
  return words;
}

std::span<const std::string> resolver_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> names;
    for (const dns::ResolverClass& one : dns::resolver_classes()) names.emplace_back(one.name);
    return names;
  }();
  return words;
}

std::span<const std::string> client_cache_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> names;
    for (const dns::ClientCacheProfile& one : dns::client_cache_profiles()) names.emplace_back(one.name);
    return names;
  }();
  return words;
}

std::span<const std::string> abroad_words() {
  static const std::array<std::string, 2> words{"served", "held"};
  return words;
}

}  // namespace parallax::scenarios
