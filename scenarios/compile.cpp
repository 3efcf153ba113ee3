#include "scenarios/compile.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scenarios/checked_text.h"
#include "scenarios/compile_analytics.h"
#include "scenarios/compile_artifacts.h"
#include "scenarios/compile_balancer.h"
#include "scenarios/compile_caches.h"
#include "scenarios/compile_clients.h"
#include "scenarios/compile_databases.h"
#include "scenarios/compile_delays.h"
#include "scenarios/compile_events.h"
#include "scenarios/compile_zone.h"
#include "scenarios/fault_times.h"
#include "scenarios/lost_nodes.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"

namespace parallax::scenarios {

namespace {

using domain::ChangeKind;
using sim::Distribution;
using sim::Duration;
using sim::SiteId;
using sim::VirtualTime;

// Equal texts share one table: it is 32 KiB, and the links of many data centers are often alike.
class Distributions {
 public:
  Distribution of(const schema::Delay& delay) {
    const auto [place, is_new] = delays_.try_emplace(delay.SerializeAsString());
    if (is_new) place->second = distribution_of(delay);
    return place->second;
  }

  Distribution poisson_gap(const std::string& text) {
    const auto [place, is_new] = gaps_.try_emplace(text);
    if (is_new) place->second = Distribution::exponential(mean_gap(text));
    return place->second;
  }

  Distribution gap(const std::string& rate_text, const std::string& arrivals) {
    if (arrivals != "regular") return poisson_gap(rate_text);
    const sim::Duration mean = mean_gap(rate_text);
    return Distribution::uniform({mean.ns / 2}, {mean.ns + mean.ns / 2});
  }

 private:
  static sim::Duration mean_gap(const std::string& rate_text) {
    const Rate parsed = rate(rate_text);
    return {parsed.per.ns / parsed.count};
  }

  // Looked up, never iterated; a serialised message serves as the name of an equal one within this process only.
  std::unordered_map<std::string, Distribution> delays_;
  std::unordered_map<std::string, Distribution> gaps_;
};

runtime::WorkersSpec workers_spec(const schema::Workers& workers, Distributions& distributions) {
  runtime::WorkersSpec spec;
  spec.count = workers.count();
  spec.service = distributions.of(workers.service());
  if (workers.has_queue()) spec.queue = workers.queue();
  if (!workers.longest_wait().empty()) spec.longest_wait = duration(workers.longest_wait());
  return spec;
}

runtime::GatewaySpec gateway_spec(const schema::Gateway& gateway, Distributions& distributions) {
  const schema::TokenCache& cache = gateway.token_cache();
  runtime::GatewaySpec spec;
  using logic::gateway::TokenCaching;
  spec.pipeline.caching = cache.enabled() ? TokenCaching::kOn : TokenCaching::kOff;
  spec.pipeline.cache = {cache.capacity(), duration(cache.ttl()), duration(cache.sweep_interval())};
  spec.decision_time = duration(gateway.decision_time());
  spec.backend = distributions.of(gateway.backend());
  if (gateway.has_workers()) spec.workers = workers_spec(gateway.workers(), distributions);
  return spec;
}

world::SiteConfig site_config(const schema::Site& site, Distributions& distributions) {
  world::SiteConfig config;
  config.name = site.name();
  config.nodes.assign(site.nodes().begin(), site.nodes().end());
  config.node = {gateway_spec(site.gateway(), distributions),
                 duration(site.key_manager().token_validity()),
                 duration(site.traffic_manager().event_delay()),
                 duration(site.traffic_manager().push_delay()),
                 word<runtime::Policies>(policies_words(), site.traffic_manager().policies()),
                 is_counted_at(site, site.name()),
                 duration(site.startup_time())};
  if (site.key_manager().tokens() == "jwt") config.node.gateway.tokens = logic::tokens::TokenType::kJwt;
  if (site.key_manager().has_workers()) {
    config.node.key_manager_workers = workers_spec(site.key_manager().workers(), distributions);
    config.node.validations_take_workers = site.key_manager().validations_take_workers();
  }
  config.balancer = seeing_balancer_spec(site.load_balancer());
  config.checked_balancer = checked_balancer_spec(site.load_balancer());
  config.database = database_spec(site.database());
  if (site.database().has_at()) config.connections = connection_pool_spec(site.database().at());
  if (site.gateway().has_key_validation()) {
    config.validation_connections = connection_pool_spec(site.gateway().key_validation());
  }
  config.startup_statements = site.database().startup_statements();
  config.analytics = analytics_config(site);
  if (!site.roles().empty()) config.parts = parts_of(site);
  if (site.has_clustering()) {
    config.cluster = propagation::ClusterSpec{duration(site.clustering().message_delay()),
                                              duration(site.clustering().deployment_scan()),
                                              duration(site.clustering().copy_retry())};
  }
  return config;
}

steering::DnsSpec dns_spec(const schema::Dns& dns) {
  const schema::HealthCheck& check = dns.health_check();
  return {duration(dns.ttl()), duration(check.interval()), duration(check.timeout()), check.fall(), check.rise(),
          dns.resolvers()};
}

class Compiler {
 public:
  Compiler(const schema::Scenario& scenario, std::uint64_t seed) : scenario_{scenario} {
    config_.seed = seed;
    config_.duration = duration(scenario.duration());
  }

