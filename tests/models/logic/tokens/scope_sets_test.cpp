#include "models/logic/tokens/scope_sets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <set>

#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::tokens {
namespace {

using domain::ScopeId;
using parallax::testing::pick;

std::vector<ScopeId> ids(std::initializer_list<std::uint32_t> numbers) {
  std::vector<ScopeId> all;
  for (const std::uint32_t number : numbers) all.push_back(ScopeId{number});
  return all;
}

TEST_CASE("equal sets have one id, whatever the order and the repeats") {
  ScopeSets sets;
  const auto first = sets.intern(ids({9, 2, 500}));
  CHECK(sets.intern(ids({500, 9, 2, 9})) == first);
  CHECK(sets.intern(ids({9, 2})) != first);
  const auto scopes = sets.scopes(*first);
  CHECK(std::vector<ScopeId>(scopes.begin(), scopes.end()) == ids({2, 9, 500}));
  CHECK(sets.intern({}) == kNoScopes);
  CHECK(sets.size() == 3);  // these two and the empty one
}

// 1 and 65 share bit 1 of the word, so the word alone would say yes.
TEST_CASE("scopes that share a bit are not the same scope") {
  ScopeSets sets;
  const ScopeSetId low = *sets.intern(ids({1}));
  const ScopeSetId high = *sets.intern(ids({65}));
  CHECK_FALSE(sets.has_any(low, high));
  CHECK_FALSE(sets.is_subset(low, high));
  CHECK_FALSE(sets.has(low, ScopeId{65}));
  CHECK(sets.has(high, ScopeId{65}));
}

TEST_CASE("nothing is wanted of the empty set, and it is part of every set") {
  ScopeSets sets;
  const ScopeSetId some = *sets.intern(ids({1, 2}));
  CHECK_FALSE(sets.has_any(some, kNoScopes));
  CHECK(sets.is_subset(kNoScopes, some));
  CHECK_FALSE(sets.is_subset(some, kNoScopes));
}

TEST_CASE("sets are interned up to a limit; those that are there are found still") {
  ScopeSets sets{{.sets_max = 2}};  // the empty one and another
  const auto first = sets.intern(ids({1}));
  REQUIRE(first);
  CHECK_FALSE(sets.intern(ids({2})));
  CHECK(sets.intern(ids({1})) == first);
}

TEST_CASE("nodes that intern in different orders agree on the hash, those with another secret do not") {
  ScopeSets a;
  ScopeSets b;
  ScopeSets other{{.hash_secret = {1}}};
  const ScopeSetId in_a = *a.intern(ids({4, 5}));
  b.intern(ids({1}));
  const ScopeSetId in_b = *b.intern(ids({5, 4}));
  CHECK(in_a != in_b);
  CHECK(a.hash(in_a) == b.hash(in_b));
  CHECK(a.hash(in_a) != b.hash(*b.intern(ids({1}))));
  CHECK(a.hash(in_a) != other.hash(*other.intern(ids({4, 5}))));
}

TEST_CASE("the questions are answered as std::set answers them") {
  parallax::testing::check("scope sets against std::set", 500, [] {
    ScopeSets sets;
    const auto limit = pick<std::uint32_t>(1, 200);
    const auto draw = [&] {
      std::vector<ScopeId> scopes;
      for (auto left = pick(0, 8); left > 0; --left) scopes.push_back(ScopeId{pick<std::uint32_t>(0, limit)});
      return scopes;
    };
    const auto a = draw();
    const auto b = draw();
    const std::set<ScopeId> naive_a{a.begin(), a.end()};
    const std::set<ScopeId> naive_b{b.begin(), b.end()};
    const ScopeSetId id_a = *sets.intern(a);
    const ScopeSetId id_b = *sets.intern(b);
    std::vector<ScopeId> common;
    std::set_intersection(naive_a.begin(), naive_a.end(), naive_b.begin(), naive_b.end(), std::back_inserter(common));
    RC_ASSERT(sets.has_any(id_a, id_b) == !common.empty());
    RC_ASSERT(sets.is_subset(id_a, id_b) ==
              std::includes(naive_b.begin(), naive_b.end(), naive_a.begin(), naive_a.end()));
    RC_ASSERT((id_a == id_b) == (naive_a == naive_b));
    const ScopeId one{pick<std::uint32_t>(0, limit)};
    RC_ASSERT(sets.has(id_a, one) == naive_a.contains(one));
  });
}

TEST_CASE("asking a set allocates nothing") {
  ScopeSets sets;
  const ScopeSetId a = *sets.intern(ids({1, 70, 300}));
  const ScopeSetId b = *sets.intern(ids({2, 71, 300}));
  const std::uint64_t before = parallax::testing::allocations();
  const bool has_any = sets.has_any(a, b);
  const bool is_subset = sets.is_subset(a, b);
  const bool has = sets.has(a, ScopeId{70});
  const std::uint64_t after = parallax::testing::allocations();
  CHECK(has_any);
  CHECK_FALSE(is_subset);
  CHECK(has);
  CHECK(after == before);
}

}  // namespace
}  // namespace parallax::logic::tokens
