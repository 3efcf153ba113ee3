#include "models/propagation/replication/replica.h"

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "sim/random.h"
#include "sim/simulation.h"
#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::replication {
namespace {

using domain::ConflictKind;
using domain::ConflictOutcome;
using domain::Passage;
using domain::RowChanged;
using domain::RowConflict;
using domain::RowMeans;
using domain::RowOperation;
using domain::Stage;
using domain::Version;
using parallax::testing::pick;
using store::Change;
using store::Changes;
using store::Lsn;
using store::Operation;
using store::Schema;
using store::Slot;
using store::TableId;
using store::Transaction;
using store::Value;
using Row = std::vector<Value>;

constexpr sim::SiteId kEast{0};
constexpr sim::SiteId kWest{1};
constexpr TableId kRows{0};
constexpr TableId kChildren{1};
constexpr TableId kPairs{2};
constexpr TableId kLog{3};
const Passage kPassage{Stage::kNone, Stage::kReplicationLag, sim::VirtualTime{}};

Schema tables() {
  return {{"ROW", {{"NUMBER", store::Default::kSequence}, {"TEXT"}}, store::Key{"PK", {0}}, {{"TEXT_KEY", {1}}}, {}},
          {"CHILD", {{"NUMBER"}, {"PARENT"}}, store::Key{"PK", {0}}, {}, {{"FK", 1, kRows, store::OnDelete::kCascade}}},
          {"PAIR", {{"A"}, {"B"}}, store::Key{"PK", {0, 1}}, {}, {}},
          {"LOG", {{"A"}, {"B"}}, {}, {}, {}}};
}

ReplicaSpec spec(sim::Duration clock_offset = {}) {
  return {
      .name = "db", .layer = domain::LayerId{7}, .first_table = 100, .data_center = 1, .clock_offset = clock_offset};
}

Row list(std::span<const Value> values) { return {values.begin(), values.end()}; }

/// Two replicas and what they have recorded.
struct World {
  sim::Simulation simulation{sim::SimulationSpec{.seed = 1, .sites = {"east", "west"}, .links = {}, .outages = {}}};
  std::vector<sim::Record> records;
  Replica east{simulation.site(kEast), tables(), spec()};
  Replica west{simulation.site(kWest), tables(), spec()};

  World() {
    simulation.add_reader([this](std::span<const sim::Record> stretch) {
      records.insert(records.end(), stretch.begin(), stretch.end());
    });
  }

  static Lsn insert(Replica& replica, TableId table, const Row& row, sim::RecordId cause = {}) {
    Transaction transaction = replica.begin();
    REQUIRE(transaction.insert(table, row, Version{}.next(replica.site().id())));
    return replica.commit(transaction, cause, kPassage);
  }
  static Lsn update(Replica& replica, TableId table, Slot slot, const Row& row) {
    Transaction transaction = replica.begin();
    const Version next = replica.rows().table(table).written(slot).version.next(replica.site().id());
    REQUIRE(transaction.update(table, slot, row, next));
    return replica.commit(transaction, {}, kPassage);
  }

  /// After run(), of one site.
  template <typename Body>
  std::vector<std::pair<Body, sim::Record>> all(domain::RecordKind kind, sim::SiteId site) const {
    std::vector<std::pair<Body, sim::Record>> found;
    for (const sim::Record& record : records) {
      if (domain::kind_of(record.body) != kind || record.id.site() != site) continue;
      found.emplace_back(Body::unpack(record.body), record);
    }
    return found;
  }
  auto changed(sim::SiteId site) const { return all<RowChanged>(domain::RecordKind::kRowChanged, site); }
  auto conflicts(sim::SiteId site) const { return all<RowConflict>(domain::RecordKind::kRowConflict, site); }
  void run(sim::Duration until = sim::seconds(1)) { simulation.run(sim::VirtualTime{} + until); }
};

/// The whole log, from a reader that needs all of it.
struct Follower {
  Replica& replica;
  Replica::ReaderId id;
  int told{0};
  explicit Follower(Replica& of) : replica{of}, id{of.add_reader(Reads::kAllRows, [this] { ++told; })} {}
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
};

TEST_CASE("each row of a commit is recorded with its cause, and its record stays with change and row") {
  World world;
  Follower follower{world.east};
  const sim::RecordId cause = sim::RecordId::of(kWest, 55);
  {
    Transaction transaction = world.east.begin();
    transaction.insert(kRows, Row{5, 50}, Version::of(1, kEast));
    transaction.insert(kChildren, Row{6, 5}, Version::of(1, kEast));
    transaction.erase(kRows, Slot{0}, Version::of(2, kEast));
    CHECK(world.east.commit(transaction, cause, kPassage) == 4);
  }
  world.run();
  const auto changed = world.changed(kEast);
  REQUIRE(changed.size() == 4);
  const std::array<RowOperation, 4> operations{RowOperation::kInserted, RowOperation::kInserted, RowOperation::kDeleted,
                                               RowOperation::kDeleted};
  const std::array<std::uint64_t, 4> rows{5, 6, 5, 6};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [body, record] = changed[i];
    CHECK(body.database == domain::LayerId{7});
    CHECK(body.operation == operations[i]);
    CHECK(body.means == (i == 3 ? RowMeans::kCascade : RowMeans::kStatement));
    CHECK(body.row == rows[i]);
    CHECK(body.table == (rows[i] == 5 ? 100 : 101));
    CHECK(body.origin == kEast);
    CHECK(record.cause == cause);
    CHECK(world.east.rows().log()[i].record == record.id);
  }
  CHECK(changed[3].first.version == Version::of(2, kEast));
}

