#include "scenarios/compile.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

using sim::Distribution;
using sim::Duration;
using sim::SiteId;
using sim::VirtualTime;

// The scenario has been checked: every text below is well formed.
Duration duration(const std::string& text) { return *parse_duration(text).value; }
Rate rate(const std::string& text) { return *parse_rate(text).value; }

Distribution poisson_gap(const std::string& text) {
  const Rate parsed = rate(text);
  return Distribution::exponential({parsed.per.ns / parsed.count});
}

Distribution lognormal(const schema::Delay::Lognormal& delay) {
  const Duration p50 = duration(delay.p50());
  const Duration p95 = duration(delay.p95());
  if (p50 == p95) return Distribution::constant(p50);
  const Duration least = delay.least().empty() ? Duration{p50.ns / 10 * 9} : duration(delay.least());
  return Distribution::shifted_lognormal(p50, p95, least);
}

Distribution distribution(const schema::Delay& delay) {
  if (!delay.constant().empty()) return Distribution::constant(duration(delay.constant()));
  if (delay.has_uniform()) {
    return Distribution::uniform(duration(delay.uniform().least()), duration(delay.uniform().greatest()));
  }
  if (delay.has_lognormal()) return lognormal(delay.lognormal());
  if (delay.has_empirical()) {
    std::vector<Duration> quantiles;
    for (const std::string& quantile : delay.empirical().quantiles()) quantiles.push_back(duration(quantile));
    return Distribution::empirical(quantiles);
  }
  return {};
}

runtime::GatewaySpec gateway_spec(const schema::Gateway& gateway) {
  const schema::TokenCache& cache = gateway.token_cache();
  return {cache.enabled() ? runtime::TokenCaching::kOn : runtime::TokenCaching::kOff,
          duration(cache.ttl()),
          duration(cache.sweep_interval()),
          cache.capacity(),
          duration(gateway.decision_time()),
          distribution(gateway.backend())};
}

world::SiteConfig site_config(const schema::Site& site) {
  world::SiteConfig config;
  config.name = site.name();
  config.nodes.assign(site.nodes().begin(), site.nodes().end());
  config.node = {gateway_spec(site.gateway()), duration(site.key_manager().token_validity()),
                 duration(site.traffic_manager().event_delay()), duration(site.traffic_manager().push_delay())};
  config.database_access = duration(site.database().access_time());
  if (site.has_clustering()) {
    config.cluster = propagation::ClusterSpec{duration(site.clustering().message_delay()),
                                              duration(site.clustering().deployment_scan())};
  }
  return config;
}

class Compiler {
 public:
  Compiler(const schema::Scenario& scenario, std::uint64_t seed) : scenario_{scenario} {
    config_.seed = seed;
    config_.duration = duration(scenario.duration());
  }

  world::WorldConfig compile() && {
    add_sites();
    add_links();
    add_faults();
    add_catalog();
    add_populations();
    add_writes();
    return std::move(config_);
  }

 private:
  void add_sites() {
    for (const schema::Site& site : scenario_.sites()) add_site(site_config(site));
    for (const schema::Region& region : scenario_.regions()) {
      world::SiteConfig config;
      config.name = region.name();
      add_site(std::move(config));
    }
  }

  void add_site(world::SiteConfig config) {
    sites_.emplace(config.name, static_cast<SiteId>(config_.sites.size()));
    config_.sites.push_back(std::move(config));
  }

  void add_links() {
    for (const schema::Link& link : scenario_.links()) {
      const SiteId from = sites_.at(link.from());
      const SiteId to = sites_.at(link.to());
      config_.links.push_back({from, to, distribution(link.delay()), link.loss()});
      if (!link.one_way()) config_.links.push_back({to, from, distribution(link.delay()), link.loss()});
    }
  }

