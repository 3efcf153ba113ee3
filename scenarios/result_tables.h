// The tables of a result: windows by class and the worst of them, wrong decisions, limit windows, conflicts,
// capacity, series.
#pragma once

#include <string>
#include <vector>

#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// "token 4711".
std::string object_name(domain::ObjectRef object);

inline const std::string& site_name(const SeedRun& run, domain::SiteId site) {
  return run.site_names[sim::index(site)];
}

/// "seed/site/index" of a record: the name of a window in results.
std::string id_of(const SeedRun& run, const sim::RecordId& record);

schema::Window to_window(const SeedRun& run, const audit::WindowFinding& window);

void add_window_tables(const std::vector<SeedRun>& runs, schema::Result& result);
void add_decision_tables(const std::vector<SeedRun>& runs, schema::Result& result);
void add_limit_table(const std::vector<SeedRun>& runs, schema::Result& result);

/// What outages cost, which writes were lost, and how the data centers fared.
void add_recovery_tables(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result);

/// Conflicts between databases, and streams that stood still because of one.
void add_replication_tables(const std::vector<SeedRun>& runs, schema::Result& result);

/// What had room and what not, and what key managers and databases were asked.
void add_capacity_tables(const std::vector<SeedRun>& runs, schema::Result& result);

/// Guarantees that sessions were not given, and refusals of fresh tokens by their age.
void add_session_tables(const std::vector<SeedRun>& runs, schema::Result& result);

/// Timers, how often they fired, and what was waiting for them at the ends of the runs.
void add_timers(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result);

/// What instruments show from minute to minute, all seeds.
void add_readings(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result);

/// Per minute, of one seed.
void add_series(const SeedRun& run, schema::Result& result);

}  // namespace parallax::scenarios
