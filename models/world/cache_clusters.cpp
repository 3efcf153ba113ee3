#include "models/world/cache_clusters.h"

#include <utility>

namespace parallax::world {

namespace caches = propagation::caches;

namespace {

std::vector<runtime::Node*> members_of(const CacheClusterConfig& config, const DataCenters& data_centers) {
  std::vector<runtime::Node*> members;
  for (const sim::SiteId site : config.sites) {
    const auto gateways = data_centers[sim::index(site)]->nodes_with(runtime::Part::kGateway);
    members.insert(members.end(), gateways.begin(), gateways.end());
  }
  return members;
}

// A gateway that is the only one of its site goes and comes with its own power.
std::vector<caches::CacheCluster::Node> nodes_of(const CacheClusterConfig& config, const DataCenters& data_centers) {
  std::vector<caches::CacheCluster::Node> nodes;
  for (const sim::SiteId site : config.sites) {
    DataCenter& there = *data_centers[sim::index(site)];
    const auto gateways = there.nodes_with(runtime::Part::kGateway);
    const sim::Power& power = gateways.size() == 1 ? gateways.front()->power() : there.power();
    for (runtime::Node* gateway : gateways) nodes.push_back({there.site(), power, gateway->id()});
  }
  return nodes;
}

}  // namespace

CacheCluster::CacheCluster(const CacheClusterConfig& config, const WorldConfig& world, const DataCenters& data_centers)
    : members_{members_of(config, data_centers)},
      cluster_{"cache cluster/" + config.name, config.cluster, nodes_of(config, data_centers), world.stage_of_fault} {
  for (std::size_t i = 0; i < members_.size(); ++i) books_.push_back(std::make_unique<runtime::AnswersBook>());
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i]->gateway().share_tokens(cluster_, static_cast<caches::MemberId>(i), config.tokens, books_);
  }
  for (const sim::SiteId site : config.sites) data_centers[sim::index(site)]->join(cluster_);
}

void CacheCluster::close() {
  for (runtime::Node* member : members_) member->gateway().close();
}

}  // namespace parallax::world
