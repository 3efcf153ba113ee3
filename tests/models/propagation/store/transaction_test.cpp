#include "models/propagation/store/transaction.h"

#include <array>
#include <catch2/catch.hpp>
#include <utility>

#include "tests/models/propagation/store/naive_store.h"
#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::store {
namespace {

using domain::Version;
using parallax::testing::pick;
using testing::NaiveChange;
using testing::NaiveStore;
using testing::Row;

constexpr sim::SiteId kHere{2};
constexpr TableId kApis{0};
constexpr TableId kSubscriptions{1};
constexpr TableId kNotes{2};
constexpr TableId kLog{3};

Stamp stamp(std::int64_t second = 0) { return {sim::VirtualTime{} + sim::seconds(second), kHere}; }
Version version(std::uint32_t ordinal) { return Version::of(ordinal, kHere); }
Row list(std::span<const Value> values) { return {values.begin(), values.end()}; }

// An API has subscriptions, a subscription has notes; a log without a key.
Schema apis(OnDelete on_delete) {
  return {{"API", {{"ID", Default::kSequence}, {"NAME"}}, Key{"PK_API", {0}}, {{"NAME_KEY", {1}}}, {}},
          {"SUBSCRIPTION",
           {{"ID"}, {"API"}, {"DCID", Default::kDataCenter}},
           Key{"PK_SUBSCRIPTION", {0}},
           {},
           {{"FK_API", 1, kApis, on_delete}}},
          {"NOTE",
           {{"ID"}, {"SUBSCRIPTION"}},
           Key{"PK_NOTE", {0}},
           {},
           {{"FK_SUBSCRIPTION", 1, kSubscriptions, on_delete}}},
          {"LOG", {{"TEXT"}}, {}, {}, {}}};
}

// API 1 with subscriptions 11 and 12, of which 11 has the notes 111 and 112.
struct Filled {
  Store store;
  explicit Filled(OnDelete on_delete) : store{apis(on_delete), kHere, 5} {
    store.load(kApis, Row{1, 100}, version(1));
    store.load(kApis, Row{2, 200}, version(1));
    store.load(kSubscriptions, Row{11, 1, 5}, version(1));
    store.load(kSubscriptions, Row{12, 1, 5}, version(1));
    store.load(kNotes, Row{111, 11}, version(1));
    store.load(kNotes, Row{112, 11}, version(1));
  }
  Slot api(Value number) const { return store.table(kApis).find(number); }
};

/// Key and means of each change of the open transaction.
std::vector<std::pair<Value, Means>> steps(const Transaction& transaction) {
  std::vector<std::pair<Value, Means>> found;
  for (std::size_t i = 0; i < transaction.size(); ++i) {
    found.emplace_back(transaction.row(i)[0], transaction.change(i).means);
  }
  return found;
}

TEST_CASE("a cascade takes the parent first, then each child with what hangs on it") {
  Filled filled{OnDelete::kCascade};
  Transaction transaction{filled.store, stamp()};
  REQUIRE(transaction.erase(kApis, filled.api(1), version(2)));
  const Means kCascade = Means::kCascade;
  CHECK(steps(transaction) ==
        std::vector<std::pair<Value, Means>>{
            {1, Means::kStatement}, {11, kCascade}, {111, kCascade}, {112, kCascade}, {12, kCascade}});
}

// "Delete the child rows first, then the parent" is what the article makes of ON DELETE CASCADE, for the log of a
// cascade would have the parent first.
TEST_CASE("a trigger before the deletion takes the children first, those of a child before it, then the parent") {
  Filled filled{OnDelete::kTrigger};
  Transaction transaction{filled.store, stamp()};
  REQUIRE(transaction.erase(kApis, filled.api(1), version(2)));
  const Means kTrigger = Means::kTrigger;
  CHECK(steps(transaction) ==
        std::vector<std::pair<Value, Means>>{
            {111, kTrigger}, {112, kTrigger}, {11, kTrigger}, {12, kTrigger}, {1, Means::kStatement}});
  transaction.commit();
  CHECK(filled.store.table(kSubscriptions).size() == 0);
  CHECK(filled.store.table(kNotes).size() == 0);
  CHECK(filled.store.table(kApis).size() == 1);
}

TEST_CASE("where neither fires and parents are not looked at, children are left without theirs") {
  for (const OnDelete how : {OnDelete::kCascade, OnDelete::kTrigger, OnDelete::kNothing}) {
    Filled filled{how};
    Transaction transaction{filled.store, stamp(), {false, false, false}};
    CHECK(transaction.erase(kApis, filled.api(1), version(2)));
    CHECK(transaction.size() == 1);
    CHECK(transaction.insert(kSubscriptions, Row{13, 99, 5}, version(1)));
  }
}

TEST_CASE("a parent with children may not go, nor change its key") {
  Filled filled{OnDelete::kNothing};
  Transaction transaction{filled.store, stamp()};
  CHECK(transaction.erase(kApis, filled.api(1), version(2)).refusal == Refusal::kHasChildren);
  CHECK(transaction.size() == 0);
  CHECK(transaction.update(kApis, filled.api(1), Row{9, 100}, version(2)).refusal == Refusal::kHasChildren);
  CHECK(transaction.update(kApis, filled.api(1), Row{1, 101}, version(2)));
  CHECK(transaction.update(kApis, filled.api(2), Row{9, 200}, version(2)));
  CHECK(transaction.erase(kApis, filled.api(9), version(3)));
}

TEST_CASE("a child needs its parent") {
  Filled filled{OnDelete::kCascade};
  Transaction transaction{filled.store, stamp()};
  CHECK(transaction.insert(kSubscriptions, Row{13, 3, 0}, version(1)).refusal == Refusal::kNoParent);
  const Slot slot = filled.store.table(kSubscriptions).find(11);
  CHECK(transaction.update(kSubscriptions, slot, Row{11, 3, 0}, version(2)).refusal == Refusal::kNoParent);
  CHECK(transaction.update(kSubscriptions, slot, Row{11, 2, 0}, version(2)));
  CHECK(transaction.size() == 1);
}

// The children's own trigger is refused half-way: API 1 -> 11 -> notes go by trigger, but a note has a line that holds
// it. What went by then comes back, to its own slot and to its own place among its siblings.
TEST_CASE("a deletion that is refused below leaves nothing behind, within a transaction that goes on") {
  Schema schema = apis(OnDelete::kTrigger);
  schema.push_back({"LINE", {{"ID"}, {"NOTE"}}, Key{"PK_LINE", {0}}, {}, {{"FK_NOTE", 1, kNotes}}});
  Store store{schema, kHere, 5};
  store.load(kApis, Row{1, 100}, version(1));
  for (const Value id : {11, 12, 13}) store.load(kSubscriptions, Row{id, 1, 5}, version(1));
  store.load(kNotes, Row{111, 11}, version(1));
  store.load(kNotes, Row{131, 13}, version(1));
  store.load(TableId{4}, Row{1, 131}, version(1));
  Transaction transaction{store, stamp()};
  REQUIRE(transaction.insert(kLog, Row{7}, version(1)));
  CHECK(transaction.erase(kApis, Slot{0}, version(2)).refusal == Refusal::kHasChildren);
  CHECK(transaction.size() == 1);
  const ChildIndex& children = store.table(kSubscriptions).children(0);
  CHECK(children.first(1) == Slot{0});
  CHECK(children.next(Slot{0}) == Slot{1});
  CHECK(children.next(Slot{1}) == Slot{2});
  CHECK(children.next(Slot{2}) == kNoSlot);
  CHECK(store.table(kSubscriptions).find(11) == Slot{0});
  CHECK(store.table(kSubscriptions).written(Slot{0}).version == version(1));
  transaction.commit();
  CHECK(store.log_end() == 1);
}

TEST_CASE("what is not given is filled in: by the sequence, by the data center; a plain column takes any number") {
  Filled filled{OnDelete::kNothing};
  filled.store.set_sequence(kApis, {7, 2});
  Transaction transaction{filled.store, stamp()};
  REQUIRE(transaction.insert(kApis, Row{kDefault, 300}, version(1)));
  REQUIRE(transaction.insert(kApis, Row{kDefault, kDefault}, version(1)));
  REQUIRE(transaction.insert(kSubscriptions, Row{13, 7, kDefault}, version(1)));
  REQUIRE(transaction.insert(kSubscriptions, Row{14, 7}, version(1)));
  CHECK(list(transaction.row(0)) == Row{7, 300});
  CHECK(list(transaction.row(1)) == Row{9, kDefault});
  CHECK(list(transaction.row(2)) == Row{13, 7, 5});
  CHECK(list(transaction.row(3)) == Row{14, 7, 0});
}

TEST_CASE("a number is gone whether its row comes about or not; without one left an insertion is refused") {
  Filled filled{OnDelete::kNothing};
  filled.store.set_sequence(kApis, {3, 1, 5});
  {
    Transaction transaction{filled.store, stamp()};
    CHECK(transaction.insert(kApis, Row{kDefault, 100}, version(1)).refusal == Refusal::kDuplicateKey);  // took 3
    REQUIRE(transaction.insert(kApis, Row{kDefault, 400}, version(1)));                                  // took 4
  }
  Transaction transaction{filled.store, stamp()};
  REQUIRE(transaction.insert(kApis, Row{kDefault, 400}, version(1)));
  CHECK(transaction.row(0)[0] == 5);
  CHECK(transaction.insert(kApis, Row{kDefault, 500}, version(1)).refusal == Refusal::kRangeExhausted);
  CHECK(transaction.insert(kApis, Row{kDefault, 500}, version(1)).refusal == Refusal::kRangeExhausted);
  CHECK(transaction.size() == 1);
}

TEST_CASE("a row with more columns than the table is refused, one with fewer leaves what it does not name") {
  Filled filled{OnDelete::kNothing};
  Transaction transaction{filled.store, stamp()};
  CHECK(transaction.insert(kApis, Row{3, 300, 1}, version(1)).refusal == Refusal::kMissingColumn);
  CHECK(transaction.update(kApis, filled.api(1), Row{1, 100, 1}, version(2)).refusal == Refusal::kMissingColumn);
  const Slot slot = filled.store.table(kSubscriptions).find(11);
  REQUIRE(transaction.update(kSubscriptions, slot, Row{11, 2}, version(2)));
  CHECK(list(filled.store.table(kSubscriptions).values(slot)) == Row{11, 2, 5});
}

TEST_CASE("the log says what was before where the new row does not: without a key, and where the key changes") {
  Filled filled{OnDelete::kNothing};
  Store& store = filled.store;
  {
    Transaction transaction{store, stamp()};
    REQUIRE(transaction.insert(kLog, Row{7}, version(1)));
    REQUIRE(transaction.update(kLog, Slot{0}, Row{8}, version(2)));
    REQUIRE(transaction.update(kApis, filled.api(2), Row{2, 222}, version(2)));
    REQUIRE(transaction.update(kApis, filled.api(2), Row{3, 222}, version(3)));
    CHECK(list(transaction.old_row(2)) == Row{2, 200});
    CHECK(transaction.old_row(0).empty());
    CHECK(transaction.lsn(0) == 0);
    transaction.commit();
  }
  CHECK(store.log().old_row(0).empty());
  CHECK(list(store.log().old_row(1)) == Row{7});
  CHECK(store.log().old_row(2).empty());
  CHECK(list(store.log().old_row(3)) == Row{2, 222});
  CHECK(store.log()[3].before == version(2));
  CHECK_FALSE(store.log()[2].ends_transaction);
  CHECK(store.log()[3].ends_transaction);
}

TEST_CASE("a journal record is kept with the change, and with the row unless it is gone") {
  Filled filled{OnDelete::kNothing};
  Transaction transaction{filled.store, stamp(3)};
  const Slot slot = transaction.insert(kApis, Row{3, 300}, version(1)).slot;
  transaction.erase(kApis, filled.api(2), version(2));
  transaction.set_record(0, sim::RecordId::of(kHere, 77));
  transaction.set_record(1, sim::RecordId::of(kHere, 78));
  transaction.commit();
  CHECK(filled.store.log()[0].record == sim::RecordId::of(kHere, 77));
  CHECK(filled.store.log()[1].record == sim::RecordId::of(kHere, 78));
  CHECK(filled.store.table(kApis).written(slot).record == sim::RecordId::of(kHere, 77));
  CHECK(filled.store.table(kApis).written(slot).stamp == stamp(3));
}

TEST_CASE("changes may be stamped with other instants and origins than the transaction") {
  Filled filled{OnDelete::kNothing};
  Transaction transaction{filled.store, stamp(3)};
  transaction.set_stamp({sim::VirtualTime{5}, sim::SiteId{9}});
  const Slot slot = transaction.insert(kApis, Row{3, 300}, version(1)).slot;
  transaction.commit();
  CHECK(filled.store.table(kApis).written(slot).stamp == Stamp{sim::VirtualTime{5}, sim::SiteId{9}});
  CHECK(filled.store.log()[0].stamp.origin == sim::SiteId{9});
}

TEST_CASE("a definition is a change of its own: a column, the data center, a sequence") {
  Filled filled{OnDelete::kNothing};
  Store& store = filled.store;
  const auto define = [&](TableId table, const Definition& definition) {
    Transaction transaction{store, stamp()};
    transaction.define(table, definition);
    transaction.commit();
  };
  define(kApis, {Definition::Kind::kAddColumn, 6, {}});
  define(kApis, {Definition::Kind::kSetDataCenter, 8, {}});
  define(kApis, {Definition::Kind::kSetSequence, 0, {50, 3, 60}});
  CHECK(list(store.table(kApis).values(filled.api(1))) == Row{1, 100, 6});
  CHECK(store.data_center() == 8);
  CHECK(store.sequence(kApis).spec() == SequenceSpec{50, 3, 60});
  REQUIRE(store.log_end() == 3);
  CHECK(store.log()[0].operation == Operation::kDefinition);
  CHECK(store.log()[0].ends_transaction);
  const Definition read = Definition::unpack(store.log().row(2));
  CHECK(read.kind == Definition::Kind::kSetSequence);
  CHECK(read.sequence == SequenceSpec{50, 3, 60});
}

TEST_CASE("a store that was cleared takes its first rows again, after a column was added too") {
  Filled filled{OnDelete::kNothing};
  {
    Transaction transaction{filled.store, stamp()};
    transaction.define(kApis, {Definition::Kind::kAddColumn, 6, {}});
    transaction.commit();
  }
  filled.store.clear();
  CHECK(filled.store.log_begin() == 1);
  CHECK(filled.store.log_end() == 1);
  CHECK(filled.store.table(kApis).size() == 0);
  const Slot slot = filled.store.load(kApis, Row{1, 100}, version(1));
  CHECK(list(filled.store.table(kApis).values(slot)) == Row{1, 100, 0});
}

// Three tables and one without a key; foreign keys to earlier tables with a key of one column; 6 values, so that they
// meet.
constexpr Value kValues = 6;

Schema any_schema() {
  Schema schema;
  std::vector<TableId> parents;
  for (std::size_t t = 0; t < 4; ++t) {
    TableSpec table{"T", {{"K"}, {"A"}, {"B"}, {"C"}}, {}, {}, {}};
    const int kind = t == 0 ? 0 : pick(0, 4);
    if (kind == 1) table.primary = Key{"PK", {0, 3}};
    if (kind != 1 && kind != 2) table.primary = Key{"PK", {0}};
    if (pick(0, 3) == 0) table.unique.push_back({"U", {3}});
    if (pick(0, 3) == 0) table.unique.push_back({"V", {3, 2}});
    for (const Column column : {Column{1}, Column{2}}) {
      if (parents.empty() || pick(0, 3) == 0) continue;
      table.foreign.push_back(
          {"FK", column, parents[pick<std::size_t>(0, parents.size())], static_cast<OnDelete>(pick(0, 3))});
    }
    if (table.primary && table.primary->columns.size() == 1) parents.push_back(static_cast<TableId>(t));
    schema.push_back(table);
  }
  return schema;
}

Row any_row() {
  Row row(4);
  for (Value& value : row) value = pick<Value>(0, kValues);
  return row;
}

std::vector<std::size_t> chain(const ChildIndex& children, Value parent) {
  std::vector<std::size_t> found;
  for (Slot s = children.first(parent); s != kNoSlot; s = children.next(s)) found.push_back(index(s));
  return found;
}

void compare_table(const Store& store, const NaiveStore& naive, TableId id) {
  const Table& table = store.table(id);
  const auto& slots = naive.tables[index(id)].slots;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < table.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    const bool exists = i < slots.size() && slots[i];
    RC_ASSERT(table.written(slot).exists == exists);
    if (!exists) continue;
    ++rows;
    RC_ASSERT(list(table.values(slot)) == slots[i]->values);
    RC_ASSERT(table.written(slot).version == slots[i]->version);
    if (table.has_key()) RC_ASSERT(table.same_row(table.values(slot)) == slot);
    for (std::size_t k = 1; k <= table.spec().unique.size(); ++k) {
      RC_ASSERT(table.find_unique(k, table.values(slot)) == slot);
    }
  }
  RC_ASSERT(table.size() == rows);
  for (std::size_t f = 0; f < table.spec().foreign.size(); ++f) {
    for (Value parent = 0; parent < kValues; ++parent) {
      RC_ASSERT(chain(table.children(f), parent) == naive.children(id, f, parent));
    }
  }
}

