#include "models/propagation/store/table.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <limits>
#include <map>

#include "tests/support/checked_property.h"

namespace parallax::propagation::store {
namespace {

using parallax::testing::pick;
using Row = std::vector<Value>;

// number, a, b; unique: a, and (a, b) together.
TableSpec spec() { return {"T", {{"NUMBER"}, {"A"}, {"B"}}, Key{"PK", {0}}, {{"A_KEY", {1}}, {"AB_KEY", {1, 2}}}, {}}; }

Row row_in(const Table& table, Slot slot) {
  const auto values = table.values(slot);
  return {values.begin(), values.end()};
}

TEST_CASE("the next row takes the slot that was freed last") {
  Table table{spec()};
  const Slot first = table.insert(Row{1, 10, 0}, {});
  const Slot second = table.insert(Row{2, 20, 0}, {});
  const Slot third = table.insert(Row{3, 30, 0}, {});
  CHECK(index(third) == 2);
  table.erase(first);
  table.erase(second);
  CHECK(table.size() == 1);
  CHECK(table.slots() == 3);
  CHECK_FALSE(table.written(first).exists);
  CHECK(table.insert(Row{4, 40, 0}, {}) == second);
  CHECK(table.insert(Row{5, 50, 0}, {}) == first);
  CHECK(index(table.insert(Row{6, 60, 0}, {})) == 3);
  CHECK(row_in(table, second) == Row{4, 40, 0});
}

TEST_CASE("a clash names the primary key before unique ones, and no row clashes with itself") {
  Table table{spec()};
  const Slot one = table.insert(Row{1, 10, 0}, {});
  const Slot two = table.insert(Row{2, 20, 5}, {});
  const auto by_primary = table.clash(Row{1, 20, 5}, kNoSlot);
  REQUIRE(by_primary);
  CHECK(by_primary->key == 0);
  CHECK(by_primary->with == one);
  const auto by_unique = table.clash(Row{3, 20, 6}, kNoSlot);
  REQUIRE(by_unique);
  CHECK(by_unique->key == 1);
  CHECK(by_unique->with == two);
  CHECK_FALSE(table.clash(Row{3, 30, 5}, kNoSlot));
  CHECK_FALSE(table.clash(Row{2, 20, 7}, two));
  REQUIRE(table.clash(Row{2, 10, 7}, two));
  CHECK(table.clash(Row{2, 10, 7}, two)->with == one);
}

// The row 1, 20, 5 meets row 1 by its number and row 2 by both unique keys: two rows.
TEST_CASE("rows in the way are counted once each") {
  Table table{spec()};
  const Slot one = table.insert(Row{1, 10, 0}, {});
  table.insert(Row{2, 20, 5}, {});
  CHECK(table.clashes(Row{1, 20, 5}, kNoSlot) == 2);
  CHECK(table.clashes(Row{1, 20, 5}, one) == 1);
  CHECK(table.clashes(Row{2, 20, 5}, kNoSlot) == 1);
  CHECK(table.clashes(Row{3, 30, 5}, kNoSlot) == 0);
}

TEST_CASE("a row is found by its keys as they are after an update") {
  Table table{spec()};
  const Slot slot = table.insert(Row{1, 10, 0}, {});
  table.update(slot, Row{7, 70, 3}, {});
  CHECK(table.find(1) == kNoSlot);
  CHECK(table.find(7) == slot);
  CHECK(table.same_row(Row{7, 0, 0}) == slot);
  CHECK(table.find_unique(1, Row{0, 10, 0}) == kNoSlot);
  CHECK(table.find_unique(1, Row{0, 70, 0}) == slot);
  CHECK(table.find_unique(2, Row{0, 70, 3}) == slot);
  CHECK(table.find_unique(2, Row{0, 70, 0}) == kNoSlot);
}

TEST_CASE("a row without a key is whichever row has all its values, the first if several do") {
  Table table{{"T", {{"A"}, {"B"}}, {}, {}, {}}};
  const Slot first = table.insert(Row{1, 2}, {});
  const Slot second = table.insert(Row{1, 2}, {});
  CHECK_FALSE(table.has_key());
  CHECK_FALSE(table.clash(Row{1, 2}, kNoSlot));
  CHECK(table.same_row(Row{1, 2}) == first);
  CHECK(table.same_row(Row{2, 1}) == kNoSlot);
  CHECK(table.same_row(Row{1}) == kNoSlot);
  table.erase(first);
  CHECK(table.same_row(Row{1, 2}) == second);
}

TEST_CASE("the least and the greatest number are keys like others") {
  constexpr Value kLeast = std::numeric_limits<Value>::min();
  constexpr Value kGreatest = std::numeric_limits<Value>::max();
  Table table{spec()};
  const Slot least = table.insert(Row{kLeast, kLeast, kLeast}, {});
  const Slot greatest = table.insert(Row{kGreatest, kGreatest, kGreatest}, {});
  const Slot none = table.insert(Row{0, 0, 0}, {});
  const Slot minus = table.insert(Row{-1, -1, -1}, {});
  CHECK(table.find(kLeast) == least);
  CHECK(table.find(kGreatest) == greatest);
  CHECK(table.find(0) == none);
  CHECK(table.find(-1) == minus);
}

TEST_CASE("a column that is added has its value in every row, those that come later give it themselves") {
  Table table{spec()};
  const Slot first = table.insert(Row{1, 10, 0}, {});
  const Slot gone = table.insert(Row{2, 20, 0}, {});
  table.erase(gone);
  table.add_column({"C", Default::kNone}, 42);
  CHECK(table.width() == 4);
  CHECK(row_in(table, first) == Row{1, 10, 0, 42});
  const Slot second = table.insert(Row{3, 30, 0, 7}, {});
  CHECK(second == gone);
  CHECK(row_in(table, second) == Row{3, 30, 0, 7});
  CHECK(table.find(1) == first);
  CHECK(table.find(3) == second);
}

TEST_CASE("a million rows in sequence are all found by each key") {
  Table table{spec()};
  constexpr Value kRows = 1'000'000;
  table.reserve(kRows);
  for (Value i = 0; i < kRows; ++i) table.insert(std::array<Value, 3>{i, i << 32, i}, {});
  std::size_t wrong = 0;
  for (Value i = 0; i < kRows; ++i) {
    const auto slot = static_cast<Slot>(i);
    const std::array<Value, 3> row{i, i << 32, i};
    if (table.find(i) != slot || table.find_unique(1, row) != slot || table.find_unique(2, row) != slot) ++wrong;
  }
  CHECK(wrong == 0);
}

// Of three columns a segment has 2^17 rows, 48 bytes each with what is in front of the values: these fill it twice and
// more, those of four columns 2^17 of 56 bytes likewise.
TEST_CASE("a large table stays where it is while it grows, and gaps and rows are the same with a column more") {
  Table table{spec()};
  constexpr Value kRows = 300'000;
  const auto insert = [&](Value i) { return table.insert(std::array<Value, 3>{i, -i, 2 * i}, {}); };
  const Value* place = nullptr;
  for (Value i = 0; i < kRows; ++i) {
    const Slot slot = insert(i);
    if (i == 200'000) place = table.values(slot).data();
  }
  CHECK(table.values(static_cast<Slot>(200'000)).data() == place);
  for (Value i = 0; i < kRows; i += 7) table.erase(static_cast<Slot>(i));
  table.add_column({"C", Default::kNone}, 42);
  REQUIRE(index(table.insert(Row{kRows, -kRows, 0, 1}, {})) == 299'999);  // 7 * 42'857, the last that went
  std::size_t wrong = 0;
  for (Value i = 0; i < kRows - 1; ++i) {
    const auto slot = static_cast<Slot>(i);
    const bool is_there = table.exists(slot) && row_in(table, slot) == Row{i, -i, 2 * i, 42} && table.find(i) == slot;
    if (is_there != (i % 7 != 0)) ++wrong;
  }
  CHECK(wrong == 0);
}

Row chain(const ChildIndex& children, Value parent) {
  Row slots;
  Slot previous = kNoSlot;
  for (Slot slot = children.first(parent); slot != kNoSlot; slot = children.next(slot)) {
    slots.push_back(static_cast<Value>(slot));
    if (children.previous(slot) != previous) slots.push_back(-1);  // the chain is not the same backwards
    previous = slot;
  }
  return slots;
}

TEST_CASE("children hang on their parent in the order in which they came") {
  ChildIndex children;
  for (int slot = 0; slot < 5; ++slot) children.insert(7, static_cast<Slot>(slot));
  children.insert(8, Slot{5});
  CHECK(chain(children, 7) == Row{0, 1, 2, 3, 4});
  children.erase(7, Slot{0});
  children.erase(7, Slot{2});
  children.erase(7, Slot{4});
  CHECK(chain(children, 7) == Row{1, 3});
  children.insert(7, Slot{2});
  CHECK(chain(children, 7) == Row{1, 3, 2});
  children.move_behind(7, kNoSlot, Slot{2});
  CHECK(chain(children, 7) == Row{2, 1, 3});
  children.move_behind(7, Slot{3}, Slot{1});
  CHECK(chain(children, 7) == Row{2, 3, 1});
  children.move_behind(8, kNoSlot, Slot{5});
  CHECK(chain(children, 8) == Row{5});
  children.erase(8, Slot{5});
  CHECK(chain(children, 8).empty());
  CHECK(chain(children, 9).empty());
}

TEST_CASE("chains of children are what lists by parent would be") {
  parallax::testing::check("chains against lists", 300, [] {
    ChildIndex children;
    std::map<Value, Row> lists;
    std::map<Value, Value> parent_of;
    for (int i = 0; i < 100; ++i) {
      const Value slot = pick<Value>(0, 12);
      if (!parent_of.contains(slot)) {
        const Value parent = pick<Value>(0, 3);
        parent_of[slot] = parent;
        children.insert(parent, static_cast<Slot>(slot));
        lists[parent].push_back(slot);
      } else {
        const Value parent = parent_of[slot];
        Row& list = lists[parent];
        std::erase(list, slot);
        if (pick(0, 2) == 0) {
          children.erase(parent, static_cast<Slot>(slot));
          parent_of.erase(slot);
        } else {
          const auto place = pick<std::size_t>(0, list.size() + 1);
          children.move_behind(parent, place == 0 ? kNoSlot : static_cast<Slot>(list[place - 1]),
                               static_cast<Slot>(slot));
          list.insert(list.begin() + static_cast<std::ptrdiff_t>(place), slot);
        }
      }
      for (Value parent = 0; parent < 3; ++parent) RC_ASSERT(chain(children, parent) == lists[parent]);
    }
  });
}

}  // namespace
}  // namespace parallax::propagation::store
