#include "models/world/world.h"

#include <algorithm>

#include "models/world/audit_setup.h"
#include "models/world/catalog_builder.h"
#include "models/world/deployment.h"

namespace parallax::world {

using sim::SiteId;

namespace {

sim::SimulationSpec simulation_spec(const WorldConfig& config) {
  sim::SimulationSpec spec;
  spec.seed = config.seed;
  spec.links = config.links;
  spec.outages = config.outages;
  spec.disturbances = config.disturbances;
  spec.refusals = config.refusals;
  spec.threads = config.execution.threads;
  spec.limits = config.execution.limits;
  spec.stop = config.execution.stop;
  spec.faults = static_cast<std::uint32_t>(config.stage_of_fault.size());
  for (const SiteConfig& site : config.sites) {
    if (site.nodes.empty()) spec.end_sites.push_back(static_cast<SiteId>(spec.sites.size()));
    spec.sites.push_back(site.name);
  }
  return spec;
}

std::vector<std::string> all_node_names(const WorldConfig& config) {
  std::vector<std::string> names;
  for (const SiteConfig& site : config.sites) {
    for (const std::string& node : site.nodes) names.push_back(site.name + "/" + node);
  }
  return names;
}

}  // namespace

World::World(const WorldConfig& config)
    : config_{config},
      catalog_{build_catalog(config.catalog, config.seed)},
      node_names_{all_node_names(config)},
      simulation_{simulation_spec(config)},
      deployment_{std::make_unique<Deployment>(config_, catalog_, node_names_, simulation_)} {}

World::~World() = default;

World::Ending World::run() {
  deployment_->start();
  const sim::VirtualTime end = sim::VirtualTime{} + config_.duration;
  const sim::Ending ending = simulation_.run(std::min(end, config_.execution.until));
  deployment_->close();
  simulation_.flush_journal();
  if (ending == sim::Ending::kStopped) return Ending::kStopped;
  if (ending == sim::Ending::kEventLimit) return Ending::kEventLimit;
  if (ending == sim::Ending::kMemoryLimit) return Ending::kMemoryLimit;
  return simulation_.now() < end ? Ending::kTimeLimit : Ending::kComplete;
}

void World::dismantle() { deployment_.reset(); }

std::vector<std::uint64_t> World::touched() const {
  std::vector<std::uint64_t> by_fault = simulation_.touched();
  deployment_->add_touched(by_fault);
  return by_fault;
}

std::uint64_t World::statements() const { return deployment_->statements(); }

audit::Setup World::audit_setup() const {
  audit::Setup setup = setup_of(config_, node_names_.size());
  setup.catalog = &catalog_;
  setup.clocks = clock_errors(config_);
  setup.revoked_tokens_table = static_cast<std::uint16_t>(propagation::schema::kRevokedTokens);
  if (const Statistics* statistics = deployment_->statistics()) {
    setup.has_statistics = true;
    setup.first_statistics_table = propagation::schema::kFirstStatisticsTable;
    setup.statistics_replicas = statistics->replicas();
  }
  return setup;
}

}  // namespace parallax::world