void compare(Store& store, const NaiveStore& naive) {
  RC_ASSERT(store.log_end() == naive.log.size());
  for (std::size_t i = 0; i < naive.log.size(); ++i) {
    const Change& change = store.log()[i];
    const NaiveChange logged{
        change.operation, change.means, change.table, list(store.log().row(i)), list(store.log().old_row(i)),
        change.version,   change.before};
    RC_ASSERT(logged == naive.log[i]);
  }
  for (std::size_t t = 0; t < naive.schema.size(); ++t) compare_table(store, naive, static_cast<TableId>(t));
}

void one_statement(Store& store, Transaction& transaction, NaiveStore& naive, std::uint32_t ordinal) {
  const auto id = static_cast<TableId>(pick(0, 4));
  const Row row = any_row();
  const auto slot = pick<std::size_t>(0, 5);
  const bool is_there = slot < store.table(id).slots() && store.table(id).written(static_cast<Slot>(slot)).exists;
  const int what = is_there ? pick(0, 4) : 0;
  if (what == 0 || what == 3) {
    RC_ASSERT(transaction.insert(id, row, version(ordinal)).refusal == naive.insert(id, row, version(ordinal)));
  } else if (what == 1) {
    RC_ASSERT(transaction.update(id, static_cast<Slot>(slot), row, version(ordinal)).refusal ==
              naive.update(id, slot, row, version(ordinal)));
  } else {
    RC_ASSERT(transaction.erase(id, static_cast<Slot>(slot), version(ordinal)).refusal ==
              naive.erase(id, slot, version(ordinal)));
  }
}

