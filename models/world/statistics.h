// The statistics of a deployment: which data centers count, where their summaries go, how the databases follow each
// other, and what outages do to them.
//
// Where one database is shared, its replica takes over when the master's data center has been lost for longer than the
// failover time: from that instant on everybody uses the replica. Who finds out and how clients are moved is not
// modelled. The old master stays out for the rest of the run, with whatever it had not shipped.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/management/analytics.h"
#include "models/management/statistics_database.h"
#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

class Statistics {
 public:
  /// `data_centers`: by site; null for a region. Requires: config.statistics. Before the run.
  Statistics(const WorldConfig& config, const DataCenters& data_centers, std::size_t nodes, std::size_t apis);

  void start();
  void close();

  /// Layers of the databases that are to hold the same rows; empty where none follows another.
  std::vector<domain::LayerId> replicas() const;

 private:
  struct Place {
    std::unique_ptr<management::StatisticsDatabase> database;
    std::unique_ptr<management::Analytics> analytics;
  };

  void build_databases(const WorldConfig& config, const DataCenters& data_centers);
  void build_analytics(const WorldConfig& config, const DataCenters& data_centers);
  void join_databases(const WorldConfig& config);
  void lead(const WorldConfig& config, sim::SiteId from, sim::SiteId to);
  void plan_failover(const WorldConfig& config);
  void schedule(const SiteOutage& outage, sim::Site& site);
  bool has_database(const WorldConfig& config, sim::SiteId site) const;
  std::vector<management::StatisticsHome> homes_of(sim::SiteId site) const;
  management::StatisticsDatabase& database(sim::SiteId site) const { return *places_[sim::index(site)].database; }

  StatisticsConfig spec_;
  std::size_t nodes_;  ///< of the world
  std::size_t apis_;
  std::optional<sim::VirtualTime> failover_;  ///< the instant
  std::vector<Place> places_;                 ///< by site
};

}  // namespace parallax::world
