#include "models/world/data_center.h"

#include <algorithm>
#include <utility>

#include "models/steering/load_balancer.h"
#include "models/world/wrong_checks.h"

namespace parallax::world {

using domain::NodeId;
using domain::SiteChange;
using domain::Stage;
using runtime::Part;

namespace {

// How often a site that starts looks whether its database has caught up: our assumption.
constexpr sim::Duration kLookAgain = sim::seconds(1);

}  // namespace

DataCenter::DataCenter(sim::Site& site, const SiteConfig& config, const domain::Catalog& catalog,
                       std::span<const std::string> node_names, std::size_t sites, NodeId first_node,
                       propagation::TokenNumbers tokens, DataCenter* home, DataCenter* validator)
    : site_{site},
      startup_time_{config.node.startup_time},
      startup_statements_{config.startup_statements},
      pulls_from_{config.pulls && !config.startup ? std::optional{config.pulls->source} : std::nullopt},
      is_counted_here_{config.node.is_counted_here},
      loads_at_start_{config.node.gateway.tokens == logic::tokens::TokenType::kJwt || config.pulls.has_value()},
      database_{site,
                power_,
                config,
                catalog,
                database_layer(node_names.size(), site.id()),
                tokens,
                home == nullptr ? nullptr : &home->database_,
                validator == nullptr ? nullptr : &validator->database_} {
  build_nodes(config, node_names, sites, first_node);
  if (validator != nullptr) {
    database_.validate_while([managers = validator->nodes_with(Part::kKeyManager)] {
      return std::any_of(managers.begin(), managers.end(), [](const runtime::Node* node) { return node->is_ready(); });
    });
  }
  if (config.node.validations_take_workers && validator == nullptr) ask_key_managers();
  if (config.measures_load) measure_load(config);
  if (config.cluster && !config.files) {
    artifacts_ = std::make_unique<propagation::ArtifactStore>(site_, catalog, config.cluster->deployment_scan);
  }
  if (config.cluster) join_cluster(*config.cluster, node_names);
  build_front_door(config);
}

void DataCenter::build_front_door(const SiteConfig& config) {
  std::vector<steering::Backend*> backends;
  for (const auto& node : nodes_) backends.push_back(node.get());
  if (!config.checked_balancer) {
    front_door_ = std::make_unique<steering::AllSeeingBalancer>(site_, power_, std::move(backends), config.balancer);
    return;
  }
  auto checking = std::make_unique<steering::CheckedBalancer>(site_, power_, backends, *config.checked_balancer);
  checking_ = checking.get();
  front_door_ = std::move(checking);
}

void DataCenter::build_nodes(const SiteConfig& config, std::span<const std::string> node_names, std::size_t sites,
                             NodeId first_node) {
  for (std::size_t i = 0; i < config.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(domain::index(first_node) + i);
    const runtime::PartSet parts = config.parts.empty() ? runtime::PartSet::all() : config.parts[i];
    nodes_.push_back(
        std::make_unique<runtime::Node>(site_, id, node_names[domain::index(id)], parts, config.node,
                                        runtime::Node::Accesses{database_.access(), database_.validation()},
                                        layers_of(id, {node_names.size(), sites})));
  }
  for (runtime::Node* manager : nodes_with(Part::kTrafficManager)) {
    manager->traffic_manager().ask_for_policies(config.node.policies, [planes = nodes_with(Part::kControlPlane)] {
      return std::any_of(planes.begin(), planes.end(), [](const runtime::Node* plane) { return plane->is_ready(); });
    });
  }
  if (!config.node.is_counted_here) return;
  // A gateway without a traffic manager of its own has those of the site.
  for (runtime::Node* gateway : nodes_with(Part::kGateway)) {
    if (gateway->parts().has(Part::kTrafficManager)) continue;
    for (runtime::Node* manager : nodes_with(Part::kTrafficManager)) {
      gateway->gateway().publish_events_to(manager->traffic_manager(), config.node.event_delay);
      manager->traffic_manager().push_decisions_to(gateway->gateway());
    }
  }
}

void DataCenter::ask_key_managers() {
  std::vector<runtime::Validators::One> all;
  for (runtime::Node* manager : nodes_with(Part::kKeyManager)) all.push_back({manager, &manager->key_manager()});
  for (runtime::Node* gateway : nodes_with(Part::kGateway)) {
    const bool has_own = gateway->parts().has(Part::kKeyManager);
    gateway->gateway().ask_validators({has_own ? &gateway->key_manager() : nullptr, all});
  }
}

// Whose gateways ask key managers elsewhere is no load of its own.
void DataCenter::measure_load(const SiteConfig& config) {
  meter_ = std::make_unique<propagation::LoadMeter>(site_);
  database_.measure_by(*meter_);
  for (runtime::Node* manager : nodes_with(Part::kKeyManager)) manager->key_manager().measure_by(*meter_);
  if (config.validates_at) return;
  for (runtime::Node* gateway : nodes_with(Part::kGateway)) gateway->gateway().measure_by(meter_.get());
}

void DataCenter::join_cluster(const propagation::ClusterSpec& spec, std::span<const std::string> node_names) {
  cluster_ = std::make_unique<propagation::Cluster>(site_, spec);
  for (runtime::Node* member : nodes_with(Part::kGateway)) {
    if (artifacts_) artifacts_->add_reader(member->gateway(), member->power(), node_names[domain::index(member->id())]);
    if (!is_counted_here_ || !member->parts().has(Part::kTrafficManager)) continue;
    for (runtime::Node* other : nodes_with(Part::kTrafficManager)) {
      if (other != member) member->gateway().publish_events_to(other->traffic_manager(), spec.message_delay);
    }
  }
  for (runtime::Node* member : nodes_with(Part::kKeyManager)) {
    std::vector<runtime::Gateway*> others;
    for (runtime::Node* other : nodes_with(Part::kGateway)) {
      if (other != member) others.push_back(&other->gateway());
    }
    member->key_manager().join(*cluster_, std::move(others));
  }
}

std::vector<runtime::Node*> DataCenter::nodes() {
  std::vector<runtime::Node*> pointers;
  for (const auto& node : nodes_) pointers.push_back(node.get());
  return pointers;
}

std::vector<runtime::Node*> DataCenter::nodes_with(Part part) {
  std::vector<runtime::Node*> having = nodes();
  std::erase_if(having, [part](const runtime::Node* node) { return !node->parts().has(part); });
  return having;
}

void DataCenter::replicate_to(DataCenter& target, const propagation::replication::StreamSpec& spec,
                              sim::VirtualTime starts, const std::vector<Stage>& stage_of_fault) {
  database_.peer().lead(target.database_.peer(), site_.name() + " to " + target.site_.name(), spec, stage_of_fault,
                        starts);
}

runtime::ArtifactDesk& DataCenter::open_artifact_desk(runtime::Node& node) {
  return node.open_artifact_desk(database_.access().database());
}

void DataCenter::start() {
  for (const auto& node : nodes_) node->start();
  database_.start();
  if (checking_ != nullptr) checking_->start();
}

void DataCenter::close() {
  for (const auto& node : nodes_) node->close();
  database_.close();
  if (meter_) meter_->close();
  if (const std::uint64_t lost = front_door().affinity_lost(); lost > 0) {
    site_.record(domain::AffinityClosed{site_.id(), lost}.pack());
  }
  if (!database_.asks_elsewhere()) return;
  site_.record(domain::CallsClosed{site_.id(), database_.calls_elsewhere()}.pack());
}

void DataCenter::set_access(propagation::store::Access access) {
  database_.database().replica().set_access(access);
  record(access == propagation::store::Access::kWrite ? SiteChange::kPromoted : SiteChange::kFenced);
}

void DataCenter::schedule(const SiteOutage& outage) {
  power_.plan_failure(outage.from);
  for (const auto& node : nodes_) node->power().plan_failure(outage.from);
  site_.at(outage.from, [this, disk = outage.disk] { lose(disk); });
  site_.at(outage.until, [this] { restore(); });
}

void DataCenter::schedule(const NodeOutage& outage) {
  runtime::Node& node = *nodes_[outage.node];
  node.power().plan_failure(outage.from);
  site_.at(outage.from, [this, &node, how = outage.how] { lose(node, how); });
  site_.at(outage.until, [this, &node] { restore(node); });
}

void DataCenter::schedule(const NodeFreeze& freeze) {
  sim::Power* power = &nodes_[freeze.node]->power();
  for (const sim::Spell& spell : freeze.spells) {
    power->plan_failure(spell.from);
    site_.at(spell.from, [this, power, fault = freeze.number] { power->stand_still(site_.now(), fault); });
    site_.at(spell.until, [power, fault = freeze.number] { power->standstill().end(fault); });
  }
}

void DataCenter::schedule(const WrongChecks& wrong) { schedule_mistakes(checking_->checkers_of(wrong.about), wrong); }

sim::RecordId DataCenter::record(SiteChange change) {
  return site_.record(domain::SiteChanged{site_.id(), site_.id(), change}.pack(), lost_);
}

sim::RecordId DataCenter::record(const runtime::Node& node, SiteChange change, sim::RecordId cause) {
  return site_.record(domain::NodeChanged{node.id(), change}.pack(), cause);
}

void DataCenter::lose(Disk disk) {
  power_.fail(site_.now());
  comes_back_ = false;
  lost_ = {};
  lost_ = record(SiteChange::kLost);
  for (const auto& node : nodes_) node->lose(lost_, propagation::broker::HostLoss::kPower);
  if (checking_ != nullptr) {
    for (std::size_t place = 0; place < nodes_.size(); ++place) checking_->node_lost(place);
    checking_->lost();
  }
  tell_caches_of_loss(nullptr);
  database_.lost(disk, lost_);
  for (const runtime::Resident& resident : residents_) resident.lost(propagation::broker::HostLoss::kPower);
}

void DataCenter::lose(runtime::Node& node, propagation::broker::HostLoss how) {
  node.lose(record(node, SiteChange::kLost, {}), how);
  if (checking_ != nullptr && how == propagation::broker::HostLoss::kPower) checking_->node_lost(place_of(node));
  if (checking_ != nullptr && how == propagation::broker::HostLoss::kProcess) checking_->node_stopped(place_of(node));
  tell_caches_of_loss(&node);
}

void DataCenter::restore() {
  power_.restore();
  for (const auto& node : nodes_) node->restore();
  if (checking_ != nullptr) {
    checking_->restored();
    for (std::size_t place = 0; place < nodes_.size(); ++place) checking_->node_powered(place);
  }
  tell_caches_of_return(nullptr);
  const sim::RecordId powered = record(SiteChange::kPowered);
  database_.restored();
  for (const runtime::Resident& resident : residents_) resident.restored();
  start_nodes(site_, nullptr, powered);
}

void DataCenter::restore(runtime::Node& node) {
  node.restore();
  if (checking_ != nullptr) checking_->node_powered(place_of(node));
  tell_caches_of_return(&node);
  start_nodes(site_, &node, record(node, SiteChange::kPowered, {}));
}

// With the site all of its side goes. One member of several leaves the others: the network between them is up, they
// have its backups and take its place at once.
void DataCenter::tell_caches_of_loss(const runtime::Node* only) {
  if (caches_ == nullptr) return;
  caches_->lost(site_.id(), only == nullptr ? std::nullopt : std::optional{only->id()});
}

void DataCenter::tell_caches_of_return(const runtime::Node* only) {
  if (caches_ == nullptr) return;
  caches_->restored(site_.id(), only == nullptr ? std::nullopt : std::optional{only->id()});
}

// All nodes, or one. None starts without its database, nor a gateway that pulls without whom it pulls from; where those
// are elsewhere there is nobody to ask for them but the way there. A gateway that asks for its APIs itself is ready
// when that says so. Who is lost meanwhile starts by itself later.
sim::Process DataCenter::start_nodes(sim::Site& site, runtime::Node* only, sim::RecordId powered) {
  struct Starting {
    runtime::Node* node;
    std::uint32_t life;
  };
  std::vector<Starting> starting;
  for (runtime::Node* node : only == nullptr ? nodes() : std::vector{only}) {
    starting.push_back({node, node->power().life()});
  }
  const std::uint32_t life = power_.life();
  const auto is_over = [&] {
    return power_.outlived(life) || (only != nullptr && only->power().outlived(starting.front().life));
  };
  const sim::VirtualTime since = site.now();
  co_await site.delay(startup_time_);
  while (!is_over() && !database_.is_in_step()) co_await site.delay(kLookAgain);
  while (!is_over() && pulls_from_ && site.fault_on_connecting_to(*pulls_from_)) co_await site.delay(kLookAgain);
  for (std::uint32_t made = 0; made < startup_statements_ && !is_over();) {
    if (co_await database_.access().read([](propagation::Database&) { return std::uint8_t{0}; })) {
      ++made;
    } else {
      co_await site.delay(kLookAgain);
    }
  }
  std::optional<runtime::StartupData> data;
  while (!is_over() && (!database_.is_own() || loads_at_start_)) {
    data = co_await database_.access().read(
        [](propagation::Database& there) { return runtime::read_startup_data(there); });
    if (data) break;
    co_await site.delay(kLookAgain);
  }
  if (is_over()) co_return;
  std::erase_if(starting, [](const Starting& one) { return one.node->power().outlived(one.life); });
  const domain::Passage passage{Stage::kNone, Stage::kSiteDown, since};
  for (const Starting& one : starting) load(*one.node, data, powered, passage);
  for (const Starting& one : starting) {
    if (!starts_by_asking(*one.node)) become_ready(*one.node);
  }
  for (const Starting& one : starting) {
    one.node->started(powered, since);
    if (only != nullptr && !starts_by_asking(*one.node)) record(*one.node, SiteChange::kReady, {});
  }
  comes_back_ = comes_back_ || only == nullptr;
  for (const Starting& one : starting) {
    if (!starts_by_asking(*one.node)) continue;
    one.node->artifact_desk()->begin_start({powered, passage}, [this, node = one.node] { came_up(*node); });
  }
  tell_of_all();
}

bool DataCenter::starts_by_asking(runtime::Node& node) {
  return node.artifact_desk() != nullptr && node.artifact_desk()->starts_by_asking();
}

void DataCenter::become_ready(runtime::Node& node) {
  node.become_ready();
  if (checking_ != nullptr) checking_->node_ready(place_of(node));
}

// Its probe says that it is ready, whatever it still lacks.
void DataCenter::came_up(runtime::Node& node) {
  become_ready(node);
  record(node, SiteChange::kReady, {});
  tell_of_all();
}

// A site is ready when all of its nodes are, be it that one was lost meanwhile and has come up later.
void DataCenter::tell_of_all() {
  const auto is_ready = [](const auto& node) { return node->is_ready() || !starts_by_asking(*node); };
  if (!comes_back_ || !std::all_of(nodes_.begin(), nodes_.end(), is_ready)) return;
  comes_back_ = false;
  record(SiteChange::kReady);
}

void DataCenter::load(runtime::Node& node, const std::optional<runtime::StartupData>& data, sim::RecordId powered,
                      const domain::Passage& passage) {
  if (!node.parts().has(Part::kGateway)) return;
  const bool pulls = node.artifact_desk() != nullptr && node.artifact_desk()->puller() != nullptr;
  if (artifacts_ && !pulls) artifacts_->load_into(node.gateway(), powered, passage);
  if (!data) return;
  if (node.gateway().has_memory()) node.gateway().load(*data, powered, passage);
  if (pulls && !starts_by_asking(node)) node.artifact_desk()->load(*data, powered, passage);
}

}  // namespace parallax::world