TEST_CASE("random transactions, committed and rolled back, do what a naive store does with copies of itself") {
  parallax::testing::check("store against naive", 500, [] {
    const Schema schema = any_schema();
    Store store{schema, kHere, 1};
    NaiveStore naive{schema};
    naive.site = kHere;
    std::uint32_t ordinal = 0;
    for (int t = 0; t < 20; ++t) {
      const NaiveStore before = naive;
      const bool is_lax = pick(0, 4) == 0;
      naive.firing = is_lax ? Firing{pick(0, 2) == 0, pick(0, 2) == 0, pick(0, 2) == 0} : Firing{};
      {
        Transaction transaction{store, stamp(), naive.firing};
        for (int i = pick(0, 8); i > 0; --i) one_statement(store, transaction, naive, ++ordinal);
        RC_ASSERT(transaction.size() == naive.log.size() - before.log.size());
        const int end = pick(0, 4);
        if (end > 1) transaction.commit();
        if (end == 1) transaction.roll_back();
        if (end <= 1) naive = before;
      }
      compare(store, naive);
    }
  });
}

TEST_CASE("the log goes on where it was dropped, within any transaction") {
  parallax::testing::check("dropped log", 100, [] {
    Store store{apis(OnDelete::kCascade), kHere, 1};
    Row texts;
    Lsn begin = 0;
    for (Value i = 0; i < 60; ++i) {
      {
        Transaction transaction{store, stamp()};
        transaction.insert(kLog, Row{i}, version(1));
        if (pick(0, 3) == 0) {
          transaction.roll_back();
        } else {
          RC_ASSERT(transaction.lsn(0) == texts.size());
          transaction.commit();
          texts.push_back(i);
        }
      }
      if (pick(0, 4) == 0) begin = pick<Lsn>(begin, store.log_end() + 1);
      store.drop_log(begin);
      RC_ASSERT(store.log_begin() == begin);
      RC_ASSERT(store.log_end() == texts.size());
      for (Lsn at = begin; at < store.log_end(); ++at) RC_ASSERT(store.log().row(at - begin)[0] == texts[at]);
    }
  });
}

