#include "whole_requests.h"

#include <fmt/format.h>

#include <ctime>
#include <stdexcept>

#include "bare_decisions.h"
#include "busy_deployment.h"
#include "models/audit/audit.h"
#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/fingerprints.h"
#include "scenarios/load.h"

namespace parallax::bench {

namespace {

// Of this process, which has one thread: what others do on the machine is left out.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

scenarios::Loaded loaded_or_throw(scenarios::LoadOutcome outcome) {
  if (!outcome.loaded) throw std::runtime_error(to_string(outcome.problems.front()));
  return std::move(*outcome.loaded);
}

scenarios::Loaded library(const std::string& name) {
  return loaded_or_throw(scenarios::load_file(deployment_file(name), busy()));
}

WorldOutcome run_audited(const world::WorldConfig& config) {
  world::World world{config};
  audit::Audit audit{world.audit_setup()};
  scenarios::Fingerprints fingerprints{config.sites.size()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    audit.read(journal);
    fingerprints.read(journal);
  });
  WorldOutcome outcome;
  const double start = cpu_seconds();
  world.run();
  const audit::Findings findings = audit.finish(world.simulation().now());
  outcome.seconds = cpu_seconds() - start;
  outcome.requests = findings.ledger.sent;
  outcome.decisions = findings.decisions;
  outcome.events = world.simulation().events();
  return outcome;
}

// Clients' books stand in the journal.
WorldOutcome run_unaudited(const world::WorldConfig& config) {
  world::World world{config};
  scenarios::Fingerprints fingerprints{config.sites.size()};
  WorldOutcome outcome;
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    fingerprints.read(journal);
    for (const sim::Record& record : journal) {
      if (domain::kind_of(record.body) != domain::RecordKind::kPopulationClosed) continue;
      outcome.requests += domain::PopulationClosed::unpack(record.body).sent;
    }
  });
  const double start = cpu_seconds();
  world.run();
  outcome.seconds = cpu_seconds() - start;
  outcome.events = world.simulation().events();
  return outcome;
}

std::string mesh_scenario(const MeshSize& size) {
  std::string text = fmt::format("name: \"mesh\"\nduration: \"{}s\"\n", size.seconds);
  std::string workload = "writes { name: \"revocations\" site: \"dc-0\" revoke_tokens { rate: \"4/m\" } }\n";
  for (std::uint32_t i = 0; i < size.data_centers; ++i) {
    text += fmt::format(
        "sites {{ name: \"dc-{0}\" nodes: \"a\" nodes: \"b\" clustering {{}} }}\n"
        "regions {{ name: \"users-{0}\" prefers: \"dc-{0}\" prefers: \"dc-{1}\" }}\n"
        "links {{ from: \"users-{0}\" to: \"dc-{0}\" delay {{ lognormal {{ p50: \"5ms\" p95: \"8ms\" least: \"4ms\" }} "
        "}} }}\n"
        "links {{ from: \"users-{0}\" to: \"dc-{1}\" delay {{ lognormal {{ p50: \"35ms\" p95: \"38ms\" least: \"34ms\" "
        "}} }} }}\n",
        i, (i + 1) % size.data_centers);
    workload +=
        fmt::format("populations {{ name: \"people-{0}\" region: \"users-{0}\" rate: \"{1}/s\" timeout: \"10s\" }}\n",
                    i, size.rate);
    for (std::uint32_t other = 0; other < i; ++other) {
      text += fmt::format(
          "links {{ from: \"dc-{0}\" to: \"dc-{1}\" delay {{ lognormal {{ p50: \"30ms\" p95: \"31ms\" least: \"29ms\" "
          "}} }} }}\n"
          "replications {{ from: \"dc-{0}\" to: \"dc-{1}\" ship_interval: \"1s\" apply_interval: \"1s\" }}\n",
          other, i);
    }
  }
  return text +
         "catalog { apis: 200 applications: 500 subscriptions_per_application: 4 tokens: 20000\n"
         "  tiers { name: \"Gold\" limit: \"5000/m\" } }\n"
         "workload {\n" +
         workload + "}\n";
}

std::string crowd_scenario(const CrowdSize& size) {
  std::string text =
      "name: \"crowd\" duration: \"10m\"\n"
      "sites { name: \"dc-0\" nodes: \"a\" nodes: \"b\" key_manager { tokens: \"jwt\" } clustering {} }\n"
      "sites { name: \"dc-1\" nodes: \"a\" nodes: \"b\" key_manager { tokens: \"jwt\" } clustering {} }\n"
      "replications { from: \"dc-0\" to: \"dc-1\" profile: \"goldengate\" }\n"
      "links { from: \"dc-0\" to: \"dc-1\" delay { constant: \"40ms\" } }\n"
      "faults { name: \"loss\" at: \"3m\" lasts: \"3m\" site_down { site: \"dc-0\" } }\n";
  if (size.names == Names::kZone) {
    text += "zone { authorities: \"dc-0\" authorities: \"dc-1\" checks { from: \"users-0\" from: \"users-1\" } }\n";
  }
  const std::string kept = size.names == Names::kZone ? " kept_connections {}" : "";
  std::string workload;
  for (std::uint32_t i = 0; i < size.regions; ++i) {
    text += fmt::format(
        "regions {{ name: \"users-{0}\" prefers: \"dc-{1}\" prefers: \"dc-{2}\" }}\n"
        "links {{ from: \"users-{0}\" to: \"dc-{1}\" delay {{ constant: \"10ms\" }} }}\n"
        "links {{ from: \"users-{0}\" to: \"dc-{2}\" delay {{ constant: \"45ms\" }} }}\n",
        i, i % 2, (i + 1) % 2);
    workload += fmt::format(
        "populations {{ name: \"people-{0}\" region: \"users-{0}\" rate: \"{1}/s\" token_popularity: 0{2} }}\n", i,
        size.rate, kept);
  }
  return text + fmt::format("catalog {{ apis: 100 applications: 1000 tokens: {} }}\n", size.clients) + "workload {\n" +
         workload + "}\n";
}

}  // namespace

WorldOutcome library_run(const std::string& name) { return run_audited(scenarios::compile(library(name).scenario, 1)); }

WorldOutcome library_run_unaudited(const std::string& name) {
  return run_unaudited(scenarios::compile(library(name).scenario, 1));
}

WorldOutcome library_run_bare(const std::string& name) {
  const world::WorldConfig config = scenarios::compile(library(name).scenario, 1);
  world::World world{config};
  CallLog log;
  world.simulation().add_reader([&](std::span<const sim::Record> journal) { log.read(journal); });
  world.run();
  const BareOutcome bare = decide_bare(log, config, world.catalog());
  WorldOutcome outcome;
  outcome.decisions = bare.decisions;
  outcome.bare_seconds = bare.seconds;
  return outcome;
}

WorldOutcome mesh_run(const MeshSize& size) {
  const auto loaded = loaded_or_throw(scenarios::load_text("mesh", mesh_scenario(size), {}));
  return run_audited(scenarios::compile(loaded.scenario, 1));
}

WorldOutcome crowd_run(const CrowdSize& size) {
  const auto loaded = loaded_or_throw(scenarios::load_text("crowd", crowd_scenario(size), {}));
  return run_audited(scenarios::compile(loaded.scenario, 1));
}

}  // namespace parallax::bench
