#include "models/audit/journeys.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::Stage;

sim::RecordId id(std::uint64_t number) { return sim::RecordId::of(sim::SiteId{0}, number); }

void check_pieces(const std::vector<Piece>& pieces, const std::vector<std::pair<Stage, std::int64_t>>& expected) {
  REQUIRE(pieces.size() == expected.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    CHECK(pieces[i].stage == expected[i].first);
    CHECK(pieces[i].length == sim::seconds(expected[i].second));
  }
}

TEST_CASE("a step that one stage took all the way is one piece") {
  Journeys journeys;
  journeys.add(id(1), {at(100), {}, {}});
  const Step last{at(105), id(1), {Stage::kNone, Stage::kClusterMessage, at(100)}};
  check_pieces(journeys.walk(last, at(100)), {{Stage::kClusterMessage, 5}});
}

// Put at 0 s, too old from 900 s on, swept at 920 s; revoked at 850 s: 50 s for the age, 20 s for the sweeper.
TEST_CASE("a step of two stages is cut at its turn") {
  Journeys journeys;
  journeys.add(id(1), {at(0), {}, {Stage::kNone, Stage::kDatabaseRead, at(0)}});
  const Step swept{at(920), id(1), {Stage::kTokenCacheTtl, Stage::kCacheSweep, at(900)}};
  check_pieces(journeys.walk(swept, at(850)), {{Stage::kTokenCacheTtl, 50}, {Stage::kCacheSweep, 20}});
}

TEST_CASE("pieces are clipped at the start of the window") {
  Journeys journeys;
  journeys.add(id(1), {at(0), {}, {}});
  const Step swept{at(920), id(1), {Stage::kTokenCacheTtl, Stage::kCacheSweep, at(900)}};
  check_pieces(journeys.walk(swept, at(910)), {{Stage::kCacheSweep, 10}});
  check_pieces(journeys.walk(swept, at(920)), {});
}

// Acknowledged at 10 s, heard at 12 s, deployed at the scan of 21 s.
TEST_CASE("the walk goes from cause to cause back to the acknowledgement") {
  Journeys journeys;
  journeys.add(id(1), {at(10), {}, {Stage::kNone, Stage::kDatabaseWrite, at(9)}});
  journeys.add(id(2), {at(12), id(1), {Stage::kNone, Stage::kClusterMessage, {}}});
  const Step deployed{at(21), id(2), {Stage::kNone, Stage::kDeploymentScan, at(12)}};
  check_pieces(journeys.walk(deployed, at(10)), {{Stage::kClusterMessage, 2}, {Stage::kDeploymentScan, 9}});
}

// Two operators' turns of 3 s and 4 s after one another.
TEST_CASE("neighbouring stretches of one stage are one piece") {
  Journeys journeys;
  journeys.add(id(1), {at(10), {}, {}});
  journeys.add(id(2), {at(13), id(1), {Stage::kNone, Stage::kOperator, at(10)}});
  const Step second{at(17), id(2), {Stage::kNone, Stage::kOperator, at(13)}};
  check_pieces(journeys.walk(second, at(10)), {{Stage::kOperator, 7}});
}

TEST_CASE("what no record accounts for is charged to no stage") {
  const Journeys nothing_known;
  const Step read{at(20), id(7), {Stage::kTokenCacheTtl, Stage::kDatabaseRead, at(19)}};
  check_pieces(nothing_known.walk(read, at(10)), {{Stage::kNone, 9}, {Stage::kDatabaseRead, 1}});
  const Step uncaused{at(20), {}, {Stage::kNone, Stage::kDatabaseRead, at(19)}};
  check_pieces(nothing_known.walk(uncaused, at(10)), {{Stage::kNone, 9}, {Stage::kDatabaseRead, 1}});
}

// The stage took the 2 s from the turn only; the 8 s between the cause and it must not pass to the cause's own stage.
TEST_CASE("a gap between a cause and the turn is charged to no stage") {
  Journeys journeys;
  journeys.add(id(1), {at(10), {}, {Stage::kNone, Stage::kDatabaseRead, at(0)}});
  const Step late{at(20), id(1), {Stage::kNone, Stage::kCacheSweep, at(18)}};
  check_pieces(journeys.walk(late, at(5)), {{Stage::kDatabaseRead, 5}, {Stage::kNone, 8}, {Stage::kCacheSweep, 2}});
}

TEST_CASE("a removed step is not known any more") {
  Journeys journeys;
  journeys.add(id(1), {at(10), {}, {}});
  journeys.remove(id(1));
  const Step last{at(20), id(1), {Stage::kTokenCacheTtl, Stage::kCacheSweep, at(18)}};
  check_pieces(journeys.walk(last, at(10)), {{Stage::kNone, 8}, {Stage::kCacheSweep, 2}});
}

TEST_CASE("the pieces of a walk add up to its length to the nanosecond") {
  Journeys journeys;
  const sim::VirtualTime start{123'456'789};
  journeys.add(id(1), {start, {}, {Stage::kNone, Stage::kDatabaseWrite, {}}});
  journeys.add(id(2), {sim::VirtualTime{234'567'891}, id(1), {Stage::kNone, Stage::kClusterMessage, start}});
  const Step last{sim::VirtualTime{987'654'321}, id(2), {Stage::kTokenCacheTtl, Stage::kCacheSweep, {876'543'219}}};
  const std::vector<Piece> pieces = journeys.walk(last, start);
  CHECK(pieces.size() == 3);
  CHECK(total(pieces) == last.time - start);
}

TEST_CASE("truncate cuts from the end and drops what is left empty") {
  const std::vector<Piece> whole{{Stage::kOperator, sim::seconds(5)},
                                 {Stage::kTokenCacheTtl, sim::seconds(10)},
                                 {Stage::kCacheSweep, sim::seconds(1)}};
  std::vector<Piece> pieces = whole;
  truncate(pieces, sim::seconds(16));
  check_pieces(pieces, {{Stage::kOperator, 5}, {Stage::kTokenCacheTtl, 10}, {Stage::kCacheSweep, 1}});
  truncate(pieces, sim::seconds(12));
  check_pieces(pieces, {{Stage::kOperator, 5}, {Stage::kTokenCacheTtl, 7}});
  truncate(pieces, sim::seconds(5));
  check_pieces(pieces, {{Stage::kOperator, 5}});
  truncate(pieces, {});
  CHECK(pieces.empty());
}

TEST_CASE("an instant belongs to the piece that begins at it, the end to the last") {
  const std::vector<Piece> pieces{{Stage::kTokenCacheTtl, sim::seconds(10)}, {Stage::kCacheSweep, sim::seconds(5)}};
  CHECK(stage_at(pieces, {}) == Stage::kTokenCacheTtl);
  CHECK(stage_at(pieces, sim::seconds(10) - sim::nanoseconds(1)) == Stage::kTokenCacheTtl);
  CHECK(stage_at(pieces, sim::seconds(10)) == Stage::kCacheSweep);
  CHECK(stage_at(pieces, sim::seconds(15)) == Stage::kCacheSweep);
  CHECK(stage_at({}, sim::seconds(1)) == Stage::kNone);
}

}  // namespace
}  // namespace parallax::audit
