// Owner tables and merge policies against their definitions.
#include "models/propagation/caches/ownership.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/propagation/caches/merge_policy.h"

namespace parallax::propagation::caches {
namespace {

Roster roster_of(int sides, int members_each) {
  std::vector<Member> members;
  for (int side = 0; side < sides; ++side) {
    for (int i = 0; i < members_each; ++i) members.push_back({static_cast<SideId>(side), domain::NodeId{}});
  }
  return Roster{members};
}

SideSet first_sides(int count) {
  SideSet sides;
  for (int i = 0; i < count; ++i) sides = sides.with(static_cast<SideId>(i));
  return sides;
}

// 12 members, 2,710 partitions: each owns 225.8 on average, with a deviation of sqrt(2,710 / 12 * 11 / 12) = 14.4.
TEST_CASE("members own about as many partitions each, and none is its own backup") {
  const Roster roster = roster_of(3, 4);
  const Ownership table{2'710, Backups::kOne, roster, first_sides(3)};
  std::vector<int> owned(12);
  std::vector<int> backed(12);
  for (const Holders& holders : table.table()) {
    REQUIRE(holders.backup);
    CHECK(holders.owner != *holders.backup);
    ++owned[index(holders.owner)];
    ++backed[index(*holders.backup)];
  }
  for (const auto& counts : {owned, backed}) {
    for (const int count : counts) CHECK(std::abs(count - 225.8) < 4 * 14.4);
  }
}

TEST_CASE("when members leave, backups are promoted and other owners stay") {
  const Roster roster = roster_of(2, 3);
  const Ownership before{271, Backups::kOne, roster, first_sides(2)};
  const Ownership after{271, Backups::kOne, roster, first_sides(1)};
  std::size_t promoted = 0;
  std::size_t cold = 0;
  for (std::size_t i = 0; i < 271; ++i) {
    const Holders& old = before.table()[i];
    const auto is_left = [&](MemberId id) { return roster[id].side == SideId{0}; };
    if (is_left(old.owner)) {
      CHECK(after.table()[i].owner == old.owner);
    } else if (is_left(*old.backup)) {
      CHECK(after.table()[i].owner == *old.backup);
      ++promoted;
    } else {
      ++cold;
    }
  }
  // Of 6 members 3 are gone: owner gone 1/2; then the backup is there with 3/5. 271 * 0.3 = 81; 271 * 0.2 = 54.
  CHECK(std::abs(static_cast<double>(promoted) - 81.3) < 4 * 7.5);
  CHECK(std::abs(static_cast<double>(cold) - 54.2) < 4 * 6.6);
}

TEST_CASE("one member owns all and has no backup") {
  const Ownership table{271, Backups::kOne, roster_of(1, 1), first_sides(1)};
  for (const Holders& holders : table.table()) CHECK(holders == Holders{MemberId{0}, std::nullopt});
}

TEST_CASE("a merging entry is taken as the policy says") {
  const auto written = [](std::int64_t seconds, std::uint32_t hits) {
    return Copy{.version = {}, .hits = hits, .written = sim::VirtualTime{} + sim::seconds(seconds), .put = {}};
  };
  for (const MergePolicy policy :
       {MergePolicy::kPutIfAbsent, MergePolicy::kPassThrough, MergePolicy::kLatestUpdate, MergePolicy::kHigherHits}) {
    CHECK(takes_merging(policy, written(1, 0), std::nullopt));
  }
  CHECK_FALSE(takes_merging(MergePolicy::kPutIfAbsent, written(9, 9), written(1, 1)));
  CHECK(takes_merging(MergePolicy::kPassThrough, written(1, 1), written(9, 9)));
  CHECK(takes_merging(MergePolicy::kLatestUpdate, written(9, 1), written(1, 9)));
  CHECK(takes_merging(MergePolicy::kLatestUpdate, written(1, 1), written(1, 9)));
  CHECK_FALSE(takes_merging(MergePolicy::kLatestUpdate, written(1, 9), written(9, 1)));
  CHECK(takes_merging(MergePolicy::kHigherHits, written(1, 9), written(9, 1)));
  CHECK(takes_merging(MergePolicy::kHigherHits, written(1, 1), written(9, 1)));
  CHECK_FALSE(takes_merging(MergePolicy::kHigherHits, written(9, 1), written(1, 9)));
}

}  // namespace
}  // namespace parallax::propagation::caches
