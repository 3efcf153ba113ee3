// How sites number their rows, and which numbers can meet. The sequence of a site is what schema/initial_rows.h makes
// of its settings.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "models/propagation/schema/initial_rows.h"
#include "models/propagation/store/transaction.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::store {
namespace {

using parallax::testing::pick;
using schema::KeyNumbers;
using Strategy = KeyNumbers::Strategy;

constexpr Value kGreatest = std::numeric_limits<Value>::max();

std::vector<Value> draw(const SequenceSpec& spec, int count) {
  Sequence sequence{spec};
  std::vector<Value> numbers;
  for (int i = 0; i < count; ++i) {
    if (const auto number = sequence.take()) numbers.push_back(*number);
  }
  return numbers;
}

std::vector<Value> common(const std::vector<Value>& a, const std::vector<Value>& b) {
  std::vector<Value> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

TEST_CASE("a sequence counts from its start by its increment to its last number") {
  CHECK(draw({2, 3, 11}, 9) == std::vector<Value>{2, 5, 8, 11});
  CHECK(draw({2, 3, 10}, 9) == std::vector<Value>{2, 5, 8});
  CHECK(draw({5, 1, 4}, 9).empty());
}

TEST_CASE("at the end of all numbers a sequence ends too") {
  CHECK(draw({kGreatest - 3, 2, kGreatest}, 9) == std::vector<Value>{kGreatest - 3, kGreatest - 1});
  CHECK(draw({kGreatest, 1, kGreatest}, 9) == std::vector<Value>{kGreatest});
  const Value least = std::numeric_limits<Value>::min() + 1;
  CHECK(draw({least, kGreatest, kGreatest}, 9) == std::vector<Value>{least, 0, kGreatest});
}

TEST_CASE("a sequence goes on behind its own numbers that rows have, and takes no notice of others") {
  Sequence sequence{{2, 3, 20}};
  sequence.skip(9);   // not one of 2, 5, 8, ...
  sequence.skip(23);  // beyond its last
  sequence.skip(-1);  // before its start
  CHECK(sequence.take() == 2);
  sequence.skip(11);
  CHECK(sequence.take() == 14);
  sequence.skip(8);  // long gone
  CHECK(sequence.take() == 17);
  sequence.skip(20);
  CHECK_FALSE(sequence.take());
}

// Site d draws d, d + n, d + 2n, ...: all of them are d modulo n.
TEST_CASE("starting at the data center's number and counting by their number, no two sites ever draw the same") {
  for (Value sites = 2; sites <= 9; ++sites) {
    for (const std::size_t rows_at_start : {0U, 1U, 8U, 9U, 10U, 1'000U}) {
      std::set<Value> drawn;
      for (Value dc = 1; dc <= sites; ++dc) {
        const KeyNumbers numbers{Strategy::kIncrement, dc, sites, 0};
        for (const Value number : draw(numbers.sequence(rows_at_start), 500)) {
          CHECK(number % sites == dc % sites);
          CHECK(number > static_cast<Value>(rows_at_start));
          CHECK(drawn.insert(number).second);
        }
      }
      // Nor are numbers left out: of the numbers behind the first rows all up to 500 rounds are taken.
      CHECK(drawn.size() == static_cast<std::size_t>(sites) * 500);
      CHECK(*drawn.rbegin() - static_cast<Value>(rows_at_start) <= 500 * sites + sites - 1);
    }
  }
}

// A third data center is added with START 3, but the others count by 2 still: 3, 5, 7, ... are the first one's numbers
// but for its 1. So all that the third draws, the first draws too: n numbers each collide in n - 1; with the second,
// who has the even ones, in none.
TEST_CASE("a third data center that joins two with increment 2 draws the numbers of the first") {
  const auto of = [](Value dc) { return draw(KeyNumbers{Strategy::kIncrement, dc, 2, 0}.sequence(0), 100); };
  CHECK(common(of(1), of(3)).size() == 99);
  CHECK(common(of(1), of(2)).empty());
  CHECK(common(of(2), of(3)).empty());
}

// The third counts by 3 and the others by 2: 3, 6, 9, ... are odd and even in turn, so each of the others has one
// number in six, and each second number that the third draws is the first's.
TEST_CASE("increments that differ collide in their common multiples") {
  const auto first = draw(KeyNumbers{Strategy::kIncrement, 1, 2, 0}.sequence(0), 300);
  const auto second = draw(KeyNumbers{Strategy::kIncrement, 2, 2, 0}.sequence(0), 300);
  const auto third = draw(KeyNumbers{Strategy::kIncrement, 3, 3, 0}.sequence(0), 200);  // up to 600, as the others
  CHECK(common(first, third).size() == 100);
  CHECK(common(second, third).size() == 100);
}

TEST_CASE("ranges share no number, and end") {
  constexpr Value kRange = 50;
  std::set<Value> drawn;
  for (Value dc = 1; dc <= 9; ++dc) {
    const auto numbers = draw(KeyNumbers{Strategy::kRanges, dc, 1, kRange}.sequence(7), 1'000);
    CHECK(numbers.size() == kRange);
    drawn.insert(numbers.begin(), numbers.end());
  }
  CHECK(drawn.size() == 9 * kRange);
  CHECK(*drawn.begin() == 8);
  CHECK(*drawn.rbegin() == 7 + 9 * kRange);
}

TEST_CASE("numbered alike, two sites that insert n rows each clash in n numbers") {
  for (const int n : {1, 10, 1'000}) {
    const auto one = draw(KeyNumbers{Strategy::kAlike, 1, 1, 0}.sequence(5), n);
    const auto other = draw(KeyNumbers{Strategy::kAlike, 2, 1, 0}.sequence(5), n);
    CHECK(common(one, other).size() == static_cast<std::size_t>(n));
    CHECK(one.front() == 6);
  }
}

Schema one_table() { return {{"T", {{"ID", Default::kSequence}}, Key{"PK", {0}}, {}, {}}}; }
constexpr TableId kTable{0};

Refusal add(Store& store) {
  Transaction transaction{store, {{}, store.site()}};
  const Refusal refusal =
      transaction.insert(kTable, std::array<Value, 1>{kDefault}, domain::Version::of(1, store.site())).refusal;
  if (refusal == Refusal::kNone) transaction.commit();
  return refusal;
}
Refusal copy(Store& to, Value number) {
  Transaction transaction{to, {{}, to.site()}};
  const Refusal refusal = transaction.insert(kTable, std::array<Value, 1>{number}, domain::Version{}).refusal;
  if (refusal == Refusal::kNone) transaction.commit();
  return refusal;
}

// Two sites, numbered alike, insert their first row at exponential instants of rate r, and see the other's L later. If
// it has come by then, the own insertion is refused on the spot; if not, both are committed and clash when they meet.
// The difference of the two instants is Laplace(r), so they clash with probability P(|D| < L) = 1 - e^(-rL). With rL =
// 0.5 that is 0.3935; over 20,000 pairs its deviation is sqrt(0.3935 * 0.6065 / 20,000) = 0.0035.
TEST_CASE("numbered alike, first rows clash with probability 1 - exp(-rate * lag), and are else refused at once") {
  constexpr double kLag = 0.5;
  constexpr int kPairs = 20'000;
  std::mt19937_64 random{7};
  const auto exponential = [&] { return -std::log1p(-std::generate_canonical<double, 53>(random)); };
  int clashes = 0;
  int refused = 0;
  for (int i = 0; i < kPairs; ++i) {
    Store earlier{one_table(), sim::SiteId{0}, 1};
    Store later{one_table(), sim::SiteId{1}, 2};
    CHECK(add(earlier) == Refusal::kNone);
    const double between = std::abs(exponential() - exponential());
    if (between >= kLag) {
      CHECK(copy(later, 1) == Refusal::kNone);
      refused += add(later) == Refusal::kDuplicateKey ? 1 : 0;
    } else {
      CHECK(add(later) == Refusal::kNone);
      clashes += copy(later, 1) == Refusal::kDuplicateKey ? 1 : 0;
    }
  }
  CHECK(clashes + refused == kPairs);
  CHECK(std::abs(clashes / double{kPairs} - (1 - std::exp(-kLag))) < 3 * 0.0035);
}

// Ids drawn at random from N: each of the n1 * n2 pairs is equal with probability 1/N, so n1 * n2 / N pairs are
// expected to be. 1,000 at each of two sites from a million: 1 pair; over 400 runs 400, with deviation 20 (nearly
// Poisson). From 2^122, as UUIDs of version 4 are: 1e6 / 5e36.
TEST_CASE("random ids of n1 and n2 rows from N clash in n1 * n2 / N pairs on average") {
  constexpr Value kSpace = 1'000'000;
  std::mt19937_64 random{11};
  const auto any = [&] { return static_cast<Value>(random() % kSpace); };
  std::size_t pairs = 0;
  for (int run = 0; run < 400; ++run) {
    Table one{one_table()[0]};
    for (int i = 0; i < 1'000; ++i) {
      const std::array<Value, 1> row{any()};
      if (!one.clash(row, kNoSlot)) one.insert(row, {});
    }
    for (int i = 0; i < 1'000; ++i) pairs += one.find(any()) != kNoSlot ? 1U : 0U;
  }
  CHECK(std::abs(static_cast<double>(pairs) - 400.0) < 3 * 20.0);
}

TEST_CASE("after a copy a site's sequence goes on behind the numbers of its own that rows have") {
  parallax::testing::check("renumber", 200, [] {
    Store store{one_table(), sim::SiteId{0}, 1};
    const SequenceSpec spec{pick<Value>(1, 5), pick<Value>(1, 4), pick<Value>(20, 60)};
    store.set_sequence(kTable, spec);
    Value greatest_own = spec.start - spec.increment;
    for (int i = 0; i < 10; ++i) {
      const std::array<Value, 1> row{pick<Value>(1, 60)};
      if (store.table(kTable).find(row[0]) != kNoSlot) continue;
      store.load(kTable, row, {});
      const bool is_own = row[0] >= spec.start && row[0] <= spec.last && (row[0] - spec.start) % spec.increment == 0;
      if (is_own) greatest_own = std::max(greatest_own, row[0]);
    }
    store.renumber();
    const Value next = greatest_own + spec.increment;
    RC_ASSERT(store.sequence(kTable).take() == (next <= spec.last ? std::optional{next} : std::nullopt));
  });
}

}  // namespace
}  // namespace parallax::propagation::store
