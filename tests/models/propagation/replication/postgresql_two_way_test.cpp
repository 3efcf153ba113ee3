// Two databases of PostgreSQL 15 that follow each other by logical replication, 40 ms apart: what was seen of real ones
// (15.18, wal_level = logical, defaults; 2026-11), and what the documentation's chapter "Logical Replication" says.
//
//   what                                                     where
//   (a) no origin filter: an INSERT comes back and clashes    here; stream_loops_test.cpp; stream_test.cpp
//       an UPDATE circulates for ever                         stream_loops_test.cpp "... an update circulates for ever"
//       two UPDATEs circulate against each other              here
//       a row without a key multiplies                        stream_loops_test.cpp "... a row without a key
//       multiplies" a DELETE ends by itself                               here
//   (b) a row filter on the data center prevents loops        here
//   (c) one unique key on both sides: both workers stop       here; tests/end_to_end/database_rules_test.cpp
//       SKIP unblocks, the sides differ, UPDATE is ignored    here; tests/end_to_end/database_repair_test.cpp
//       disable_on_error stops the retries, not the block     here
//   (d) ON DELETE CASCADE, missing rows, orphans              here; tests/end_to_end/database_children_test.cpp
//   (e) ENABLE REPLICA / ALWAYS triggers, and their errors    here
//   (f) sequences: failover; odd and even numbers             here; tests/end_to_end/database_keys_test.cpp
//   (g) a new column stops the stream; TRUNCATE is carried    here; tests/end_to_end/database_rules_test.cpp
//
// "In silence" is what PostgreSQL's log and errors say of it; the journal here tells of each.
#include <catch2/catch.hpp>
#include <set>

#include "models/propagation/replication/stream.h"
#include "tests/models/propagation/replication/stream_world.h"

namespace parallax::test {
namespace {

using domain::ConflictKind;
using domain::ConflictOutcome;
using domain::RowMeans;
using domain::StreamChange;
using replication::Forwarding;
using sim::microseconds;
using sim::milliseconds;
using sim::seconds;
using sim::VirtualTime;
using Times = std::vector<VirtualTime>;

// Decoding and the way; then, where what was applied is shipped on, the WAL writer's flush within four times 200 ms.
constexpr sim::Duration kLag = microseconds(40'450);
constexpr sim::Duration kFlushed = milliseconds(800);

StreamSpec postgresql(Forwarding forwarding) {
  StreamSpec spec = replication::postgresql_logical();
  spec.forwarding = forwarding;
  return spec;
}

std::size_t count(const StreamWorld& world, std::size_t i, ConflictKind kind, ConflictOutcome outcome) {
  std::size_t found = 0;
  for (const auto& [body, record] : world.conflicts(i)) found += body.kind == kind && body.outcome == outcome;
  return found;
}

std::size_t heard_by(const StreamWorld& world, std::size_t i, RowMeans means) {
  return static_cast<std::size_t>(
      std::ranges::count_if(world.heard(i), [&](const Heard& one) { return one.means == means; }));
}

// --- (a) Without an origin filter

// The row is back after two ways and a flush between them. The worker is started again at once, for it had run for
// longer than 5 s, and then every 5 s; connecting and asking take six round trips: measured, 5.5 s between failures.
TEST_CASE("postgresql two-way, a: an insert comes back, clashes every 5.5 s and blocks what is behind it") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kEverything));
  world.at(0, at_s(10), [&] { world.insert(0, kPlain, {1, 1}); });
  for (Value i = 0; i < 500; ++i) {
    world.at(1, at_s(20), [&world, i] { world.insert(1, kPlain, {100 + i, 1}); });
  }
  world.run(at_s(60));
  const Times stopped = world.stream_changes(0, StreamChange::kStopped);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0] >= at_s(10) + kLag * 2);
  CHECK(stopped[0] <= at_s(10) + kLag * 2 + kFlushed);
  const Times retried = world.stream_changes(0, StreamChange::kRetried);
  REQUIRE(retried.size() == 10);  // 0.48 s after 10.1 to 10.9 s, then every 5.48 s up to 60 s
  for (std::size_t i = 1; i < retried.size(); ++i) {
    CHECK(static_cast<double>((retried[i] - retried[i - 1]).ns) == Approx(5.5e9).epsilon(0.005));
  }
  CHECK(count(world, 0, ConflictKind::kInsertInsert, ConflictOutcome::kStopped) == 11);
  CHECK(world.table(0, kPlain).size() == 1);
  CHECK(world.table(1, kPlain).size() == 501);
  // The slot holds the log from the clash on.
  CHECK(world.replica(1).rows().log().size() == 501);
  CHECK(world.stream_changes(1).empty());
}

