// Seed text 001_72accf4d8128cb3c.txt on rows that go with a deleted parent: the five steps in which a cascade fails
// (figure 3) and the seven in which a trigger does not (figure 4), under the options that produce them, and what
// PostgreSQL makes of both.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/end_to_end/database_rules.h"

namespace parallax::test {
namespace {

using domain::RowChanged;
using domain::RowConflict;

// Steps that must stand in the journal one after the other, others between them or not.
struct Step {
  std::string what;
  std::function<bool(const sim::Record&)> is;
};
void check_in_order(const Rehearsal& played, const std::vector<Step>& steps) {
  auto at = played.journal.begin();
  for (const Step& step : steps) {
    INFO(step.what);
    at = std::find_if(at, played.journal.end(), step.is);
    REQUIRE(at != played.journal.end());
    ++at;
  }
}

struct Change {
  std::string_view where;
  TableId table;
  RowOperation operation;
  RowMeans means;
  std::uint64_t row;
};
bool fits(const Rehearsal& played, const Change& change, const RowChanged& row) {
  return row.database == played.database(change.where) && is_about(row.table, change.table) &&
         row.operation == change.operation && row.means == change.means && row.row == change.row;
}
Step row_changed(const Rehearsal& played, std::string what, const Change& change) {
  return {std::move(what), [&played, change](const sim::Record& record) {
            return domain::kind_of(record.body) == RecordKind::kRowChanged &&
                   fits(played, change, RowChanged::unpack(record.body));
          }};
}
Step row_undone(const Rehearsal& played, std::string what, const Change& change) {
  return {std::move(what), [&played, change](const sim::Record& record) {
            return domain::kind_of(record.body) == RecordKind::kRowUndone &&
                   fits(played, change, domain::RowUndone::unpack(record.body).change);
          }};
}
Step row_conflict(const Rehearsal& played, std::string what, ConflictKind kind, ConflictOutcome outcome,
                  std::uint64_t row) {
  return {std::move(what), [&played, kind, outcome, row](const sim::Record& record) {
            if (domain::kind_of(record.body) != RecordKind::kRowConflict) return false;
            const auto met = RowConflict::unpack(record.body);
            return met.database == played.database("dc2") && met.kind == kind && met.outcome == outcome &&
                   met.row == row;
          }};
}
Step stream_changed(const Rehearsal& played, std::string what, StreamChange change) {
  return {std::move(what), [&played, change](const sim::Record& record) {
            if (domain::kind_of(record.body) != RecordKind::kStreamChanged) return false;
            const auto stream = domain::StreamChanged::unpack(record.body);
            return stream.database == played.database("dc2") && stream.change == change;
          }};
}

// The first API that dc1 deletes, and one of its subscriptions that goes with it.
struct Family {
  std::uint64_t parent{0};
  std::uint64_t child{0};
};
Family first_deleted(const Rehearsal& played, RowMeans means_of_child) {
  std::optional<std::uint64_t> parent;
  std::optional<std::uint64_t> child;
  for (const Rehearsal::Row& row : played.rows()) {
    if (row.body.database != played.database("dc1") || row.body.operation != RowOperation::kDeleted) continue;
    if (!parent && is_about(row.body.table, kApis)) parent = row.body.row;
    if (!child && is_about(row.body.table, kSubscriptions) && row.body.means == means_of_child) child = row.body.row;
  }
  REQUIRE(parent);
  REQUIRE(child);
  return {*parent, *child};
}

TEST_CASE("the seed's five steps of the cascade failure, under GoldenGate as it comes") {
  const Rehearsal played = rehearse_rule("children_goldengate_cascade");
  const auto [parent, child] = first_deleted(played, RowMeans::kCascade);
  using enum RowOperation;
  using enum RowMeans;
  // Steps 3 and 4 are taken back when step 5 fails: Replicat applies the transaction as a whole.
  check_in_order(
      played,
      {row_changed(played, "1. DC1 deletes a parent row", {"dc1", kApis, kDeleted, kStatement, parent}),
       row_changed(played, "2. then the child rows by cascade", {"dc1", kSubscriptions, kDeleted, kCascade, child}),
       row_undone(played, "3. the parent's deletion is replicated in DC2", {"dc2", kApis, kDeleted, kApply, parent}),
       row_undone(played, "4. it cascades in DC2", {"dc2", kSubscriptions, kDeleted, kCascade, child}),
       row_conflict(played, "5. the child's deletion finds no row", ConflictKind::kDeleteMissing,
                    ConflictOutcome::kStopped, child),
       stream_changed(played, "   and fails", StreamChange::kStopped)});

  // Manager starts Replicat again after 2 min, three times; then it stays down. Nothing of dc1 gets to dc2 any more.
  const auto tries = times_of(played, "dc2", {StreamChange::kStopped, StreamChange::kRetried});
  REQUIRE(tries.size() == 4);
  for (std::size_t i = 1; i < tries.size(); ++i) {
    CHECK(seconds(tries[i] - tries[i - 1]) == Approx(120).margin(0.1));
  }
  CHECK(times_of(played, "dc2", {StreamChange::kGivenUp}) == std::vector{tries.back()});
  CHECK(deleted_by(played, "dc2", kApply) == 0);
}

TEST_CASE("the same five steps are done and stay where a missing row is discarded") {
  const Rehearsal played =
      rehearse_rule("children_goldengate_cascade", 1, {"replications[0].conflicts.delete_missing=discard"});
  const auto [parent, child] = first_deleted(played, RowMeans::kCascade);
  using enum RowOperation;
  using enum RowMeans;
  check_in_order(played, {row_changed(played, "1", {"dc1", kApis, kDeleted, kStatement, parent}),
                          row_changed(played, "2", {"dc1", kSubscriptions, kDeleted, kCascade, child}),
                          row_changed(played, "3", {"dc2", kApis, kDeleted, kApply, parent}),
                          row_changed(played, "4", {"dc2", kSubscriptions, kDeleted, kCascade, child}),
                          row_conflict(played, "5", ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded, child)});
  CHECK(played.findings.replication.stops.empty());
  CHECK(played.findings.replication.divergent_rows_end == 0);
}

TEST_CASE("deferred constraints let the replicated deletions find their rows") {
  const Rehearsal played = rehearse_rule("children_goldengate_cascade_deferred");
  check_peaceful(played);
  CHECK(deleted_by(played, "dc1", RowMeans::kCascade) > 0);
  CHECK(deleted_by(played, "dc2", RowMeans::kCascade) == 0);
  CHECK(played.findings.replication.divergent_rows_end == 0);
}

TEST_CASE("the seed's seven steps of the trigger cure, with triggers that fire at the target") {
  const Rehearsal played = rehearse_rule("children_goldengate_trigger_fires");
  const auto [parent, child] = first_deleted(played, RowMeans::kTrigger);
  using enum RowOperation;
  using enum RowMeans;
  const auto tries_to_delete = [&](const sim::Record& record) {
    if (domain::kind_of(record.body) != RecordKind::kChangeInvoked) return false;
    return record.id.site() == played.site("dc1") &&
           domain::ChangeInvoked::unpack(record.body).change == domain::ChangeKind::kApiRetired;
  };
  check_in_order(
      played,
      {{"1. DC1 tries to delete a parent row, which fires the trigger", tries_to_delete},
       row_changed(played, "2. the trigger deletes the child rows", {"dc1", kSubscriptions, kDeleted, kTrigger, child}),
       row_changed(played, "3. the parent row is deleted", {"dc1", kApis, kDeleted, kStatement, parent}),
       row_changed(played, "4. the child's deletion is replicated in DC2",
                   {"dc2", kSubscriptions, kDeleted, kApply, child}),
       row_changed(played, "5. and 7. the parent's deletion is replicated, and DC2 deletes the row",
                   {"dc2", kApis, kDeleted, kApply, parent})});
  // 6. The trigger fires in DC2 and does not find any child rows.
  CHECK(deleted_by(played, "dc2", kTrigger) == 0);
  check_peaceful(played);
  CHECK(played.findings.replication.divergent_rows_end == 0);
  CHECK(deleted_by(played, "dc1", kTrigger) == deleted_by(played, "dc2", kApply) - 3);  // three APIs besides
}

TEST_CASE("triggers that GoldenGate keeps from firing delete nothing at the target, and need not") {
  const Rehearsal played = rehearse_rule("children_goldengate_trigger");
  check_peaceful(played);
  CHECK(deleted_by(played, "dc1", RowMeans::kTrigger) > 0);
  CHECK(deleted_by(played, "dc2", RowMeans::kTrigger) == 0);
  CHECK(played.findings.replication.divergent_rows_end == 0);
}

// dc1 deletes APIs while dc2 adds subscriptions to them, some within the seconds that the deletion takes to get there.
TEST_CASE("a child that only the target has goes by a trigger that fires there, and stops the stream otherwise") {
  const auto played = [](const std::string& option) {
    return rehearse_text(
        "name: \"orphans\" duration: \"2m\" catalog { applications: 500 }\n"
        "sites { name: \"dc1\" nodes: \"n\" clustering {} } sites { name: \"dc2\" nodes: \"n\" clustering {} }\n"
        "links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n"
        "replications { from: \"dc1\" to: \"dc2\" one_way: true profile: \"goldengate\" " +
        option +
        " }\n"
        "workload {\n"
        "  writes { name: \"retired\" site: \"dc1\" until: \"1m\" retire_apis { count: 5 } }\n"
        "  writes { name: \"added\" site: \"dc2\" until: \"1m\" add_subscriptions { rate: \"40/s\" count: 5000 } }\n"
        "}\n");
  };
  const Rehearsal fires = played("fires_triggers: true");
  check_peaceful(fires);
  CHECK(deleted_by(fires, "dc2", RowMeans::kTrigger) > 0);
  const Rehearsal suppressed = played("");
  CHECK(count(suppressed, ConflictKind::kHasChildren, ConflictOutcome::kStopped, kApis, "dc2") > 0);
  CHECK(deleted_by(suppressed, "dc2", RowMeans::kTrigger) == 0);
}

TEST_CASE("PostgreSQL's apply worker fires neither cascades nor triggers, and both schemas get through") {
  for (const auto& [rule, means] : {std::pair{"children_postgresql_cascade", RowMeans::kCascade},
                                    std::pair{"children_postgresql_trigger", RowMeans::kTrigger}}) {
    INFO(rule);
    const Rehearsal played = rehearse_rule(rule);
    check_peaceful(played);
    CHECK(deleted_by(played, "dc1", means) > 0);
    CHECK(deleted_by(played, "dc2", means) == 0);
    CHECK(deleted_by(played, "dc2", RowMeans::kApply) == deleted_by(played, "dc1", means) + 3);
    CHECK(played.findings.replication.divergent_rows_end == 0);
  }
}

}  // namespace
}  // namespace parallax::test