  world::WorldConfig compile() && {
    add_sites();
    add_regions();
    if (scenario_.has_zone()) config_.zone = zone_config(scenario_, sites_);
    add_links();
    add_replications();
    config_.bridges = bridge_configs(scenario_, sites_);
    config_.cache_clusters = cache_cluster_configs(scenario_, sites_);
    config_.statistics = statistics_config(scenario_, sites_);
    add_database_tasks();
    add_faults();
    add_catalog();
    add_populations();
    add_writes();
    return std::move(config_);
  }

 private:
  void add_sites() {
    for (const schema::Site& site : scenario_.sites()) {
      add_site(site_config(site, distributions_));
      if (site.has_events()) config_.sites.back().events = events_config(scenario_, site);
      config_.sites.back().jurisdiction = jurisdiction(site.jurisdiction());
    }
    for (const schema::Site& site : scenario_.sites()) {
      const std::string& home = site.database().keys().home();
      if (!home.empty()) config_.sequence_home = sites_.at(home);
      if (site.has_pull()) config_.sites[sim::index(sites_.at(site.name()))].pulls = pull_config(site, sites_);
      if (site.has_artifacts()) {
        const auto delays = [this](const schema::Delay& delay) { return distributions_.of(delay); };
        config_.sites[sim::index(sites_.at(site.name()))].files = files_config(site, sites_, delays);
      }
      if (site.has_startup()) config_.sites[sim::index(sites_.at(site.name()))].startup = startup_config(site, sites_);
      const std::string& at = site.database().at().site();
      world::SiteConfig& config = config_.sites[sim::index(sites_.at(site.name()))];
      if (!at.empty()) config.database_at = sites_.at(at);
      if (site.gateway().has_key_validation()) config.validates_at = sites_.at(site.gateway().key_validation().site());
      for (const std::string& name : site.traffic_manager().counted_at()) config.counted_at.push_back(sites_.at(name));
    }
    for (const schema::Region& region : scenario_.regions()) {
      world::SiteConfig config;
      config.name = region.name();
      config.jurisdiction = jurisdiction(region.jurisdiction());
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
      config_.links.push_back({from, to, distributions_.of(link.delay()), link.loss()});
      if (!link.one_way()) config_.links.push_back({to, from, distributions_.of(link.delay()), link.loss()});
    }
  }