// Each goes round by itself, and overwrites the other where they meet: measured, both values at both sides for ever. A
// deletion meets no row at the end of its round, and the updates that are under way find none either.
TEST_CASE("postgresql two-way, a: two updates circulate against each other until a delete, which ends by itself") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    StreamWorld world{{.seed = seed}};
    world.mesh(postgresql(Forwarding::kEverything));
    std::array<std::set<Value>, 2> seen;
    for (std::size_t i = 0; i < 2; ++i) {
      world.load(i, kPlain, {1, 1});
      world.at(i, at_s(10), [&world, i] { world.update(i, kPlain, {1, 2 + static_cast<Value>(i)}); });
      for (std::int64_t ms = 30'000; ms < 40'000; ms += 50) {
        world.at(i, at_ms(ms), [&world, &seen, i] {
          const store::Table& rows = world.table(i, kPlain);
          seen[i].insert(rows.values(rows.find(1))[1]);
        });
      }
    }
    world.at(0, at_s(40), [&] { world.erase(0, kPlain, {1, 0}); });
    world.run(at_s(60));
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(seen[i] == std::set<Value>{2, 3});
      CHECK(world.table(i, kPlain).size() == 0);
      CHECK(world.stream_changes(i).empty());
      CHECK(world.heard(i).back().when < at_s(42));
      CHECK(world.replica(i).rows().log().empty());
    }
    CHECK(count(world, 0, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded) == 1);
  }
}

TEST_CASE("postgresql two-way, a: a delete goes round once") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kEverything));
  for (std::size_t i = 0; i < 2; ++i) world.load(i, kPlain, {1, 1});
  world.at(0, at_s(10), [&] { world.erase(0, kPlain, {1, 1}); });
  world.run(at_s(60));
  CHECK(world.arrivals(1, 1) == Times{at_s(10) + kLag});
  CHECK(world.arrivals(0, 1).empty());
  CHECK(count(world, 0, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded) == 1);
  CHECK(world.conflicts(1).empty());
}

// --- (b) A row filter

// CREATE PUBLICATION ... WHERE (dcid = 1) at the one, 2 at the other.
TEST_CASE("postgresql two-way, b: a row filter on the data center's column prevents loops") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kDataCenter));
  for (std::size_t i = 0; i < 2; ++i) {
    const auto own = static_cast<Value>(1 + i);
    world.at(i, at_s(10), [&world, i, own] { world.insert(i, kTokens, {own, own, store::kDefault, 5}); });
    world.at(i, at_s(20), [&world, i, own] { world.update(i, kTokens, {own, own, own, 6}); });
    world.at(i, at_s(30), [&world, i, own] { world.insert(i, kTokens, {10 + own, 10 + own, store::kDefault, 5}); });
    world.at(i, at_s(40), [&world, i, own] { world.erase(i, kTokens, {10 + own, 0, 0, 0}); });
  }
  world.run(at_s(60));
  CHECK(world.contents(0) == world.contents(1));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(world.has(i, kTokens, {1, 1, 1, 6}));
    CHECK(world.has(i, kTokens, {2, 2, 2, 6}));
    CHECK(world.conflicts(i).empty());
    CHECK(world.heard(i).size() == 8);
    CHECK(world.replica(i).rows().log().empty());
  }
}

// The filter asks the row, not who has written it: an update of the other side's row is in nobody's publication. A
// table without such a column is published as a whole, and what is in it goes round.
TEST_CASE("postgresql two-way, b: the row filter also keeps back updates of the other side's rows") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kDataCenter));
  for (std::size_t i = 0; i < 2; ++i) world.load(i, kTokens, {1, 1, 1, 5});
  world.at(1, at_s(10), [&] { world.update(1, kTokens, {1, 1, 1, 6}); });
  world.at(1, at_s(20), [&] { world.insert(1, kPlain, {1, 1}); });
  world.run(at_s(30));
  CHECK(world.has(0, kTokens, {1, 1, 1, 5}));
  CHECK(world.has(1, kTokens, {1, 1, 1, 6}));
  CHECK(world.stream_changes(1, StreamChange::kStopped).size() == 1);
}

// --- (c) The same unique key on both sides