TEST_CASE("an applied change is caused by the record at its origin, and says so") {
  World world;
  Follower follower{world.east};
  world.insert(world.east, kRows, {5, 50});
  CHECK(world.west.apply(world.east.rows().log(), 0, 1, {}, kPassage, Replica::Flush::kAtCommit));
  world.run();
  REQUIRE(world.changed(kWest).size() == 1);
  const auto [body, record] = world.changed(kWest)[0];
  CHECK(body.means == RowMeans::kApply);
  CHECK(body.origin == kEast);
  CHECK(body.version == Version::of(1, kEast));
  CHECK(record.cause == world.changed(kEast)[0].second.id);
  CHECK(world.west.rows().table(kRows).written(Slot{0}).record == record.id);
}

TEST_CASE("what a cascade of the apply takes along is recorded as such, caused by the change that set it off") {
  World world;
  Follower follower{world.east};
  ApplyRules rules;
  world.insert(world.east, kRows, {5, 50});
  REQUIRE(world.west.apply(world.east.rows().log(), 0, 1, rules, kPassage, Replica::Flush::kAtCommit));
  world.insert(world.west, kChildren, {6, 5});
  {
    Transaction transaction = world.east.begin();
    transaction.erase(kRows, Slot{0}, Version::of(2, kEast));
    world.east.commit(transaction, {}, kPassage);
  }
  rules.firing.cascades = true;
  REQUIRE(world.west.apply(world.east.rows().log(), 1, 1, rules, kPassage, Replica::Flush::kAtCommit));
  world.run();
  const auto changed = world.changed(kWest);
  REQUIRE(changed.size() == 4);
  CHECK(changed[2].first.means == RowMeans::kApply);
  CHECK(changed[3].first.means == RowMeans::kCascade);
  CHECK(changed[3].first.row == 6);
  CHECK(changed[3].second.cause == changed[2].second.cause);
}

TEST_CASE("rows of several key columns or of none are told apart by a number of their own") {
  World world;
  for (const TableId table : {kPairs, kLog}) {
    for (const Row& row : {Row{1, 2}, Row{2, 1}, Row{0, 3}}) world.insert(world.east, table, row);
  }
  world.run();
  const auto changed = world.changed(kEast);
  REQUIRE(changed.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      CHECK((changed[i].first.row == changed[j].first.row) == (i == j + 3));  // the same values in another table
    }
  }
}

