#include "models/world/data_center.h"

#include <utility>

namespace parallax::world {

using domain::NodeId;
using domain::Passage;
using domain::SiteChange;
using domain::Stage;

namespace {

// How often a site that starts looks whether its database has caught up: our assumption.
constexpr sim::Duration kLookAgain = sim::seconds(1);

}  // namespace

DataCenter::DataCenter(sim::Site& site, const SiteConfig& config, const domain::Catalog& catalog,
                       std::span<const std::string> node_names, NodeId first_node, propagation::TokenNumbers tokens,
                       DataCenter* home)
    : site_{site},
      startup_time_{config.node.startup_time},
      database_{site,
                power_,
                config,
                catalog,
                database_layer(node_names.size(), site.id()),
                tokens,
                home == nullptr ? nullptr : &home->database_} {
  build_nodes(config, node_names, first_node);
  if (config.cluster) join_cluster(*config.cluster, catalog, node_names);
  std::vector<steering::Backend*> backends;
  for (const auto& node : nodes_) backends.push_back(node.get());
  balancer_ = std::make_unique<steering::RoundRobinBalancer>(site, power_, std::move(backends));
}

void DataCenter::build_nodes(const SiteConfig& config, std::span<const std::string> node_names, NodeId first_node) {
  for (std::size_t i = 0; i < config.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(domain::index(first_node) + i);
    nodes_.push_back(std::make_unique<runtime::Node>(site_, power_, id, node_names[domain::index(id)], config.node,
                                                     database_.access(), layers_of(id)));
  }
}

void DataCenter::join_cluster(const propagation::ClusterSpec& spec, const domain::Catalog& catalog,
                              std::span<const std::string> node_names) {
  cluster_ = std::make_unique<propagation::Cluster>(site_, spec);
  artifacts_ = std::make_unique<propagation::ArtifactStore>(site_, power_, catalog, spec.deployment_scan);
  for (const auto& member : nodes_) {
    artifacts_->add_reader(member->gateway(), node_names[domain::index(member->id())]);
    std::vector<runtime::Gateway*> others;
    for (const auto& other : nodes_) {
      if (other == member) continue;
      others.push_back(&other->gateway());
      member->gateway().publish_events_to(other->traffic_manager(), spec.message_delay);
    }
    member->key_manager().join(*cluster_, std::move(others));
  }
}

std::vector<runtime::Node*> DataCenter::nodes() {
  std::vector<runtime::Node*> pointers;
  for (const auto& node : nodes_) pointers.push_back(node.get());
  return pointers;
}

void DataCenter::replicate_to(DataCenter& target, const propagation::replication::StreamSpec& spec,
                              sim::VirtualTime starts, const std::vector<Stage>& stage_of_fault) {
  database_.peer().lead(target.database_.peer(), site_.name() + " to " + target.site_.name(), spec, stage_of_fault,
                        starts);
}

void DataCenter::start() {
  for (const auto& node : nodes_) node->gateway().start();
  database_.start();
}

void DataCenter::set_access(propagation::store::Access access) {
  database_.database().replica().set_access(access);
  record(access == propagation::store::Access::kWrite ? SiteChange::kPromoted : SiteChange::kFenced);
}

void DataCenter::schedule(const SiteOutage& outage) {
  power_.plan_failure(outage.from);
  site_.at(outage.from, [this, disk = outage.disk] { lose(disk); });
  site_.at(outage.until, [this] { restore(site_); });
}

sim::RecordId DataCenter::record(SiteChange change) {
  return site_.record(domain::SiteChanged{site_.id(), site_.id(), change}.pack(), lost_);
}

void DataCenter::lose(Disk disk) {
  power_.fail(site_.now());
  lost_ = {};
  lost_ = record(SiteChange::kLost);
  for (const auto& node : nodes_) node->lose(lost_);
  database_.lost(disk, lost_);
}

sim::Process DataCenter::restore(sim::Site& site) {
  power_.restore();
  const std::uint32_t life = power_.life();
  const sim::VirtualTime powered = site.now();
  const sim::RecordId power_back = record(SiteChange::kPowered);
  database_.restored();
  co_await site.delay(startup_time_);
  while (!database_.is_in_step()) co_await site.delay(kLookAgain);
  // A node does not start without its database, and has nobody to ask for it but the way there.
  while (!database_.is_own() && !power_.outlived(life)) {
    if (co_await database_.access().read([](propagation::Database& there) { return there.now(); })) break;
    co_await site.delay(kLookAgain);
  }
  if (power_.outlived(life)) co_return;
  for (const auto& node : nodes_) {
    if (artifacts_) artifacts_->load_into(node->gateway(), power_back, {Stage::kNone, Stage::kSiteDown, powered});
    node->started();
  }
  record(SiteChange::kReady);
}

}  // namespace parallax::world
