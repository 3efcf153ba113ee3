#include "models/world/audit_setup.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "models/world/brokers.h"
#include "models/world/layers.h"

namespace parallax::world {

using domain::LayerId;
using domain::NodeId;
using domain::ObjectKind;
using runtime::Part;
using runtime::PartSet;
using sim::SiteId;

namespace {

// Of whatever kind; a cut of links that goes with a site's outage begins when that does.
std::optional<sim::VirtualTime> first_fault(const WorldConfig& config) {
  std::vector<sim::VirtualTime> begins;
  for (const auto& outage : config.outages) begins.push_back(outage.from);
  for (const auto& outage : config.site_outages) begins.push_back(outage.from);
  for (const auto& outage : config.node_outages) begins.push_back(outage.from);
  for (const auto& emptied : config.emptied_records) begins.push_back(emptied.from);
  for (const auto& silent : config.silent_authorities) begins.push_back(silent.from);
  const auto add_first = [&](const std::vector<sim::Spell>& spells) {
    if (!spells.empty()) begins.push_back(spells.front().from);
  };
  for (const auto& disturbance : config.disturbances) add_first(disturbance.spells);
  for (const auto& clock : config.clock_faults) add_first(clock.spells);
  for (const auto& refusal : config.refusals) add_first(refusal.spells);
  for (const auto& full : config.full_disks) add_first(full.spells);
  for (const auto& wrong : config.wrong_checks) add_first(wrong.spells);
  for (const auto& freeze : config.node_freezes) add_first(freeze.spells);
  for (const auto& drain : config.drains) begins.push_back(drain.from);
  if (begins.empty()) return std::nullopt;
  return *std::min_element(begins.begin(), begins.end());
}

class SetupBuilder {
 public:
  SetupBuilder(const WorldConfig& config, std::size_t nodes) : config_{config}, nodes_{nodes} {}

  audit::Setup build() && {
    setup_.layers = counts().total();
    setup_.is_loaded.resize(setup_.layers);
    setup_.sites = config_.sites.size();
    setup_.first_fault = first_fault(config_);
    setup_.has_shared_caches = !config_.cache_clusters.empty();
    setup_.replica_groups = replica_groups();
    setup_.site_of_layer.resize(setup_.layers);
    setup_.counts_elsewhere = std::any_of(config_.sites.begin(), config_.sites.end(),
                                          [](const SiteConfig& site) { return !site.counted_at.empty(); });
    setup_.keeps_home = std::any_of(config_.replications.begin(), config_.replications.end(),
                                    [](const ReplicationConfig& r) { return r.spec.keeps_home; });
    for (const PopulationConfig& population : config_.populations) add_population(population);
    if (config_.zone) {
      setup_.follows_clients = true;
      if (config_.zone->checks) {
        setup_.judge = config_.zone->checks->gathered_at;
        setup_.confirming.assign(setup_.sites, confirming(config_.zone->checks->spec.check));
      }
    } else {
      setup_.confirming.resize(setup_.sites);
      for (const RegionConfig& one : config_.regions) {
        setup_.confirming[sim::index(one.region)] = one.dns.check_interval * (one.dns.fall - std::int64_t{1});
      }
    }
    for (const SiteConfig& site : config_.sites) {
      first_node_.push_back(node_count_);
      node_count_ += site.nodes.size();
    }
    for (std::size_t i = 0; i < config_.sites.size(); ++i) add_site(static_cast<SiteId>(i));
    add_barriers();
    return std::move(setup_);
  }

 private:
  static sim::Duration confirming(const steering::health::CheckSpec& check) {
    const bool is_faster = check.interval_while_changing.ns > 0;
    return (is_faster ? check.interval_while_changing : check.interval) * (check.fall - std::int64_t{1});
  }

  void add_population(const PopulationConfig& population) {
    setup_.region_of_population.push_back(population.region);
    setup_.kind_of_population.push_back(static_cast<std::uint8_t>(population.asks_for));
    if (population.asks_for == steering::Service::kToken && !population.tokens_from.empty()) {
      setup_.preferred_of_population.push_back(population.tokens_from.front());
      return;
    }
    for (const RegionConfig& region : config_.regions) {
      if (region.region == population.region) setup_.preferred_of_population.push_back(region.preferred.front());
    }
  }

  void add_site(SiteId id) {
    const SiteConfig& site = config_.sites[sim::index(id)];
    const LayerId database = database_layer(nodes_, id);
    setup_.jurisdictions.push_back(site.jurisdiction);
    const auto persistence = site.checked_balancer ? site.checked_balancer->persistence : site.balancer.persistence;
    setup_.has_affinity |= persistence != steering::health::Persistence::kNone;
    setup_.site_of_layer[domain::index(database)] = id;
    if (!site.nodes.empty() && !site.database_at) setup_.replicas.push_back(database);
    for (std::uint32_t node = 0; node < site.nodes.size(); ++node) {
      const bool loads = site.node.gateway.tokens == logic::tokens::TokenType::kJwt;
      const runtime::Node::Layers own = layers_of(id_of({id, node}), counts());
      setup_.is_loaded[domain::index(own.gateway.subscriptions)] = loads;
      setup_.is_loaded[domain::index(own.policies)] = 1;
      setup_.observers.push_back(has(site, node, Part::kGateway) ? gateway(site, {id, node})
                                                                 : audit::Observer{id, {}, {}});
      if (site.events && has(site, node, Part::kTrafficManager)) add_policies({id, node}, own.policies);
    }
  }