  void add_regions() {
    for (const schema::Region& region : scenario_.regions()) {
      world::RegionConfig config{sites_.at(region.name()), dns_spec(region.dns()), {}};
      for (const std::string& site : served_by(scenario_, region)) config.preferred.push_back(sites_.at(site));
      // With one site there is nothing to choose, so nothing to check.
      if (config.preferred.size() == 1) config.dns.check_interval = {};
      if (scenario_.has_zone()) config.resolvers = resolver_configs(region, sites_);
      config_.regions.push_back(std::move(config));
    }
  }

  void add_replications() {
    for (const schema::Replication& replication : scenario_.replications()) {
      const propagation::replication::StreamSpec spec = stream_spec(replication, sites_);
      const VirtualTime starts{replication.starts().empty() ? 0 : duration(replication.starts()).ns};
      const SiteId from = sites_.at(replication.from());
      const SiteId to = sites_.at(replication.to());
      config_.replications.push_back({from, to, starts, spec});
      // The one that joins later has nothing to bring.
      if (!replication.one_way()) config_.replications.push_back({to, from, {}, spec});
    }
  }

  void add_database_tasks() {
    using Kind = world::DatabaseTask::Kind;
    for (const schema::DatabaseTask& task : scenario_.database_tasks()) {
      const SiteId site = sites_.at(task.site());
      const VirtualTime at{duration(task.at()).ns};
      if (task.has_run_scripts()) config_.database_tasks.push_back({Kind::kRunScripts, site, at, {}});
      if (task.has_add_column()) config_.database_tasks.push_back({Kind::kAddColumn, site, at, {}});
      if (task.has_resynchronise()) {
        config_.database_tasks.push_back({Kind::kResynchronise, site, at, sites_.at(task.resynchronise().from())});
      }
      if (task.has_fence()) config_.database_tasks.push_back({Kind::kFence, site, at, {}});
      if (!task.has_promote()) continue;
      config_.database_tasks.push_back({Kind::kPromote, site, at, {}});
      const std::string& fenced = task.promote().fences();
      if (!fenced.empty()) config_.database_tasks.push_back({Kind::kFence, sites_.at(fenced), at, {}});
    }
  }

  // Equal names are one jurisdiction; 0 is nobody's.
  domain::Jurisdiction jurisdiction(const std::string& name) {
    if (name.empty()) return {};
    const auto [place, is_new] = jurisdictions_.try_emplace(name, jurisdictions_.size() + 1);
    return static_cast<domain::Jurisdiction>(place->second);
  }

  void add_faults() {
    for (const schema::Fault& fault : scenario_.faults()) {
      const auto number = static_cast<std::uint32_t>(config_.stage_of_fault.size());
      const std::vector<sim::Spell> spells = spells_of(fault, config_.duration, config_.seed);
      config_.stage_of_fault.push_back(stage_of(fault));
      if (fault.has_clock_off()) add_clock_fault(fault.clock_off(), number, spells);
      if (fault.has_link_down()) add_outages(links_of(fault.link_down()), number, spells);
      if (fault.has_link_slow()) {
        const Distribution adds = distributions_.of(fault.link_slow().adds());
        add_disturbances(links_of(fault.link_slow()), {{}, fault.name(), number, adds, 0, spells});
      }
      if (fault.has_link_lossy()) {
        const double loss = fault.link_lossy().loss();
        add_disturbances(links_of(fault.link_lossy()), {{}, fault.name(), number, {}, loss, spells});
      }
      if (fault.has_record_emptied()) {
        for (const sim::Spell& spell : spells) config_.emptied_records.push_back({spell.from, spell.until, number});
      }
      if (fault.has_drained()) add_drains(fault.drained(), number, spells);
      if (fault.has_authority_down()) add_silence(fault.authority_down(), number, spells);
      if (loses_nodes(fault)) add_node_outages(fault, spells);
      if (fault.has_certificate_expired()) add_refusals(fault.certificate_expired(), number, spells);
      if (fault.has_disk_full()) config_.full_disks.push_back({sites_.at(fault.disk_full().site()), number, spells});
      if (fault.has_checks_wrong()) add_wrong_checks(fault.checks_wrong(), number, spells);
      if (fault.has_node_frozen()) add_freeze(fault.node_frozen(), number, spells);
      if (fault.has_site_down()) add_site_outages(fault.site_down(), number, spells);
    }
  }

