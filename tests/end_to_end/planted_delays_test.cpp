// A delay X that is planted in one stage adds exactly X to that stage of every window that went through it, and nothing
// to any other; only waits for a poll, a sweep or an age may take up some of it. On common random numbers: what is
// written, called and cached is the same in both runs.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {
namespace {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

struct Planted {
  const char* what;
  std::string scenario;
  std::string observers;             ///< of which data center went through it
  std::vector<std::string> delayed;  ///< values that are changed
  ChangeKind change;
  Stage stage;
  sim::Duration delay;
  std::size_t least;  ///< windows to be compared
};

bool may_take_up(Stage stage) {
  return stage == Stage::kTokenCacheTtl || stage == Stage::kCacheSweep || stage == Stage::kDeploymentScan;
}

std::map<Stage, sim::Duration> spent(const WindowFinding& window) {
  std::map<Stage, sim::Duration> lengths;
  for (const audit::Piece& piece : window.pieces) lengths[piece.stage] += piece.length;
  return lengths;
}

// Ended by the same stage in both runs: else the delay has made the window another one.
bool is_comparable(const WindowFinding& before, const WindowFinding& after) {
  return before.length.ns > 0 && after.length.ns > 0 && before.ending == audit::Ending::kVisible &&
         after.ending == audit::Ending::kVisible && before.pieces.back().stage == after.pieces.back().stage;
}

void check_pair(const Planted& planted, const WindowFinding& before, const WindowFinding& after) {
  auto changed = spent(after);
  for (const auto& [stage, length] : spent(before)) changed[stage] = changed[stage] - length;
  for (const auto& [stage, length] : changed) {
    if (may_take_up(stage)) continue;
    CHECK(length == (stage == planted.stage ? planted.delay : sim::Duration{}));
  }
}

}  // namespace

TEST_CASE("a planted delay adds exactly itself to its stage and nothing to any other") {
  const std::vector<Planted> cases{
      {"the wait before a pull",
       "incidents/am702_waits",
       "dc2",
       {"sites[dc1].pull.event_waiting=7s", "sites[dc2].pull.event_waiting=7s"},
       ChangeKind::kApiPublished,
       Stage::kEventWaiting,
       sim::seconds(2),
       10},
      {"a link, on an event's way",
       "incidents/am2347_buffered",
       "dc2",
       {"links[0].delay.constant=140ms", "faults[cut].at=59m", "faults[cut].lasts=1s"},
       ChangeKind::kTokenRevoked,
       Stage::kBroker,
       sim::milliseconds(100),
       10},
      {"a cluster message",
       "clustered_pair",
       "dc",
       {"sites[dc].clustering.message_delay=51ms"},
       ChangeKind::kTokenRevoked,
       Stage::kClusterMessage,
       sim::milliseconds(50),
       20},
      {"a gap in a deployment",
       "incidents/am4441_heard_twice",
       "dc2",
       {"sites[dc2].pull.redeployment=3s"},
       ChangeKind::kApiPublished,
       Stage::kRedeployment,
       sim::seconds(1),
       10},
  };
  for (const Planted& planted : cases) {
    INFO(planted.what);
    std::vector<std::string> undelayed;
    for (const std::string& value : planted.delayed) {
      if (value.starts_with("faults")) undelayed.push_back(value);
    }
    const Rehearsal before = rehearse_library(planted.scenario, 1, undelayed);
    const Rehearsal after = rehearse_library(planted.scenario, 1, planted.delayed);
    REQUIRE(before.findings.windows.size() == after.findings.windows.size());
    std::size_t compared = 0;
    for (std::size_t i = 0; i < before.findings.windows.size(); ++i) {
      const WindowFinding& one = before.findings.windows[i];
      const WindowFinding& other = after.findings.windows[i];
      const bool is_there = before.site_of(one.observer) == before.site(planted.observers);
      if (one.change != planted.change || !is_there || !is_comparable(one, other)) continue;
      REQUIRE(one.start == other.start);
      if (spent(one).contains(planted.stage)) {
        check_pair(planted, one, other);
        ++compared;
      }
    }
    CHECK(compared >= planted.least);
  }
}

}  // namespace parallax::test
