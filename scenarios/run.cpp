#include "scenarios/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "models/audit/audit.h"
#include "models/world/world.h"
#include "scenarios/bounds/check.h"
#include "scenarios/compile.h"
#include "scenarios/fingerprints.h"
#include "scenarios/history.h"
#include "scenarios/result.h"
#include "scenarios/trace.h"
#include "scenarios/workers.h"

namespace parallax::scenarios {

namespace {

world::Execution execution_of(const RunOptions& options) {
  world::Execution execution;
  execution.threads = options.threads;
  execution.stop = options.stop;
  if (options.limits.events) execution.limits.events = *options.limits.events;
  if (options.limits.memory) execution.limits.bytes = *options.limits.memory;
  if (options.limits.virtual_time) execution.until = sim::VirtualTime{} + *options.limits.virtual_time;
  return execution;
}

std::string limit_name(world::World::Ending ending) {
  switch (ending) {
    case world::World::Ending::kComplete:
      return "";
    case world::World::Ending::kEventLimit:
      return "events";
    case world::World::Ending::kMemoryLimit:
      return "memory";
    case world::World::Ending::kTimeLimit:
      return "virtual_time";
    case world::World::Ending::kStopped:
      return "stopped";
  }
  return "";
}

void hold_against_bounds(const world::WorldConfig& config, SeedRun& run) {
  run.bounds = bounds::bounds_of(config);
  const bounds::Checked checked = bounds::check(config, run.bounds, run.findings, run.node_names);
  run.windows_longer_than_nothing = checked.windows;
  run.windows_bounded = checked.bounded;
  if (!checked.outside.empty()) {
    throw BoundBroken(fmt::format("seed {}: {}", run.seed, fmt::join(checked.outside, "; ")));
  }
}

std::vector<std::string> population_names(const world::WorldConfig& config) {
  std::vector<std::string> names;
  for (const world::PopulationConfig& population : config.populations) names.push_back(population.name);
  return names;
}

// As much of a run as its reader wants to see.
sim::VirtualTime play(const schema::Scenario& scenario, std::uint64_t seed, const RunOptions& options,
                      const Reader& reader) {
  world::WorldConfig config = compile(scenario, seed);
  std::atomic<bool> stop{false};
  config.execution = execution_of(options);
  config.execution.stop = &stop;
  world::World world{config};
  Seen seen = Seen::kNotEnough;
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    if (seen == Seen::kNotEnough) seen = reader(journal);
    if (seen == Seen::kEnough || (options.stop != nullptr && *options.stop)) stop = true;
  });
  world.run();
  return world.simulation().now();
}

}  // namespace

Settled settle(const schema::Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  return settle(scenario, seed, [&](const schema::Scenario& so_far, const Reader& reader) {
    return play(so_far, seed, options, reader);
  });
}

SeedRun run_seed(const schema::Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  Settled settled = settle(scenario, seed, options);
  world::WorldConfig config = compile(settled.scenario, seed);
  config.execution = execution_of(options);
  world::World world{config};
  const bool is_first = seed == options.seeds.front();
  audit::Setup setup = world.audit_setup();
  if (options.trace && is_first) setup.listed_a_minute = Trace::kWrongAMinute;
  audit::Audit audit{std::move(setup)};
  Fingerprints fingerprints{config.sites.size()};
  std::optional<History> history;
  if (options.history && is_first) history.emplace(world.audit_setup());
  std::optional<Trace> trace;
  if (options.trace && is_first) trace.emplace(world.audit_setup(), config.duration);
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    audit.read(journal);
    fingerprints.read(journal);
    if (history) history->read(journal);
    if (trace) trace->read(journal);
  });
  const world::World::Ending ending = world.run();

  const sim::VirtualTime end = world.simulation().now();
  SeedRun run;
  run.limit = limit_name(ending);
  run.end = end;
  run.seed = seed;
  run.fingerprint = fingerprints.total();
  for (std::size_t site = 0; site < config.sites.size(); ++site) {
    run.site_names.push_back(config.sites[site].name);
    run.sites.push_back({config.sites[site].name, fingerprints.of_site(site), fingerprints.records_of_site(site)});
  }
  run.checkpoints = fingerprints.checkpoints(end);
  run.events = world.simulation().events();
  run.statements = world.statements();
  run.touched = world.touched();
  run.runbooks = std::move(settled.runbooks);
  run.faults.assign(settled.scenario.faults().begin(), settled.scenario.faults().end());
  run.node_names = world.node_names();
  if (history && ending != world::World::Ending::kStopped) history->write(options.history);
  history.reset();
  world.dismantle();  // the findings take its place in memory
  run.catalog = world.catalog();
  run.findings = audit.finish(end);
  if (trace && ending != world::World::Ending::kStopped) trace->write(run, population_names(config), options.trace);
  hold_against_bounds(config, run);
  return run;
}

std::vector<SeedRun> run_seeds(const schema::Scenario& scenario, const RunOptions& options) {
  std::vector<SeedRun> runs(options.seeds.size());
  const WorkPiece one = [&](std::size_t i, const std::atomic<bool>& stop) {
    RunOptions stoppable = options;
    stoppable.stop = &stop;
    runs[i] = run_seed(scenario, options.seeds[i], stoppable);
  };
  share_out(runs.size(), options.jobs, one, options.progress);
  return runs;
}

// The wall clock is read here and nowhere below: it goes to the timing, never into the result.
RunOutput run(const Loaded& loaded, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<SeedRun> runs = run_seeds(loaded.scenario, options);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  RunOutput output{draw_up_result(loaded, runs, options.command), {}};
  output.timing = {elapsed.count(), output.result.requests(), output.result.events()};
  return output;
}

}  // namespace parallax::scenarios