  static domain::Stage stage_of(const schema::Fault& fault) {
    if (fault.has_link_down() || fault.has_link_slow() || fault.has_link_lossy()) return domain::Stage::kLinkDown;
    if (fault.has_certificate_expired()) return domain::Stage::kCertificate;
    if (fault.has_disk_full()) return domain::Stage::kDiskFull;
    if (fault.has_node_frozen()) return domain::Stage::kFrozen;
    return domain::Stage::kSiteDown;
  }

  template <typename IsHit>
  std::vector<sim::LinkId> links_where(IsHit&& is_hit) const {
    std::vector<sim::LinkId> links;
    for (std::size_t link = 0; link < config_.links.size(); ++link) {
      if (is_hit(config_.links[link])) links.push_back(static_cast<sim::LinkId>(link));
    }
    return links;
  }

  template <typename LinkFault>
  std::vector<sim::LinkId> links_of(const LinkFault& fault) const {
    const SiteId one = sites_.at(fault.from());
    const SiteId other = sites_.at(fault.to());
    const bool both_ways = !fault.one_way();
    return links_where([&](const sim::LinkSpec& link) {
      return (link.from == one && link.to == other) || (both_ways && link.from == other && link.to == one);
    });
  }

  void add_outages(const std::vector<sim::LinkId>& links, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    for (const sim::LinkId link : links) {
      for (const sim::Spell& spell : spells) config_.outages.push_back({link, spell.from, spell.until, number});
    }
  }

  void add_disturbances(const std::vector<sim::LinkId>& links, sim::Disturbance disturbance) {
    for (const sim::LinkId link : links) {
      disturbance.link = link;
      config_.disturbances.push_back(disturbance);
    }
  }

  void add_silence(const schema::AuthorityDown& down, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    const auto& places = scenario_.zone().authorities();
    const auto place = static_cast<std::size_t>(std::find(places.begin(), places.end(), down.at()) - places.begin());
    for (const sim::Spell& spell : spells) {
      config_.silent_authorities.push_back({place, spell.from, spell.until, number});
    }
  }

  void add_drains(const schema::Drained& drained, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    const SiteId site = sites_.at(drained.site());
    std::optional<std::uint32_t> node;
    if (!drained.node().empty()) node = find_node(scenario_.sites(static_cast<int>(site)), drained.node());
    for (const sim::Spell& spell : spells) config_.drains.push_back({site, node, spell.from, spell.until, number});
  }

  void add_node_outages(const schema::Fault& fault, const std::vector<sim::Spell>& spells) {
    using propagation::broker::HostLoss;
    const LostNodes lost = lost_nodes(scenario_, fault);
    const SiteId site = sites_.at(lost.site);
    const HostLoss how = lost.loses == "process" ? HostLoss::kProcess : HostLoss::kPower;
    for (const std::string& name : lost.nodes) {
      const std::uint32_t node = *find_node(scenario_.sites(static_cast<int>(site)), name);
      for (const sim::Spell& spell : spells) config_.node_outages.push_back({site, node, spell.from, spell.until, how});
    }
  }

  void add_refusals(const schema::CertificateExpired& expired, std::uint32_t number,
                    const std::vector<sim::Spell>& spells) {
    const SiteId from = sites_.at(expired.from());
    const SiteId to = sites_.at(expired.to());
    config_.refusals.push_back({from, to, number, spells});
    if (!expired.one_way()) config_.refusals.push_back({to, from, number, spells});
  }

