#include <fmt/format.h>

#include <string_view>

#include "scenarios/result_tables.h"

namespace parallax::scenarios {

namespace {

constexpr int kListedLosses = 100;  // the metric counts them all

std::string_view event_name(domain::SiteChange change) {
  switch (change) {
    case domain::SiteChange::kLost:
      return "lost";
    case domain::SiteChange::kPowered:
      return "powered";
    case domain::SiteChange::kReady:
      return "ready";
    case domain::SiteChange::kMarkedDown:
      return "marked_down";
    case domain::SiteChange::kMarkedUp:
      return "marked_up";
    case domain::SiteChange::kPromoted:
      return "promoted";
    case domain::SiteChange::kFenced:
      return "fenced";
  }
  return {};
}

void add_outages(const schema::Scenario& scenario, const SeedRun& run, schema::Result& result) {
  for (const audit::Unavailability& seen : run.findings.outages) {
    const auto& population = scenario.workload().populations(static_cast<int>(domain::index(seen.population)));
    schema::OutageSeen& out = *result.add_outages();
    out.set_seed(run.seed);
    out.set_site(site_name(run, seen.lost));
    out.set_population(population.name());
    out.set_region(population.region());
    out.set_start_ns(seen.start.ns);
    out.set_unavailable_ns(seen.unavailable.ns);
    out.set_open(seen.is_open);
    out.set_detect_ns(seen.detect.ns);
    out.set_decide_ns(seen.decide.ns);
    out.set_redirect_ns(seen.redirect.ns);
    out.set_warm_up_ns(seen.warm_up.ns);
  }
}

void add_losses(const SeedRun& run, schema::Result& result) {
  for (const audit::LostWrite& lost : run.findings.lost_writes) {
    if (result.lost_writes_size() == kListedLosses) return;
    schema::LostWrite& out = *result.add_lost_writes();
    const std::string& site = site_name(run, lost.id.site());
    out.set_seed(run.seed);
    out.set_id(fmt::format("{}/{}/{}", run.seed, site, lost.id.number()));
    out.set_change(std::string{domain::name_of(lost.change)});
    out.set_object(object_name(lost.object));
    out.set_writer(site);
    out.set_acknowledged_ns(lost.acknowledged.ns);
  }
}

void add_starts(const SeedRun& run, schema::Result& result) {
  for (const audit::StartFinding& start : run.findings.starts) {
    const std::string& node = run.node_names[domain::index(start.node)];
    schema::StartSeen& out = *result.add_starts();
    out.set_seed(run.seed);
    out.set_site(node.substr(0, node.find('/')));
    out.set_node(node);
    out.set_powered_ns(start.powered.ns);
    if (!start.is_open) out.set_ready_ns(start.ready.ns);
    out.set_complete_ns(start.complete.ns);
  }
}

void add_moments(const SeedRun& run, schema::Result& result) {
  for (const audit::SiteMoment& moment : run.findings.moments) {
    schema::SiteMoment& out = *result.add_moments();
    out.set_site(site_name(run, moment.what.site));
    out.set_event(std::string{event_name(moment.what.change)});
    if (moment.what.seen_from != moment.what.site) out.set_seen_from(site_name(run, moment.what.seen_from));
    out.set_time_ns(moment.time.ns);
  }
}

void add_availability(const schema::Scenario& scenario, const SeedRun& run, schema::Result& result) {
  for (std::size_t population = 0; population < run.findings.served.size(); ++population) {
    schema::Series& series = *result.add_series();
    series.set_name("availability");
    series.set_unit("ratio");
    series.set_node(scenario.workload().populations(static_cast<int>(population)).name());
    series.set_step_ns(sim::seconds(1).ns);
    for (const audit::ServedSecond& second : run.findings.served[population]) {
      series.add_values(second.all == 0 ? -1.0 : static_cast<double>(second.good) / second.all);
    }
  }
}

// Where nobody tries again this is the rate of the scenario itself.
void add_calls_sent(const schema::Scenario& scenario, const SeedRun& run, schema::Result& result) {
  for (std::size_t number = 0; number < run.findings.served.size(); ++number) {
    const auto& population = scenario.workload().populations(static_cast<int>(number));
    if (population.retries() == 0) continue;
    schema::Series& series = *result.add_series();
    series.set_name("calls_sent");
    series.set_unit("calls");
    series.set_node(population.name());
    series.set_step_ns(sim::seconds(1).ns);
    for (const audit::ServedSecond& second : run.findings.served[number]) series.add_values(second.all);
  }
}

void add_tokens(const SeedRun& run, schema::Result& result) {
  schema::Series& series = *result.add_series();
  series.set_name("tokens_in_force");
  series.set_unit("tokens");
  series.set_step_ns(audit::kTokenStep.ns);
  for (const std::int64_t tokens : run.findings.tokens_in_force) series.add_values(static_cast<double>(tokens));
}

}  // namespace

void add_recovery_tables(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result) {
  for (const SeedRun& run : runs) {
    add_outages(scenario, run, result);
    add_losses(run, result);
    add_starts(run, result);
  }
  add_moments(runs.front(), result);
  add_availability(scenario, runs.front(), result);
  add_calls_sent(scenario, runs.front(), result);
  add_tokens(runs.front(), result);
}

}  // namespace parallax::scenarios
