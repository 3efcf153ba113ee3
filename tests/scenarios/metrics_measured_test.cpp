// Every metric that a run can print is described, and nothing is described that no run prints.
#include <array>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "models/domain/change.h"
#include "scenarios/library.h"
#include "scenarios/measure.h"
#include "scenarios/metrics.h"
#include "scenarios/run.h"

namespace parallax::scenarios {
namespace {

// Between them they have what metrics need: shared caches, statistics, pools, laws, lost events, an outage, affinity,
// traffic managers elsewhere, workers.
constexpr std::array kScenarios{
    "caches/stretched",         "statistics/key_with_data_center",       "stretched/clustered",
    "databases/residency_open", "artifacts/scale_out_needs_main_region", "outages/cloudflare-2023-11-02",
    "steering/sticky_sessions", "stretched/one_traffic_manager",         "steering/herd"};

constexpr const char* kCallsOfAllKinds = R"(
name: "calls" duration: "1m"
sites { name: "dc" nodes: "a" }
regions { name: "users" }
links { from: "users" to: "dc" delay { constant: "5ms" } }
workload {
  populations { name: "a" region: "users" rate: "5/s" kind: "token" }
  populations { name: "b" region: "users" rate: "5/s" kind: "portal" }
  populations { name: "c" region: "users" rate: "5/s" kind: "publisher" }
})";

/// A window of each kind of change.
audit::Findings windows_of_all_changes() {
  audit::Findings findings;
  std::uint64_t k = 0;
  for (const domain::ChangeKind kind : domain::kChangeKinds) {
    audit::WindowFinding window{};
    window.id = sim::RecordId::of(sim::SiteId{0}, k++);
    window.change = kind;
    window.length = sim::seconds(1);
    window.ending = audit::Ending::kVisible;
    findings.windows.push_back(window);
  }
  return findings;
}

void add_names(const audit::Findings& findings, std::set<std::string>& names) {
  for (const auto& [name, measured] : measure(findings, 1)) names.insert(name);
}

audit::Findings played(const LoadOutcome& outcome) {
  REQUIRE(outcome.loaded.has_value());
  RunOptions options;
  options.limits.events = 600'000;  // enough for each to have what it is here for
  return run_seed(outcome.loaded->scenario, 1, options).findings;
}

TEST_CASE("every metric that a run can print is described, and the other way round") {
  std::set<std::string> measured;
  add_names(windows_of_all_changes(), measured);
  add_names(played(load_text("calls", kCallsOfAllKinds, {})), measured);
  for (const char* name : kScenarios) add_names(played(load(*find_in_library(name), {})), measured);
  for (const std::string& name : measured) {
    INFO(name);
    CHECK(find_metric(name).has_value());
  }
  for (const MetricDefinition& metric : all_metrics()) {
    INFO(metric.name);
    CHECK(measured.contains(metric.name) != metric.definition.ends_with("no model makes this change yet"));
  }
}

}  // namespace
}  // namespace parallax::scenarios
