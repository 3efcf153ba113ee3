#include "models/propagation/access/connection_pool.h"

#include <catch2/catch.hpp>
#include <span>
#include <vector>

#include "models/propagation/load_meter.h"
#include "tests/models/propagation/access/two_sites.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation {
namespace {

using parallax::testing::pick;
using testing::after;
using testing::kHere;
using testing::kThere;
using testing::TwoSites;

std::vector<sim::LinkOutage> cut(sim::VirtualTime from, sim::VirtualTime until) {
  return {{sim::LinkId{0}, from, until, 0}, {sim::LinkId{1}, from, until, 0}};
}

// TCP and PostgreSQL greet each other for 4 round trips of 80 ms; then a read takes one. The connection is kept: the
// next read takes 80 ms alone. A write takes one for its statements and one for its COMMIT, which is there 40 ms before
// the end. After more than 30 s of silence the connection is tested first.
TEST_CASE("a statement costs a round trip, a write two, and a connection is made once") {
  TwoSites world{{}};
  world.read_at(after(0));
  world.read_at(after(1'000));
  world.write_at(after(2'000), domain::TokenId{0});
  world.read_at(after(40'000));
  world.simulation.run(after(60'000));
  REQUIRE(world.told.size() == 4);
  CHECK(world.told[0].told == after(5 * 80));
  CHECK(world.told[1].told == after(1'000 + 80));
  CHECK(world.told[2].told == after(2'000 + 160));
  CHECK(world.run[2] == after(2'000 + 80 + 40));
  CHECK(world.told[3].told == after(40'000 + 160));
  CHECK(world.database.token(domain::TokenId{0}).standing == domain::Standing::kBlocked);
}

// One connection. The first read is over at 400 ms; the second then takes 80 ms, the third would at 480 ms, but does
// not wait beyond its 450 ms.
TEST_CASE("who finds no connection free waits in turn, and not for ever") {
  TwoSites world{{.connections = 1, .longest_wait = sim::milliseconds(450)}};
  for (int i = 0; i < 3; ++i) world.read_at(after(0));
  world.read_at(after(1'000));
  world.simulation.run(after(60'000));
  REQUIRE(world.told.size() == 4);
  CHECK(world.told[0].told == after(400));
  CHECK(world.told[1].told == after(480));
  CHECK(world.told[2].told == after(450));
  CHECK_FALSE(world.told[2].is_answered);
  CHECK(world.told[3].told == after(1'080));
  CHECK(world.run.size() == 3);
}

// The same: of four statements the second waited 400 ms and the third gave up after 450. At the database two ran in the
// first second, at 360 and 440 ms, and one in the next.
TEST_CASE("a pool that ran dry says how often and how long, and the database's meter what came of it") {
  TwoSites world{{.connections = 1, .longest_wait = sim::milliseconds(450)}};
  LoadMeter meter{world.simulation.site(kThere)};
  world.database.measure_by(&meter);
  std::vector<domain::LoadSecond> loads;
  std::vector<domain::PoolClosed> books;
  world.simulation.add_reader([&](std::span<const sim::Record> journal) {
    for (const sim::Record& record : journal) {
      const auto kind = domain::kind_of(record.body);
      if (kind == domain::RecordKind::kLoadSecond) loads.push_back(domain::LoadSecond::unpack(record.body));
      if (kind == domain::RecordKind::kPoolClosed) books.push_back(domain::PoolClosed::unpack(record.body));
    }
  });
  for (int i = 0; i < 3; ++i) world.read_at(after(0));
  world.read_at(after(1'000));
  world.simulation.run(after(60'000));
  world.pool.close(domain::PoolTarget::kDatabase);
  meter.close();
  world.simulation.flush_journal();
  REQUIRE(books.size() == 1);
  CHECK(books[0].site == kHere);
  CHECK(books[0].calls == 4);
  CHECK(books[0].waited == 2);
  CHECK(books[0].given_up == 1);
  CHECK(books[0].longest_wait == sim::milliseconds(450));
  REQUIRE(loads.size() == 2);
  CHECK((loads[0].site == kThere && loads[0].second == 0 && loads[0].statements == 2));
  CHECK((loads[1].second == 1 && loads[1].statements == 1 && loads[1].requests == 0 && loads[1].validations == 0));
}

TEST_CASE("a pool in which there always was a connection free says nothing") {
  TwoSites world{{.connections = 2}};
  std::size_t records = 0;
  world.simulation.add_reader([&](std::span<const sim::Record> journal) { records += journal.size(); });
  world.read_at(after(0));
  world.read_at(after(0));
  world.simulation.run(after(60'000));
  world.pool.close(domain::PoolTarget::kDatabase);
  world.simulation.flush_journal();
  CHECK(records == 0);
}

TEST_CASE("connections side by side do not wait for each other") {
  TwoSites world{{.connections = 2}};
  world.read_at(after(0));
  world.read_at(after(0));
  world.simulation.run(after(60'000));
  CHECK(world.told[0].told == after(400));
  CHECK(world.told[1].told == after(400));
}

// The read leaves into a cut of 10 s. Nobody gives it up; TCP sends it again some time after the heal, at most twice
// the cut after it began.
TEST_CASE("a cut holds a statement back and does not lose it") {
  TwoSites world{{.connections = 1}, cut(after(2'000), after(12'000))};
  world.read_at(after(0));
  world.read_at(after(2'500));
  world.simulation.run(after(60'000));
  REQUIRE(world.told.size() == 2);
  CHECK(world.told[1].is_answered);
  CHECK(world.told[1].told > after(12'000 + 40));
  CHECK(world.told[1].told < after(2'500 + 2 * 10'000));
  CHECK(world.run.size() == 2);
}

// The pool of one is dry for as long as the cut keeps its connection busy: who comes in that time fails at his own 5 s.
TEST_CASE("a cut runs the pool dry") {
  TwoSites world{{.connections = 1, .longest_wait = sim::seconds(5)}, cut(after(2'000), after(12'000))};
  world.read_at(after(0));
  world.read_at(after(2'500));
  world.read_at(after(3'000));
  world.simulation.run(after(60'000));
  CHECK(world.told[1].is_answered);
  CHECK_FALSE(world.told[2].is_answered);
  CHECK(world.told[2].told == after(8'000));
}

// No SYN is answered: at 10 s the statement fails; what waits behind it tries again, and fails 10 s later.
TEST_CASE("a database that is not to be reached fails each statement after the connect time-out") {
  TwoSites world{{.connections = 1}, cut(after(0), after(50'000))};
  world.read_at(after(1'000));
  world.read_at(after(1'000));
  world.simulation.run(after(60'000));
  CHECK_FALSE(world.told[0].is_answered);
  CHECK(world.told[0].told == after(11'000));
  CHECK(world.told[1].told == after(21'000));
  CHECK(world.run.empty());
}

// The host is back without any memory of the connection, so the next retransmission is answered by a reset.
TEST_CASE("a database that has started again does not know its clients") {
  TwoSites world{{.connections = 1}};
  sim::Site& there = world.simulation.site(kThere);
  there.at(after(2'010), [&] {
    world.power_there.fail(there.now());
    world.pool.database_lost();
  });
  there.at(after(7'000), [&] {
    world.power_there.restore();
    world.pool.database_restored();
  });
  world.read_at(after(0));
  world.read_at(after(2'000));
  world.read_at(after(30'000));
  world.simulation.run(after(60'000));
  CHECK_FALSE(world.told[1].is_answered);
  CHECK(world.told[1].told > after(7'000));
  CHECK(world.told[2].is_answered);
  CHECK(world.told[2].told == after(30'400));
}

TEST_CASE("who loses his power asks no more, and asks anew when he is back") {
  TwoSites world{{.connections = 1}};
  world.here().at(after(410), [&] {
    world.power_here.fail(world.here().now());
    world.pool.lost();
  });
  world.here().at(after(1'000), [&] {
    world.power_here.restore();
    world.pool.restored();
  });
  world.read_at(after(0));
  world.read_at(after(0));
  world.read_at(after(0));
  world.read_at(after(2'000));
  world.simulation.run(after(60'000));
  CHECK(world.told[0].is_answered);
  CHECK_FALSE(world.told[1].is_answered);
  CHECK(world.told[1].told == after(410));
  CHECK(world.told[2].told == after(410));
  CHECK(world.told[3].told == after(2'400));
}

// Whatever the network does, each statement comes to one end, no statement runs twice, and what was answered has run.
TEST_CASE("a statement has one end and runs once at the most") {
  parallax::testing::check("over random cuts", 300, [] {
    std::vector<sim::LinkOutage> outages;
    std::int64_t at = 0;
    for (int i = 0, n = pick(0, 4); i < n; ++i) {
      const std::int64_t from = at + 1 + pick(0, 8'000);
      at = from + 1 + pick(0, 12'000);
      for (const sim::LinkOutage& outage : cut(after(from), after(at))) {
        if (pick(0, 4) > 0) outages.push_back(outage);
      }
    }
    const auto connections = static_cast<std::uint32_t>(pick(1, 4));
    TwoSites world{{.connections = connections, .longest_wait = sim::seconds(3), .connect_timeout = sim::seconds(4)},
                   outages};
    const int statements = pick(1, 30);
    for (int i = 0; i < statements; ++i) world.read_at(after(pick(0, 30'000)));
    // TCP gives a connection up after 15 minutes, far beyond the last cut.
    world.simulation.run(after(2'000'000));
    RC_ASSERT(world.told.size() == static_cast<std::size_t>(statements));
    std::size_t answered = 0;
    for (const auto& one : world.told) {
      RC_ASSERT(one.told > one.asked);
      answered += one.is_answered;
    }
    RC_ASSERT(answered <= world.run.size());
    RC_ASSERT(world.run.size() <= static_cast<std::size_t>(statements));
    RC_ASSERT(world.pool.waiting() == 0U);
  });
}

}  // namespace
}  // namespace parallax::propagation
