#include "scenarios/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "scenarios/expect.h"
#include "scenarios/fault_times.h"
#include "scenarios/lost_nodes.h"
#include "scenarios/measure.h"
#include "scenarios/metrics.h"
#include "scenarios/result_bounds.h"
#include "scenarios/result_claims.h"
#include "scenarios/result_tables.h"
#include "scenarios/statistics.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

void add_run(const SeedRun& run, schema::Result& result) {
  schema::Run& out = *result.add_runs();
  const audit::Ledger& ledger = run.findings.ledger;
  out.set_seed(run.seed);
  out.set_fingerprint(to_hex(run.fingerprint));
  for (const SeedRun::SiteRun& site : run.sites) {
    schema::SiteFingerprint& entry = *out.add_sites();
    entry.set_site(site.name);
    entry.set_fingerprint(to_hex(site.fingerprint));
    entry.set_records(site.records);
  }
  out.set_requests(ledger.sent);
  out.set_answered(ledger.answered);
  out.set_dropped(ledger.timed_out);
  out.set_in_flight(ledger.in_flight);
  out.set_events(run.events);
  out.set_checkpoints(run.checkpoints);
  if (!run.limit.empty()) {
    out.set_limit(run.limit);
    out.set_ended_ns(run.end.ns);
  }
  result.set_requests(result.requests() + ledger.sent);
  result.set_events(result.events() + run.events);
}

std::string fingerprint_over(const std::vector<SeedRun>& runs) {
  if (runs.size() == 1) return to_hex(runs.front().fingerprint);
  sim::Hasher hasher;
  for (const SeedRun& run : runs) hasher.add(run.fingerprint);
  return to_hex(hasher.digest());
}

schema::Metric to_metric(const MetricDefinition& definition, const SeedValues& values) {
  schema::Metric metric;
  metric.set_name(definition.name);
  metric.set_unit(std::string{to_string(definition.unit)});
  metric.set_n(static_cast<std::uint32_t>(values.values.size()));
  metric.set_count(values.count);
  if (values.values.empty()) return metric;
  const std::vector<double> greatest = values.greatest();
  metric.set_estimate(median(values.values));
  metric.set_estimate_open(std::isinf(median(greatest)));
  if (const auto interval = median_interval(values.values)) {
    metric.set_low(interval->low);
    metric.set_high(interval->high);
    metric.set_high_open(std::isinf(median_interval(greatest)->high));
  }
  const auto worst = is_better_when_higher(definition.name)
                         ? std::min_element(values.values.begin(), values.values.end())
                         : std::max_element(values.values.begin(), values.values.end());
  metric.set_worst(*worst);
  metric.set_worst_open(!values.open.empty());
  metric.set_worst_seed(values.seeds[static_cast<std::size_t>(worst - values.values.begin())]);
  return metric;
}

std::string several(const schema::NodesDown& down) {
  return fmt::format("{}/{}", down.site(), fmt::join(down.nodes(), "+"));
}

std::string target_of(const schema::Fault& fault) {
  if (fault.has_site_down()) return fault.site_down().site();
  if (fault.has_node_down()) return fault.node_down().site() + "/" + fault.node_down().node();
  if (fault.has_drained()) {
    return fault.drained().site() + (fault.drained().node().empty() ? "" : "/" + fault.drained().node());
  }
  if (fault.has_nodes_down()) return several(fault.nodes_down());
  if (fault.has_role_down()) return fault.role_down().site() + "/" + fault.role_down().part();
  if (fault.has_certificate_expired()) {
    return fault.certificate_expired().from() + " to " + fault.certificate_expired().to();
  }
  if (fault.has_disk_full()) return "database of " + fault.disk_full().site();
  if (fault.has_checks_wrong()) return "checks from " + fault.checks_wrong().at();
  if (fault.has_node_frozen()) return fault.node_frozen().site() + "/" + fault.node_frozen().node();
  if (fault.has_record_emptied()) return "the zone";
  if (fault.has_authority_down()) return "authority at " + fault.authority_down().at();
  if (fault.has_clock_off()) {
    const schema::ClockOff& off = fault.clock_off();
    return off.node().empty() ? off.site() : off.site() + "/" + off.node();
  }
  if (fault.has_link_slow()) return fault.link_slow().from() + " to " + fault.link_slow().to();
  if (fault.has_link_lossy()) return fault.link_lossy().from() + " to " + fault.link_lossy().to();
  return fault.link_down().from() + " to " + fault.link_down().to();
}