  // A certificate is looked at by both ends, whichever of them connects.
  void add_barriers() {
    for (const sim::LinkOutage& outage : config_.outages) {
      const sim::LinkSpec& link = config_.links[sim::index(outage.link)];
      setup_.barriers.push_back({link.from, link.to, {}, {}, outage.from, outage.until, stage_of(outage.fault)});
    }
    for (const sim::Refusal& refusal : config_.refusals) {
      for (const sim::Spell& spell : refusal.spells) {
        const domain::Stage stage = stage_of(refusal.fault);
        setup_.barriers.push_back({refusal.from, refusal.to, {}, {}, spell.from, spell.until, stage});
        setup_.barriers.push_back({refusal.to, refusal.from, {}, {}, spell.from, spell.until, stage});
      }
    }
    for (const FullDisk& full : config_.full_disks) {
      const LayerId database = database_layer(nodes_, full.site);
      for (const sim::Spell& spell : full.spells) {
        setup_.barriers.push_back({{}, {}, database, {}, spell.from, spell.until, stage_of(full.number)});
      }
    }
    for (const NodeFreeze& freeze : config_.node_freezes) {
      const NodeId node = id_of({freeze.site, freeze.node});
      for (const sim::Spell& spell : freeze.spells) {
        setup_.barriers.push_back({{}, {}, {}, node, spell.from, spell.until, stage_of(freeze.number)});
      }
    }
  }

  // Worlds that tests build may leave it open.
  domain::Stage stage_of(std::uint32_t fault) const {
    return fault < config_.stage_of_fault.size() ? config_.stage_of_fault[fault] : domain::Stage::kPending;
  }

  LayerCounts counts() const { return {nodes_, config_.sites.size()}; }

  static bool has(const SiteConfig& site, std::uint32_t node, Part part) {
    return site.parts.empty() || site.parts[node].has(part);
  }

  NodeId id_of(NodePlace place) const { return static_cast<NodeId>(first_node_[sim::index(place.site)] + place.node); }

  audit::Observer gateway(const SiteConfig& site, NodePlace place) const {
    const SiteId asked = site.validates_at.value_or(site.database_at.value_or(place.site));
    const LayerId database = database_layer(nodes_, asked);
    const runtime::Gateway::Layers own = layers_of(id_of(place), counts()).gateway;
    audit::Observer observer{place.site, {}, counted_with(site, place), site.node.event_delay, hears_at(place)};
    observer.chains[static_cast<std::size_t>(ObjectKind::kToken)] = {own.token_cache, database};
    observer.chains[static_cast<std::size_t>(ObjectKind::kApi)] = {own.artifacts};
    observer.chains[static_cast<std::size_t>(ObjectKind::kSubscription)] = {own.token_cache, database};
    observer.counted_by = counted_by(place);
    count_elsewhere(place, observer);
    observer.acts_on = {true, site.pulls.has_value(), site.node.gateway.tokens == logic::tokens::TokenType::kJwt,
                        false};
    if (site.node.gateway.tokens == logic::tokens::TokenType::kJwt) {
      observer.has_signed_tokens = true;
      observer.chains[static_cast<std::size_t>(ObjectKind::kToken)] = {own.token_cache};
      observer.chains[static_cast<std::size_t>(ObjectKind::kSubscription)] = {own.subscriptions, database};
    }
    if (site.cluster) observer.event_delay = std::max(observer.event_delay, site.cluster->message_delay);
    return observer;
  }

  // Without events nobody tells a traffic manager of a policy, and none changes.
  void add_policies(NodePlace place, LayerId policies) {
    constexpr auto kPolicy = static_cast<std::size_t>(ObjectKind::kPolicy);
    audit::Observer& observer = setup_.observers.back();
    observer.chains[kPolicy] = {policies};
    observer.acts_on[kPolicy] = true;
    if (observer.hears_at.empty()) observer.hears_at = hears_at(place);
  }

  // Traffic managers that it obeys: its own, else those of its site, else those where its requests are counted.
  std::vector<NodeId> counted_by(NodePlace place) const {
    const bool is_here = is_counted_at(config_, place.site, place.site);
    if (is_here && has(config_.sites[sim::index(place.site)], place.node, Part::kTrafficManager)) return {id_of(place)};
    std::vector<NodeId> managers;
    for (std::size_t i = 0; i < config_.sites.size(); ++i) {
      const auto there = static_cast<SiteId>(i);
      const bool is_obeyed = is_here ? there == place.site : is_counted_at(config_, place.site, there);
      if (is_obeyed) append_nodes(there, Part::kTrafficManager, managers);
    }
    return managers;
  }

