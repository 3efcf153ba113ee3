// Of a result: workers and pools of all seeds; load and utilisation by the second, of the first.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/result_tables.h"

namespace parallax::scenarios {

namespace {

constexpr double kSecondNs = 1e9;

void add_workers(const SeedRun& run, schema::Result& result) {
  for (const audit::WorkersFinding& found : run.findings.capacity.workers) {
    const std::string& node = run.node_names[domain::index(found.node)];
    const std::string role{name_of(found.role)};
    auto& all = *result.mutable_workers();
    auto place = std::find_if(all.begin(), all.end(),
                              [&](const auto& seen) { return seen.node() == node && seen.role() == role; });
    schema::WorkersSeen& out = place == all.end() ? *all.Add() : *place;
    out.set_node(node);
    out.set_role(role);
    out.set_workers(found.workers);
    out.set_arrived(out.arrived() + found.arrived);
    out.set_served(out.served() + found.served);
    out.set_waited(out.waited() + found.waited);
    out.set_refused(out.refused() + found.refused);
    out.set_given_up(out.given_up() + found.given_up);
    out.set_lost(out.lost() + found.lost);
    out.set_still_there(out.still_there() + found.still_there);
    out.set_queue(std::max(out.queue(), found.queue));
    out.set_longest_wait_ns(std::max(out.longest_wait_ns(), found.longest_wait.ns));
    if (found.busy.empty()) continue;
    const std::uint32_t busiest = *std::max_element(found.busy.begin(), found.busy.end());
    out.set_busiest(std::max(out.busiest(), busiest / kSecondNs));
  }
}

void add_pools(const SeedRun& run, schema::Result& result) {
  for (const audit::PoolFinding& found : run.findings.capacity.pools) {
    const std::string& site = site_name(run, found.site);
    const std::string target{name_of(found.target)};
    auto& all = *result.mutable_pools();
    auto place = std::find_if(all.begin(), all.end(),
                              [&](const auto& seen) { return seen.site() == site && seen.target() == target; });
    schema::PoolSeen& out = place == all.end() ? *all.Add() : *place;
    out.set_site(site);
    out.set_target(target);
    out.set_calls(out.calls() + found.calls);
    out.set_waited(out.waited() + found.waited);
    out.set_given_up(out.given_up() + found.given_up);
    out.set_longest_wait_ns(std::max(out.longest_wait_ns(), found.longest_wait.ns));
  }
}

void add_peak(const SeedRun& run, const char* of, const std::optional<audit::PeakFinding>& found,
              schema::Result& result) {
  if (!found) return;
  schema::PeakSeen& out = *result.add_peaks();
  out.set_seed(run.seed);
  out.set_of(of);
  out.set_mean_before(found->mean_before);
  out.set_peak(found->peak);
  out.set_time_ns(static_cast<std::int64_t>(found->second) * sim::seconds(1).ns);
}

struct Curve {
  std::string name;
  std::string unit;
  std::string where;
  double scale;  ///< of which a value is a part
};

// To the end of the run, whenever the last second was that had anything in it.
void add_curve(const SeedRun& run, const Curve& curve, std::vector<std::uint32_t> values, schema::Result& result) {
  if (values.empty()) return;
  values.resize(std::max(values.size(), static_cast<std::size_t>(run.end.ns / sim::seconds(1).ns)));
  schema::Series& series = *result.add_series();
  series.set_name(curve.name);
  series.set_unit(curve.unit);
  series.set_node(curve.where);
  series.set_step_ns(sim::seconds(1).ns);
  for (const std::uint32_t value : values) series.add_values(value / curve.scale);
}

void add_curves(const SeedRun& run, schema::Result& result) {
  const audit::CapacityFinding& capacity = run.findings.capacity;
  for (std::size_t site = 0; site < capacity.loads.size(); ++site) {
    const std::string& name = run.site_names[site];
    add_curve(run, {"key_manager_load", "questions", name, 1}, capacity.loads[site].key_managers, result);
    add_curve(run, {"database_load", "statements", name, 1}, capacity.loads[site].database, result);
  }
  for (const audit::WorkersFinding& found : capacity.workers) {
    const std::string name = std::string{name_of(found.role)} + "_workers_busy";
    add_curve(run, {name, "ratio", run.node_names[domain::index(found.node)], kSecondNs}, found.busy, result);
  }
}

}  // namespace

void add_capacity_tables(const std::vector<SeedRun>& runs, schema::Result& result) {
  for (const SeedRun& run : runs) {
    add_workers(run, result);
    add_pools(run, result);
    add_peak(run, "key_managers", run.findings.capacity.key_manager_peak, result);
    add_peak(run, "databases", run.findings.capacity.database_peak, result);
  }
  add_curves(runs.front(), result);
}

}  // namespace parallax::scenarios
