// One replica follows another, worked out by hand. Unless a test says otherwise each way takes 40 ms, so a stream whose
// target connects ships from 120 ms on: SYN, its answer, and the target's first message.
#include "models/propagation/replication/stream.h"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/propagation/replication/stream_world.h"

namespace parallax::test {
namespace {

using domain::ConflictKind;
using domain::Passage;
using domain::Stage;
using domain::StreamChange;
using replication::Forwarding;
using replication::Keeps;
using replication::Resolution;
using replication::Synchronous;
using sim::microseconds;
using sim::milliseconds;
using sim::seconds;
using sim::VirtualTime;
using Times = std::vector<VirtualTime>;

constexpr sim::Duration kWay = milliseconds(40);

Passage passage_of(const StreamWorld& world, std::size_t i, Value row) {
  for (const Heard& one : world.heard(i)) {
    if (one.row == row && one.table == kPlain && one.means == domain::RowMeans::kApply) return one.passage;
  }
  FAIL("row " << row << " has not come");
  return {};
}

// --- When a row arrives

TEST_CASE("a row is there after capture and way, however soon another's capture has begun before it") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.capture_delay = milliseconds(10);
  world.follow(0, 1, spec);
  world.at(0, at_s(1), [&] { world.insert(0, kPlain, {1, 1}); });
  world.at(0, at_ms(1'006), [&] { world.insert(0, kPlain, {2, 1}); });
  // The first's report is back at 1,010 + 80; what was committed shortly before is not captured yet then.
  world.at(0, at_ms(1'085), [&] { world.insert(0, kPlain, {3, 1}); });
  world.run(at_s(2));
  CHECK(world.arrivals(1, 1) == Times{at_ms(1'000 + 10 + 40)});
  CHECK(world.arrivals(1, 2) == Times{at_ms(1'006 + 10 + 40)});
  CHECK(world.arrivals(1, 3) == Times{at_ms(1'085 + 10 + 40)});
  CHECK(passage_of(world, 1, 1) == Passage{Stage::kNone, Stage::kReplicationLag, {}});
}

// Rows at every 130 ms, so at all phases of the poll of 1 s, and reports from the target all the time.
TEST_CASE("what waits for the shipping poll leaves at a poll, whatever the target reports meanwhile") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    StreamWorld world;
    StreamSpec spec = plain_stream();
    spec.keeps = keeps;
    spec.ship_interval = seconds(1);
    world.follow(0, 1, spec);
    for (Value i = 0; i < 40; ++i) {
      world.at(0, at_ms(2'000 + 130 * i), [&world, i] { world.insert(0, kPlain, {i, 1}); });
    }
    world.run(at_s(10));
    const std::int64_t phase = world.arrivals(1, 0).at(0).ns % 1'000'000'000;
    for (Value i = 0; i < 40; ++i) {
      REQUIRE(world.arrivals(1, i).size() == 1);
      const VirtualTime arrived = world.arrivals(1, i)[0];
      const VirtualTime committed = at_ms(2'000 + 130 * i);
      CHECK(arrived.ns % 1'000'000'000 == phase);
      CHECK(arrived >= committed + kWay);
      CHECK(arrived < committed + kWay + seconds(1));
    }
  }
}

TEST_CASE("the target applies at its polls") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.apply_interval = milliseconds(500);
  world.follow(0, 1, spec);
  for (Value i = 0; i < 20; ++i) {
    world.at(0, at_ms(2'000 + 130 * i), [&world, i] { world.insert(0, kPlain, {i, 1}); });
  }
  world.run(at_s(10));
  const std::int64_t phase = world.arrivals(1, 0).at(0).ns % 500'000'000;
  for (Value i = 0; i < 20; ++i) {
    const VirtualTime committed = at_ms(2'000 + 130 * i);
    const VirtualTime arrived = world.arrivals(1, i).at(0);
    CHECK(arrived.ns % 500'000'000 == phase);
    CHECK(arrived >= committed + kWay);
    CHECK(arrived < committed + kWay + milliseconds(500));
  }
}

// Five transactions leave together at a poll. They are applied two at a time, 10 ms each: a batch is visible at once
// and keeps the next waiting for 20 ms. What waited was in the backlog since it arrived.
TEST_CASE("a batch becomes visible together and keeps the next waiting for the time that its changes take") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.ship_interval = seconds(1);
  spec.apply_batch = 2;
  spec.apply_time = milliseconds(10);
  world.follow(0, 1, spec);
  world.at(0, at_s(2), [&] {
    for (Value i = 0; i < 5; ++i) world.insert(0, kPlain, {i, 1});
  });
  world.run(at_s(5));
  const VirtualTime first = world.arrivals(1, 0).at(0);
  const std::array<std::int64_t, 5> wait{0, 0, 20, 20, 40};
  for (Value i = 0; i < 5; ++i) {
    CHECK(world.arrivals(1, i) == Times{first + milliseconds(wait[static_cast<std::size_t>(i)])});
    const Passage expected = i < 2 ? Passage{Stage::kNone, Stage::kReplicationLag, {}}
                                   : Passage{Stage::kReplicationLag, Stage::kApplyBacklog, first};
    CHECK(passage_of(world, 1, i) == expected);
  }
}

// A batch of as many transactions as have waited for long must not need a stack as deep.
TEST_CASE("a long backlog of small batches is applied in one go where applying takes no time") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.ship_interval = seconds(1);
  spec.ship_batch = 200'000;
  spec.apply_batch = 1;
  world.follow(0, 1, spec);
  world.at(0, at_s(2), [&] {
    for (Value i = 0; i < 150'000; ++i) world.insert(0, kNotes, {i, 1});
  });
  world.run(at_s(5));
  CHECK(world.table(1, kNotes).size() == 150'000);
}

// --- A connection that breaks

// Five rows arrive at 10,040 and take 1 s each. The way is cut from 10.5 s on, and the target gives up 2 s after it has
// heard the last, the answer to its report of 11,040 never comes: so of 10,120, and closes at 12,120. Memory has
// rows 1 to 3 by then (10,040, 11,040, 12,040) and gets the others again; a trail goes on.
TEST_CASE("what has arrived but is not applied is lost with the connection in memory, and stays on a trail") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    StreamWorldSpec setting;
    setting.cuts = both_ways(at_ms(10'500), at_s(20));
    StreamWorld world{setting};
    StreamSpec spec = plain_stream();
    spec.keeps = keeps;
    spec.apply_time = seconds(1);
    spec.apply_batch = 1;
    spec.connection.client_silence_timeout = spec.connection.server_silence_timeout = seconds(2);
    world.follow(0, 1, spec);
    world.at(0, at_s(10), [&] {
      for (Value i = 1; i <= 5; ++i) world.insert(0, kPlain, {i, 1});
    });
    world.run(at_s(60));
    for (Value i = 1; i <= 5; ++i) {
      REQUIRE(world.arrivals(1, i).size() == 1);
      const VirtualTime arrived = world.arrivals(1, i)[0];
      const bool is_on_time = keeps == Keeps::kTrail || i <= 3;
      if (is_on_time) CHECK(arrived == at_ms(10'040) + seconds(i - 1));
      if (!is_on_time) CHECK(arrived > at_s(20) + kWay);
    }
    CHECK(world.replica(0).rows().log().empty());
  }
}

// A row committed during a cut that breaks the connection is charged to the link from the commit on: its turn is
// before.
TEST_CASE("a row that waited for a connection was kept back by what broke it") {
  StreamWorldSpec setting;
  setting.cuts = both_ways(at_s(10), at_s(30));
  for (const bool target_connects : {true, false}) {
    StreamWorld world{setting};
    StreamSpec spec = plain_stream();
    spec.target_connects = target_connects;
    spec.connection.client_silence_timeout = spec.connection.server_silence_timeout = seconds(3);
    world.follow(0, 1, spec);
    world.at(0, at_s(11), [&] { world.insert(0, kPlain, {1, 1}); });
    world.at(0, at_s(20), [&] { world.insert(0, kPlain, {2, 1}); });
    world.at(0, at_s(50), [&] { world.insert(0, kPlain, {3, 1}); });
    world.run(at_s(60));
    for (Value i = 1; i <= 2; ++i) {
      REQUIRE(world.arrivals(1, i).size() == 1);
      CHECK(world.arrivals(1, i)[0] > at_s(30) + kWay);
      CHECK(world.arrivals(1, i)[0] < at_s(50));
      const Passage passage = passage_of(world, 1, i);
      CHECK(passage.first == Stage::kReplicationLag);
      CHECK(passage.second == Stage::kLinkDown);
      CHECK(passage.turn >= at_s(10));
      CHECK(passage.turn <= at_ms(11'000 + 2'000 * i));
    }
    CHECK(world.arrivals(1, 3) == Times{at_ms(50'040)});
    CHECK(passage_of(world, 1, 3) == Passage{Stage::kNone, Stage::kReplicationLag, {}});
  }
}

// One way is cut in [10 s, 40 s), so one end hears nothing and closes by its silence, at 18 s at the latest, and the
// other hears of it or hears nothing either. SYNs follow one another at no more than twice the time since the first, so
// one is answered before 40 + 2 * 30 s.
TEST_CASE("an end that hears nothing for its silence time-out gives up, and the client connects again") {
  for (const bool target_connects : {true, false}) {
    for (const bool origin_is_mute : {true, false}) {
      StreamWorldSpec setting;
      setting.cuts = {{origin_is_mute ? 0U : 1U, origin_is_mute ? 1U : 0U, at_s(10), at_s(40)}};
      StreamWorld world{setting};
      StreamSpec spec = plain_stream();
      spec.target_connects = target_connects;
      spec.connection.client_silence_timeout = spec.connection.server_silence_timeout = seconds(6);
      world.follow(0, 1, spec);
      for (Value i = 0; i < 120; ++i) {
        world.at(0, at_s(5 + i), [&world, i] { world.insert(0, kPlain, {i, 1}); });
      }
      world.run(at_s(130));
      for (Value i = 0; i < 120; ++i) {
        REQUIRE(world.arrivals(1, i).size() == 1);
        if (i < 5 || i > 95) CHECK(world.arrivals(1, i)[0] == at_ms(5'040 + 1'000 * i));
      }
      CHECK(world.contents(0) == world.contents(1));
    }
  }
}

// --- A stop

/// Row 2 clashes with one of the target's own by its text; rows 3 to 5 are behind it.
StreamSpec clash_at_10_s(StreamWorld& world, StreamSpec spec) {
  world.follow(0, 1, spec);
  world.at(1, at_s(1), [&world] { world.insert(1, kItems, {100, 2}); });
  world.at(0, at_s(10), [&world] {
    for (Value i = 1; i <= 5; ++i) world.insert(0, kItems, {i, i});
  });
  return spec;
}

TEST_CASE("a trail stands still behind what cannot be applied, and goes on at the first retry after it can") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.keeps = Keeps::kTrail;
  spec.retry.at_once_if_old = false;
  clash_at_10_s(world, spec);
  world.at(1, at_s(18), [&] { world.erase(1, kItems, {100, 2}); });
  world.run(at_s(30));
  // Five messages, one after the other in an instant: as the second is tried, nothing is behind it yet.
  const auto changes = world.stream_changes(1);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].second.time == at_ms(10'040));
  CHECK(changes[0].first.change == StreamChange::kStopped);
  CHECK(changes[0].first.waiting == 1);
  CHECK(changes[1].second.time == at_ms(15'040));
  CHECK(changes[1].first.change == StreamChange::kRetried);
  CHECK(changes[1].first.waiting == 4);
  CHECK(changes[2].second.time == at_ms(20'040));
  CHECK(changes[2].first.change == StreamChange::kResumed);
  CHECK(world.arrivals(1, 1, kItems) == Times{at_ms(10'040)});
  for (Value i = 2; i <= 5; ++i) CHECK(world.arrivals(1, i, kItems) == Times{at_ms(20'040)});
  for (const Heard& one : world.heard(1)) {
    if (one.means != domain::RowMeans::kApply || one.row < 2) continue;
    CHECK(one.passage == Passage{Stage::kReplicationLag, Stage::kApplyStopped, at_ms(10'040)});
  }
}

// Who keeps it in memory closes the connection, so at each retry it connects first: 2 ways, a third for its greeting
// and a fourth for the rows. The apply had run for longer than the interval, so it is tried again at once: stopped at
// 10,040, retried at 10,040 + 160, and again 5,160 later, which fails no more.
TEST_CASE("memory is filled again at each retry, of which the first comes at once if the apply was old") {
  StreamWorld world;
  clash_at_10_s(world, plain_stream());
  world.at(1, at_s(12), [&] { world.erase(1, kItems, {100, 2}); });
  world.run(at_s(30));
  const auto changes = world.stream_changes(1);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].second.time == at_ms(10'040));
  CHECK(changes[1].second.time == at_ms(10'200));
  CHECK(changes[2].second.time == at_ms(15'360));
  for (Value i = 2; i <= 5; ++i) CHECK(world.arrivals(1, i, kItems) == Times{at_ms(15'360)});
}

// The origin connects: it is told that the target has closed one way later, waits for its own interval and connects.
TEST_CASE("where the origin connects, memory is filled again as it does") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.target_connects = false;
  spec.reconnect_interval = seconds(7);
  clash_at_10_s(world, spec);
  world.at(1, at_s(12), [&] { world.erase(1, kItems, {100, 2}); });
  world.run(at_s(30));
  // 10,040 + 40 + 7,000 + SYN and answer 80 + word that it is open 40 + greeting 40 + rows 40
  const auto changes = world.stream_changes(1);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].second.time == at_ms(10'040));
  CHECK(changes[1].first.change == StreamChange::kResumed);
  CHECK(changes[1].second.time == at_ms(17'280));
}

TEST_CASE("an operator has the transaction left out, and the stream goes on at the next retry") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    StreamWorld world;
    StreamSpec spec = plain_stream();
    spec.keeps = keeps;
    spec.retry = {seconds(5), false, 0, seconds(12)};
    clash_at_10_s(world, spec);
    world.run(at_s(60));
    // Retries every 5 s, in memory every 5.16 s; the operator comes at 22,040.
    const VirtualTime resumed = keeps == Keeps::kTrail ? at_ms(10'040 + 3 * 5'000) : at_ms(10'040 + 3 * 5'160);
    CHECK(world.stream_changes(1, StreamChange::kResumed) == Times{resumed});
    CHECK(world.stream_changes(1, StreamChange::kRetried).size() == 2);
    CHECK(world.arrivals(1, 2, kItems).empty());
    for (Value i = 3; i <= 5; ++i) CHECK(world.arrivals(1, i, kItems) == Times{resumed});
    REQUIRE(world.conflicts(1).size() == 1 + 2 + 1);
    CHECK(world.conflicts(1).back().first.kind == ConflictKind::kLeftOut);
    CHECK(world.conflicts(1).back().first.row == 2);
  }
}

// Each failure is 5 s and the way to the next behind the last: five round trips of connecting, one for the greeting and
// the row (480 ms together), 0.45 ms of capture. Measured at 40 ms: 5.5 s between failures, the first restart at once.
TEST_CASE("postgresql_logical fails again every 5.5 s, the first time at once, and holds everything behind") {
  StreamWorld world;
  clash_at_10_s(world, replication::postgresql_logical());
  world.run(at_s(60));
  const Times stopped = world.stream_changes(1, StreamChange::kStopped);
  const Times retried = world.stream_changes(1, StreamChange::kRetried);
  REQUIRE(stopped.size() == 1);
  REQUIRE(retried.size() == 10);
  const auto trips = static_cast<std::int64_t>(replication::postgresql_logical().connection.handshake_round_trips) + 1;
  const sim::Duration again = milliseconds(80) * trips + microseconds(450);
  CHECK(retried[0] - stopped[0] == again);
  for (std::size_t i = 1; i < retried.size(); ++i) CHECK(retried[i] - retried[i - 1] == seconds(5) + again);
  CHECK(static_cast<double>((seconds(5) + again).ns) == Approx(5.5e9).epsilon(0.005));
  CHECK(world.arrivals(1, 3, kItems).empty());
  // The origin holds the log from the clash on: rows 2 to 5.
  CHECK(world.replica(0).rows().log().size() == 4);
}

// AUTORESTART with RETRIES 2 and WAITMINUTES 2: three starts, 2 minutes apart, and nothing more for the rest of the
// day.
TEST_CASE("goldengate gives up after three restarts, 2 minutes apart, while its trail grows") {
  StreamWorld world;
  clash_at_10_s(world, replication::goldengate());
  world.at(0, at_s(600), [&] { world.insert(0, kItems, {6, 6}); });
  world.run(at_s(900));
  const Times stopped = world.stream_changes(1, StreamChange::kStopped);
  REQUIRE(stopped.size() == 1);
  Times expected;
  for (int i = 1; i <= 3; ++i) expected.push_back(stopped[0] + sim::minutes(2 * i));
  CHECK(world.stream_changes(1, StreamChange::kRetried) == expected);
  CHECK(world.stream_changes(1, StreamChange::kGivenUp) == Times{expected.back()});
  CHECK(world.arrivals(1, 6, kItems).empty());
  CHECK(world.replica(0).rows().log().empty());  // the trail has it all
}

TEST_CASE("an operator who comes after it was given up has it begin again at once") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    for (const bool target_connects : {true, false}) {
      StreamWorld world;
      StreamSpec spec = plain_stream();
      spec.keeps = keeps;
      spec.target_connects = target_connects;
      spec.retry = {seconds(2), false, 1, seconds(60)};
      clash_at_10_s(world, spec);
      world.run(at_s(100));
      CHECK(world.stream_changes(1, StreamChange::kGivenUp).size() == 1);
      const Times resumed = world.stream_changes(1, StreamChange::kResumed);
      REQUIRE(resumed.size() == 1);
      CHECK(resumed[0] >= at_ms(70'040));
      CHECK(resumed[0] <= at_ms(70'200));
      CHECK(world.has(1, kItems, {5, 5}));
      CHECK_FALSE(world.has(1, kItems, {2, 2}));
    }
  }
}

// The link is cut in [10 s, 15 s) and the rows that waited take 100 ms each. Row 0 meets one of its text and stops the
// stream. Passages name the two last things that a row waited for, and their turn lies between commit and arrival.
TEST_CASE("what a row waited for adds up, through a cut, a stop and the backlog behind it") {
  StreamWorldSpec setting;
  setting.cuts = both_ways(at_s(10), at_s(15));
  StreamWorld world{setting};
  StreamSpec spec = plain_stream();
  spec.keeps = Keeps::kTrail;
  spec.apply_batch = 1;
  spec.apply_time = milliseconds(100);
  spec.retry.at_once_if_old = false;
  world.follow(0, 1, spec);
  world.at(1, at_s(1), [&] { world.insert(1, kItems, {100, 0}); });
  world.at(0, at_s(11), [&] {
    world.insert(0, kPlain, {1, 1});
    world.insert(0, kItems, {0, 0});
    world.insert(0, kPlain, {2, 1});
  });
  world.at(1, at_s(25), [&] { world.erase(1, kItems, {100, 0}); });
  world.at(0, at_s(40), [&] {
    world.insert(0, kPlain, {3, 1});
    world.insert(0, kPlain, {4, 1});
  });
  world.run(at_s(60));
  const VirtualTime arrived = world.arrivals(1, 1).at(0);
  CHECK(arrived > at_s(15));
  CHECK(passage_of(world, 1, 1) == Passage{Stage::kReplicationLag, Stage::kLinkDown, at_s(11)});
  const VirtualTime stopped = arrived + milliseconds(100);
  CHECK(world.stream_changes(1, StreamChange::kStopped) == Times{stopped});
  const VirtualTime resumed = world.stream_changes(1, StreamChange::kResumed).at(0);
  CHECK((resumed - stopped).ns % seconds(5).ns == 0);
  CHECK(world.arrivals(1, 2) == Times{resumed + milliseconds(100)});
  CHECK(passage_of(world, 1, 2) == Passage{Stage::kLinkDown, Stage::kApplyStopped, stopped});
  CHECK(world.arrivals(1, 3) == Times{at_ms(40'040)});
  CHECK(passage_of(world, 1, 3) == Passage{Stage::kNone, Stage::kReplicationLag, {}});
  CHECK(passage_of(world, 1, 4) == Passage{Stage::kReplicationLag, Stage::kApplyBacklog, at_ms(40'040)});
}

// --- What is shipped

TEST_CASE("definitions are shipped or not, and a column that is missing stops the stream") {
  for (const bool ships : {false, true}) {
    StreamWorld world;
    StreamSpec spec = plain_stream();
    spec.ships_definitions = ships;
    world.follow(0, 1, spec);
    world.at(0, at_s(1), [&] {
      world.define(0, kPlain, {store::Definition::Kind::kSetDataCenter, 77, {}});
      world.define(0, kPlain, {store::Definition::Kind::kAddColumn, 5, {}});
      world.insert(0, kPlain, {1, 1, 1});
    });
    world.run(at_s(2));
    CHECK(world.replica(1).rows().data_center() == (ships ? 77 : 2));
    CHECK(world.table(1, kPlain).size() == (ships ? 1U : 0U));
    if (ships) continue;
    CHECK(world.conflicts(1).at(0).first.kind == ConflictKind::kMissingColumn);
    CHECK(world.stream_changes(1, StreamChange::kStopped).size() == 1);
  }
}

// The first two changes go to the target, the other 1,000 are of the other site's making and do not: after the target
// has confirmed those two, nothing is kept of all the others, however many come.
TEST_CASE("what is not for the target does not hold the log") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    StreamWorld world;
    StreamSpec spec = plain_stream();
    spec.keeps = keeps;
    spec.ship_interval = milliseconds(100);
    world.follow(0, 1, spec);
    world.follow(1, 0, spec);
    world.at(0, at_s(1), [&] {
      world.insert(0, kPlain, {1, 1});
      world.define(0, kPlain, {store::Definition::Kind::kSetDataCenter, 7, {}});
    });
    for (Value i = 0; i < 1'000; ++i) {
      world.at(1, at_ms(2'000 + 10 * i), [&world, i] { world.insert(1, kPlain, {10 + i, 1}); });
    }
    world.run(at_ms(1'900));
    CHECK(world.replica(0).rows().log().empty());
    world.run(at_ms(11'995));
    CHECK(world.replica(0).rows().log().size() <= 20);  // two polls' worth
    world.run(at_s(20));
    CHECK(world.replica(0).rows().log().empty());
    CHECK(world.replica(1).rows().log().empty());
    CHECK(world.contents(0) == world.contents(1));
  }
}

TEST_CASE("the log grows while the way is cut, is accounted for, and goes as the target has it") {
  StreamWorldSpec setting;
  setting.cuts = both_ways(at_s(5), at_s(10));
  StreamWorld world{setting};
  world.follow(0, 1, plain_stream());
  for (Value i = 0; i < 5'000; ++i) {
    world.at(0, at_ms(5'001 + i), [&world, i] { world.insert(0, kPlain, {i, 1}); });
  }
  world.run(at_s(10));
  CHECK(world.replica(0).rows().log().size() == 4'999);
  CHECK(world.site(0).accounted() >= static_cast<std::int64_t>(4'999 * (sizeof(store::Change) + 2 * sizeof(Value))));
  world.run(at_s(40));
  CHECK(world.table(1, kPlain).size() == 5'000);
  CHECK(world.replica(0).rows().log().empty());
}

// --- Synchronous commits

sim::Process commit_safely(sim::Site& site, StreamWorld& world, Value row, VirtualTime& safe) {
  const auto place = world.insert(sim::index(site.id()), kPlain, {row, 1});
  co_await world.replica(sim::index(site.id())).safe(*place);
  safe = site.now();
}

// To the target and back: 80 ms, with 10 ms of capture. With a trail "received" does not wait for the apply, which
// takes another 100 ms here, for row 0 is being applied as row 1 comes.
TEST_CASE("a synchronous commit waits until the target has received or applied it, and has said so") {
  for (const Keeps keeps : {Keeps::kMemory, Keeps::kTrail}) {
    for (const Synchronous synchronous : {Synchronous::kReceived, Synchronous::kApplied}) {
      StreamWorld world;
      StreamSpec spec = plain_stream();
      spec.keeps = keeps;
      spec.synchronous = synchronous;
      spec.capture_delay = milliseconds(10);
      spec.apply_time = milliseconds(100);
      spec.apply_batch = 1;
      world.follow(0, 1, spec);
      std::array<VirtualTime, 2> safe{};
      world.at(0, at_s(1), [&] {
        for (Value i = 0; i < 2; ++i) commit_safely(world.site(0), world, i, safe[static_cast<std::size_t>(i)]);
      });
      world.run(at_s(2));
      CHECK(safe[0] == at_ms(1'090));
      const bool waits_for_apply = keeps == Keeps::kMemory || synchronous == Synchronous::kApplied;
      CHECK(safe[1] == at_ms(waits_for_apply ? 1'190 : 1'090));
    }
  }
}

TEST_CASE("a commit waits for all synchronous replicas, the furthest last") {
  StreamWorldSpec setting;
  setting.sites = 3;
  setting.cuts = both_ways(at_ms(900), at_ms(5'000), 0, 2);
  StreamWorld world{setting};
  StreamSpec spec = plain_stream();
  spec.synchronous = Synchronous::kApplied;
  world.follow(0, 1, spec);
  world.follow(0, 2, spec);
  VirtualTime safe{};
  world.at(0, at_s(1), [&] { commit_safely(world.site(0), world, 1, safe); });
  world.run(at_s(20));
  CHECK(safe == world.arrivals(2, 1).at(0) + kWay);
  CHECK(safe > at_ms(5'000));
}

TEST_CASE("while the way is cut a synchronous commit waits, but no longer than it is to") {
  for (const sim::Duration limit : {sim::Duration{}, seconds(3)}) {
    StreamWorldSpec setting;
    setting.cuts = both_ways(at_s(1), at_s(10));
    StreamWorld world{setting};
    StreamSpec spec = plain_stream();
    spec.synchronous = Synchronous::kApplied;
    spec.synchronous_for = limit;
    world.follow(0, 1, spec);
    VirtualTime safe{};
    world.at(0, at_s(2), [&] { commit_safely(world.site(0), world, 1, safe); });
    world.run(at_s(40));
    const VirtualTime expected = limit.ns > 0 ? at_s(5) : world.arrivals(1, 1).at(0) + kWay;
    CHECK(safe == expected);
  }
}

// A definition that is not shipped is nothing to the target; whoever waits for it would wait for the next row.
TEST_CASE("a synchronous commit of what the target does not get waits for what was before it only") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.synchronous = Synchronous::kApplied;
  Stream& stream = world.follow(0, 1, spec);
  VirtualTime alone{};
  VirtualTime behind{};
  const auto define = [&](VirtualTime& safe) {
    world.define(0, kPlain, {store::Definition::Kind::kSetDataCenter, 7, {}});
    stream.shipping().when_safe(world.replica(0).rows().log_end(), [&world, to = &safe] { *to = world.site(0).now(); });
  };
  world.at(0, at_s(1), [&] { define(alone); });
  world.at(0, at_s(2), [&] {
    world.insert(0, kPlain, {1, 1});
    define(behind);
  });
  world.run(at_s(3));
  CHECK(alone == at_s(1));
  CHECK(behind == at_ms(2'080));
}

TEST_CASE("a row acknowledged under kApplied is there after the origin has lost its disk") {
  StreamWorld world;
  StreamSpec spec = plain_stream();
  spec.synchronous = Synchronous::kApplied;
  world.follow(0, 1, spec);
  world.follow(1, 0, plain_stream());
  std::array<VirtualTime, 3> safe{};
  for (std::size_t i = 0; i < 3; ++i) {
    world.at(0, at_ms(4'900 + 40 * static_cast<std::int64_t>(i)),
             [&world, &to = safe[i], i] { commit_safely(world.site(0), world, static_cast<Value>(i), to); });
  }
  world.lose(0, at_ms(4'985), at_s(20), Disk::kLost);
  world.run(at_s(60));
  // Row 0 is acknowledged at 4,980, the others never are; but what was on its way arrives.
  CHECK(safe == std::array<VirtualTime, 3>{at_ms(4'980), {}, {}});
  for (Value i = 0; i < 3; ++i) CHECK(world.has(0, kPlain, {i, 1}));
  CHECK(world.contents(0) == world.contents(1));
}

}  // namespace
}  // namespace parallax::test
