#include "models/propagation/store/changes.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <deque>

#include "tests/support/checked_property.h"

namespace parallax::propagation::store {
namespace {

using parallax::testing::pick;

constexpr sim::SiteId kHere{0};

Change change(std::uint32_t ordinal) {
  Change one;
  one.version = domain::Version::of(ordinal, kHere);
  return one;
}

std::vector<Value> list(std::span<const Value> values) { return {values.begin(), values.end()}; }

TEST_CASE("a change carries its row, and the row that it replaces where that is kept") {
  Changes changes;
  changes.add(change(1), std::array<Value, 2>{1, 2});
  changes.add(change(2), std::array<Value, 3>{3, 4, 5}, std::array<Value, 3>{6, 7, 8});
  changes.add(change(3), std::array<Value, 1>{9});
  REQUIRE(changes.size() == 3);
  CHECK(list(changes.row(0)) == std::vector<Value>{1, 2});
  CHECK(changes.old_row(0).empty());
  CHECK(list(changes.row(1)) == std::vector<Value>{3, 4, 5});
  CHECK(list(changes.old_row(1)) == std::vector<Value>{6, 7, 8});
  CHECK(list(changes.row(2)) == std::vector<Value>{9});
  CHECK(changes.old_row(2).empty());
  CHECK(changes[1].version == domain::Version::of(2, kHere));
}

TEST_CASE("a block that has lost all its changes is as good as new") {
  Changes changes;
  changes.add(change(1), std::array<Value, 1>{1});
  changes.drop_first(1);
  CHECK(changes.empty());
  changes.drop_first(0);
  changes.add(change(2), std::array<Value, 1>{2});
  changes.add(change(3), std::array<Value, 1>{3});
  changes.drop_first(1);
  changes.remove_last(1);
  CHECK(changes.empty());
  changes.remove_last(0);
  changes.add(change(4), std::array<Value, 1>{4});
  CHECK(list(changes.row(0)) == std::vector<Value>{4});
}

struct Kept {
  std::uint32_t ordinal;
  std::vector<Value> row;
  std::vector<Value> old_row;
};

class Pair {
 public:
  void act(const Changes& other) {
    switch (pick(0, 10)) {
      case 0:
        return drop_first(pick<std::size_t>(0, reference_.size() + 1));
      case 1:
        return remove_last(pick<std::size_t>(0, reference_.size() + 1));
      case 2:
        if (!other.empty()) copy(other, pick<std::size_t>(0, other.size()));
        return;
      case 3:
        return strip_last(pick<std::size_t>(0, reference_.size() + 1));
      default:
        add();
    }
  }

  void compare() const {
    RC_ASSERT(changes_.size() == reference_.size());
    for (std::size_t i = 0; i < reference_.size(); ++i) {
      RC_ASSERT(changes_[i].version.ordinal() == reference_[i].ordinal);
      RC_ASSERT(list(changes_.row(i)) == reference_[i].row);
      RC_ASSERT(list(changes_.old_row(i)) == reference_[i].old_row);
    }
  }
  const Changes& changes() const { return changes_; }

 private:
  void add() {
    Kept kept{++ordinal_, std::vector<Value>(pick<std::size_t>(0, 5)), {}};
    for (Value& value : kept.row) value = ++value_;
    if (pick(0, 3) == 0) kept.old_row.assign(kept.row.size(), -value_);
    changes_.add(change(kept.ordinal), kept.row, kept.old_row);
    reference_.push_back(kept);
  }
  void copy(const Changes& other, std::size_t first) {
    const std::size_t count = pick<std::size_t>(1, std::min<std::size_t>(4, other.size() - first) + 1);
    changes_.add(other, first, count);
    for (std::size_t i = first; i < first + count; ++i) {
      reference_.push_back({other[i].version.ordinal(), list(other.row(i)), list(other.old_row(i))});
    }
  }
  void strip_last(std::size_t count) {
    changes_.strip_last(count);
    for (std::size_t i = reference_.size() - count; i < reference_.size(); ++i) {
      reference_[i].row.clear();
      reference_[i].old_row.clear();
    }
  }
  void drop_first(std::size_t count) {
    changes_.drop_first(count);
    reference_.erase(reference_.begin(), reference_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  void remove_last(std::size_t count) {
    changes_.remove_last(count);
    reference_.erase(reference_.end() - static_cast<std::ptrdiff_t>(count), reference_.end());
  }

  Changes changes_;
  std::deque<Kept> reference_;
  std::uint32_t ordinal_{0};
  Value value_{0};
};

TEST_CASE("changes added, copied, taken away at either end are what a deque of rows would hold") {
  parallax::testing::check("changes against deque", 300, [] {
    Pair one;
    Pair other;
    for (int i = 0; i < 100; ++i) {
      one.act(other.changes());
      other.act(one.changes());
      one.compare();
    }
    other.compare();
  });
}

// What is dropped is erased once it is half of what is held, so at most 2 * 100 + 1 changes are held where 100 are in
// use; a vector that doubles has room for twice that at the most.
TEST_CASE("a log that is dropped as fast as it grows takes no more room") {
  constexpr std::size_t kInUse = 100;
  Changes changes;
  const std::array<Value, 4> row{1, 2, 3, 4};
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    changes.add(change(i), row);
    if (changes.size() > kInUse) changes.drop_first(1);
    if (i % 1'000 == 999) CHECK(changes[0].version.ordinal() == i + 1 - kInUse);
  }
  CHECK(changes.bytes() <= 2 * (2 * kInUse + 1) * (sizeof(Change) + row.size() * sizeof(Value)));
}

}  // namespace
}  // namespace parallax::propagation::store