TEST_CASE("a transaction that cannot be applied changes nothing, and only what stopped it is told") {
  World world;
  Follower follower{world.east};
  world.insert(world.west, kRows, {1, 10});
  world.insert(world.west, kRows, {2, 20});
  world.insert(world.west, kRows, {3, 30});
  {
    Transaction transaction = world.east.begin();
    transaction.insert(kPairs, Row{1, 1}, Version::of(1, kEast));
    transaction.insert(kRows, Row{1, 11}, Version::of(1, kEast));  // would overwrite
    transaction.insert(kRows, Row{2, 30}, Version::of(1, kEast));  // meets two rows
    world.east.commit(transaction, {}, kPassage);
  }
  ApplyRules rules;
  rules.insert_insert = Resolution::kOverwrite;
  CHECK_FALSE(world.west.apply(world.east.rows().log(), 0, 3, rules, kPassage, Replica::Flush::kAtCommit));
  world.run();
  CHECK(world.west.rows().table(kPairs).size() == 0);
  CHECK(list(world.west.rows().table(kRows).values(Slot{0})) == Row{1, 10});
  CHECK(world.changed(kWest).size() == 3);
  REQUIRE(world.conflicts(kWest).size() == 1);
  const auto [body, record] = world.conflicts(kWest)[0];
  CHECK(body.kind == ConflictKind::kSeveralKeys);
  CHECK(body.outcome == ConflictOutcome::kStopped);
  CHECK(body.row == 2);
  CHECK(body.table == 100);
  CHECK(body.incoming == Version::of(1, kEast));
  CHECK(body.present == Version::of(1, kWest));
  CHECK(body.origin == kEast);
  CHECK(record.cause == world.changed(kEast)[2].second.id);
}

TEST_CASE("what an operator leaves out is told for each change, a definition too") {
  World world;
  Follower follower{world.east};
  {
    Transaction transaction = world.east.begin();
    transaction.define(kPairs, {store::Definition::Kind::kAddColumn, 1, {}});
    world.east.commit(transaction, {}, kPassage);
  }
  world.insert(world.east, kRows, {5, 50});
  world.west.skip(world.east.rows().log(), 0, 2);
  world.run();
  const auto conflicts = world.conflicts(kWest);
  REQUIRE(conflicts.size() == 2);
  CHECK(conflicts[0].first.row == 0);
  CHECK(conflicts[1].first.row == 5);
  CHECK(conflicts[1].first.kind == ConflictKind::kLeftOut);
  CHECK(conflicts[1].first.outcome == ConflictOutcome::kSkipped);
  CHECK(world.changed(kWest).empty());
}

TEST_CASE("commits are stamped by a clock that may be off") {
  World world;
  Replica late{world.simulation.site(kEast), tables(), spec(sim::milliseconds(-300))};
  world.insert(late, kRows, {5, 50});
  CHECK(late.rows().table(kRows).written(Slot{0}).stamp.committed == sim::VirtualTime{} - sim::milliseconds(300));
}

// A client's commit can be read at once, with all that was applied before it; what is applied waits for the WAL writer
// where its commits do not wait for the disk, at most 200 ms here.
TEST_CASE("readers are told of commits at once, of what was applied after the WAL writer's flush") {
  World world;
  Follower follower{world.east};
  Follower other{world.west};
  world.insert(world.east, kRows, {5, 50});
  world.insert(world.east, kRows, {6, 60});
  CHECK(follower.told == 2);
  CHECK(world.east.readable_end() == 2);
  REQUIRE(world.west.apply(world.east.rows().log(), 0, 1, {}, kPassage, Replica::Flush::kByWalWriter));
  CHECK(world.west.readable_end() == 0);
  CHECK(world.west.rows().log_end() == 1);
  SECTION("by the timer") {
    world.run(sim::milliseconds(201));
    CHECK(other.told == 1);
    CHECK(world.west.readable_end() == 1);
  }
  SECTION("or by the next that does not wait") {
    REQUIRE(world.west.apply(world.east.rows().log(), 1, 1, {}, kPassage, Replica::Flush::kAtCommit));
    CHECK(world.west.readable_end() == 2);
    CHECK(other.told == 1);
  }
  SECTION("or as its host starts again") {
    world.west.restarted();
    CHECK(world.west.readable_end() == 1);
    world.run();
    CHECK(other.told == 1);
  }
}

TEST_CASE("a transaction that has come to nothing writes no log and tells nobody") {
  World world;
  Follower follower{world.east};
  Follower other{world.west};
  world.insert(world.east, kRows, {5, 50});
  world.insert(world.west, kRows, {5, 51});
  ApplyRules rules;
  rules.insert_insert = Resolution::kDiscard;
  CHECK(world.west.apply(world.east.rows().log(), 0, 1, rules, kPassage, Replica::Flush::kAtCommit));
  CHECK(other.told == 1);
  CHECK(world.west.rows().log_end() == 1);
}

