// Every entity of a config, built into the sites of a simulation, and who knows whom.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/management/administrator.h"
#include "models/management/policy_change.h"
#include "models/management/publisher.h"
#include "models/propagation/common_sequence.h"
#include "models/steering/clients.h"
#include "models/steering/dns.h"
#include "models/world/cache_clusters.h"
#include "models/world/clocks.h"
#include "models/world/config.h"
#include "models/world/data_center.h"
#include "models/world/file_ways.h"
#include "models/world/statistics.h"
#include "models/world/zone.h"
#include "sim/simulation.h"

namespace parallax::world {

class Deployment {
 public:
  /// All four outlive it.
  Deployment(const WorldConfig& config, const domain::Catalog& catalog, const std::vector<std::string>& node_names,
             sim::Simulation& simulation);

  /// How often nodes have read a clock that was off, and what has waited for nodes that stood still, added to the sums
  /// by fault number.
  void add_touched(std::vector<std::uint64_t>& by_fault) const;

  /// Statements that databases of APIs have run for nodes.
  std::uint64_t statements() const;

  /// Null where nobody keeps any.
  const Statistics* statistics() const { return statistics_.get(); }

  void start();

  /// The run has ended: everybody's books.
  void close();

 private:
  void build_data_centers();
  DataCenter& data_center_at(sim::SiteId id);
  void schedule(const DatabaseTask& task);
  void schedule(const Drain& drain);
  void schedule(const FullDisk& full);
  void share_sequences();
  void build_regions();
  std::vector<steering::FrontDoor*> doors_of(const std::vector<sim::SiteId>& sites);
  void build_populations();
  steering::Directory& apis_for(std::size_t population, std::uint32_t sessions);
  steering::Directory& token_endpoint_for(std::size_t population, std::uint32_t sessions, steering::Directory& apis);
  void build_publishers();
  void build_administrators();
  void build_policy_changes();
  void schedule_api_writes();
  DataCenter& data_center(sim::SiteId site) { return *data_centers_[sim::index(site)]; }
  management::PublisherSpec publisher_spec(sim::SiteId id) const;

  const WorldConfig& config_;
  const domain::Catalog& catalog_;
  const std::vector<std::string>& node_names_;
  sim::Simulation& simulation_;
  std::vector<domain::ClockError> clock_errors_;  ///< by NodeId; none where all clocks are right
  std::vector<std::unique_ptr<propagation::CommonSequence>> sequences_;
  DataCenters data_centers_;
  std::unique_ptr<FileWays> files_;
  std::vector<std::unique_ptr<CacheCluster>> cache_clusters_;
  std::vector<std::unique_ptr<steering::RegionalDns>> dns_;        ///< by site; null for a data center, or with a zone
  std::vector<std::unique_ptr<steering::RegionalDns>> token_dns_;  ///< of populations with an order of their own
  std::unique_ptr<Zone> zone_;                                     ///< null: regions have a geo DNS each
  std::vector<std::unique_ptr<steering::Population>> populations_;
  std::vector<steering::Population*> audience_;
  std::vector<std::unique_ptr<management::Publisher>> publishers_;  ///< by site; null for a region
  std::vector<std::unique_ptr<management::Administrator>> administrators_;
  std::vector<std::unique_ptr<management::PolicyChange>> policy_changes_;
  std::unique_ptr<Statistics> statistics_;
};

}  // namespace parallax::world
