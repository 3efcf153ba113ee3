#include "models/world/data_center.h"

#include <utility>

namespace parallax::world {

using domain::NodeId;
using domain::Passage;
using domain::SiteChange;
using domain::Stage;

namespace {

// How often a site that starts looks whether its database has caught up, and asks again for rows: our assumption.
constexpr sim::Duration kLookAgain = sim::seconds(1);
constexpr sim::Duration kAskAgain = sim::seconds(5);

}  // namespace

DataCenter::DataCenter(sim::Site& site, const SiteConfig& config, const domain::Catalog& catalog,
                       std::span<const std::string> node_names, NodeId first_node,
                       propagation::TokenNumbers token_numbers)
    : site_{site},
      startup_time_{config.node.startup_time},
      database_{site, catalog, database_layer(node_names.size(), site.id()), config.database_access, token_numbers} {
  build_nodes(config, catalog, node_names, first_node);
  if (config.cluster) join_cluster(*config.cluster, catalog, node_names);
  std::vector<steering::Backend*> backends;
  for (const auto& node : nodes_) backends.push_back(node.get());
  balancer_ = std::make_unique<steering::RoundRobinBalancer>(site, power_, std::move(backends));
}

void DataCenter::build_nodes(const SiteConfig& config, const domain::Catalog& catalog,
                             std::span<const std::string> node_names, NodeId first_node) {
  for (std::size_t i = 0; i < config.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(domain::index(first_node) + i);
    nodes_.push_back(std::make_unique<runtime::Node>(site_, power_, id, node_names[domain::index(id)], config.node,
                                                     catalog, database_, layers_of(id)));
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

void DataCenter::replicate_to(DataCenter& target, const propagation::ReplicationSpec& spec,
                              const std::vector<Stage>& stage_of_fault) {
  outgoing_.push_back(std::make_unique<propagation::ReplicationStream>(site_, power_, target.site_, target.power_,
                                                                       target.database_, spec, stage_of_fault));
  propagation::ReplicationStream* stream = outgoing_.back().get();
  target.incoming_.push_back(stream);
  target.sources_.push_back(this);
  peers_.push_back({&target, stream});
  database_.on_commit([stream](const propagation::Row& row) { stream->append(row); });
}

void DataCenter::start() {
  for (const auto& node : nodes_) node->gateway().start();
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
  for (const auto& stream : outgoing_) stream->origin_lost();
  for (propagation::ReplicationStream* stream : incoming_) stream->target_lost();
  if (disk == Disk::kKept) return;
  is_in_step_ = sources_.empty();
  for (const auto& stream : outgoing_) stream->disk_lost();
  database_.wipe(lost_);
}

sim::Process DataCenter::restore(sim::Site& site) {
  power_.restore();
  const std::uint32_t life = power_.life();
  const sim::VirtualTime powered = site.now();
  const sim::RecordId power_back = record(SiteChange::kPowered);
  for (const auto& stream : outgoing_) stream->origin_restored();
  ask_for_rows();
  co_await site.delay(startup_time_);
  while (!is_in_step_) co_await site.delay(kLookAgain);
  if (power_.outlived(life)) co_return;
  for (const auto& node : nodes_) {
    if (artifacts_) artifacts_->load_into(node->gateway(), power_back, {Stage::kNone, Stage::kSiteDown, powered});
    node->started();
  }
  record(SiteChange::kReady);
}

// The sources are asked in turn. One sends every row that it has; the stream keeps their order and repeats what is
// lost.
void DataCenter::ask_for_rows() {
  if (is_in_step_ || !power_.is_on()) return;
  DataCenter* source = sources_[asked_++ % sources_.size()];
  site_.send(source->site_.id(), [this, source] { source->send_rows_back(*this); });
  site_.after(kAskAgain, [this] { ask_for_rows(); });
}

void DataCenter::send_rows_back(DataCenter& asker) {
  if (!power_.is_on() || !is_in_step_) return;
  for (const Peer& peer : peers_) {
    if (peer.data_center != &asker) continue;
    peer.stream->append_all(database_.changed_rows(), Stage::kSiteDown,
                            [target = &asker] { target->is_in_step_ = true; });
  }
}

}  // namespace parallax::world