TEST_CASE("the log is kept for the slowest reader, from when it came, and for nobody else") {
  World world;
  world.insert(world.east, kRows, {1, 10});
  CHECK(world.east.rows().log_begin() == 1);
  CHECK(world.east.readable_end() == 1);
  Follower slow{world.east};
  world.insert(world.east, kRows, {2, 20});
  Follower fast{world.east};
  world.insert(world.east, kRows, {3, 30});
  CHECK(world.east.rows().log_begin() == 1);
  world.east.release(fast.id, 3);
  CHECK(world.east.rows().log_begin() == 1);
  world.east.release(slow.id, 2);
  CHECK(world.east.rows().log_begin() == 2);
  world.east.release(slow.id, 1);  // late
  CHECK(world.east.rows().log_begin() == 2);
  world.east.release(slow.id, 3);
  CHECK(world.east.rows().log_begin() == 3);
  CHECK(world.east.rows().log().empty());
}

/// Rows with versions and stamps, by table, in any order.
std::vector<std::vector<std::tuple<Row, std::uint32_t, sim::VirtualTime, sim::SiteId>>> contents(
    const Replica& replica) {
  std::vector<std::vector<std::tuple<Row, std::uint32_t, sim::VirtualTime, sim::SiteId>>> found;
  for (std::size_t t = 0; t < replica.rows().tables(); ++t) {
    const store::Table& table = replica.rows().table(static_cast<TableId>(t));
    auto& rows = found.emplace_back();
    for (std::size_t i = 0; i < table.slots(); ++i) {
      const auto slot = static_cast<Slot>(i);
      const store::Written& written = table.written(slot);
      if (!written.exists) continue;
      rows.emplace_back(list(table.values(slot)), written.version.packed, written.stamp.committed,
                        written.stamp.origin);
    }
    std::sort(rows.begin(), rows.end());
  }
  return found;
}

TEST_CASE("a replica that takes another's image has its rows, with their stamps, and loses what only it has written") {
  World world;
  Follower follower{world.west};
  world.insert(world.east, kRows, {1, 10});
  world.insert(world.east, kRows, {2, 20});
  world.insert(world.west, kRows, {2, 21});  // of the same version: the source's takes its place, which is no news
  world.insert(world.west, kRows, {3, 10});  // in the way by its text
  world.insert(world.west, kChildren, {9, 3});
  world.insert(world.west, kRows, {4, 40});
  world.update(world.west, kRows, Slot{2}, {4, 41});
  world.west.become(world.east.image(), kPassage);
  CHECK(contents(world.west) == contents(world.east));
  CHECK(world.west.rows().log().empty());
  CHECK(world.west.readable_end() == world.west.rows().log_end());
  world.run();
  const auto losses = world.conflicts(kWest);
  std::vector<std::tuple<int, std::uint64_t, Version>> lost;
  for (const auto& [body, record] : losses) {
    CHECK(body.kind == ConflictKind::kResynchronised);
    CHECK(body.outcome == ConflictOutcome::kOverwritten);
    CHECK(record.cause.exists());
    lost.emplace_back(body.table, body.row, body.present);
  }
  // Row 2 here is of version 1 by the west, which is above version 1 by the east.
  CHECK(lost == std::vector<std::tuple<int, std::uint64_t, Version>>{{100, 2, Version::of(1, kWest)},
                                                                     {100, 3, Version::of(1, kWest)},
                                                                     {100, 4, Version::of(2, kWest)},
                                                                     {101, 9, Version::of(1, kWest)}});
}

TEST_CASE("to take the same image again changes nothing and loses nothing") {
  World world;
  world.insert(world.east, kRows, {1, 10});
  world.insert(world.east, kLog, {7, 7});
  world.insert(world.east, kLog, {7, 7});
  world.insert(world.west, kLog, {7, 7});
  world.west.become(world.east.image(), kPassage);
  world.west.become(world.east.image(), kPassage);
  CHECK(contents(world.west) == contents(world.east));
  world.run();
  CHECK(world.conflicts(kWest).empty());  // one of three alike was here: the image knows it
  // The one that was here goes and two come, for it had another version; and the row.
  CHECK(world.changed(kWest).size() == 1 + 1 + 2 + 1);
}

TEST_CASE("a row of an image with a column that is not here is left out, and told") {
  World world;
  {
    Transaction transaction = world.east.begin();
    transaction.define(kPairs, {store::Definition::Kind::kAddColumn, 1, {}});
    world.east.commit(transaction, {}, kPassage);
  }
  world.insert(world.east, kPairs, {1, 2, 3});
  world.insert(world.east, kRows, {1, 10});
  world.west.become(world.east.image(), kPassage);
  CHECK(world.west.rows().table(kPairs).size() == 0);
  CHECK(world.west.rows().table(kRows).size() == 1);
  world.run();
  REQUIRE(world.conflicts(kWest).size() == 1);
  CHECK(world.conflicts(kWest)[0].first.outcome == ConflictOutcome::kDiscarded);
}

