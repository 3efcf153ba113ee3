// A DNS provider and the resolvers of the world, where a scenario describes them: the zone's authorities, its health
// checks of the data centers' front doors, and the recursive resolvers through which clients ask. Name 0 is the APIs';
// the others are token endpoints that have a name of their own, led by failover in their own order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/steering/dns/authority.h"
#include "models/steering/dns/client_directory.h"
#include "models/steering/dns/monitor.h"
#include "models/steering/dns/resolver.h"
#include "models/steering/health/port.h"
#include "models/world/config.h"
#include "models/world/data_center.h"
#include "sim/simulation.h"

namespace parallax::world {

class Zone {
 public:
  /// Requires: a config with a zone.
  Zone(const WorldConfig& config, sim::Simulation& simulation, DataCenters& data_centers);

  /// How the population's sessions find the APIs; with orders of its own for tokens, the token endpoint.
  steering::Directory& apis_for(std::size_t population, std::uint32_t sessions);
  steering::Directory& token_endpoint_for(std::size_t population, std::uint32_t sessions);

  void start();

 private:
  struct Resolvers {
    std::vector<std::unique_ptr<steering::dns::Resolver>> all;
    double share_of_each;
  };

  void build_authorities();
  void build_checks();
  void build_resolvers();
  void schedule_faults();
  steering::dns::ZoneSpec zone_spec() const;
  steering::dns::PolicySpec policy_of_apis() const;
  std::vector<sim::Duration> latencies_from(sim::SiteId site) const;
  sim::SiteId nearest_authority(sim::SiteId site) const;
  steering::Directory& directory(std::size_t population, std::uint32_t sessions, steering::dns::NameId name);

  const WorldConfig& config_;
  sim::Simulation& simulation_;
  DataCenters& data_centers_;
  std::vector<steering::dns::NameId> name_of_tokens_;  ///< by population
  std::uint32_t names_{1};
  std::vector<std::unique_ptr<steering::dns::Authority>> authorities_;
  std::vector<std::unique_ptr<steering::health::Port>> ports_;
  std::unique_ptr<steering::dns::Monitor> monitor_;  ///< null where nobody checks
  std::vector<std::vector<Resolvers>> resolvers_;    ///< by region's place, by class
  std::vector<std::unique_ptr<steering::dns::ClientDirectory>> directories_;
};

}  // namespace parallax::world