  void add_wrong_checks(const schema::ChecksWrong& wrong, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    using steering::health::Status;
    world::WrongChecks checks{sites_.at(wrong.at()), wrong.says() == "healthy" ? Status::kGood : Status::kBad,
                              std::nullopt, number, spells};
    if (const schema::Site* site = site_named(scenario_, wrong.at()); site != nullptr && !wrong.about().empty()) {
      checks.about = find_node(*site, wrong.about());
    } else if (!wrong.about().empty()) {
      checks.about = static_cast<std::uint32_t>(sim::index(sites_.at(wrong.about())));
    }
    config_.wrong_checks.push_back(std::move(checks));
  }

  void add_freeze(const schema::NodeFrozen& frozen, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    const SiteId site = sites_.at(frozen.site());
    const std::uint32_t node = *find_node(scenario_.sites(static_cast<int>(site)), frozen.node());
    config_.node_freezes.push_back({site, node, number, spells});
  }

  // Nothing waits for it. Parts per billion are nanoseconds in each second.
  void add_clock_fault(const schema::ClockOff& off, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    const SiteId site = sites_.at(off.site());
    world::ClockFault fault{site,  find_node(scenario_.sites(static_cast<int>(site)), off.node()), {}, 0, number,
                            spells};
    if (!off.offset().empty()) fault.offset = duration(off.offset());
    fault.drift = std::llround(off.drift_ppm() * 1'000);
    config_.clock_faults.push_back(std::move(fault));
  }

  void add_site_outages(const schema::SiteDown& down, std::uint32_t number, const std::vector<sim::Spell>& spells) {
    const SiteId site = sites_.at(down.site());
    const world::Disk disk = down.disk() == "lost" ? world::Disk::kLost : world::Disk::kKept;
    add_outages(links_where([&](const sim::LinkSpec& link) { return link.from == site || link.to == site; }), number,
                spells);
    for (const sim::Spell& spell : spells) config_.site_outages.push_back({site, spell.from, spell.until, disk});
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

  // Portal and publisher ask for no tokens.
  void add_token_endpoint(const schema::Population& population, world::PopulationConfig& config) {
    if (config.asks_for != steering::Service::kApi && config.asks_for != steering::Service::kToken) return;
    const auto region = std::find_if(scenario_.regions().begin(), scenario_.regions().end(),
                                     [&](const schema::Region& each) { return each.name() == population.region(); });
    for (const std::string& site : region->tokens_from()) config.tokens_from.push_back(sites_.at(site));
  }

  void add_populations() {
    for (const schema::Population& population : scenario_.workload().populations()) {
      config_.catalog.jurisdictions.push_back(config_.sites[sim::index(sites_.at(population.region()))].jurisdiction);
      config_.populations.push_back(
          {population.name(),
           sites_.at(population.region()),
           population.rate().empty() ? Distribution{} : distributions_.gap(population.rate(), population.arrivals()),
           population.token_popularity(),
           duration(population.timeout()),
           population.retries(),
           backoff_spec(population),
           population.roaming(),
           {},
           day_spec(population)});
      config_.populations.back().asks_for = word<steering::Service>(kind_words(), population.kind());
      add_token_endpoint(population, config_.populations.back());
      if (scenario_.has_zone()) add_keeping(population, config_.populations.back());
      config_.populations.back().drops_cookies = population.drops_cookies();
      config_.populations.back().trace = trace_spec(population);
      if (population.has_think()) config_.populations.back().think = distributions_.of(population.think());
      if (!population.has_bursts()) continue;
      const schema::Bursts& bursts = population.bursts();
      config_.populations.back().bursts = {distributions_.poisson_gap(bursts.rate()), duration(bursts.mean_calm()),
                                           duration(bursts.mean_burst())};
    }
  }

  // What its clients keep.
  static void add_keeping(const schema::Population& population, world::PopulationConfig& config) {
    config.client_caches = client_caches(population);
    if (!population.has_kept_connections()) return;
    const schema::KeptConnections& kept = population.kept_connections();
    config.keep_alive = steering::dns::KeepAliveSpec{duration(kept.idle()), duration(kept.greatest_age())};
  }

  VirtualTime end_of(const schema::Write& write) const {
    return VirtualTime{} + (write.until().empty() ? config_.duration : duration(write.until()));
  }

  void add_writes() {
    for (const schema::Write& write : scenario_.workload().writes()) {
      if (write.has_revoke_tokens()) add_write(write, management::Task::kRevokeTokens, write.revoke_tokens().rate());
      if (write.has_add_subscriptions()) {
        add_write(write, management::Task::kAddSubscriptions, write.add_subscriptions().rate());
        config_.writes.back().count = write.add_subscriptions().count();
        config_.catalog.subscriptions_to_add += write.add_subscriptions().count();
      }
      if (write.has_block_subscriptions()) {
        add_write(write, management::Task::kBlockSubscriptions, write.block_subscriptions().rate());
      }
      if (write.has_request_tokens()) {
        add_write(write, management::Task::kRequestTokens, write.request_tokens().rate());
        config_.writes.back().count = write.request_tokens().users();
      }
      if (write.has_sign_in()) {
        add_write(write, management::Task::kSignIn, write.sign_in().rate());
        config_.writes.back().count = write.sign_in().developers();
      }
      if (write.has_change_policy()) add_policy_change(write);
      if (write.has_publish_apis()) config_.catalog.unpublished_apis += write.publish_apis().count();
    }
    add_api_writes();
  }

  void add_write(const schema::Write& write, management::Task task, const std::string& rate_text) {
    config_.writes.push_back({write.name(), task, site_or_only(write.site()), VirtualTime{duration(write.from()).ns},
                              end_of(write), distributions_.gap(rate_text, write.arrivals()), 0});
  }

  void add_policy_change(const schema::Write& write) {
    const auto& tiers = scenario_.catalog().tiers();
    const auto named = [&](const schema::Tier& tier) { return tier.name() == write.change_policy().tier(); };
    const auto tier = std::find_if(tiers.begin(), tiers.end(), named) - tiers.begin();
    const auto requests = static_cast<std::uint32_t>(rate(write.change_policy().limit()).count);
    config_.policy_changes.push_back(
        {site_or_only(write.site()),
         {VirtualTime{} + duration(write.from()), static_cast<domain::TierId>(tier), requests}});
  }

  // The last APIs of the catalog start unpublished, and the writes take them in turn; the first ones are retired.
  void add_api_writes() {
    std::uint32_t next_published = config_.catalog.apis - config_.catalog.unpublished_apis;
    std::uint32_t next_retired = 0;
    for (const schema::Write& write : scenario_.workload().writes()) {
      world::ApiWritesConfig config{write.name(),
                                    {},
                                    site_or_only(write.site()),
                                    VirtualTime{duration(write.from()).ns},
                                    end_of(write),
                                    {},
                                    0,
                                    {}};
      if (write.has_publish_apis()) {
        config.task = ChangeKind::kApiPublished;
        config.count = write.publish_apis().count();
        config.operator_delay = distributions_.of(write.publish_apis().operator_delay());
        config.first = static_cast<domain::ApiId>(std::exchange(next_published, next_published + config.count));
        const schema::PublishApis& given = write.publish_apis();
        if (!given.again_at().empty()) config.again = {sites_.at(given.again_at()), duration(given.again_after())};
      } else if (write.has_retire_apis()) {
        config.task = ChangeKind::kApiRetired;
        config.count = write.retire_apis().count();
        config.first = static_cast<domain::ApiId>(std::exchange(next_retired, next_retired + config.count));
      } else {
        continue;
      }
      config_.api_writes.push_back(std::move(config));
    }
  }

  const schema::Scenario& scenario_;
  world::WorldConfig config_;
  Distributions distributions_;
  std::unordered_map<std::string, std::size_t> jurisdictions_;  // looked up, never iterated
  std::unordered_map<std::string, SiteId> sites_;               // looked up, never iterated
};

}  // namespace

world::WorldConfig compile(const schema::Scenario& scenario, std::uint64_t seed) {
  return Compiler{scenario, seed}.compile();
}

}  // namespace parallax::scenarios
