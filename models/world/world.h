// A deployment ready to run, and what the audit must know of it. All that it consists of is behind `Deployment`: who
// runs a world need not compile one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/audit/setup.h"
#include "models/domain/catalog.h"
#include "models/world/config.h"
#include "sim/simulation.h"

namespace parallax::world {

class Deployment;

class World {
 public:
  /// Requires: a config that scenario checking has passed.
  explicit World(const WorldConfig& config);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  sim::Simulation& simulation() { return simulation_; }
  const domain::Catalog& catalog() const { return catalog_; }

  /// "site/node" by NodeId.
  const std::vector<std::string>& node_names() const { return node_names_; }

  /// What each fault has changed, by number: messages that it kept back, readings of clocks that it had put off.
  std::vector<std::uint64_t> touched() const;

  /// Statements that databases of APIs have run for nodes. Like events, a figure of the run and no record of it:
  /// nothing depends on when they were.
  std::uint64_t statements() const;

  /// Refers to this world's catalog.
  audit::Setup audit_setup() const;

  /// Runs from 0 to the config's duration, or until a limit ends it: then simulation().now() says how far it got.
  /// Readers of simulation() get the whole journal.
  enum class Ending : std::uint8_t { kComplete, kEventLimit, kMemoryLimit, kTimeLimit, kStopped };
  Ending run();

  /// Frees what has run; the catalog and the names stay. Requires: nothing else is asked any more, of simulation()
  /// neither.
  void dismantle();

 private:
  WorldConfig config_;
  domain::Catalog catalog_;
  std::vector<std::string> node_names_;
  sim::Simulation simulation_;
  std::unique_ptr<Deployment> deployment_;
};

}  // namespace parallax::world