void add_spells(const std::vector<sim::Spell>& spells, schema::FaultOutcome& outcome) {
  constexpr std::size_t kSpells = 100;
  if (spells.empty()) return;
  outcome.set_start_ns(spells.front().from.ns);
  outcome.set_end_ns(spells.back().until.ns);
  for (std::size_t i = 0; i < std::min(spells.size(), kSpells); ++i) {
    schema::Spell& spell = *outcome.add_spells();
    spell.set_start_ns(spells[i].from.ns);
    spell.set_end_ns(spells[i].until.ns);
  }
}

// Nodes that are lost lose what they had in memory, each once each time, whether or not a message is kept back.
void add_fault(const schema::Scenario& scenario, std::size_t number, sim::Duration run_duration,
               const std::vector<SeedRun>& runs, schema::Result& result) {
  const schema::Fault& fault = runs.front().faults[number];
  schema::FaultOutcome& outcome = *result.add_faults();
  outcome.set_name(fault.name());
  outcome.set_target(target_of(fault));
  *outcome.mutable_fault() = fault;
  std::uint64_t touched = 0;
  std::uint64_t times = 0;
  for (const SeedRun& run : runs) {
    const std::vector<sim::Spell> spells = spells_of(run.faults[number], run_duration, run.seed);
    if (&run == &runs.front()) add_spells(spells, outcome);
    times += spells.size();
    touched += run.touched[number];
  }
  std::uint64_t losses = fault.has_site_down() ? times : 0;
  if (loses_nodes(fault)) losses = times * lost_nodes(scenario, fault).nodes.size();
  outcome.set_touched(touched + losses);
  outcome.set_times(times);
}

void add_faults(const Loaded& loaded, const std::vector<SeedRun>& runs, schema::Result& result) {
  const sim::Duration run_duration = *parse_duration(loaded.scenario.duration()).value;
  for (std::size_t i = 0; i < runs.front().faults.size(); ++i) {
    add_fault(loaded.scenario, i, run_duration, runs, result);
    const bool is_own = i < static_cast<std::size_t>(loaded.scenario.faults_size());
    schema::FaultOutcome& outcome = *result.mutable_faults()->rbegin();
    outcome.set_called_off(!is_own && outcome.times() == 0);
  }
}

void add_step(const StepTimes& times, schema::StepOutcome& outcome) {
  if (times.done) outcome.set_done(outcome.done() + 1);
  if (times.gave_up) outcome.set_gave_up(outcome.gave_up() + 1);
  if (!times.begun) return;
  const sim::VirtualTime ready = times.ready.value_or(*times.begun);
  outcome.set_longest_wait_ns(std::max(outcome.longest_wait_ns(), (ready - *times.begun).ns));
}

// Instants are the first seed's that has come to the step.
void add_instants(const StepTimes& times, schema::StepOutcome& outcome) {
  outcome.set_begun_ns(times.begun->ns);
  if (times.ready) outcome.set_ready_ns(times.ready->ns);
  if (times.done) outcome.set_done_ns(times.done->ns);
}

void add_runbooks(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result) {
  for (int book = 0; book < scenario.runbooks_size(); ++book) {
    schema::RunbookOutcome& runbook = *result.add_runbooks();
    runbook.set_name(scenario.runbooks(book).name());
    for (int step = 0; step < scenario.runbooks(book).steps_size(); ++step) {
      schema::StepOutcome& outcome = *runbook.add_steps();
      outcome.set_name(scenario.runbooks(book).steps(step).name());
      outcome.set_does(what_it_does(scenario.runbooks(book).steps(step)));
      bool is_begun = false;
      for (const SeedRun& run : runs) {
        const StepTimes& times = run.runbooks[static_cast<std::size_t>(book)].steps[static_cast<std::size_t>(step)];
        add_step(times, outcome);
        if (times.begun) outcome.set_begun(outcome.begun() + 1);
        if (times.begun && !std::exchange(is_begun, true)) add_instants(times, outcome);
      }
    }
  }
}

}  // namespace

