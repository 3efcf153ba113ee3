#include "models/world/zone.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "models/domain/ids.h"
#include "models/world/wrong_checks.h"

namespace parallax::world {

using sim::SiteId;
using steering::dns::NameId;
namespace dns = steering::dns;
namespace health = steering::health;

namespace {

constexpr NameId kApis{0};

std::string label_of(const char* what, std::size_t number) { return std::string{what} + ' ' + std::to_string(number); }

dns::Order order_of(const std::vector<dns::Target>& targets, const std::vector<SiteId>& sites) {
  dns::Order order;
  for (const SiteId site : sites) {
    for (std::uint32_t place = 0; place < targets.size(); ++place) {
      if (targets[place].address == site) order.push_back(place);
    }
  }
  return order;
}

}  // namespace

Zone::Zone(const WorldConfig& config, sim::Simulation& simulation, DataCenters& data_centers)
    : config_{config}, simulation_{simulation}, data_centers_{data_centers} {
  for (const PopulationConfig& population : config_.populations) {
    name_of_tokens_.push_back(population.tokens_from.empty() ? kApis : NameId{names_++});
  }
  build_authorities();
  build_checks();
  build_resolvers();
  schedule_faults();
}

// From the place that asks, as providers measure it: without what happens to the ways during the run.
std::vector<sim::Duration> Zone::latencies_from(SiteId site) const {
  std::vector<sim::Duration> latencies;
  for (const dns::Target& target : config_.zone->policy.targets) {
    const auto delay = simulation_.network().least_delay(site, target.address);
    latencies.push_back(delay.value_or(sim::Duration{std::numeric_limits<std::int64_t>::max()}));
  }
  return latencies;
}

dns::PolicySpec Zone::policy_of_apis() const {
  dns::PolicySpec policy = config_.zone->policy;
  policy.geo.resize(config_.sites.size());
  for (const RegionConfig& region : config_.regions) {
    policy.geo[sim::index(region.region)] = order_of(policy.targets, region.preferred);
  }
  for (std::size_t site = 0; site < config_.sites.size(); ++site) {
    policy.latency.push_back(latencies_from(static_cast<SiteId>(site)));
  }
  return policy;
}

dns::ZoneSpec Zone::zone_spec() const {
  dns::ZoneSpec spec;
  spec.negative_ttl = config_.zone->negative_ttl;
  spec.names.push_back(policy_of_apis());
  for (const PopulationConfig& population : config_.populations) {
    if (population.tokens_from.empty()) continue;
    dns::PolicySpec& tokens = spec.names.emplace_back();
    tokens.ttl = config_.zone->policy.ttl;
    tokens.none_healthy = config_.zone->policy.none_healthy;
    for (const SiteId site : population.tokens_from) tokens.targets.push_back({site});
  }
  return spec;
}

void Zone::build_authorities() {
  const dns::ZoneSpec spec = zone_spec();
  for (std::size_t i = 0; i < config_.zone->authorities.size(); ++i) {
    const SiteId place = config_.zone->authorities[i];
    dns::Authority& authority = *authorities_.emplace_back(std::make_unique<dns::Authority>(
        simulation_.site(place), label_of("authority", i), spec, config_.sites.size()));
    if (DataCenter* host = data_centers_[sim::index(place)].get()) {
      host->house(
          {[&authority](propagation::broker::HostLoss) { authority.lost(); }, [&authority] { authority.restored(); }});
    }
  }
}

void Zone::build_checks() {
  if (!config_.zone->checks) return;
  const ZoneConfig::Checks& checks = *config_.zone->checks;
  std::vector<health::Port*> ports;
  for (auto& data_center : data_centers_) {
    if (data_center == nullptr) continue;
    const std::string name = "front door of " + data_center->site().name();
    health::Port& port = *ports_.emplace_back(std::make_unique<health::Port>(data_center->site(), name));
    port.answer_well_if([door = &data_center->front_door()] { return door->is_healthy(); });
    data_center->house({[&port](propagation::broker::HostLoss) { port.lose(); }, [&port] { port.restore(); }});
    ports.push_back(&port);
  }
  std::vector<sim::Site*> vantage_points;
  for (const SiteId place : checks.vantage_points) vantage_points.push_back(&simulation_.site(place));
  std::vector<dns::Authority*> authorities;
  for (auto& authority : authorities_) authorities.push_back(authority.get());
  monitor_ = std::make_unique<dns::Monitor>(simulation_.site(checks.gathered_at), "zone", checks.spec, vantage_points,
                                            ports, std::move(authorities));
}

SiteId Zone::nearest_authority(SiteId site) const {
  SiteId nearest = config_.zone->authorities.front();
  std::optional<sim::Duration> least;
  for (const SiteId place : config_.zone->authorities) {
    const auto delay = simulation_.network().least_delay(site, place);
    if (!delay || (least && *least <= *delay)) continue;
    least = delay;
    nearest = place;
  }
  return nearest;
}

void Zone::build_resolvers() {
  std::vector<std::uint32_t> numbers(config_.sites.size());  // of the resolvers of a site
  for (const RegionConfig& region : config_.regions) {
    auto& classes = resolvers_.emplace_back();
    for (const ResolversConfig& config : region.resolvers) {
      const SiteId asks = nearest_authority(config.at);
      const auto place = std::find(config_.zone->authorities.begin(), config_.zone->authorities.end(), asks);
      dns::Authority& authority = *authorities_[static_cast<std::size_t>(place - config_.zone->authorities.begin())];
      sim::Site& site = simulation_.site(config.at);
      Resolvers& made = classes.emplace_back();
      made.share_of_each = config.share / config.count;
      for (std::uint32_t i = 0; i < config.count; ++i) {
        const std::string name = simulation_.site(region.region).name() + '/' + label_of("resolvers", classes.size()) +
                                 '/' + std::to_string(i);
        made.all.push_back(std::make_unique<dns::Resolver>(site, name, numbers[sim::index(config.at)]++, config.spec,
                                                           authority, names_, config_.sites.size()));
      }
    }
  }
}

steering::Directory& Zone::directory(std::size_t number, std::uint32_t sessions, NameId name) {
  const PopulationConfig& population = config_.populations[number];
  dns::ClientDirectorySpec spec{name, sessions, {}, {}, population.keep_alive, {}};
  for (std::size_t region = 0; region < config_.regions.size(); ++region) {
    if (config_.regions[region].region != population.region) continue;
    for (const Resolvers& one : resolvers_[region]) {
      for (const auto& resolver : one.all) spec.resolvers.push_back({resolver.get(), one.share_of_each});
    }
  }
  for (const PopulationConfig::ClientCaches& caches : population.client_caches) {
    spec.caches.push_back({caches.spec, caches.share});
  }
  for (auto& data_center : data_centers_) {
    spec.doors.push_back(data_center == nullptr ? nullptr : &data_center->front_door());
  }
  const std::string label = "population/" + population.name + (name == kApis ? "/names" : "/names of tokens");
  return *directories_.emplace_back(
      std::make_unique<dns::ClientDirectory>(simulation_.site(population.region), label, std::move(spec)));
}

steering::Directory& Zone::apis_for(std::size_t population, std::uint32_t sessions) {
  return directory(population, sessions, kApis);
}

steering::Directory& Zone::token_endpoint_for(std::size_t population, std::uint32_t sessions) {
  assert(name_of_tokens_[population] != kApis);
  return directory(population, sessions, name_of_tokens_[population]);
}

// A provider's control plane changes all of its servers at once, as far as their distance lets it: we leave that out.
void Zone::schedule_faults() {
  for (const EmptiedRecord& one : config_.emptied_records) {
    for (auto& authority : authorities_) {
      sim::Site& site = authority->site();
      site.at(one.from, [authority = authority.get(), fault = one.fault] { authority->empty_by(fault); });
      site.at(one.until, [authority = authority.get(), fault = one.fault] { authority->no_more_empty_by(fault); });
    }
  }
  for (const Drain& one : config_.drains) {
    if (one.node) continue;
    for (auto& authority : authorities_) {
      sim::Site& site = authority->site();
      site.at(one.from, [authority = authority.get(), one] { authority->drain(one.site, one.fault); });
      site.at(one.until, [authority = authority.get(), one] { authority->restore(one.site, one.fault); });
    }
  }
  for (const SilentAuthority& one : config_.silent_authorities) {
    dns::Authority* authority = authorities_[one.authority].get();
    authority->site().at(one.from, [authority, fault = one.fault] { authority->silence_by(fault); });
    authority->site().at(one.until, [authority, fault = one.fault] { authority->no_more_silent_by(fault); });
  }
  for (const WrongChecks& one : config_.wrong_checks) {
    if (!monitor_ || data_centers_[sim::index(one.at)] != nullptr) continue;
    std::optional<SiteId> about;
    if (one.about) about = static_cast<SiteId>(*one.about);
    schedule_mistakes(monitor_->checkers_at(one.at, about), one);
  }
}

void Zone::start() {
  if (monitor_) monitor_->start();
}

}  // namespace parallax::world
