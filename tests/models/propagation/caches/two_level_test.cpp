// Look-ups and writes of a cluster that nothing disturbs. Members 0 and 1 are in one data center, 2 and 3 in the other;
// 1 ms from one to the other within, 40 ms between. Wires are open at 80 ms.
#include "models/propagation/caches/two_level_cache.h"

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

TEST_CASE("what a member has put it finds at once, and others at the owner") {
  World world{{}};
  const Key key = world.key_of(kA1, kB1);
  world.store_at(kA0, 1'000, key, 7);
  world.at(kA0, 1'000, [&] { CHECK(world.cache(kA0).find(key)->version == version(7)); });
  const auto& near = world.fetch_at(kA0, 2'000, key);
  const auto& far = world.fetch_at(kB0, 2'000, key);
  const auto& own = world.fetch_at(kA1, 2'000, key);
  const auto& unknown = world.fetch_at(kB0, 2'000, world.key_of(kA1, kB1, 5'000));
  world.run(3'000);
  CHECK(near.took_ms() == 2);  // to the owner and back
  CHECK(far.took_ms() == 80);  // the round trip
  CHECK(own.took_ms() == 0);
  CHECK(unknown.took_ms() == 80);
  CHECK_FALSE(unknown.answer.copy);
  for (const auto* told : {&near, &far, &own}) {
    REQUIRE(told->answer.copy);
    CHECK(told->answer.copy->version == version(7));
    CHECK(told->answer.copy->written == at_ms(1'000));
  }
  CHECK(world.cache(kB0).find(key)->version == version(7));
}

// From A0:  owner B0, backup A1:  40 there, 40 back: 80; the backup 40 + 40 and 1 to the caller: 81.
//           owner A0, backup B0:  0; 40 + 40: 80.
//           owner A1, backup A0:  1 + 1; 1 + 1 + 0... the backup is the caller itself: 2.
//           owner B0, backup B1:  40 + 40; 40 + 1 + 40: 81.
TEST_CASE("a write is done when the owner and the backup say so") {
  World world{{}};
  const auto& remote_owner = world.store_at(kA0, 1'000, world.key_of(kB0, kA1), 1);
  const auto& remote_backup = world.store_at(kA0, 1'000, world.key_of(kA0, kB0), 1);
  const auto& all_near = world.store_at(kA0, 1'000, world.key_of(kA1, kA0), 1);
  const auto& all_far = world.store_at(kA0, 1'000, world.key_of(kB0, kB1), 1);
  world.run(2'000);
  CHECK(remote_owner.took_ms() == 81);
  CHECK(remote_backup.took_ms() == 80);
  CHECK(all_near.took_ms() == 2);
  CHECK(all_far.took_ms() == 81);
}

TEST_CASE("without backups a write is done with the owner's answer") {
  WorldSpec spec;
  spec.cluster.backups = Backups::kNone;
  World world{spec};
  const Ownership& table = world.cluster.side(side(0)).ownership();
  std::uint32_t token = 0;
  while (table.of(token_key(token)).owner != kB0) ++token;
  const auto& told = world.store_at(kA0, 1'000, token_key(token), 1);
  world.run(2'000);
  CHECK(told.took_ms() == 80);
}

// Put at 1,000; read at the owner at 2,040; there at 2,080.
TEST_CASE("the journal tells where a copy has spent its time") {
  World world{{}};
  const Key key = world.key_of(kA1, kA0);
  world.store_at(kA0, 1'000, key, 7);
  world.fetch_at(kB0, 2'000, key);
  world.run(3'000);
  const auto puts = world.puts();
  REQUIRE(puts.size() == 2);
  CHECK(puts[0].second.passage == Passage{Stage::kNone, Stage::kDatabaseRead, at_ms(1'000)});
  CHECK(puts[1].first.time == at_ms(2'080));
  CHECK(puts[1].first.cause == puts[0].first.id);
  CHECK(puts[1].second.layer == domain::LayerId{2});
  CHECK(puts[1].second.passage == Passage{Stage::kTokenCacheTtl, Stage::kClusterMessage, at_ms(2'040)});
}

// A0 removes at 2,000; the owner A1 at 2,001; the event is with A0's neighbour A1 at 2,002 and with B0 at 2,041.
TEST_CASE("who holds what another removes drops it when the owner's event comes") {
  World world{{}};
  const Key key = world.key_of(kA1, kB1);
  world.store_at(kB0, 1'000, key, 7);
  world.fetch_at(kA1, 1'500, key);
  world.fetch_at(kA0, 1'500, key);
  world.invalidate_at(kA0, 2'000, key, 8);
  world.run(3'000);
  const auto drops = world.drops();
  const auto news = world.hops();
  REQUIRE(news.size() == 1);
  REQUIRE(drops.size() == 3);
  CHECK(drops[0].first.time == at_ms(2'000));
  CHECK(drops[1].first.time == at_ms(2'002));
  CHECK(drops[2].first.time == at_ms(2'041));
  for (const auto& [record, drop] : drops) CHECK(record.cause == news[0].first.id);
  CHECK(drops[2].second.passage == Passage{Stage::kNone, Stage::kClusterMessage, at_ms(2'000)});
  for (const MemberId id : {kA0, kA1, kB0}) CHECK(world.cache(id).find(key) == nullptr);
  CHECK_FALSE(world.cluster.side_of(kA1).shelf(kA1).peek(key, at_ms(3'000)));
  CHECK_FALSE(world.cluster.side_of(kB1).shelf(kB1).peek(key, at_ms(3'000)));
}

TEST_CASE("who holds what another puts anew takes the new one, and who does not leaves it") {
  World world{{}};
  const Key key = world.key_of(kA1, kB1);
  world.store_at(kA0, 1'000, key, 7);
  world.fetch_at(kB0, 1'500, key);
  world.store_at(kA0, 2'000, key, 8);
  world.run(3'000);
  CHECK(world.cache(kB0).find(key)->version == version(8));
  CHECK(world.cache(kB1).find(key) == nullptr);
  const auto puts = world.puts();
  REQUIRE(puts.size() == 4);
  CHECK(puts[3].first.time == at_ms(2'041));
  CHECK(puts[3].first.cause == puts[1].first.id);  // what stood there until then
}

// Written at 1,000 and fetched at 700,000: due at 901,000 all the same. With ages of their own: the copy 900 s after
// its arrival, and the shared entry while its own 900 s last.
TEST_CASE("a copy takes its age along, or ages anew from its arrival and the times add up") {
  const auto life_of_copy = [](CopyAge age) {
    WorldSpec spec;
    spec.levels = {age, OnExpiry::kDropHere};
    spec.cluster.map_ttl = sim::minutes(15);
    World world{spec};
    const Key key = world.key_of(kA1, kB1);
    world.store_at(kA0, 1'000, key, 7);
    const auto& last = world.fetch_at(kB0, 900'000, key);
    const auto& late = world.fetch_at(kB1, 901'000, key);
    world.run(2'000'000);
    CHECK(last.answer.copy);
    CHECK_FALSE(late.answer.copy);
    const auto drops = world.drops();
    REQUIRE(drops.size() == 2);
    return ms_of(drops[1].first.time);
  };
  CHECK(life_of_copy(CopyAge::kSinceWrite) == 901'000);
  CHECK(life_of_copy(CopyAge::kSinceArrival) == 900'080 + 900'000);
}

// Its removal is at the owner and back at all others within two ways.
TEST_CASE("the first sweeper to find an entry too old ends it for all members") {
  WorldSpec spec;
  spec.local.sweep_interval = sim::seconds(30);
  World world{spec};
  const Key key = world.key_of(kA1, kB1);
  world.store_at(kA0, 1'000, key, 7);
  for (const MemberId id : {kA1, kB0, kB1}) world.fetch_at(id, 2'000, key);
  world.run(1'000'000);
  const auto drops = world.drops();
  REQUIRE(drops.size() == 4);
  CHECK(drops[0].first.time >= at_ms(901'000));
  CHECK(drops[0].first.time < at_ms(931'000));
  CHECK(drops[0].second.passage == Passage{Stage::kTokenCacheTtl, Stage::kCacheSweep, at_ms(901'000)});
  for (const auto& [record, drop] : drops) CHECK(record.time - drops[0].first.time <= 2 * kWay);
}

TEST_CASE("with the last access alone an entry that is read all the time stays") {
  WorldSpec spec;
  spec.local.ageing = Ageing::kSinceAccess;
  World world{spec};
  const Key key = world.key_of(kA0, kB1);
  world.store_at(kA0, 1'000, key, 7);
  for (std::int64_t ms = 500'000; ms <= 3'000'000; ms += 500'000) {
    world.at(kA0, ms, [&] { CHECK(world.cache(kA0).find(key) != nullptr); });
  }
  world.run(5'000'000);
  const auto drops = world.drops();
  REQUIRE(drops.size() == 1);
  CHECK(drops[0].first.time == at_ms(3'900'000));
}

TEST_CASE("a node by itself has one level") {
  World world{{}};
  LocalCache local{world.site_of(kA0), "alone", domain::LayerId{9}, swept_when_due()};
  TwoLevelCache cache{local, nullptr, kA0, {}};
  cache.store_without_waiting(token_key(1), {.version = version(1)}, {});
  CHECK(cache.find(token_key(1)) != nullptr);
  const auto ask = [](sim::Site&, TwoLevelCache& of, std::optional<Answer>& to) -> sim::Process {
    to = co_await of.fetch(token_key(2));
  };
  std::optional<Answer> answer;
  ask(world.site_of(kA0), cache, answer);
  REQUIRE(answer);
  CHECK_FALSE(answer->copy);
}

}  // namespace
}  // namespace parallax::propagation::caches
