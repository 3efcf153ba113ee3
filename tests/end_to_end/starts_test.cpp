// How gateways come up again (scenarios/library/artifacts), against schedules worked out by hand.
#include <algorithm>
#include <string>
#include <vector>

#include "models/audit/journeys.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using audit::StartFinding;
using domain::Stage;
using sim::minutes;
using sim::seconds;

sim::VirtualTime at(sim::Duration since_start) { return sim::VirtualTime{} + since_start; }

/// Of the last run of `name`.
std::vector<StartFinding> starts(const std::string& name, const std::vector<std::string>& overrides = {}) {
  return rehearse_library("artifacts/" + name, 1, overrides).findings.starts;
}

/// Wrong refusals that are charged to a start, by stage.
std::map<Stage, std::uint64_t> refused_while_starting(const Rehearsal& played) {
  std::map<Stage, std::uint64_t> counts;
  for (const auto& [key, count] : played.findings.wrong) {
    if (std::get<audit::Why>(key) == audit::Why::kStart) counts[std::get<Stage>(key)] += count;
  }
  return counts;
}

std::uint64_t answered_404(const Rehearsal& played) {
  const auto decisions = played.all<domain::RequestDecided>(domain::RecordKind::kRequestDecided);
  return static_cast<std::uint64_t>(std::count_if(decisions.begin(), decisions.end(), [](const auto& decided) {
    return decided.body.outcome == domain::Outcome::kApiUnknown;
  }));
}

}  // namespace

// Power at 27m, a minute to boot. The way is cut from 20m to 50m; TCP's SYNs come at most 64 s apart.
TEST_CASE("gateways without a control plane of their own do not come up before the way to it does") {
  const auto cold = starts("cold_start_needs_main_region");
  REQUIRE(cold.size() == 2);
  for (const StartFinding& start : cold) {
    CHECK(start.powered == at(minutes(27)));
    CHECK(start.ready > at(minutes(50)));
    CHECK(start.ready < at(minutes(50) + seconds(65)));
    CHECK(start.complete == start.ready);
  }
  for (const char* name : {"cold_start_own_control_plane", "cold_start_last_good"}) {
    INFO(name);
    const auto warm = starts(name);
    REQUIRE(warm.size() == 2);
    for (const StartFinding& start : warm) CHECK(start.ready - start.powered < seconds(61));
  }
}

// Ordered at 10m and 25m, a minute to boot each. The first asks for its APIs at once, three round trips of 80 ms. The
// second asks in vain: TCP gives up after 131 s and by how much timers of long waits are late, some 4 s at most; the
// pauses are 20, 40, 80, 160, 320 and 640 s. Its sixth try is over before the way is back at 50m: 26m + 6 x 131 to 135
// s + 620 s = 49m26s to 49m50s. So it asks for the seventh time 640 s after that.
TEST_CASE("a gateway that is ordered while the main region is away sleeps on when that is back") {
  const auto grown = starts("scale_out_needs_main_region");
  REQUIRE(grown.size() == 2);
  CHECK(grown[0].powered == at(minutes(10)));
  CHECK(grown[0].ready - grown[0].powered >= seconds(60) + sim::milliseconds(240));
  CHECK(grown[0].ready - grown[0].powered < seconds(61));
  CHECK(grown[1].powered == at(minutes(25)));
  CHECK(grown[1].ready > at(minutes(60) + seconds(6)));
  CHECK(grown[1].ready < at(minutes(60) + seconds(31)));
}

// Asked every way it goes: without startup a site loads its own database and is ready.
TEST_CASE("an outage that is over before its site has power costs a start nothing") {
  for (const StartFinding& start : starts("cold_start_needs_main_region", {"faults[main out of reach].lasts=3m"})) {
    // A minute, 3 round trips of 80 ms, and what the database is away.
    CHECK(start.ready - start.powered >= seconds(60) + sim::milliseconds(240));
    CHECK(start.ready - start.powered < seconds(61));
  }
}

