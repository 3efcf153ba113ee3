#include "models/audit/barriers.h"

#include <catch2/catch.hpp>
#include <vector>

#include "models/audit/journeys.h"
#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::Stage;

constexpr domain::SiteId kHere{0};
constexpr domain::SiteId kThere{1};
constexpr domain::LayerId kReplica{7};
const Barriers::Way kRow{kHere, kThere, kReplica, {}};
const Barriers::Way kEvent{kHere, kThere, {}, kB};

Setup with(const std::vector<Setup::Barrier>& barriers) {
  Setup setup;
  setup.barriers = barriers;
  return setup;
}

Setup::Barrier cut(std::int64_t since, std::int64_t until) {
  return {kHere, kThere, {}, {}, at(since), at(until), Stage::kLinkDown};
}

std::vector<Piece> pending(std::int64_t seconds) { return {{Stage::kPending, sim::seconds(seconds)}}; }

std::vector<Stage> stages(const std::vector<Piece>& pieces) {
  std::vector<Stage> found;
  for (const Piece& piece : pieces) found.push_back(piece.stage);
  return found;
}

}  // namespace

// From 5 to 20 s, with a cut from 10 to 30.
TEST_CASE("what waits is charged to a cut from when that begins") {
  const Barriers barriers{with({cut(10, 30)})};
  std::vector<Piece> pieces = pending(15);
  barriers.charge(kRow, at(5), at(20), pieces);
  REQUIRE(stages(pieces) == std::vector{Stage::kPending, Stage::kLinkDown});
  CHECK(pieces[0].length == sim::seconds(5));
  CHECK(pieces[1].length == sim::seconds(10));
}

TEST_CASE("a cut that is over is none of a window's business, unless there is another one now") {
  std::vector<Piece> pieces = pending(35);
  Barriers{with({cut(10, 30)})}.charge(kRow, at(5), at(40), pieces);
  CHECK(stages(pieces) == std::vector{Stage::kPending});
  Barriers{with({cut(10, 30), cut(35, 60)})}.charge(kRow, at(5), at(40), pieces);
  CHECK(stages(pieces) == std::vector{Stage::kPending, Stage::kLinkDown, Stage::kPending, Stage::kLinkDown});
  CHECK(total(pieces) == sim::seconds(35));
}

TEST_CASE("only what is on the way, and only what waits for news, is charged") {
  const Barriers barriers{with({{kThere, kHere, {}, {}, at(0), at(60), Stage::kLinkDown},
                                {{}, {}, domain::LayerId{8}, {}, at(0), at(60), Stage::kDiskFull},
                                {{}, {}, {}, kA, at(0), at(60), Stage::kFrozen}})};
  std::vector<Piece> pieces = pending(10);
  barriers.charge(kRow, at(5), at(15), pieces);
  barriers.charge(kEvent, at(5), at(15), pieces);
  CHECK(stages(pieces) == std::vector{Stage::kPending});
  pieces = {{Stage::kBroker, sim::seconds(4)}, {Stage::kMessageLost, sim::seconds(6)}};
  Barriers{with({cut(0, 60)})}.charge(kEvent, at(5), at(15), pieces);
  CHECK(stages(pieces) == std::vector{Stage::kBroker, Stage::kMessageLost});
}

TEST_CASE("a full disk is in the way of rows, and a process that stands still in that of events") {
  const Barriers barriers{
      with({{{}, {}, kReplica, {}, at(0), at(60), Stage::kDiskFull}, {{}, {}, {}, kB, at(0), at(60), Stage::kFrozen}})};
  std::vector<Piece> row = pending(10);
  barriers.charge(kRow, at(5), at(15), row);
  CHECK(stages(row) == std::vector{Stage::kDiskFull});
  std::vector<Piece> event = pending(10);
  barriers.charge(kEvent, at(5), at(15), event);
  CHECK(stages(event) == std::vector{Stage::kFrozen});
}

TEST_CASE("an apply that stands still is in the way until it goes on") {
  Barriers barriers{with({})};
  domain::StreamChanged stream{kReplica, kHere, domain::StreamChange::kStopped, 3};
  barriers.stream_changed(stream, at(10));
  std::vector<Piece> stopped = pending(15);
  barriers.charge(kRow, at(5), at(20), stopped);
  CHECK(stages(stopped) == std::vector{Stage::kPending, Stage::kApplyStopped});
  stream.change = domain::StreamChange::kResumed;
  barriers.stream_changed(stream, at(15));
  std::vector<Piece> resumed = pending(15);
  barriers.charge(kRow, at(5), at(20), resumed);
  CHECK(stages(resumed) == std::vector{Stage::kPending});
}

}  // namespace parallax::audit
