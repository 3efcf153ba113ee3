// What the tests of the seed's database rules ask of a rehearsal, and the words in which they ask it.
//
// The scenarios of scenarios/library/databases have their data centers 40 ms apart. PostgreSQL's stream takes 0.4 ms to
// decode a row, 40 ms for the way and 0.05 ms to apply it: 40.45 ms from commit to visible.
#pragma once

#include <catch2/catch.hpp>
#include <initializer_list>
#include <map>
#include <string_view>
#include <vector>

#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {

using domain::ConflictKind;
using domain::ConflictOutcome;
using domain::RecordKind;
using domain::RowMeans;
using domain::RowOperation;
using domain::StreamChange;
using propagation::schema::kApis;
using propagation::schema::kRevokedTokens;
using propagation::schema::kSubscribers;
using propagation::schema::kSubscriptions;
using propagation::schema::kTokens;
using propagation::store::TableId;

inline constexpr double kLag = 0.04045;  ///< s

inline bool is_about(std::uint16_t table, TableId id) { return table == propagation::store::index(id); }

inline double seconds(sim::Duration length) { return static_cast<double>(length.ns) * 1e-9; }
inline double seconds(sim::VirtualTime time) { return static_cast<double>(time.ns) * 1e-9; }

// When a client's statement put rows into a table, by their numbers.
inline std::map<std::uint64_t, sim::VirtualTime> inserted_at(const Rehearsal& played, std::string_view where,
                                                             TableId table) {
  std::map<std::uint64_t, sim::VirtualTime> times;
  for (const Rehearsal::Row& row : played.rows()) {
    const bool is_own = row.body.database == played.database(where) && row.body.means == RowMeans::kStatement;
    if (!is_own || row.body.operation != RowOperation::kInserted || !is_about(row.body.table, table)) continue;
    CHECK(times.emplace(row.body.row, row.time).second);
  }
  return times;
}

inline std::uint64_t count(const Rehearsal& played, ConflictKind kind, ConflictOutcome outcome, TableId table,
                           std::string_view where) {
  std::uint64_t sum = 0;
  for (const auto& [key, n] : played.findings.replication.conflicts) {
    const auto& [a_kind, an_outcome, a_table, database, origin] = key;
    if (a_kind == kind && an_outcome == outcome && is_about(a_table, table) && database == played.database(where)) {
      sum += n;
    }
  }
  return sum;
}

inline std::uint64_t all_conflicts(const Rehearsal& played) {
  std::uint64_t sum = 0;
  for (const auto& [key, n] : played.findings.replication.conflicts) sum += n;
  return sum;
}

inline void check_peaceful(const Rehearsal& played) {
  CHECK(all_conflicts(played) == 0);
  CHECK(played.findings.replication.stops.empty());
}

inline std::uint64_t deleted_by(const Rehearsal& played, std::string_view where, RowMeans means) {
  std::uint64_t sum = 0;
  for (const Rehearsal::Row& row : played.rows()) {
    sum += row.body.database == played.database(where) && row.body.means == means &&
           row.body.operation == RowOperation::kDeleted;
  }
  return sum;
}

inline std::vector<sim::VirtualTime> times_of(const Rehearsal& played, std::string_view where,
                                              std::initializer_list<StreamChange> changes) {
  std::vector<sim::VirtualTime> times;
  for (const Rehearsal::StreamEvent& event : played.stream_events()) {
    const bool is_one = std::find(changes.begin(), changes.end(), event.body.change) != changes.end();
    if (is_one && event.body.database == played.database(where)) times.push_back(event.time);
  }
  return times;
}

}  // namespace parallax::test