/// Rows 3 and 4 of one user, 7 ms apart, at 10 s, and one more row of each side at 12 s.
void clash(StreamWorld& world, const StreamSpec& spec) {
  world.mesh(spec);
  world.at(0, at_s(10), [&world] { world.insert(0, kTokens, {3, 7, store::kDefault, 1}); });
  world.at(1, at_ms(10'007), [&world] { world.insert(1, kTokens, {4, 7, store::kDefault, 2}); });
  for (std::size_t i = 0; i < 2; ++i) {
    const auto row = 20 + static_cast<Value>(i);
    world.at(i, at_s(12), [&world, i, row] { world.insert(i, kTokens, {row, row, store::kDefault, 1}); });
  }
}

TEST_CASE("postgresql two-way, c: one unique key on both sides stops both workers for good") {
  StreamWorld world;
  clash(world, postgresql(Forwarding::kDataCenter));
  world.run(at_s(600));
  CHECK(world.stream_changes(0, StreamChange::kStopped) == Times{at_ms(10'007) + kLag});
  CHECK(world.stream_changes(1, StreamChange::kStopped) == Times{at_s(10) + kLag});
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(world.stream_changes(i, StreamChange::kRetried).size() > 100);  // 590 s / 5.5 s
    CHECK(world.stream_changes(i, StreamChange::kResumed).empty());
    CHECK(world.table(i, kTokens).size() == 2);  // its own
    CHECK(world.replica(i).rows().log().size() == 2);
  }
}

// A person has the transaction left out 20 s after the stop. User 7 has another row on each side from then on, so an
// update of the one's finds nothing at the other.
TEST_CASE("postgresql two-way, c: SKIP unblocks and leaves the sides different, and later updates are ignored") {
  StreamWorld world;
  StreamSpec spec = postgresql(Forwarding::kDataCenter);
  spec.retry.operator_after = seconds(20);
  clash(world, spec);
  world.at(0, at_s(60), [&] { world.update(0, kTokens, {3, 7, 1, 9}); });
  world.at(0, at_s(61), [&] { world.insert(0, kTokens, {30, 30, store::kDefault, 1}); });
  world.run(at_s(90));
  for (std::size_t i = 0; i < 2; ++i) {
    const Times resumed = world.stream_changes(i, StreamChange::kResumed);
    REQUIRE(resumed.size() == 1);
    CHECK(resumed[0] >= at_s(30) + kLag);
    CHECK(resumed[0] <= at_s(36) + kLag);  // at the next retry
    CHECK(count(world, i, ConflictKind::kLeftOut, ConflictOutcome::kSkipped) == 1);
    CHECK(world.stream_changes(i, StreamChange::kStopped).size() == 1);
    CHECK(world.has(i, kTokens, {20, 20, 1, 1}));
    CHECK(world.has(i, kTokens, {21, 21, 2, 1}));
    CHECK(world.has(i, kTokens, {30, 30, 1, 1}));
  }
  CHECK(world.has(0, kTokens, {3, 7, 1, 9}));
  CHECK(world.has(1, kTokens, {4, 7, 2, 2}));
  CHECK(world.table(1, kTokens).find(3) == store::kNoSlot);
  CHECK(world.table(0, kTokens).find(4) == store::kNoSlot);
  CHECK(count(world, 1, ConflictKind::kUpdateMissing, ConflictOutcome::kDiscarded) == 1);
}

TEST_CASE("postgresql two-way, c: disable_on_error stops the retries, not the block") {
  StreamWorld world;
  StreamSpec spec = postgresql(Forwarding::kDataCenter);
  spec.retry.is_disabled_by_error = true;
  clash(world, spec);
  world.run(at_s(600));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(world.stream_changes(i, StreamChange::kStopped).size() == 1);
    CHECK(world.stream_changes(i, StreamChange::kGivenUp) == world.stream_changes(i, StreamChange::kStopped));
    CHECK(world.stream_changes(i, StreamChange::kRetried).empty());
    CHECK(world.table(i, kTokens).size() == 2);
    CHECK(world.replica(i).rows().log().size() == 2);
  }
}

// ALTER SUBSCRIPTION ... SKIP and ENABLE.
TEST_CASE("postgresql two-way, c: who was disabled goes on once a person has seen to it") {
  StreamWorld world;
  StreamSpec spec = postgresql(Forwarding::kDataCenter);
  spec.retry.is_disabled_by_error = true;
  spec.retry.operator_after = seconds(30);
  clash(world, spec);
  world.run(at_s(100));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(world.stream_changes(i, StreamChange::kResumed).size() == 1);
    CHECK(world.table(i, kTokens).size() == 3);
  }
}

// --- (d) Foreign keys

// The apply worker runs with session_replication_role = replica: it fires no foreign-key trigger.
TEST_CASE("postgresql two-way, d: a cascade's deletions come as changes of their own, and only orphans stay") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kOwn));
  for (std::size_t i = 0; i < 2; ++i) {
    for (const Value item : {1, 2}) world.load(i, kItems, {item, item});
    for (const Row& child : {Row{10, 1}, Row{11, 1}, Row{20, 2}}) world.load(i, kChildren, child);
  }
  world.load(1, kChildren, {99, 1});
  world.at(0, at_s(10), [&] { world.erase(0, kItems, {1, 1}); });
  world.run(at_s(60));
  CHECK(heard_by(world, 0, RowMeans::kCascade) == 2);
  CHECK(heard_by(world, 1, RowMeans::kCascade) == 0);
  CHECK(heard_by(world, 1, RowMeans::kApply) == 3);
  CHECK(world.table(0, kChildren).size() == 1);
  CHECK(world.table(1, kItems).find(1) == store::kNoSlot);
  CHECK(world.has(1, kChildren, {20, 2}));
  CHECK(world.has(1, kChildren, {99, 1}));  // without a parent
  CHECK(world.table(1, kChildren).size() == 2);
  CHECK(world.conflicts(1).empty());
}

