// A cluster over two data centers whose link is cut, by hand. Members 0 and 1 are in A, 2 and 3 in B. Hosts are in
// step: heartbeats at multiples of 5 s, looks for other halves at 300 s and then every 120 s.
//
// Cut from 12 s on, the last sign of life was sent at 10 s and heard at 10.04 s. With 30 s without one a side is given
// up at the first multiple of 5 s beyond 40.04 s: at 45 s, on both sides.
#include <catch2/catch.hpp>

#include "tests/models/propagation/caches/members.h"

namespace parallax::propagation::caches {
namespace {

using namespace testing;
using domain::Passage;
using domain::Stage;

const MemberId kA0 = member(0);
const MemberId kA1 = member(1);
const MemberId kB0 = member(2);
const MemberId kB1 = member(3);
const SideId kA = side(0);
const SideId kB = side(1);

WorldSpec split(std::int64_t heal_ms, MergePolicy policy = MergePolicy::kPutIfAbsent) {
  WorldSpec spec;
  spec.cluster.most_without_heartbeat = sim::seconds(30);
  spec.cluster.merge_policy = policy;
  spec.cuts = {{0, 1, 12'000, heal_ms}};
  return spec;
}

TEST_CASE("a look-up across the cut stalls until its time-out or the suspicion, whichever comes first") {
  const auto stall = [](sim::Duration call_timeout, CallEnd end) {
    WorldSpec spec = split(200'000);
    spec.cluster.call_timeout = call_timeout;
    World world{spec};
    const Key key = world.key_of(kB0, kA0);
    world.store_at(kA1, 5'000, key, 7);
    const auto& told = world.fetch_at(kA0, 20'000, key);
    world.run(100'000);
    CHECK(told.answer.end == end);
    CHECK(told.answer.copy.has_value() == (end == CallEnd::kAnswered));
    return told.took_ms();
  };
  CHECK(stall(sim::seconds(60), CallEnd::kAnswered) == 25'000);  // the backup is the owner from 45 s on
  CHECK(stall(sim::milliseconds(24'999), CallEnd::kTimedOut) == 24'999);
  CHECK(stall(sim::seconds(10), CallEnd::kTimedOut) == 10'000);
}

TEST_CASE("with Hazelcast's defaults a call stalls for a minute, and the cut is noticed after five") {
  WorldSpec spec;
  spec.cuts = {{0, 1, 12'000, 1'000'000}};
  World world{spec};
  const Key key = world.key_of(kB0, kA0);
  const auto& told = world.fetch_at(kA0, 20'000, key);
  SideSet view;
  world.at(kA0, 314'999, [&] { view = world.cluster.side(kA).view(); });
  world.run(320'000);
  CHECK(told.took_ms() == 60'000);
  CHECK(view.has(kB));
  CHECK_FALSE(world.cluster.side(kA).view().has(kB));  // 10.04 s + 300 s: at 315 s
}

// Its own partition, its backup beyond the cut: Hazelcast waits 5 s for the backup's word.
TEST_CASE("a write to a near owner waits for the backup beyond the cut no longer than the backup's time-out") {
  World world{split(200'000)};
  const auto& told = world.store_at(kA0, 20'000, world.key_of(kA0, kB0), 1);
  world.run(100'000);
  CHECK(told.took_ms() == 5'000);
  CHECK(told.answer.end == CallEnd::kAnswered);
}

TEST_CASE("a cut that ends before anybody is suspected delays calls to TCP's next try, and nothing else") {
  World world{split(30'000)};
  const Key key = world.key_of(kB0, kA0);
  world.store_at(kA1, 5'000, key, 7);
  const auto& told = world.fetch_at(kA0, 20'000, key);
  world.run(200'000);
  REQUIRE(told.answer.copy);
  CHECK(*told.told >= at_ms(30'080));
  CHECK(*told.told <= at_ms(40'000));
  CHECK(world.cluster.side(kA).view().has(kB));
  CHECK(world.cluster.side(kB).view().has(kA));
  const auto puts = world.puts();
  REQUIRE(puts.size() == 2);
  CHECK(puts[1].second.passage.first == Stage::kTokenCacheTtl);
}

TEST_CASE("each half goes on with what it has: backups are promoted, what was beyond is cold") {
  World world{split(200'000)};
  const Key promoted = world.key_of(kB0, kA0);
  const Key beyond = world.key_of(kB0, kB1);
  world.store_at(kA1, 5'000, promoted, 7);
  world.store_at(kA1, 5'000, beyond, 7);
  const auto& kept = world.fetch_at(kA0, 50'000, promoted);
  const auto& cold = world.fetch_at(kA0, 50'000, beyond);
  const auto& there = world.fetch_at(kB1, 50'000, beyond);
  world.run(100'000);
  CHECK(world.cluster.side(kA).view() == SideSet::only(kA));
  CHECK(world.cluster.side(kB).view() == SideSet::only(kB));
  REQUIRE(kept.answer.copy);
  CHECK(kept.took_ms() == 0);  // A0 is the owner now
  CHECK_FALSE(cold.answer.copy);
  CHECK(cold.took_ms() <= 2);
  REQUIRE(there.answer.copy);
  CHECK(there.took_ms() == 2);
}

// B's look of 300 s: asked at 300.04, answered at 300.08; it is the younger half of two alike. Taken in at 300.12, told
// so at 300.16, with all that moves to it.
TEST_CASE("after the heal the halves are one again at the smaller one's next look") {
  World world{split(100'000)};
  const Key kept = world.key_of(kA0, kB0);
  const Key theirs = world.key_of(kB0, kB1);
  world.store_at(kA0, 50'000, kept, 7);
  world.store_at(kB1, 50'000, theirs, 8);
  std::vector<SideSet> views;
  for (const std::int64_t ms : {300'119, 300'121}) {
    world.at(kA0, ms, [&] { views.push_back(world.cluster.side(kA).view()); });
  }
  const auto& while_joining = world.fetch_at(kB0, 300'100, kept);
  world.run(310'000);
  REQUIRE(views.size() == 2);
  CHECK(views[0] == SideSet::only(kA));
  CHECK(views[1] == SideSet::only(kA).with(kB));
  CHECK(world.cluster.side(kB).view() == views[1]);
  CHECK(world.cluster.side(kA).ownership() == world.cluster.side(kB).ownership());
  CHECK(while_joining.told == at_ms(300'160 + 80));  // it waits until B is taken in
  CHECK(world.cluster.side(kA).shelf(kA0).peek(kept, at_ms(310'000))->version == version(7));
  CHECK(world.cluster.side(kB).shelf(kB0).peek(kept, at_ms(310'000))->version == version(7));
  CHECK(world.cluster.side(kB).shelf(kB0).peek(theirs, at_ms(310'000))->version == version(8));
  CHECK(world.cluster.side(kB).shelf(kB1).peek(theirs, at_ms(310'000))->version == version(8));
}

TEST_CASE("the smaller half joins, however old it is") {
  WorldSpec spec = split(100'000);
  spec.members = {1, 3};
  World world{spec};
  SideSet view_of_b;
  world.at(member(1), 300'100, [&] { view_of_b = world.cluster.side(kB).view(); });
  bool is_joining = false;
  world.at(kA0, 300'100, [&] { is_joining = world.cluster.side(kA).is_joining(); });
  world.run(310'000);
  CHECK(is_joining);
  CHECK(view_of_b == SideSet::only(kB));
  CHECK(world.cluster.side(kA).view() == SideSet::only(kA).with(kB));
  CHECK(world.cluster.side(kB).view() == SideSet::only(kA).with(kB));
}

// Healed at 301 s, B has just looked: the next time is at 420 s.
TEST_CASE("who is healed right after a look waits for the next one") {
  World world{split(301'000)};
  SideSet late;
  world.at(kA0, 420'100, [&] { late = world.cluster.side(kA).view(); });
  world.run(421'000);
  CHECK(late == SideSet::only(kA));
  CHECK(world.cluster.side(kA).view() == SideSet::only(kA).with(kB));
}

/// Both halves have an entry for one key; returns what the map has after the merge.
std::uint32_t merged(MergePolicy policy, std::int64_t a_writes_ms, std::int64_t b_writes_ms, int b_asks) {
  World world{split(100'000, policy)};
  const Key key = world.key_of(kA0, kB0);
  world.store_at(kA0, a_writes_ms, key, 1);
  world.store_at(kB0, b_writes_ms, key, 2);
  for (int i = 0; i < b_asks; ++i) world.fetch_at(kB1, 80'000 + i, key);
  world.run(310'000);
  return world.cluster.side(kA).shelf(kA0).peek(key, at_ms(310'000))->version.ordinal();
}

TEST_CASE("what both halves have is settled by the merge policy") {
  CHECK(merged(MergePolicy::kPutIfAbsent, 50'000, 60'000, 9) == 1);
  CHECK(merged(MergePolicy::kPassThrough, 60'000, 50'000, 0) == 2);
  CHECK(merged(MergePolicy::kLatestUpdate, 50'000, 60'000, 0) == 2);
  CHECK(merged(MergePolicy::kLatestUpdate, 60'000, 50'000, 9) == 1);
  CHECK(merged(MergePolicy::kHigherHits, 60'000, 50'000, 1) == 2);
}

// Put before the cut, so that both halves have it; A invalidates it at 50 s. B comes back with its own at 300.2 s,
// whatever the policy: A has nothing to set against it. Who asks in A after that gets what A has been told to forget.
TEST_CASE("what one half has invalidated the other one brings back") {
  for (const MergePolicy policy :
       {MergePolicy::kPutIfAbsent, MergePolicy::kPassThrough, MergePolicy::kLatestUpdate, MergePolicy::kHigherHits}) {
    World world{split(100'000, policy)};
    const Key key = world.key_of(kA0, kB0);
    world.store_at(kA0, 5'000, key, 7);
    world.invalidate_at(kA0, 50'000, key, 8);
    const auto& before = world.fetch_at(kA0, 250'000, key);
    const auto& after = world.fetch_at(kA0, 305'000, key);
    world.run(310'000);
    CHECK_FALSE(before.answer.copy);
    REQUIRE(after.answer.copy);
    CHECK(after.answer.copy->version == version(7));
    CHECK(world.local(kA0).stale_recaches() == 1);
    CHECK(world.local(kA1).stale_recaches() == 0);
  }
}

// A host that loses its power is missed like one behind a cut; back after 20 s, it is taken in as a new one.
TEST_CASE("a side that comes back with empty memories joins whoever is there") {
  WorldSpec spec;
  spec.cluster.most_without_heartbeat = sim::seconds(30);
  World world{spec};
  const Key key = world.key_of(kB0, kA0);
  world.store_at(kA0, 5'000, key, 7);
  const auto& asked_in_vain = world.fetch_at(kB1, 19'999, world.key_of(kA0, kA1));
  world.at(kB0, 20'000, [&] {
    world.power[1].fail(world.site_of(kB0).now());
    world.cluster.lost(kB);
  });
  world.at(kB0, 40'000, [&] {
    world.power[1].restore();
    world.cluster.restored(kB);
  });
  const auto& moved_back = world.fetch_at(kB0, 60'000, key);
  world.run(100'000);
  CHECK(asked_in_vain.answer.end == CallEnd::kHostLost);
  CHECK(asked_in_vain.told == at_ms(20'000));
  CHECK(world.cluster.side(kA).view() == SideSet::only(kA).with(kB));
  CHECK(world.cluster.side(kB).view() == SideSet::only(kA).with(kB));
  REQUIRE(moved_back.answer.copy);
  CHECK(moved_back.took_ms() == 0);
  CHECK(moved_back.answer.copy->version == version(7));
}

}  // namespace
}  // namespace parallax::propagation::caches