// Up one by one, half a second each: the first at once is when it is ready, the 60th 59 halves later.
TEST_CASE("after the first API a gateway answers 404 for the others until they are up") {
  const Rehearsal played = rehearse_library("artifacts/ready_after_first_api");
  REQUIRE(played.findings.starts.size() == 1);
  const StartFinding& start = played.findings.starts.front();
  CHECK(start.powered == at(minutes(10) + seconds(30)));
  CHECK(start.complete - start.ready == sim::milliseconds(59 * 500));
  // Each 404 of the run is one of them, and is charged to the time that its API took to be put up.
  const auto refused = refused_while_starting(played);
  REQUIRE(refused.size() == 1);
  CHECK(refused.begin()->first == Stage::kRedeployment);
  CHECK(refused.begin()->second == answered_404(played));
  CHECK(answered_404(played) > 50);
}

TEST_CASE("whoever is ready when all are up answers no 404, and takes as long as all of them do") {
  const Rehearsal played = rehearse_library("artifacts/ready_when_all_are_up");
  const Rehearsal early = rehearse_library("artifacts/ready_after_first_api");
  REQUIRE(played.findings.starts.size() == 1);
  CHECK(answered_404(played) == 0);
  CHECK(played.findings.starts.front().complete == played.findings.starts.front().ready);
  CHECK(played.findings.starts.front().ready == early.findings.starts.front().complete);
}

// 30 s, 2 ms for what it reads in the database, ten questions of 1 s with nine pauses of 1 s; then nothing until the
// restart at 30m, which takes 30 s, 30 s and a question.
TEST_CASE("a gateway that comes up in vain answers 404 until it is restarted") {
  const Rehearsal played = rehearse_library("artifacts/start_gives_up");
  REQUIRE(played.findings.starts.size() == 2);
  const StartFinding& first = played.findings.starts[0];
  CHECK(first.ready - first.powered == seconds(49) + sim::milliseconds(2));
  CHECK(first.complete == at(minutes(30)));
  const StartFinding& second = played.findings.starts[1];
  CHECK(second.ready - second.powered < seconds(31));
  CHECK(second.complete == second.ready);
  std::uint64_t charged = 0;
  for (const auto& [stage, count] : refused_while_starting(played)) charged += count;
  CHECK(charged == answered_404(played));
}

// The control plane, lost at 9m30s, is up at 20m; a round of ten tries takes 19 s, and 10 s later there is another.
TEST_CASE("a gateway that is started over is ready when it has its APIs") {
  const Rehearsal played = rehearse_library("artifacts/start_is_tried_again");
  REQUIRE(played.findings.starts.size() == 1);
  const StartFinding& start = played.findings.starts.front();
  CHECK(start.ready > at(minutes(20)));
  CHECK(start.ready < at(minutes(20) + seconds(11)));
  CHECK(answered_404(played) == 0);
}

// Without startup the same restart loads from the site's database, and is ready as soon as its machine is.
TEST_CASE("a site that does not speak of starts has what it has at once") {
  const Rehearsal played = rehearse_library("incidents/am3784_404_until_restart");
  for (const StartFinding& start : played.findings.starts) {
    CHECK(start.ready - start.powered < seconds(31));
    CHECK(start.complete == start.ready);
  }
  CHECK(refused_while_starting(played).empty());
}

// It crashes every 30 s and takes 60 s to start: only the start after the last crash gets to its 100,000 statements.
TEST_CASE("what a node does to start ends with the node") {
  const auto events_with = [](const std::string& times) {
    const auto outcome = scenarios::load_text("crashes",
                                              R"(
name: "crashes"
duration: "1h"
sites { name: "dc" nodes: "a" nodes: "b" database { startup_statements: 100000 } }
regions { name: "r" prefers: "dc" }
links { from: "r" to: "dc" delay { constant: "5ms" } }
workload { populations { name: "p" region: "r" rate: "1/m" } }
faults { name: "crash" at: "1m" lasts: "20s" repeats { every: "30s" times: )" +
                                                  times +
                                                  R"( } node_down { site: "dc" node: "a" } }
)",
                                              {});
    REQUIRE(outcome.loaded);
    return static_cast<double>(scenarios::run_seed(outcome.loaded->scenario, 1).events);
  };
  const double once = events_with("1");
  CHECK(once > 100'000);
  CHECK(events_with("40") < 1.1 * once);
}

}  // namespace parallax::test