TEST_CASE("postgresql two-way, d: what is missing is skipped, and a child needs no parent") {
  StreamWorld world;
  world.follow(0, 1, postgresql(Forwarding::kOwn));
  for (std::size_t i = 0; i < 2; ++i) world.load(i, kItems, {2, 2});
  world.load(0, kChildren, {20, 2});  // at site 1 it is gone already, as if that had cascaded too
  world.load(0, kItems, {6, 6});
  world.at(0, at_s(10), [&] { world.erase(0, kItems, {2, 2}); });
  world.at(0, at_s(11), [&] { world.update(0, kItems, {6, 7}); });
  world.at(0, at_s(12), [&] { world.insert(0, kChildren, {60, 6}); });
  world.run(at_s(20));
  CHECK(count(world, 1, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded) == 1);
  CHECK(count(world, 1, ConflictKind::kUpdateMissing, ConflictOutcome::kDiscarded) == 1);
  CHECK(world.conflicts(1).size() == 2);
  CHECK(world.stream_changes(1).empty());
  CHECK(world.table(1, kItems).size() == 0);
  CHECK(world.has(1, kChildren, {60, 6}));
}

// --- (e) Triggers

/// Item 1 with children 10 and 11 on both sides and 99 at the target alone; item 1 is deleted at 10 s, item 3 inserted
/// at 11 s.
void delete_with_triggers(StreamWorld& world, store::Firing firing) {
  StreamSpec spec = postgresql(Forwarding::kOwn);
  spec.rules.firing = firing;
  world.follow(0, 1, spec);
  for (std::size_t i = 0; i < 2; ++i) {
    world.load(i, kItems, {1, 1});
    for (const Value child : {10, 11}) world.load(i, kTriggered, {child, 1});
  }
  world.load(1, kTriggered, {99, 1});
  world.at(0, at_s(10), [&world] { world.erase(0, kItems, {1, 1}); });
  world.at(0, at_s(11), [&world] { world.insert(0, kItems, {3, 3}); });
}

TEST_CASE(
    "postgresql two-way, e: an ordinary trigger does not fire at the subscriber, one that is ALWAYS enabled does") {
  for (const bool always : {false, true}) {
    StreamWorld world;
    delete_with_triggers(world, {false, always, false});
    world.run(at_s(20));
    CHECK(heard_by(world, 0, RowMeans::kTrigger) == 2);
    CHECK(heard_by(world, 1, RowMeans::kTrigger) == (always ? 1U : 0U));
    CHECK(world.table(1, kTriggered).size() == (always ? 0U : 1U));
    CHECK(world.stream_changes(1).empty());
    CHECK(world.has(1, kItems, {3, 3}));
  }
}