TEST_CASE("a warm store asks for no memory to insert, update and delete with children") {
  Store store{apis(OnDelete::kCascade), kHere, 1};
  const auto round = [&](Value number) {
    const auto add = [&](TableId table, std::array<Value, 2> row) {
      Transaction transaction{store, stamp()};
      transaction.insert(table, row, version(1));
      transaction.commit();
    };
    add(kApis, {number, number});
    add(kSubscriptions, {number, number});
    {
      Transaction transaction{store, stamp()};
      transaction.update(kApis, store.table(kApis).find(number), std::array<Value, 2>{number, -number}, version(2));
      transaction.commit();
    }
    {
      Transaction given_up{store, stamp()};
      given_up.erase(kApis, store.table(kApis).find(number), version(3));
    }
    Transaction transaction{store, stamp()};
    transaction.erase(kApis, store.table(kApis).find(number), version(3));
    transaction.commit();
    store.drop_log(store.log_end());
  };
  for (Value number = 1; number <= 1'000; ++number) round(number);
  const std::uint64_t before = parallax::testing::allocations();
  for (Value number = 1'001; number <= 3'000; ++number) round(number);
  CHECK(parallax::testing::allocations() == before);
  CHECK(store.log_end() == 3'000 * 5);
}

// Inserted as 1, deleted as 2, inserted as 3, deleted as 4, ...: the API, and by the cascade its subscription.
TEST_CASE("a row that takes the place of a deleted one has a greater version than that ever had") {
  Store store{apis(OnDelete::kCascade), kHere, 5};
  for (std::uint32_t round = 0; round < 3; ++round) {
    Transaction insertion{store, stamp()};
    CHECK(insertion.first_version(kApis) == version(1 + 2 * round));
    CHECK(insertion.first_version(kNotes) == version(1));
    const Slot api = insertion.insert(kApis, Row{7, 70}, insertion.first_version(kApis)).slot;
    insertion.insert(kSubscriptions, Row{71, 7, 5}, insertion.first_version(kSubscriptions));
    insertion.commit();
    Transaction deletion{store, stamp()};
    REQUIRE(deletion.erase(kApis, api, version(2 + 2 * round)));
    CHECK(deletion.change(1).version == version(2 + 2 * round));
    deletion.commit();
    CHECK(store.first_version(kSubscriptions) == version(3 + 2 * round));
  }
}

TEST_CASE("a row that leaves its key, in a table without one its values, is gone from there") {
  Store store{apis(OnDelete::kCascade), kHere, 5};
  Transaction transaction{store, stamp()};
  const Slot api = transaction.insert(kApis, Row{7, 70}, version(1)).slot;
  transaction.update(kApis, api, Row{7, 71}, version(2));
  CHECK(transaction.first_version(kApis) == version(1));
  transaction.update(kApis, api, Row{8, 71}, version(3));
  CHECK(transaction.first_version(kApis) == version(4));
  const Slot line = transaction.insert(kLog, Row{1}, version(1)).slot;
  transaction.update(kLog, line, Row{2}, version(2));
  CHECK(transaction.first_version(kLog) == version(3));
}

// 5 is overwritten by the 3 of another site and deleted as 4; the next insertion is 6, or it might be another 5.
TEST_CASE("a version that was overwritten by a smaller one is not given again") {
  Store store{apis(OnDelete::kCascade), kHere, 5};
  Transaction transaction{store, stamp()};
  const Slot api = transaction.insert(kApis, Row{7, 70}, version(5)).slot;
  transaction.update(kApis, api, Row{7, 71}, Version::of(3, sim::SiteId{1}));
  transaction.erase(kApis, api, version(4));
  CHECK(transaction.first_version(kApis) == version(6));
}

TEST_CASE("versions outlive the disk") {
  Filled filled{OnDelete::kCascade};
  filled.store.clear();
  CHECK(filled.store.first_version(kApis) == version(2));
  CHECK(filled.store.first_version(kLog) == version(1));
}

}  // namespace
}  // namespace parallax::propagation::store
