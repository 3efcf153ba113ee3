// A deployment ready to run: builds every entity of a config into the sites of a simulation, and tells the audit who
// observes what.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/audit/setup.h"
#include "models/domain/catalog.h"
#include "models/world/config.h"
#include "sim/record.h"
#include "sim/simulation.h"

namespace parallax::world {

class World {
 public:
  /// Requires: a config that scenario checking has passed.
  explicit World(const WorldConfig& config);
  ~World();

  sim::Simulation& simulation() { return simulation_; }
  const domain::Catalog& catalog() const { return catalog_; }

  /// "site/node" by NodeId.
  const std::vector<std::string>& node_names() const { return node_names_; }

  /// Refers to this world's catalog.
  audit::Setup audit_setup() const;

  /// Runs from 0 to the config's duration. Readers of simulation() get the whole journal.
  void run();

 private:
  struct DataCenter;
  struct Entities;

  void build_data_centers();
  void build_populations();
  void build_management();
  DataCenter& data_center(sim::SiteId site);

  WorldConfig config_;
  domain::Catalog catalog_;
  std::vector<std::string> node_names_;
  sim::Simulation simulation_;
  std::unique_ptr<Entities> entities_;
};

}  // namespace parallax::world
