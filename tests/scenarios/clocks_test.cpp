// Clocks that are off, as scenarios say so.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/compile.h"
#include "scenarios/result.h"
#include "scenarios/run.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kCut = "at: \"2m\" lasts: \"1m\" link_down { from: \"clients\" to: \"dc\" }";
constexpr std::string_view kLink = "link_down { from: \"clients\" to: \"dc\" }";

schema::Scenario scenario_with(const std::string& fault) {
  const LoadOutcome outcome = load(sample_with(kCut, fault));
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  return outcome.loaded->scenario;
}

}  // namespace

// 0.5 ppm are 500 ns in each second.
TEST_CASE("a clock fault is on a node, or on all of a site, with its number and all its times") {
  const auto config = compile(
      scenario_with("at: \"1m\" lasts: \"1s\" repeats { every: \"1m\" times: 4 } clock_off { site: \"dc\" node: \"b\" "
                    "offset: \"-90s\" } }\nfaults { name: \"drifts\" at: \"0s\" lasts: \"10m\" clock_off { site: "
                    "\"eu\" offset: \"1m30s\" drift_ppm: 0.5 } }\nfaults { name: \"slow\" random { rate: \"1/m\" "
                    "mean_duration: \"5s\" } clock_off { site: \"dc\" drift_ppm: -100 }"),
      1);
  REQUIRE(config.clock_faults.size() == 3);
  const world::ClockFault& behind = config.clock_faults[0];
  CHECK(behind.site == sim::SiteId{0});
  CHECK(behind.node == 1U);
  CHECK(behind.offset == sim::seconds(-90));
  CHECK(behind.drift == 0);
  CHECK(behind.number == 0);
  CHECK(behind.spells.size() == 4);
  const world::ClockFault& drifts = config.clock_faults[1];
  CHECK(drifts.site == sim::SiteId{1});
  CHECK_FALSE(drifts.node);
  CHECK(drifts.offset == sim::seconds(90));
  CHECK(drifts.drift == 500);
  CHECK(drifts.number == 1);
  REQUIRE(drifts.spells.size() == 1);
  CHECK(drifts.spells[0].until == sim::VirtualTime{} + sim::minutes(10));
  CHECK(config.clock_faults[2].offset == sim::Duration{});
  CHECK(config.clock_faults[2].drift == -100'000);
  CHECK(config.clock_faults[2].spells.size() > 1);
}

TEST_CASE("clocks that are off are of nodes that there are, by something") {
  const Case cases[] = {
      {kLink, "clock_off { site: \"dcc\" offset: \"1s\" }",
       "13:55: faults[cut].clock_off.site: unknown site \"dcc\"; did you mean \"dc\"?"},
      {kLink, "clock_off { site: \"dc\" node: \"aa\" offset: \"1s\" }",
       "13:66: unknown node \"aa\" of \"dc\"; did you mean \"a\"?"},
      {kLink, "clock_off { site: \"clients\" offset: \"1s\" }", "13:55: \"clients\" is a region; expected a site"},
      {kLink, "clock_off { node: \"a\" offset: \"1s\" }", "faults[cut].clock_off.site is missing"},
      {kLink, "clock_off { site: \"dc\" }",
       "fault \"cut\" leaves the clock right; expected offset: \"...\", a duration that is not 0, or drift_ppm"},
      {kLink, "clock_off { site: \"dc\" offset: \"0s\" }", "13:66: fault \"cut\" leaves the clock right"},
      {kLink, "clock_off { site: \"dc\" drift_ppm: 0 }", "fault \"cut\" leaves the clock right"},
      {kLink, "clock_off { site: \"dc\" offset: \"-2d\" }",
       "13:66: faults[cut].clock_off.offset: \"-2d\" is out of range; expected -1d to 1d"},
      {kLink, "clock_off { site: \"dc\" offset: \"90\" }", "13:66: faults[cut].clock_off.offset: \"90\""},
      {kLink, "clock_off { site: \"dc\" drift_ppm: 200000 }",
       "13:66: faults[cut].clock_off.drift_ppm: \"200000\" is out of range; expected -100000 to 100000"},
      {kLink, "clock_off { site: \"dc\" ofset: \"1s\" }", "did you mean \"offset\"?"},
      {kLink, "clock_off { site: \"dc\" offset: \"1s\" } node_down { site: \"dc\" node: \"a\" }",
       "13:1: fault \"cut\" is on several things; expected one target"}};
  check_all(kSample, cases);
}

// Off at once they add up, at random too; neither takes anybody's power.
TEST_CASE("clock faults may overlap each other and any other fault") {
  const auto beside = [](const std::string& other) {
    return complaints(load(sample_with(kCut,
                                       "at: \"2m\" lasts: \"1m\" clock_off { site: \"dc\" offset: \"1s\" } "
                                       "}\nfaults { name: \"b\" " +
                                           other)));
  };
  CHECK(beside("at: \"2m\" lasts: \"1m\" clock_off { site: \"dc\" node: \"a\" offset: \"1s\" }").empty());
  CHECK(beside("random { rate: \"1/h\" mean_duration: \"1m\" } clock_off { site: \"dc\" drift_ppm: 1 }").empty());
  CHECK(beside("at: \"2m\" lasts: \"1m\" node_down { site: \"dc\" node: \"a\" }").empty());
}

// Nobody calls "eu" while "dc" is there: the clock of its node is read by nobody.
TEST_CASE("a result says whose clock was off, how often it was read, and that one which nobody read proves nothing") {
  const auto result_of = [](const std::string& off) {
    LoadOutcome outcome = load(sample_with(kCut, "at: \"2m\" lasts: \"1m\" clock_off { " + off + " }"));
    INFO(complaints(outcome));
    REQUIRE(outcome.loaded);
    RunOptions options;
    options.seeds = {1};
    return run(*outcome.loaded, options).result;
  };
  const schema::Result read = result_of("site: \"dc\" offset: \"1s\"");
  REQUIRE(read.faults_size() == 1);
  CHECK(read.faults(0).target() == "dc");
  CHECK(read.faults(0).times() == 1);
  REQUIRE(read.faults(0).spells_size() == 1);
  CHECK(read.faults(0).spells(0).start_ns() == sim::minutes(2).ns);
  CHECK(read.faults(0).spells(0).end_ns() == sim::minutes(3).ns);
  CHECK(read.faults(0).fault().clock_off().site() == "dc");
  // 200 a second for a minute, each decision reads the gateway's clock once or twice.
  CHECK(read.faults(0).touched() > 10'000);
  const schema::Result unread = result_of("site: \"eu\" node: \"c\" offset: \"1s\"");
  CHECK(unread.faults(0).target() == "eu/c");
  CHECK(unread.faults(0).touched() == 0);
  const auto proves_nothing = [](const schema::Result& result) {
    return std::find(result.reasons().begin(), result.reasons().end(), "vacuous") != result.reasons().end();
  };
  CHECK(proves_nothing(unread));
  CHECK_FALSE(proves_nothing(read));
}

// At 2:30 somebody is throttled by the minute and somebody by five minutes; both windows are over by a clock that then
// steps an hour ahead.
TEST_CASE("a clock that steps over the ends of two windows of different length ends both") {
  const LoadOutcome outcome = load(R"(name: "two windows"
duration: "10m"
sites {
  name: "dc" nodes: "a" nodes: "b" clustering {}
  roles { nodes: "a" parts: "gateway" }
  roles { nodes: "b" parts: "key_manager" parts: "control_plane" parts: "traffic_manager" }
}
regions { name: "near" prefers: "dc" }
links { from: "near" to: "dc" delay { constant: "5ms" } }
catalog { apis: 3 applications: 10 tokens: 50 tiers { name: "t" limit: "5/m" } tiers { name: "u" limit: "5/5m" } }
workload { populations { name: "p" region: "near" rate: "5/s" token_popularity: 0 } }
faults { name: "ahead" at: "150s" lasts: "5m" clock_off { site: "dc" node: "b" offset: "1h" } }
)");
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  CHECK(run_seed(outcome.loaded->scenario, 1).findings.decisions > 2'500);
}

}  // namespace parallax::scenarios
