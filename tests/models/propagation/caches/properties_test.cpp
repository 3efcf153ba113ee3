// Whatever is cut, and whoever loses his power: nothing is served beyond its time, every call comes to an end, and some
// time after the last disturbance all members know each other and agree who owns what.
#include <catch2/catch.hpp>

#include "tests/models/propagation/caches/members.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::caches {
namespace {

using namespace testing;
using parallax::testing::check;
using parallax::testing::pick;

constexpr std::int64_t kLastDisturbance = 100'000;
constexpr std::int64_t kEnd = 400'000;
constexpr std::uint32_t kKeys = 30;
const sim::Duration kTtl = sim::seconds(20);
const sim::Duration kSweep = sim::seconds(2);

struct Restart {
  SideId side;
  std::int64_t ms;
};

WorldSpec any_world() {
  WorldSpec spec;
  spec.seed = *rc::gen::arbitrary<std::uint64_t>();
  spec.phases = Phases::kDrawn;
  spec.members.clear();
  for (int centers_left = pick(2, 4); centers_left > 0; --centers_left) spec.members.push_back(pick(1, 4));
  spec.local.ttl = kTtl;
  spec.local.sweep_interval = kSweep;
  spec.levels.on_expiry = *rc::gen::element(OnExpiry::kRemoveEverywhere, OnExpiry::kDropHere);
  CacheClusterSpec& cluster = spec.cluster;
  cluster.map_ttl = kTtl;
  cluster.partitions = 31;
  cluster.backups = *rc::gen::element(Backups::kNone, Backups::kOne);
  cluster.call_timeout = sim::milliseconds(pick<std::int64_t>(500, 9'000));
  cluster.backup_timeout = sim::milliseconds(pick<std::int64_t>(200, 3'000));
  cluster.heartbeat_interval = sim::seconds(1);
  cluster.most_without_heartbeat = sim::seconds(5);
  cluster.merge_first_run = sim::seconds(20);
  cluster.merge_next_run = sim::seconds(7);
  cluster.merge_policy = *rc::gen::element(MergePolicy::kPutIfAbsent, MergePolicy::kPassThrough,
                                           MergePolicy::kLatestUpdate, MergePolicy::kHigherHits);
  return spec;
}

void add_cuts(WorldSpec& spec) {
  const int count = static_cast<int>(spec.members.size());
  for (int left = pick(1, 5); left > 0; --left) {
    const int a = pick(0, count);
    const auto from = pick<std::int64_t>(1'000, kLastDisturbance - 30'000);
    spec.cuts.push_back({a, (a + 1) % count, from, from + *rc::gen::element<std::int64_t>(300, 3'000, 8'000, 30'000)});
  }
}

/// Members look for keys, load and put what nobody has, and remove some.
struct Traffic {
  explicit Traffic(World& of) : world{of} {
    const auto members = static_cast<int>(of.cluster.roster().size());
    for (int calls = 400; calls > 0; --calls) {
      const MemberId id = member(pick(0, members));
      const Key key = token_key(pick<std::uint32_t>(0, kKeys));
      const auto ms = pick<std::int64_t>(500, kLastDisturbance);
      const bool removes = pick(0, 10) == 0;
      of.at(id, ms, [this, id, key, removes] {
        if (!world.cluster.side_of(id).power().is_on()) return;
        if (removes) return world.cache(id).invalidate(key, version(2), world.site_of(id).record(domain::Hop{}.pack()));
        call(world.site_of(id), id, key);
      });
    }
  }

  sim::Process call(sim::Site& site, MemberId id, Key key) {
    if (const Copy* hit = world.cache(id).find(key)) {
      oldest_hit = std::max(oldest_hit, site.now() - hit->written);
      ++hits;
      co_return;
    }
    ++begun;
    const sim::VirtualTime asked = site.now();
    const Answer answer = co_await world.cache(id).fetch(key);
    longest = std::max(longest, site.now() - asked);
    ++ended;
    ++ends[static_cast<std::size_t>(answer.end)];
    if (answer.copy) {
      ++shared;
      oldest_read = std::max(oldest_read, answer.at - answer.copy->written);
    }
    if (answer.copy || answer.end == CallEnd::kHostLost) co_return;
    world.cache(id).store_without_waiting(key, {.version = version(1)}, site.now());
  }

  World& world;
  sim::Duration oldest_hit{};
  sim::Duration oldest_read{};
  sim::Duration longest{};
  std::size_t hits{0};
  std::size_t shared{0};
  std::size_t begun{0};
  std::size_t ended{0};
  std::size_t ends[3]{};
};

void check_agreement(World& world) {
  SideSet all;
  for (std::size_t i = 0; i < world.cluster.side_count(); ++i) all = all.with(static_cast<SideId>(i));
  for (std::size_t i = 0; i < world.cluster.side_count(); ++i) {
    const Side& one = world.cluster.side(static_cast<SideId>(i));
    RC_ASSERT(!one.is_joining());
    RC_ASSERT(one.view() == all);
    RC_ASSERT(one.ownership() == world.cluster.side(side(0)).ownership());
  }
}

// A copy that is read just in time is 40 ms older when it comes.
TEST_CASE("undisturbed, no entry is served that is older than the time to live, a sweep and its way") {
  std::size_t hits = 0;
  std::size_t shared = 0;
  check("undisturbed", 60, [&] {
    World world{any_world()};
    Traffic traffic{world};
    world.run(kEnd);
    RC_ASSERT(traffic.oldest_hit <= kTtl + kSweep + kWay);
    RC_ASSERT(traffic.oldest_read < kTtl);
    RC_ASSERT(traffic.ended == traffic.begun);
    RC_ASSERT(traffic.longest <= 2 * kWay);
    check_agreement(world);
    hits += traffic.hits;
    shared += traffic.shared;
  });
  CHECK(hits > 2'000);
  CHECK(shared > 1'000);
}

TEST_CASE("whatever is cut, calls end in time, old entries go, and all agree again after the heal") {
  std::size_t timed_out = 0;
  std::size_t shared = 0;
  check("cuts", 150, [&] {
    WorldSpec spec = any_world();
    add_cuts(spec);
    World world{spec};
    Traffic traffic{world};
    world.run(kEnd);
    RC_ASSERT(traffic.ended == traffic.begun);
    RC_ASSERT(traffic.longest <= spec.cluster.call_timeout);
    RC_ASSERT(traffic.oldest_hit <= kTtl + kSweep + spec.cluster.call_timeout);
    check_agreement(world);
    timed_out += traffic.ends[static_cast<std::size_t>(CallEnd::kTimedOut)];
    shared += traffic.shared;
  });
  CHECK(timed_out > 100);
  CHECK(shared > 2'000);
}

TEST_CASE("hosts that lose their power come back into the cluster") {
  std::size_t lost = 0;
  check("restarts", 60, [&] {
    WorldSpec spec = any_world();
    add_cuts(spec);
    World world{spec};
    Traffic traffic{world};
    const auto sides = static_cast<int>(world.cluster.side_count());
    for (int left = pick(1, 4); left > 0; --left) {
      const SideId id = side(pick(0, sides));
      const std::int64_t ms = 20'000 * left + pick<std::int64_t>(0, 9'000);
      sim::Site& site = world.cluster.side(id).site();
      sim::Power& power = world.power[index(id)];
      site.at(at_ms(ms), [&world, &site, &power, id] {
        power.fail(site.now());
        world.cluster.lost(id);
      });
      site.at(at_ms(ms + pick<std::int64_t>(100, 9'000)), [&world, &power, id] {
        power.restore();
        world.cluster.restored(id);
      });
    }
    world.run(kEnd);
    RC_ASSERT(traffic.ended == traffic.begun);
    check_agreement(world);
    lost += traffic.ends[static_cast<std::size_t>(CallEnd::kHostLost)];
  });
  CHECK(lost > 10);
}

TEST_CASE("a cluster runs alike with one thread and with several") {
  const auto run = [](unsigned threads) {
    WorldSpec spec;
    spec.members = {2, 3, 2};
    spec.cluster.most_without_heartbeat = sim::seconds(30);
    spec.cuts = {{0, 1, 12'000, 60'000}, {1, 2, 30'000, 90'000}};
    spec.phases = Phases::kDrawn;
    spec.threads = threads;
    World world{spec};
    sim::Stream draws{3, "test", "calls"};
    for (int calls = 0; calls < 2'000; ++calls) {
      const MemberId id = member(static_cast<int>(draws.below(7)));
      const Key key = token_key(static_cast<std::uint32_t>(draws.below(100)));
      const auto ms = static_cast<std::int64_t>(draws.below(500'000));
      draws.below(3) == 0 ? world.store_at(id, ms, key, 1) : world.fetch_at(id, ms, key);
    }
    world.run(600'000);
    std::vector<std::int64_t> told;
    for (const auto& one : world.told) told.push_back(one->told ? one->told->ns : -1);
    std::vector<std::uint64_t> journal;
    for (const sim::Record& record : world.journal) journal.push_back(record.id.packed);
    return std::tuple{told, journal, world.simulation.events()};
  };
  const auto one = run(1);
  CHECK(std::get<1>(one).size() > 1'000);
  CHECK(run(3) == one);
}

}  // namespace
}  // namespace parallax::propagation::caches