  void append_nodes(SiteId id, Part part, std::vector<NodeId>& nodes) const {
    const SiteConfig& site = config_.sites[sim::index(id)];
    for (std::uint32_t node = 0; node < site.nodes.size(); ++node) {
      if (has(site, node, part)) nodes.push_back(id_of({id, node}));
    }
  }

  // What the traffic managers that it obeys count of other sites, or, where they are elsewhere, of all.
  void count_elsewhere(NodePlace place, audit::Observer& observer) const {
    const bool is_here = is_counted_at(config_, place.site, place.site);
    if (!is_here) observer.counted_with.clear();
    for (std::size_t i = 0; i < config_.sites.size(); ++i) {
      const auto from = static_cast<SiteId>(i);
      if (is_here && from == place.site) continue;
      for (std::size_t j = 0; j < config_.sites.size(); ++j) {
        const auto at = static_cast<SiteId>(j);
        const bool is_obeyed = is_here ? at == place.site : is_counted_at(config_, place.site, at);
        if (!is_obeyed || !is_counted_at(config_, from, at) || config_.sites[i].nodes.empty()) continue;
        append_nodes(from, Part::kGateway, observer.counted_with);
        observer.event_delay = std::max(observer.event_delay, way(from, at));
      }
    }
    std::sort(observer.counted_with.begin(), observer.counted_with.end());
    const auto end = std::unique(observer.counted_with.begin(), observer.counted_with.end());
    observer.counted_with.erase(end, observer.counted_with.end());
  }

  // The longest that a message takes; 0 where no link leads there at once.
  sim::Duration way(SiteId from, SiteId to) const {
    const auto link = std::find_if(config_.links.begin(), config_.links.end(),
                                   [&](const sim::LinkSpec& l) { return l.from == from && l.to == to; });
    if (link == config_.links.end()) return {};
    sim::Duration longest = link->delay.greatest();
    for (const sim::Disturbance& disturbance : config_.disturbances) {
      const bool is_there = &config_.links[sim::index(disturbance.link)] == &*link;
      if (is_there) longest += disturbance.adds.greatest();
    }
    return longest;
  }

  // A gateway with a traffic manager of its own is counted there, in a cluster with the others; one without is counted
  // at all that the site has.
  std::vector<NodeId> counted_with(const SiteConfig& site, NodePlace place) const {
    const bool has_own = has(site, place.node, Part::kTrafficManager);
    std::vector<NodeId> counted;
    for (std::uint32_t node = 0; node < site.nodes.size(); ++node) {
      if (!has(site, node, Part::kGateway)) continue;
      const bool is_shared = site.cluster || !has_own || !has(site, node, Part::kTrafficManager);
      if (node == place.node || is_shared) counted.push_back(id_of({place.site, node}));
    }
    return counted;
  }

  std::vector<audit::Observer::Hears> hears_at(NodePlace place) const {
    std::vector<audit::Observer::Hears> all;
    for (const Listening& listening : subscriptions_of(config_, place)) {
      for (const NodePlace broker : listening.brokers) {
        audit::Observer::Hears& hears = all.emplace_back(audit::Observer::Hears{id_of(broker)});
        for (const domain::Topic topic : domain::kTopics) {
          hears.topics[static_cast<std::size_t>(topic)] = listening.spec.topics.has(domain::id_of(topic));
        }
      }
    }
    return all;
  }

  // Databases joined by replication, directly or not, in the order of their sites.
  std::vector<std::vector<LayerId>> replica_groups() const {
    std::vector<std::size_t> leader(config_.sites.size());
    std::iota(leader.begin(), leader.end(), std::size_t{0});
    for (const ReplicationConfig& replication : config_.replications) {
      const std::size_t one = leader[sim::index(replication.from)];
      const std::size_t other = leader[sim::index(replication.to)];
      for (std::size_t& l : leader) l = l == std::max(one, other) ? std::min(one, other) : l;
    }
    std::vector<std::vector<LayerId>> groups(leader.size());
    for (std::size_t i = 0; i < leader.size(); ++i) {
      if (config_.sites[i].nodes.empty()) continue;
      groups[leader[i]].push_back(database_layer(nodes_, static_cast<SiteId>(i)));
    }
    std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
    return groups;
  }

  const WorldConfig& config_;
  std::size_t nodes_;
  std::size_t node_count_{0};
  std::vector<std::size_t> first_node_;  ///< by site
  audit::Setup setup_;
};

}  // namespace

audit::Setup setup_of(const WorldConfig& config, std::size_t nodes) { return SetupBuilder{config, nodes}.build(); }

}  // namespace parallax::world
