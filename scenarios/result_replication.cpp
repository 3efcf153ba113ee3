#include <fmt/format.h>

#include <map>
#include <string>

#include "models/propagation/schema/api_schema.h"
#include "models/propagation/schema/statistics_schema.h"
#include "models/world/layers.h"
#include "scenarios/result_tables.h"

namespace parallax::scenarios {

namespace {

constexpr int kListedConflicts = 100;  // the tallies count them all
constexpr int kListedStops = 100;      // the metrics count them all

// Tables of statistics databases are numbered behind those of API databases.
domain::DatabaseKind kind_of_database(std::uint16_t table) {
  const bool is_statistics = table >= propagation::schema::kFirstStatisticsTable;
  return is_statistics ? domain::DatabaseKind::kStatistics : domain::DatabaseKind::kApi;
}

std::string table_name(std::uint16_t table) {
  namespace schema = propagation::schema;
  const bool is_statistics = kind_of_database(table) == domain::DatabaseKind::kStatistics;
  const auto tables =
      is_statistics ? schema::statistics_schema(schema::SummaryKey::kWithDataCenter) : schema::api_schema({});
  const auto number = static_cast<std::size_t>(is_statistics ? table - schema::kFirstStatisticsTable : table);
  return number < tables.size() ? tables[number].name : fmt::format("table {}", table);
}

// Layers of databases follow those of nodes, in the order of their sites.
const std::string& site_of_database(const SeedRun& run, domain::LayerId database) {
  const std::size_t first = domain::index(world::database_layer(run.node_names.size(), sim::SiteId{0}));
  return run.site_names[domain::index(database) - first];
}

void add_tallies(const std::vector<SeedRun>& runs, schema::Result& result) {
  std::map<audit::ConflictKey, std::uint64_t> all;
  for (const SeedRun& run : runs) {
    for (const auto& [key, count] : run.findings.replication.conflicts) all[key] += count;
  }
  for (const auto& [key, count] : all) {
    const auto& [kind, outcome, table, database, origin] = key;
    schema::ConflictTally& tally = *result.add_conflicts();
    tally.set_kind(std::string{domain::name_of(kind)});
    tally.set_outcome(std::string{domain::name_of(outcome)});
    tally.set_table(table_name(table));
    tally.set_database(site_of_database(runs.front(), database));
    tally.set_origin(site_name(runs.front(), origin));
    tally.set_count(count);
  }
}

void add_first_conflicts(const SeedRun& run, schema::Result& result) {
  for (const audit::ConflictFinding& conflict : run.findings.replication.first_conflicts) {
    if (result.first_conflicts_size() == kListedConflicts) return;
    schema::ConflictSeen& out = *result.add_first_conflicts();
    const domain::RowConflict& what = conflict.what;
    out.set_seed(run.seed);
    out.set_id(fmt::format("{}/{}/{}", run.seed, site_name(run, conflict.id.site()), conflict.id.number()));
    out.set_time_ns(conflict.time.ns);
    out.set_kind(std::string{domain::name_of(what.kind)});
    out.set_outcome(std::string{domain::name_of(what.outcome)});
    out.set_table(table_name(what.table));
    out.set_database(site_of_database(run, what.database));
    out.set_origin(site_name(run, what.origin));
    out.set_row(what.row);
    out.set_database_kind(std::string{domain::name_of(kind_of_database(what.table))});
  }
}

void add_stops(const SeedRun& run, schema::Result& result) {
  for (const audit::StopFinding& stop : run.findings.replication.stops) {
    if (result.stream_stops_size() == kListedStops) return;
    schema::StreamStop& out = *result.add_stream_stops();
    out.set_seed(run.seed);
    out.set_database(site_of_database(run, stop.database));
    out.set_from(site_name(run, stop.from));
    out.set_begin_ns(stop.began.ns);
    if (!stop.is_open) out.set_end_ns(stop.ended.ns);
    out.set_retries(stop.retries);
    out.set_waiting(stop.waiting);
    out.set_given_up(stop.given_up);
    out.set_database_kind(std::string{domain::name_of(stop.kind)});
  }
}

}  // namespace

void add_replication_tables(const std::vector<SeedRun>& runs, schema::Result& result) {
  add_tallies(runs, result);
  for (const SeedRun& run : runs) {
    add_first_conflicts(run, result);
    add_stops(run, result);
  }
}

}  // namespace parallax::scenarios
