// Where an entry's time goes: walked back as the audit does it, every instant from the read of the source, or from the
// news of an invalidation, to the end of the entry is charged to a stage. None is left over, whatever is cut.
#include <catch2/catch.hpp>
#include <map>

#include "models/audit/journeys.h"
#include "tests/models/propagation/caches/members.h"

namespace parallax::propagation::caches {
namespace {

using namespace testing;
using audit::Piece;
using audit::Step;
using domain::Stage;

/// What the journal tells of puts and hops.
class Walks {
 public:
  explicit Walks(const World& world) {
    for (const auto& [record, put] : world.puts()) add(record, put.passage);
    for (const auto& [record, hop] : world.hops()) add(record, hop.passage);
  }

  /// Of an entry that has gone: the stretches of its time, in order.
  std::vector<Piece> walk(const sim::Record& record, const domain::Passage& passage) const {
    const Step last{record.time, record.cause, passage};
    return journeys_.walk(last, root_of(last));
  }

 private:
  void add(const sim::Record& record, const domain::Passage& passage) {
    journeys_.add(record.id, {record.time, record.cause, passage});
  }

  // A put begins with the read of its source; the news, with its record.
  sim::VirtualTime root_of(Step step) const {
    while (const auto cause = journeys_.find(step.cause)) step = *cause;
    return step.passage.second == Stage::kDatabaseRead ? step.passage.turn : step.time;
  }

  audit::Journeys journeys_;
};

std::map<Stage, sim::Duration> times_by_stage(const World& world) {
  const Walks walks{world};
  std::map<Stage, sim::Duration> times;
  for (const auto& [record, drop] : world.drops()) {
    for (const Piece& piece : walks.walk(record, drop.passage)) times[piece.stage] += piece.length;
  }
  return times;
}

/// 4,000 look-ups, puts and removals of 60 keys within 400 s.
void disturb(World& world) {
  sim::Stream draws{5, "test", "calls"};
  for (int calls = 0; calls < 4'000; ++calls) {
    const MemberId id = member(static_cast<int>(draws.below(world.cluster.roster().size())));
    const Key key = token_key(static_cast<std::uint32_t>(draws.below(60)));
    const auto ms = static_cast<std::int64_t>(500 + draws.below(400'000));
    const std::uint64_t what = draws.below(10);
    if (what < 6) world.fetch_at(id, ms, key);
    if (what == 6) world.invalidate_at(id, ms, key, 2);
    if (what > 6) world.store_at(id, ms, key, 1);
  }
}

// Put at 1 s at A0, read by B0 at the owner A1 at 500.04 s and there at 500.08 s; due at 901 s, found too old at the
// sweeper's turn. B0's entry goes with A0's or by its own sweeper; its time adds up all the same.
TEST_CASE("a copy's time is told from the read of the source to its end") {
  WorldSpec spec;
  spec.levels.on_expiry = OnExpiry::kDropHere;
  World world{spec};
  const Key key = world.key_of(member(1), member(3));
  world.store_at(member(0), 1'000, key, 7);
  world.fetch_at(member(2), 500'000, key);
  world.run(1'000'000);
  const Walks walks{world};
  const auto drops = world.drops();
  REQUIRE(drops.size() == 2);
  const std::vector<Piece> pieces = walks.walk(drops[1].first, drops[1].second.passage);
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].stage == Stage::kTokenCacheTtl);
  CHECK(pieces[0].length == sim::milliseconds(499'040));
  CHECK(pieces[1].stage == Stage::kClusterMessage);
  CHECK(pieces[1].length == sim::milliseconds(40));
  CHECK(pieces[2].stage == Stage::kTokenCacheTtl);
  CHECK(pieces[2].length == sim::milliseconds(400'920));
  CHECK(audit::total(pieces) == sim::seconds(900));
}

TEST_CASE("no instant of an entry's time is left without a stage") {
  for (const OnExpiry on_expiry : {OnExpiry::kDropHere, OnExpiry::kRemoveEverywhere}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      WorldSpec spec;
      spec.members = {2, 1, 2};
      spec.seed = seed;
      spec.phases = Phases::kDrawn;
      spec.levels.on_expiry = on_expiry;
      spec.local.ttl = sim::seconds(60);
      spec.local.sweep_interval = sim::seconds(7);
      spec.cluster.most_without_heartbeat = sim::seconds(30);
      const auto from = static_cast<std::int64_t>(10'000 + 1'000 * seed);
      spec.cuts = {{0, 1, from, from + 6'000}, {1, 2, 100'000, 180'000}, {0, 2, 120'000, 200'000}};
      World world{spec};
      disturb(world);
      world.run(600'000);
      const auto times = times_by_stage(world);
      CHECK(times.count(Stage::kNone) == 0);
      for (const Stage stage : {Stage::kTokenCacheTtl, Stage::kCacheSweep, Stage::kClusterMessage, Stage::kLinkDown}) {
        CHECK(times.count(stage) == 1);
      }
    }
  }
}

}  // namespace
}  // namespace parallax::propagation::caches