TEST_CASE("sequences go on behind the rows of an image") {
  World world;
  world.east.rows().set_sequence(kRows, {1, 2});
  world.west.rows().set_sequence(kRows, {2, 2});
  for (const Value number : {1, 3, 8}) world.insert(world.east, kRows, {number, 10 * number});
  world.west.become(world.east.image(), kPassage);
  CHECK(world.west.rows().sequence(kRows).take() == 10);
}

// The west has 1 change that the WAL writer has not flushed when it takes the image. The place of that change is behind
// it afterwards, whenever the writer comes to it.
TEST_CASE("what the WAL writer flushes after an image was taken does not bring readers back") {
  World world;
  Follower follower{world.west};
  Follower source{world.east};
  world.insert(world.east, kRows, {1, 10});
  REQUIRE(world.west.apply(world.east.rows().log(), 0, 1, {}, kPassage, Replica::Flush::kByWalWriter));
  world.insert(world.east, kRows, {2, 20});
  world.west.become(world.east.image(), kPassage);
  const Lsn end = world.west.rows().log_end();
  CHECK(end > 1);
  world.run();
  CHECK(world.west.readable_end() == end);
}

TEST_CASE("a replica whose disk is gone has no rows, and its log goes on behind what was there") {
  World world;
  Follower follower{world.east};
  world.insert(world.east, kRows, {1, 10});
  world.insert(world.east, kChildren, {2, 1});
  world.east.clear();
  CHECK(world.east.rows().table(kRows).size() == 0);
  CHECK(world.east.image().empty());
  CHECK(world.east.rows().log_begin() == 2);
  CHECK(world.east.readable_end() == 2);
  world.insert(world.east, kRows, {1, 10});
  CHECK(world.east.readable_end() == 3);
  CHECK(follower.told == 3);
}

void write_at_random(Replica& replica) {
  const auto table = static_cast<TableId>(pick(0, 4));
  Row row{pick<Value>(0, 8), pick<Value>(0, 8)};
  const auto slot = static_cast<Slot>(pick(0, 6));
  Transaction transaction = replica.begin();
  const store::Table& rows = replica.rows().table(table);
  const sim::SiteId site = replica.site().id();
  if (store::index(slot) < rows.slots() && rows.written(slot).exists && pick(0, 3) > 0) {
    const Version next = rows.written(slot).version.next(site);
    if (pick(0, 3) == 0) {
      transaction.erase(table, slot, next);
    } else {
      transaction.update(table, slot, row, next);
    }
  } else {
    transaction.insert(table, row, Version{}.next(site));
  }
  replica.commit(transaction, {}, kPassage);
}

TEST_CASE("whatever a replica held, it equals the source whose image it takes") {
  parallax::testing::check("become", 300, [] {
    World world;
    Follower follower{world.west};
    for (int i = 0; i < 60; ++i) {
      world.simulation.run(world.simulation.now() + sim::milliseconds(1));
      write_at_random(pick(0, 2) == 0 ? world.east : world.west);
      if (pick(0, 20) != 0) continue;
      world.west.become(world.east.image(), kPassage);
      RC_ASSERT(contents(world.west) == contents(world.east));
    }
    world.west.become(world.east.image(), kPassage);
    RC_ASSERT(contents(world.west) == contents(world.east));
    world.run(sim::seconds(5));
    const std::size_t recorded = world.records.size();
    world.west.become(world.east.image(), kPassage);
    world.run(sim::seconds(10));
    RC_ASSERT(world.records.size() == recorded);
    RC_ASSERT(world.west.readable_end() == world.west.rows().log_end());
  });
}

