// One data center: its power, database, nodes, load balancer and publisher, and how it goes down and comes back.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/ids.h"
#include "models/management/publisher.h"
#include "models/propagation/artifacts.h"
#include "models/propagation/caches/cache_cluster.h"
#include "models/propagation/cluster.h"
#include "models/propagation/load_meter.h"
#include "models/runtime/node.h"
#include "models/steering/checked_balancer.h"
#include "models/steering/front_door.h"
#include "models/world/config.h"
#include "models/world/layers.h"
#include "models/world/site_database.h"
#include "sim/power.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::world {

class DataCenter {
 public:
  /// Its nodes are first_node, first_node + 1, ...; `node_names` are all nodes of the world, `sites` all its sites.
  /// `home`: whose database it uses; null: it has one of its own. `validator`: whose key managers its gateways ask;
  /// null: they ask the database.
  DataCenter(sim::Site& site, const SiteConfig& config, const domain::Catalog& catalog,
             std::span<const std::string> node_names, std::size_t sites, domain::NodeId first_node,
             propagation::TokenNumbers tokens, DataCenter* home, DataCenter* validator);

  sim::Site& site() { return site_; }
  sim::Power& power() { return power_; }
  SiteDatabase& database() { return database_; }
  propagation::ArtifactStore* artifacts() { return artifacts_.get(); }
  steering::FrontDoor& front_door() { return *front_door_; }
  domain::NodeId first_node() const { return nodes_.front()->id(); }
  std::size_t place_of(const runtime::Node& node) const {
    return domain::index(node.id()) - domain::index(first_node());
  }
  runtime::Node& node(std::size_t place) { return *nodes_[place]; }
  std::vector<runtime::Node*> nodes();
  std::vector<runtime::Node*> nodes_with(runtime::Part part);

  runtime::ArtifactDesk& open_artifact_desk(runtime::Node& node);

  /// `target` follows this database. Before the run.
  void replicate_to(DataCenter& target, const propagation::replication::StreamSpec& spec, sim::VirtualTime starts,
                    const std::vector<domain::Stage>& stage_of_fault);

  /// Shares the fate of the site. Before the run.
  void house(runtime::Resident resident) { residents_.push_back(std::move(resident)); }
  /// Its gateways are a side of this cluster. Before the run.
  void join(propagation::caches::CacheCluster& cluster) { caches_ = &cluster; }

  void start();

  /// The run has ended; its own books.
  void close();

  /// Its database takes writes from now on, or none any more.
  void set_access(propagation::store::Access access);

  /// Power fails at `outage.from` and is back at `outage.until`. Before the run. Requires: outages of a node and of its
  /// site that do not overlap.
  void schedule(const SiteOutage& outage);
  void schedule(const NodeOutage& outage);

  /// A node's process stands still meanwhile. Before the run. Requires: no outage of the node or its site meanwhile.
  void schedule(const NodeFreeze& freeze);

  /// Its balancer's checks are wrong meanwhile. Before the run. Requires: a balancer that checks.
  void schedule(const WrongChecks& wrong);

 private:
  void build_front_door(const SiteConfig& config);
  void build_nodes(const SiteConfig& config, std::span<const std::string> node_names, std::size_t sites,
                   domain::NodeId first_node);
  void ask_key_managers();
  void measure_load(const SiteConfig& config);
  void join_cluster(const propagation::ClusterSpec& spec, std::span<const std::string> node_names);
  void lose(Disk disk);
  void restore();
  void lose(runtime::Node& node, propagation::broker::HostLoss how);
  void restore(runtime::Node& node);
  sim::Process start_nodes(sim::Site& site, runtime::Node* only, sim::RecordId powered);
  void load(runtime::Node& node, const std::optional<runtime::StartupData>& data, sim::RecordId powered,
            const domain::Passage& passage);
  static bool starts_by_asking(runtime::Node& node);
  void become_ready(runtime::Node& node);
  void came_up(runtime::Node& node);
  void tell_of_all();
  void tell_caches_of_loss(const runtime::Node* only);
  void tell_caches_of_return(const runtime::Node* only);
  sim::RecordId record(domain::SiteChange change);
  sim::RecordId record(const runtime::Node& node, domain::SiteChange change, sim::RecordId cause);

  sim::Site& site_;
  sim::Power power_;
  sim::Duration startup_time_;
  std::uint32_t startup_statements_;
  std::optional<sim::SiteId> pulls_from_;  ///< whom its gateways ask for APIs
  bool is_counted_here_;                   ///< its gateways' requests, by its own traffic managers
  bool loads_at_start_;                    ///< its gateways do, from the database
  SiteDatabase database_;
  std::vector<std::unique_ptr<runtime::Node>> nodes_;
  std::unique_ptr<propagation::Cluster> cluster_;
  propagation::caches::CacheCluster* caches_{nullptr};
  std::unique_ptr<propagation::ArtifactStore> artifacts_;
  std::unique_ptr<steering::FrontDoor> front_door_;
  steering::CheckedBalancer* checking_{nullptr};  ///< the same, if it has to find out who is ready
  std::vector<runtime::Resident> residents_;
  std::unique_ptr<propagation::LoadMeter> meter_;  ///< null: nobody counts
  sim::RecordId lost_;                             ///< the record of the last loss
  bool comes_back_{false};  ///< and was not told to be ready again, as some of its gateways are not
};

using DataCenters = std::vector<std::unique_ptr<DataCenter>>;  ///< by site; null for a region

}  // namespace parallax::world
