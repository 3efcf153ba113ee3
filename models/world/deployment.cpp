#include "models/world/deployment.h"

#include <algorithm>
#include <utility>

#include "models/world/brokers.h"
#include "models/world/pulling.h"

namespace parallax::world {

using domain::ChangeKind;
using domain::NodeId;
using runtime::Part;
using sim::SiteId;

namespace {

std::uint32_t count_data_centers(const WorldConfig& config) {
  return static_cast<std::uint32_t>(std::count_if(config.sites.begin(), config.sites.end(),
                                                  [](const SiteConfig& site) { return !site.nodes.empty(); }));
}

bool has_workers(const WorldConfig& config) {
  return std::any_of(config.sites.begin(), config.sites.end(),
                     [](const SiteConfig& site) { return site.node.gateway.workers || site.node.key_manager_workers; });
}

}  // namespace

Deployment::Deployment(const WorldConfig& config, const domain::Catalog& catalog,
                       const std::vector<std::string>& node_names, sim::Simulation& simulation)
    : config_{config},
      catalog_{catalog},
      node_names_{node_names},
      simulation_{simulation},
      clock_errors_{clock_errors(config)} {
  build_data_centers();
  set_clocks(config_, clock_errors_, data_centers_);
  share_sequences();
  connect_brokers(config_, data_centers_);
  connect_counters(config_, data_centers_);
  connect_pulling_gateways(config_, data_centers_);
  files_ = std::make_unique<FileWays>(config_, data_centers_);
  for (const CacheClusterConfig& cluster : config_.cache_clusters) {
    cache_clusters_.push_back(std::make_unique<CacheCluster>(cluster, config_, data_centers_));
  }
  build_regions();
  build_populations();
  for (const Drain& drain : config_.drains) schedule(drain);
  build_publishers();
  build_administrators();
  build_policy_changes();
  schedule_api_writes();
  if (config_.statistics) {
    statistics_ = std::make_unique<Statistics>(config_, data_centers_, node_names_.size(), catalog_.apis.size());
  }
}

void Deployment::build_data_centers() {
  data_centers_.resize(config_.sites.size());
  for (std::size_t i = 0; i < config_.sites.size(); ++i) {
    if (!config_.sites[i].nodes.empty()) data_center_at(static_cast<SiteId>(i));
  }
  for (const ReplicationConfig& replication : config_.replications) {
    propagation::replication::StreamSpec spec = replication.spec;
    spec.target_jurisdiction = config_.sites[sim::index(replication.to)].jurisdiction;
    data_center(replication.from)
        .replicate_to(data_center(replication.to), spec, replication.starts, config_.stage_of_fault);
  }
  for (const DatabaseTask& task : config_.database_tasks) schedule(task);
  for (const SiteOutage& outage : config_.site_outages) data_center(outage.site).schedule(outage);
  for (const NodeOutage& outage : config_.node_outages) data_center(outage.site).schedule(outage);
  for (const NodeFreeze& freeze : config_.node_freezes) data_center(freeze.site).schedule(freeze);
  for (const FullDisk& full : config_.full_disks) schedule(full);
  for (const WrongChecks& wrong : config_.wrong_checks) {
    if (data_centers_[sim::index(wrong.at)] != nullptr) data_center(wrong.at).schedule(wrong);
  }
}

// Made when it is first asked for: whose database another uses comes before that one. Numbers go by the order of sites.
DataCenter& Deployment::data_center_at(SiteId id) {
  auto& place = data_centers_[sim::index(id)];
  if (place != nullptr) return *place;
  SiteConfig config = config_.sites[sim::index(id)];
  DataCenter* home = config.database_at ? &data_center_at(*config.database_at) : nullptr;
  DataCenter* validator = config.validates_at ? &data_center_at(*config.validates_at) : nullptr;
  config.measures_load = has_workers(config_);
  std::uint32_t ordinal = 0;
  std::size_t first_node = 0;
  for (std::size_t before = 0; before < sim::index(id); ++before) {
    ordinal += config_.sites[before].nodes.empty() ? 0U : 1U;
    first_node += config_.sites[before].nodes.size();
  }
  const std::uint32_t increment = count_data_centers(config_);
  config.database.data_centers = increment;
  config.database.numbers.data_center = ordinal + 1;
  if (config.database.numbers.increment == 0) config.database.numbers.increment = increment;
  const propagation::TokenNumbers tokens{static_cast<std::uint32_t>(catalog_.tokens.size()) + ordinal, increment};
  place = std::make_unique<DataCenter>(simulation_.site(id), config, catalog_, node_names_, config_.sites.size(),
                                       static_cast<NodeId>(first_node), tokens, home, validator);
  return *place;
}

void Deployment::schedule(const DatabaseTask& task) {
  DataCenter& where = data_center(task.site);
  where.site().at(task.at, [this, &where, kind = task.kind, source = task.source] {
    switch (kind) {
      case DatabaseTask::Kind::kRunScripts:
        return where.database().run_scripts();
      case DatabaseTask::Kind::kAddColumn:
        return where.database().add_column();
      case DatabaseTask::Kind::kPromote:
        return where.set_access(propagation::store::Access::kWrite);
      case DatabaseTask::Kind::kFence:
        return where.set_access(propagation::store::Access::kReadOnly);
      case DatabaseTask::Kind::kResynchronise:
        return where.database().peer().resynchronise_from(data_center(source).database().peer());
    }
  });
}

// A node's at its balancer, a site's at every region's DNS; a zone sees to its own.
void Deployment::schedule(const Drain& drain) {
  if (drain.node) {
    DataCenter& where = data_center(drain.site);
    where.site().at(drain.from, [&where, drain] { where.front_door().drain(*drain.node, drain.fault); });
    where.site().at(drain.until, [&where, drain] { where.front_door().restore(*drain.node, drain.fault); });
    return;
  }
  for (auto* all : {&dns_, &token_dns_}) {
    for (auto& dns : *all) {
      if (dns == nullptr) continue;
      dns->region().at(drain.from, [one = dns.get(), drain] { one->drain(drain.site, drain.fault); });
      dns->region().at(drain.until, [one = dns.get(), drain] { one->restore(drain.site, drain.fault); });
    }
  }
}

void Deployment::schedule(const FullDisk& full) {
  propagation::replication::Replica* replica = &data_center(full.site).database().database().replica();
  for (const sim::Spell& spell : full.spells) {
    replica->site().at(spell.from, [replica, fault = full.number] { replica->fill_by(fault); });
    replica->site().at(spell.until, [replica, fault = full.number] { replica->no_more_full_by(fault); });
  }
}

// Sites whose keys come from one sequence fetch them from its home; the home itself just takes them.
void Deployment::share_sequences() {
  using Strategy = propagation::schema::KeyNumbers::Strategy;
  for (auto& here : data_centers_) {
    if (here == nullptr || !here->database().is_own() || here->site().id() == config_.sequence_home) continue;
    propagation::Database& database = here->database().database();
    if (database.numbers().strategy != Strategy::kCommon) continue;
    DataCenter& home = data_center(config_.sequence_home);
    sequences_.push_back(
        std::make_unique<propagation::CommonSequence>(here->site(), home.database().database(), home.power()));
    database.use(*sequences_.back());
  }
}

void Deployment::build_regions() {
  dns_.resize(config_.sites.size());
  if (config_.zone) {
    zone_ = std::make_unique<Zone>(config_, simulation_, data_centers_);
    return;
  }
  for (const RegionConfig& config : config_.regions) {
    sim::Site& region = simulation_.site(config.region);
    dns_[sim::index(config.region)] = std::make_unique<steering::RegionalDns>(
        region, region.name(), steering::Name::kApis, config.dns, doors_of(config.preferred));
  }
}

std::vector<steering::FrontDoor*> Deployment::doors_of(const std::vector<SiteId>& sites) {
  std::vector<steering::FrontDoor*> doors;
  for (const SiteId site : sites) doors.push_back(&data_center(site).front_door());
  return doors;
}

steering::Directory& Deployment::apis_for(std::size_t population, std::uint32_t sessions) {
  if (zone_) return zone_->apis_for(population, sessions);
  return *dns_[sim::index(config_.populations[population].region)];
}

// The token endpoint's name is in the same hands as the APIs', and asked for at the same resolvers.
steering::Directory& Deployment::token_endpoint_for(std::size_t number, std::uint32_t sessions,
                                                    steering::Directory& apis) {
  const PopulationConfig& population = config_.populations[number];
  if (population.tokens_from.empty()) return apis;
  if (zone_) return zone_->token_endpoint_for(number, sessions);
  const auto region = std::find_if(config_.regions.begin(), config_.regions.end(),
                                   [&](const RegionConfig& one) { return one.region == population.region; });
  sim::Site& site = simulation_.site(population.region);
  token_dns_.push_back(std::make_unique<steering::RegionalDns>(site, site.name() + "/tokens of " + population.name,
                                                               steering::Name::kTokenEndpoint, region->dns,
                                                               doors_of(population.tokens_from)));
  return *token_dns_.back();
}

void Deployment::build_populations() {
  const std::size_t count = config_.populations.size();
  for (std::size_t i = 0; i < count; ++i) {
    const PopulationConfig& config = config_.populations[i];
    steering::PopulationSpec spec{config.name,
                                  config.asks_for,
                                  static_cast<domain::PopulationId>(i),
                                  {config.gap, config.bursts, config.day, config.trace},
                                  config.think,
                                  config.token_popularity,
                                  config.timeout,
                                  config.retries,
                                  config.backoff,
                                  config.roaming,
                                  config.drops_cookies,
                                  {}};
    for (std::size_t token = i; token < catalog_.tokens.size(); token += count) {
      spec.tokens.push_back(static_cast<domain::TokenId>(token));
    }
    const auto sessions = static_cast<std::uint32_t>(spec.tokens.size());
    steering::Directory& apis = apis_for(i, sessions);
    steering::Directory& token_endpoint = token_endpoint_for(i, sessions, apis);
    populations_.push_back(std::make_unique<steering::Population>(simulation_.site(config.region), std::move(spec),
                                                                  catalog_, apis, token_endpoint));
    audience_.push_back(populations_.back().get());
  }
}

management::PublisherSpec Deployment::publisher_spec(SiteId id) const {
  const SiteConfig& site = config_.sites[sim::index(id)];
  const auto way = site.pulls ? management::Spreading::kByEvents : management::Spreading::kByFiles;
  management::PublisherSpec spec{way, {}, {}, {}};
  if (site.cluster) spec = {way, site.cluster->copy_retry, site.cluster->message_delay, config_.stage_of_fault};
  spec.outlet = files_->outlet(id);
  return spec;
}

void Deployment::build_publishers() {
  for (auto& here : data_centers_) {
    auto& publisher = publishers_.emplace_back();
    if (here == nullptr) continue;
    std::vector<management::RemoteStore> remote;
    for (auto& there : data_centers_) {
      if (there == nullptr || there == here || there->artifacts() == nullptr) continue;
      remote.push_back({there->site().id(), there->first_node(), there->artifacts()});
    }
    const auto homes = here->nodes_with(Part::kControlPlane);
    if (homes.empty()) continue;
    publisher = std::make_unique<management::Publisher>(here->site(), *homes.front(), here->database().access(),
                                                        here->nodes_with(Part::kGateway), audience_, here->artifacts(),
                                                        std::move(remote), publisher_spec(here->site().id()));
  }
}

void Deployment::build_administrators() {
  std::vector<domain::SubscriptionId> to_add;
  for (std::size_t id = 0; id < catalog_.subscriptions.size(); ++id) {
    if (catalog_.subscriptions[id].initially == domain::Standing::kAbsent) {
      to_add.push_back(static_cast<domain::SubscriptionId>(id));
    }
  }
  for (const WriteConfig& config : config_.writes) {
    management::AdministratorSpec spec{config.name, config.task, config.from, config.until,
                                       config.gap,  {},          config.count};
    const bool adds = config.task == management::Task::kAddSubscriptions;
    const auto share = adds ? std::min<std::size_t>(config.count, to_add.size()) : 0;
    spec.to_add.assign(to_add.begin(), to_add.begin() + static_cast<std::ptrdiff_t>(share));
    to_add.erase(to_add.begin(), to_add.begin() + static_cast<std::ptrdiff_t>(share));
    DataCenter& where = data_center(config.site);
    const auto nodes = where.nodes_with(management::part_for(config.task));
    administrators_.push_back(std::make_unique<management::Administrator>(where.site(), std::move(spec),
                                                                          where.database().access(), nodes, audience_));
  }
}

void Deployment::build_policy_changes() {
  for (const PolicyChangeConfig& config : config_.policy_changes) {
    DataCenter& where = data_center(config.site);
    runtime::Node& node = *where.nodes_with(Part::kControlPlane).front();
    policy_changes_.push_back(
        std::make_unique<management::PolicyChange>(where.site(), config.spec, where.database().access(), node));
  }
}

void Deployment::schedule_api_writes() {
  for (const ApiWritesConfig& config : config_.api_writes) {
    sim::Site& site = simulation_.site(config.site);
    management::Publisher* publisher = publishers_[sim::index(config.site)].get();
    const sim::Duration part{(config.until - config.from).ns / config.count};
    const auto within_part = sim::Distribution::uniform({}, part);
    sim::Stream instants = site.stream("write/" + config.name, "instants");
    for (std::uint32_t k = 0; k < config.count; ++k) {
      const auto api = static_cast<domain::ApiId>(static_cast<std::uint32_t>(config.first) + k);
      const sim::VirtualTime when = config.from + part * k + within_part.sample(instants);
      site.at(when, [publisher, api, write = &config] { publisher->change(api, write->task, write->operator_delay); });
      if (!config.again) continue;
      management::Publisher* other = publishers_[sim::index(config.again->site)].get();
      simulation_.site(config.again->site).at(when + config.again->after, [other, api, write = &config] {
        other->change(api, write->task, write->operator_delay);
      });
    }
  }
}

void Deployment::add_touched(std::vector<std::uint64_t>& by_fault) const {
  add_clock_readings(data_centers_, by_fault);
  for (const auto& data_center : data_centers_) {
    if (data_center == nullptr) continue;
    for (const runtime::Node* node : data_center->nodes()) node->standstill().add_kept(by_fault);
  }
}

std::uint64_t Deployment::statements() const {
  std::uint64_t sum = 0;
  for (const auto& data_center : data_centers_) {
    if (data_center) sum += data_center->database().statements();
  }
  return sum;
}

void Deployment::start() {
  for (auto& data_center : data_centers_) {
    if (data_center) data_center->start();
  }
  files_->start();
  for (auto& cluster : cache_clusters_) cluster->start();
  for (auto& dns : dns_) {
    if (dns) dns->start();
  }
  for (auto& dns : token_dns_) dns->start();
  if (zone_) zone_->start();
  for (auto& population : populations_) population->start();
  for (auto& administrator : administrators_) administrator->start();
  for (auto& change : policy_changes_) change->start();
  if (statistics_) statistics_->start();
}

void Deployment::close() {
  for (auto& population : populations_) population->close();
  for (auto& data_center : data_centers_) {
    if (data_center) data_center->close();
  }
  if (statistics_) statistics_->close();
  for (auto& cluster : cache_clusters_) cluster->close();
}

}  // namespace parallax::world