// What is lost is what the west has written itself and the east does not have.
TEST_CASE("losses are the own rows that the image does not know, each once") {
  parallax::testing::check("losses", 300, [] {
    World world;
    std::size_t own = 0;
    for (Value number = 0; number < 10; ++number) {
      const int where = pick(0, 4);
      if (where != 1 && where != 3) world.insert(world.east, kRows, {number, number});
      if (where == 1) {
        world.insert(world.west, kRows, {number, number});
        ++own;
      }
      if (where == 2) {  // applied there, and updated there since
        Changes changes;
        Change change;
        change.stamp = {world.simulation.now(), kEast};
        change.version = Version::of(1, kEast);
        changes.add(change, Row{number, number});
        RC_ASSERT(world.west.apply(changes, 0, 1, {}, kPassage, Replica::Flush::kAtCommit));
        if (pick(0, 2) == 0) continue;
        world.update(world.west, kRows, world.west.rows().table(kRows).find(number), {number, 100 + number});
        ++own;
      }
    }
    world.west.become(world.east.image(), kPassage);
    world.run();
    RC_ASSERT(world.conflicts(kWest).size() == own);
    RC_ASSERT(contents(world.west) == contents(world.east));
  });
}

// Kept for its memory: the journal is drained, the log is released, so that nothing has to grow.
TEST_CASE("applying asks for no memory in a steady state") {
  World world;
  world.simulation.add_reader([&world](std::span<const sim::Record>) { world.records.clear(); });
  Follower source{world.east};
  Replica::ReaderId reader{};
  reader = world.west.add_reader(Reads::kAllRows, [&] { world.west.release(reader, world.west.readable_end()); });
  for (Value i = 0; i < 100; ++i) {
    world.insert(world.east, kRows, {i, i});
    world.update(world.east, kRows, Slot{0}, {i, i + 1'000});
    Transaction transaction = world.east.begin();
    transaction.erase(kRows, Slot{0}, Version::of(3, kEast));
    world.east.commit(transaction, {}, kPassage);
  }
  const Changes& log = world.east.rows().log();
  std::uint64_t allocated = 0;
  std::size_t applied = 0;
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t before = parallax::testing::allocations();
    for (std::size_t i = 0; i < log.size(); ++i) {
      applied += world.west.apply(log, i, 1, {}, kPassage, Replica::Flush::kAtCommit) ? 1U : 0U;
    }
    if (round > 3) allocated += parallax::testing::allocations() - before;
    world.simulation.run(world.simulation.now() + sim::milliseconds(10));
  }
  CHECK(applied == 20 * 300);
  CHECK(allocated == 0);
}

// Both sites insert and delete a handful of rows and apply the other's transactions whenever they like, so that
// deletions come late, twice, or to a row that is another's by now. No insertion has a version that the row has had. A
// deletion may: where a late insertion of the other site has brought a smaller version back.
TEST_CASE("a row that is inserted again has a version that it never had, at one site or two, over 200 seeds") {
  std::uint64_t again = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Resolution met = seed % 2 == 0 ? Resolution::kDiscard : Resolution::kOverwrite;
    INFO("seed " << seed);
    World world;
    sim::Stream draw{seed, "replica test", "statements"};
    const std::array<Replica*, 2> replicas{&world.east, &world.west};
    const Follower of_east{world.east};
    const Follower of_west{world.west};
    std::array<std::size_t, 2> applied{};
    std::map<std::pair<Value, Version>, int> given;
    ApplyRules rules;
    rules.insert_insert = met;
    for (int step = 0; step < 200; ++step) {
      const std::size_t i = draw.below(2);
      Replica& here = *replicas[i];
      if (draw.below(3) == 0) {
        const Changes& log = replicas[1 - i]->rows().log();
        for (std::size_t& next = applied[1 - i]; next < log.size() && draw.below(4) > 0; ++next) {
          if (log[next].stamp.origin == here.site().id()) continue;
          CHECK(here.apply(log, next, 1, rules, kPassage, Replica::Flush::kAtCommit));
        }
        continue;
      }
      const auto key = static_cast<Value>(draw.below(3));
      Transaction transaction = here.begin();
      const Slot slot = here.rows().table(kPairs).same_row(Row{key, 0});
      const bool is_new = slot == store::kNoSlot;
      const Version version = is_new ? transaction.first_version(kPairs)
                                     : here.rows().table(kPairs).written(slot).version.next(here.site().id());
      REQUIRE((is_new ? transaction.insert(kPairs, Row{key, 0}, version) : transaction.erase(kPairs, slot, version)));
      here.commit(transaction, {}, kPassage);
      const int times = ++given[{key, version}];
      if (is_new) CHECK(times == 1);
      again += is_new && version.ordinal() > 1;
    }
  }
  CHECK(again > 200 * 10);
}

}  // namespace
}  // namespace parallax::propagation::replication