namespace {

using ValuesByMetric = std::map<std::string, SeedValues>;

void gather(const SeedRun& run, const std::map<std::string, Measured>& metrics, ValuesByMetric& gathered) {
  for (const auto& [name, measured] : metrics) {
    SeedValues& values = gathered[name];
    if (measured.open) values.open.push_back(values.values.size());
    values.values.push_back(measured.value);
    values.seeds.push_back(run.seed);
    values.count += measured.count;
  }
}

// By population; a single one's would say once more what all of them together say.
std::vector<ValuesByMetric> values_by_population(const schema::Scenario& scenario, const std::vector<SeedRun>& runs) {
  const auto count = static_cast<std::size_t>(scenario.workload().populations_size());
  std::vector<ValuesByMetric> gathered(count < 2 ? 0 : count);
  for (const SeedRun& run : runs) {
    for (std::size_t i = 0; i < gathered.size(); ++i) gather(run, measure_population(run.findings, i), gathered[i]);
  }
  return gathered;
}

// In the order of all_metrics(), each of all together before its parts.
void add_metrics(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const ValuesByMetric& values,
                 schema::Result& result) {
  const std::vector<ValuesByMetric> by_population = values_by_population(scenario, runs);
  for (const MetricDefinition& definition : all_metrics()) {
    const auto found = values.find(definition.name);
    if (found == values.end()) continue;
    *result.add_metrics() = to_metric(definition, found->second);
    for (std::size_t i = 0; i < by_population.size(); ++i) {
      const auto part = by_population[i].find(definition.name);
      if (part == by_population[i].end()) continue;
      *result.add_metrics() = to_metric(definition, part->second);
      result.mutable_metrics()->rbegin()->set_population(scenario.workload().populations(static_cast<int>(i)).name());
    }
  }
}

}  // namespace

std::map<std::string, SeedValues> values_by_metric(const std::vector<SeedRun>& runs) {
  ValuesByMetric gathered;
  for (const SeedRun& run : runs) gather(run, measure(run.findings, run.statements), gathered);
  return gathered;
}

schema::Result draw_up_result(const Loaded& loaded, const std::vector<SeedRun>& runs, const std::string& command) {
  schema::Result result;
  result.set_version(PARALLAX_VERSION);
  result.set_schema("parallax.result/1");
  result.set_scenario(loaded.scenario.name());
  *result.mutable_config() = loaded.scenario;
  result.set_seeds(static_cast<std::uint32_t>(runs.size()));
  for (const SeedRun& run : runs) add_run(run, result);
  result.set_fingerprint(fingerprint_over(runs));
  const std::map<std::string, SeedValues> values = values_by_metric(runs);
  add_metrics(loaded.scenario, runs, values, result);
  add_window_tables(runs, result);
  add_decision_tables(runs, result);
  add_limit_table(runs, result);
  add_series(runs.front(), result);
  add_readings(loaded.scenario, runs, result);
  add_recovery_tables(loaded.scenario, runs, result);
  add_replication_tables(runs, result);
  add_capacity_tables(runs, result);
  add_bounds(loaded.scenario, runs, result);
  add_session_tables(runs, result);
  add_faults(loaded, runs, result);
  add_runbooks(loaded.scenario, runs, result);
  for (const schema::Assumption& assumption : loaded.assumptions) *result.add_assumptions() = assumption;
  result.set_command(command);
  add_timers(loaded.scenario, runs, result);
  judge(loaded.scenario, values, result);
  add_claims(result);
  return result;
}

}  // namespace parallax::scenarios