// Its own statement is refused there, for a row hangs on child 99. Seen: one whose function did not find a table.
TEST_CASE("postgresql two-way, e: an error in a trigger at the subscriber stops the stream") {
  StreamWorld world;
  world.load(1, kLeaves, {1, 99});
  delete_with_triggers(world, {false, true, true});
  world.run(at_s(60));
  CHECK(world.stream_changes(1, StreamChange::kStopped) == Times{at_s(10) + kLag});
  CHECK(world.stream_changes(1, StreamChange::kRetried).size() >= 9);
  CHECK(world.table(1, kTriggered).size() == 3);
  CHECK(world.has(1, kItems, {1, 1}));
  CHECK_FALSE(world.has(1, kItems, {3, 3}));
}

// --- (f) Sequences

TEST_CASE("postgresql two-way, f: after a failover as many inserts fail as rows were replicated") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kOwn));
  world.at(0, at_s(10), [&] {
    for (Value i = 0; i < 10; ++i) REQUIRE(world.insert(0, kItems, {store::kDefault, i}));
  });
  std::vector<bool> succeeded;
  world.at(1, at_s(20), [&] {
    for (Value i = 0; i < 15; ++i) {
      succeeded.push_back(world.insert(1, kItems, {store::kDefault, 100 + i}).has_value());
    }
  });
  world.run(at_s(30));
  std::vector<bool> expected(15, true);
  std::fill_n(expected.begin(), 10, false);
  CHECK(succeeded == expected);
  CHECK(world.table(0, kItems).size() == 15);
  CHECK(world.contents(0) == world.contents(1));
}

TEST_CASE("postgresql two-way, f: odd and even numbers never clash") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kOwn));
  for (std::size_t i = 0; i < 2; ++i) {
    const auto own = static_cast<Value>(i);
    world.replica(i).rows().set_sequence(kItems, {1 + own, 2});
    world.at(i, at_s(10), [&world, i, own] {
      for (Value k = 0; k < 50; ++k) REQUIRE(world.insert(i, kItems, {store::kDefault, 1'000 * own + k}));
    });
  }
  world.run(at_s(30));
  CHECK(world.table(0, kItems).size() == 100);
  CHECK(world.contents(0) == world.contents(1));
  for (std::size_t i = 0; i < 2; ++i) CHECK(world.conflicts(i).empty());
}

// --- (g) Definitions

// The column is added to the subscriber by hand, and the next start of the worker goes through.
TEST_CASE("postgresql two-way, g: a new column stops the stream until the subscriber has it too") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kOwn));
  const store::Definition column{store::Definition::Kind::kAddColumn, 0, {}};
  world.at(0, at_s(10), [&] { world.define(0, kPlain, column); });
  world.at(0, at_s(20), [&] { world.insert(0, kPlain, {1, 1, 5}); });
  world.at(1, at_s(40), [&] { world.define(1, kPlain, column); });
  world.run(at_s(60));
  CHECK(world.stream_changes(1, StreamChange::kStopped) == Times{at_s(20) + kLag});
  CHECK(world.conflicts(1).at(0).first.kind == ConflictKind::kMissingColumn);
  const Times resumed = world.stream_changes(1, StreamChange::kResumed);
  REQUIRE(resumed.size() == 1);
  CHECK(resumed[0] > at_s(40));
  CHECK(resumed[0] < at_s(46));
  CHECK(world.has(1, kPlain, {1, 1, 5}));
}

// Row 1 is missing at the subscriber, row 9 is there alone: both tables are empty after.
TEST_CASE("postgresql two-way, g: TRUNCATE is replicated, whatever rows the subscriber has") {
  StreamWorld world;
  world.mesh(postgresql(Forwarding::kOwn));
  for (Value i = 1; i <= 5; ++i) world.load(0, kPlain, {i, 1});
  for (Value i = 2; i <= 5; ++i) world.load(1, kPlain, {i, 1});
  world.load(1, kPlain, {9, 1});
  world.at(0, at_s(10), [&] { world.truncate(0, kPlain); });
  world.at(0, at_s(11), [&] { world.insert(0, kPlain, {6, 1}); });
  world.run(at_s(20));
  CHECK(heard_by(world, 0, RowMeans::kStatement) == 5 + 1);
  CHECK(world.arrivals(1, 9) == Times{at_s(10) + kLag});
  CHECK(world.arrivals(1, 1).empty());
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(world.table(i, kPlain).size() == 1);
    CHECK(world.conflicts(i).empty());
    CHECK(world.replica(i).rows().log().empty());
  }
  CHECK(world.contents(0) == world.contents(1));
}

}  // namespace
}  // namespace parallax::test
