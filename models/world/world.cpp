#include "models/world/world.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/management/administrator.h"
#include "models/management/publisher.h"
#include "models/propagation/cluster.h"
#include "models/propagation/database.h"
#include "models/runtime/node.h"
#include "models/steering/clients.h"
#include "models/steering/load_balancer.h"
#include "models/world/catalog_builder.h"

namespace parallax::world {

using domain::LayerId;
using domain::NodeId;
using domain::ObjectKind;

struct World::DataCenter {
  std::unique_ptr<propagation::Database> database;
  std::unique_ptr<propagation::Cluster> cluster;
  std::vector<std::unique_ptr<runtime::Node>> nodes;
  std::unique_ptr<steering::RoundRobinBalancer> balancer;
  std::unique_ptr<management::Publisher> publisher;
  LayerId database_layer{};

  std::vector<runtime::Node*> node_pointers() const {
    std::vector<runtime::Node*> pointers;
    for (const auto& node : nodes) pointers.push_back(node.get());
    return pointers;
  }
};

struct World::Entities {
  std::vector<std::unique_ptr<DataCenter>> data_centers;  ///< by site; null for a region
  std::vector<std::unique_ptr<steering::Population>> populations;
  std::vector<std::unique_ptr<management::Administrator>> administrators;
};

namespace {

sim::SimulationSpec simulation_spec(const WorldConfig& config) {
  sim::SimulationSpec spec{config.seed, {}, config.links, config.outages, config.faults};
  for (const SiteConfig& site : config.sites) spec.sites.push_back(site.name);
  return spec;
}

std::vector<std::string> all_node_names(const WorldConfig& config) {
  std::vector<std::string> names;
  for (const SiteConfig& site : config.sites) {
    for (const std::string& node : site.nodes) names.push_back(site.name + "/" + node);
  }
  return names;
}

// Layers: two for each node, then one database for each site.
runtime::Gateway::Layers layers_of(std::size_t node) {
  return {static_cast<LayerId>(2 * node), static_cast<LayerId>(2 * node + 1)};
}
LayerId database_layer(std::size_t nodes, std::size_t site) { return static_cast<LayerId>(2 * nodes + site); }

}  // namespace

World::World(const WorldConfig& config)
    : config_{config},
      catalog_{build_catalog(config.catalog, config.seed)},
      node_names_{all_node_names(config)},
      simulation_{simulation_spec(config)},
      entities_{std::make_unique<Entities>()} {
  build_data_centers();
  build_populations();
  build_management();
}

World::~World() = default;

World::DataCenter& World::data_center(sim::SiteId site) {
  assert(entities_->data_centers[sim::index(site)] != nullptr);
  return *entities_->data_centers[sim::index(site)];
}

void World::build_data_centers() {
  std::size_t next_node = 0;
  for (std::size_t i = 0; i < config_.sites.size(); ++i) {
    const SiteConfig& config = config_.sites[i];
    auto& slot = entities_->data_centers.emplace_back();
    if (config.nodes.empty()) continue;
    slot = std::make_unique<DataCenter>();
    sim::Site& site = simulation_.site(static_cast<sim::SiteId>(i));
    slot->database_layer = database_layer(node_names_.size(), i);
    slot->database =
        std::make_unique<propagation::Database>(site, catalog_, slot->database_layer, config.database_access);
    for (std::size_t n = 0; n < config.nodes.size(); ++n, ++next_node) {
      slot->nodes.push_back(std::make_unique<runtime::Node>(site, static_cast<NodeId>(next_node),
                                                            node_names_[next_node], config.node, catalog_,
                                                            *slot->database, layers_of(next_node)));
    }
    std::vector<steering::Backend*> backends;
    for (const auto& node : slot->nodes) backends.push_back(node.get());
    slot->balancer = std::make_unique<steering::RoundRobinBalancer>(std::move(backends));
    if (!config.cluster) continue;
    slot->cluster = std::make_unique<propagation::Cluster>(site, *config.cluster);
    for (const auto& member : slot->nodes) {
      std::vector<runtime::Gateway*> others;
      for (const auto& other : slot->nodes) {
        if (other == member) continue;
        others.push_back(&other->gateway());
        member->gateway().publish_events_to(other->traffic_manager(), config.cluster->message_delay);
      }
      member->key_manager().join(*slot->cluster, std::move(others));
    }
  }
}

void World::build_populations() {
  const std::size_t count = config_.populations.size();
  for (std::size_t i = 0; i < count; ++i) {
    const PopulationConfig& config = config_.populations[i];
    steering::PopulationSpec spec{
        config.name, static_cast<domain::PopulationId>(i), config.gap, config.token_popularity, config.timeout, {}};
    for (std::size_t token = i; token < catalog_.tokens.size(); token += count) {
      spec.tokens.push_back(static_cast<domain::TokenId>(token));
    }
    entities_->populations.push_back(std::make_unique<steering::Population>(simulation_.site(config.region),
                                                                            std::move(spec), catalog_, config.target,
                                                                            *data_center(config.target).balancer));
  }
}

void World::build_management() {
  std::vector<steering::Population*> audience;
  for (const auto& population : entities_->populations) audience.push_back(population.get());
  for (std::size_t i = 0; i < config_.sites.size(); ++i) {
    if (config_.sites[i].nodes.empty()) continue;
    DataCenter& dc = data_center(static_cast<sim::SiteId>(i));
    dc.publisher = std::make_unique<management::Publisher>(simulation_.site(static_cast<sim::SiteId>(i)), *dc.database,
                                                           dc.node_pointers(), audience, dc.cluster.get());
  }
  for (const RevocationConfig& config : config_.revocations) {
    DataCenter& dc = data_center(config.site);
    entities_->administrators.push_back(std::make_unique<management::Administrator>(
        simulation_.site(config.site), config.name, management::RevocationSpec{config.from, config.until, config.gap},
        *dc.database, dc.node_pointers()));
  }
  for (const PublicationConfig& config : config_.publications) {
    management::Publisher* publisher = data_center(config.site).publisher.get();
    const sim::Duration part{(config.until - config.from).ns / config.count};
    sim::Stream instants = simulation_.site(config.site).stream(config.name, "instants");
    const auto within_part = sim::Distribution::uniform({}, part);
    for (std::uint32_t k = 0; k < config.count; ++k) {
      const sim::VirtualTime when = config.from + part * k + within_part.sample(instants);
      const auto api = static_cast<domain::ApiId>(static_cast<std::uint32_t>(config.first) + k);
      simulation_.site(config.site).at(when, [publisher, api, delay = &config.operator_delay] {
        publisher->publish(api, *delay);
      });
    }
  }
}

void World::run() {
  for (auto& dc : entities_->data_centers) {
    if (dc == nullptr) continue;
    for (auto& node : dc->nodes) node->gateway().start();
  }
  for (auto& population : entities_->populations) population->start();
  for (auto& administrator : entities_->administrators) administrator->start();
  simulation_.run(sim::VirtualTime{} + config_.duration);
  for (auto& population : entities_->populations) population->close();
  simulation_.flush_journal();
}

audit::Setup World::audit_setup() const {
  const std::size_t nodes = node_names_.size();
  audit::Setup setup{&catalog_, {}, 2 * nodes + config_.sites.size(), config_.populations.size()};
  for (std::size_t i = 0; i < config_.sites.size(); ++i) {
    const SiteConfig& site = config_.sites[i];
    const std::size_t first = setup.observers.size();
    for (std::size_t n = 0; n < site.nodes.size(); ++n) {
      const std::size_t node = first + n;
      const LayerId database = database_layer(nodes, i);
      audit::Observer observer{static_cast<sim::SiteId>(i), {}, {}, site.node.event_delay};
      observer.chains[static_cast<std::size_t>(ObjectKind::kToken)] = {layers_of(node).token_cache, database};
      observer.chains[static_cast<std::size_t>(ObjectKind::kApi)] = {layers_of(node).artifacts};
      observer.chains[static_cast<std::size_t>(ObjectKind::kSubscription)] = {database};
      if (site.cluster) {
        observer.event_delay = std::max(observer.event_delay, site.cluster->message_delay);
        for (std::size_t other = 0; other < site.nodes.size(); ++other) {
          observer.counted_with.push_back(static_cast<NodeId>(first + other));
        }
      } else {
        observer.counted_with = {static_cast<NodeId>(node)};
      }
      setup.observers.push_back(std::move(observer));
    }
  }
  return setup;
}

}  // namespace parallax::world