  void add_faults() {
    config_.faults = static_cast<std::uint32_t>(scenario_.faults_size());
    for (int i = 0; i < scenario_.faults_size(); ++i) {
      const schema::Fault& fault = scenario_.faults(i);
      const SiteId from = sites_.at(fault.link_down().from());
      const SiteId to = sites_.at(fault.link_down().to());
      const VirtualTime start{duration(fault.at()).ns};
      for (std::size_t link = 0; link < config_.links.size(); ++link) {
        const sim::LinkSpec& spec = config_.links[link];
        const bool forth = spec.from == from && spec.to == to;
        const bool back = spec.from == to && spec.to == from && !fault.link_down().one_way();
        if (!forth && !back) continue;
        config_.outages.push_back(
            {static_cast<sim::LinkId>(link), start, start + duration(fault.lasts()), static_cast<std::uint32_t>(i)});
      }
    }
  }

  void add_catalog() {
    const schema::Catalog& catalog = scenario_.catalog();
    world::CatalogConfig& config = config_.catalog;
    config.apis = catalog.apis();
    config.applications = catalog.applications();
    config.subscriptions_per_application = catalog.subscriptions_per_application();
    config.tokens = catalog.tokens();
    // Tokens of the start are as old as their validity lets them be, wherever they were issued.
    for (const world::SiteConfig& site : config_.sites) {
      config.token_validity = std::max(config.token_validity, site.node.token_validity);
    }
    for (const schema::Tier& tier : catalog.tiers()) {
      domain::Tier compiled{tier.name(), {}};
      if (!tier.limit().empty()) {
        const Rate limit = rate(tier.limit());
        compiled.limit = domain::Limit{static_cast<std::uint64_t>(limit.count), limit.per};
      }
      config.tiers.push_back({compiled, tier.share()});
    }
    if (config.tiers.empty()) config.tiers.push_back({{"unlimited", {}}, 1});
  }

  SiteId site_or_only(const std::string& name) const { return name.empty() ? SiteId{0} : sites_.at(name); }

  void add_populations() {
    for (const schema::Population& population : scenario_.workload().populations()) {
      config_.populations.push_back({population.name(), sites_.at(population.region()), site_or_only(population.site()),
                                     poisson_gap(population.rate()), population.token_popularity(),
                                     duration(population.timeout())});
    }
  }

  void add_writes() {
    for (const schema::Write& write : scenario_.workload().writes()) {
      const SiteId site = site_or_only(write.site());
      const VirtualTime from{duration(write.from()).ns};
      const VirtualTime until = VirtualTime{} + (write.until().empty() ? config_.duration : duration(write.until()));
      if (write.has_revoke_tokens()) {
        config_.revocations.push_back({write.name(), site, from, until, poisson_gap(write.revoke_tokens().rate())});
      }
      if (write.has_publish_apis()) config_.catalog.unpublished_apis += write.publish_apis().count();
    }
    add_publications();
  }

  // The last APIs of the catalog start unpublished; the writes take them in turn.
  void add_publications() {
    std::uint32_t next = config_.catalog.apis - config_.catalog.unpublished_apis;
    for (const schema::Write& write : scenario_.workload().writes()) {
      if (!write.has_publish_apis()) continue;
      const VirtualTime from{duration(write.from()).ns};
      const VirtualTime until = VirtualTime{} + (write.until().empty() ? config_.duration : duration(write.until()));
      const std::uint32_t count = write.publish_apis().count();
      config_.publications.push_back({write.name(), site_or_only(write.site()), from, until, static_cast<domain::ApiId>(next), count,
                                      distribution(write.publish_apis().operator_delay())});
      next += count;
    }
  }

  const schema::Scenario& scenario_;
  world::WorldConfig config_;
  std::unordered_map<std::string, SiteId> sites_;  // looked up, never iterated
};

}  // namespace

world::WorldConfig compile(const schema::Scenario& scenario, std::uint64_t seed) {
  return Compiler{scenario, seed}.compile();
}

}  // namespace parallax::scenarios
