// What a scenario may say about how clients arrive and try again: each check once, with the complaint that breaking it
// leads to.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kClients =
    R"(name: "clients"
duration: "1h"
sites { name: "dc" nodes: "a" }
regions { name: "near" prefers: "dc" }
links { from: "near" to: "dc" delay { constant: "5ms" } }
workload {
  populations {
    name: "users"
    region: "near"
    rate: "10/s"
    backoff: "100ms"
    backoff_factor: 3
    greatest_backoff: "20s"
    jitter: "equal"
    bursts { rate: "40/s" mean_calm: "50s" mean_burst: "5s" }
    day { peak_at: "15h" least_share: 0.25 }
  }
  populations { name: "others" region: "near" rate: "1/s" backoff: "2m" }
}
)";

TEST_CASE("what is said of arrivals and pauses gets to the world") {
  const LoadOutcome outcome = load(kClients);
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.populations.size() == 2);
  const world::PopulationConfig& users = config.populations[0];
  CHECK(users.backoff.first == sim::milliseconds(100));
  CHECK(users.backoff.factor == 3);
  CHECK(users.backoff.greatest == sim::seconds(20));
  CHECK(users.backoff.jitter == steering::Jitter::kEqual);
  REQUIRE(users.bursts);
  CHECK(users.bursts->gap.greatest() == sim::Distribution::exponential(sim::milliseconds(25)).greatest());
  CHECK(users.bursts->mean_calm == sim::seconds(50));
  CHECK(users.bursts->mean_burst == sim::seconds(5));
  REQUIRE(users.day);
  CHECK(users.day->peak == sim::VirtualTime{} + sim::minutes(15 * 60));
  CHECK(users.day->least_share == 0.25);
  CHECK(users.day->period == sim::minutes(24 * 60));
}

// A fixed pause may be longer than 60 s, up to which pauses grow by default.
TEST_CASE("clients of which nothing is said pause alike and call at one rate") {
  const LoadOutcome outcome = load(kClients);
  REQUIRE(outcome.loaded);
  const world::PopulationConfig others = compile(outcome.loaded->scenario, 1).populations.at(1);
  CHECK(others.backoff.first == sim::minutes(2));
  CHECK(others.backoff.factor == 1);
  CHECK(others.backoff.jitter == steering::Jitter::kNone);
  CHECK_FALSE(others.bursts);
  CHECK_FALSE(others.day);
}

// 20/s: 50 ms on average, a half of that to one and a half.
TEST_CASE("calls and writes may come regularly") {
  const LoadOutcome outcome =
      load(kSample, {"workload.populations[users].arrivals=regular", "workload.writes[revoke].arrivals=regular",
                     "workload.populations[users].rate=20/s"});
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  CHECK(config.populations[0].gap.least() == sim::milliseconds(25));
  CHECK(config.populations[0].gap.greatest() == sim::milliseconds(75));
  CHECK(config.writes[0].gap.least() == sim::milliseconds(500));
  CHECK(config.writes[0].gap.greatest() == sim::milliseconds(1'500));
  CHECK(complaints(load(kSample, {"workload.populations[users].arrivals=regulr"})).find("did you mean \"regular\"?") !=
        std::string::npos);
  CHECK(complaints(load(kSample, {"workload.writes[revoke].arrivals=regulr"})).find("did you mean \"regular\"?") !=
        std::string::npos);
  CHECK(complaints(load(kClients, {"workload.populations[users].arrivals=regular"}))
            .find("has regular arrivals and bursts; expected poisson with it") != std::string::npos);
}

TEST_CASE("pauses, bursts and days are within reason") {
  const Case cases[] = {
      {"\"equal\"", "\"equa\"", "unknown jitter \"equa\"; did you mean \"equal\"?"},
      {"\"equal\"", "\"ful\"", "unknown jitter \"ful\"; did you mean \"full\"?"},
      {"backoff_factor: 3", "backoff_factor: 0", "backoff_factor: \"0\" is out of range; expected 1 to 100"},
      {"\"20s\"", "\"99ms\"", "greatest_backoff \"99ms\" is below the first pause, backoff \"100ms\""},
      {"\"20s\"", "\"20\"", "greatest_backoff"},
      {"rate: \"40/s\" ", "", "bursts.rate is missing"},
      {"mean_calm: \"50s\" ", "", "bursts.mean_calm is missing"},
      {"\"5s\"", "\"1us\"", "mean_burst: \"1us\" is out of range"},
      {"peak_at: \"15h\" ", "", "day.peak_at is missing"},
      {" least_share: 0.25", "", "day.least_share is missing"},
      {"0.25", "1.5", "least_share: \"1.5\" is out of range; expected 0 to 1"},
      {"0.25", "0.25 period: \"0s\"", "period: \"0s\" is out of range"}};
  check_all(kClients, cases);
}

constexpr std::string_view kOtherWays =
    R"(name: "other ways"
duration: "1h"
sites { name: "dc" nodes: "a" }
regions { name: "near" prefers: "dc" }
links { from: "near" to: "dc" delay { constant: "5ms" } }
workload {
  populations { name: "thinkers" region: "near" think { uniform { least: "1s" greatest: "3s" } } }
  populations { name: "measured" region: "near" trace { bucket: "5m" counts: [3, 0, 5] factor: 2.5 } }
}
)";

// 3 x 2.5 = 7.5 is rounded up, 5 x 2.5 = 12.5 too.
TEST_CASE("think times and traces get to the world in place of a rate") {
  const LoadOutcome outcome = load(kOtherWays);
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.populations.size() == 2);
  REQUIRE(config.populations[0].think);
  // But for the rounding of a table of 4,097 points.
  CHECK(std::abs((config.populations[0].think->mean() - sim::seconds(2)).ns) < 1'000);
  CHECK_FALSE(config.populations[0].trace);
  REQUIRE(config.populations[1].trace);
  CHECK(config.populations[1].trace->bucket == sim::minutes(5));
  CHECK(config.populations[1].trace->counts == std::vector<std::uint32_t>{8, 0, 13});
  CHECK_FALSE(config.populations[1].think);
}

TEST_CASE("a population calls in one way, and not for ever at one instant") {
  const std::string uniform = "uniform { least: \"1s\" greatest: \"3s\" }";
  const std::string think = "think { " + uniform + " }";
  const std::string counts = "counts: [3, 0, 5] factor: 2.5";
  const Case cases[] = {
      {think, "", "populations[thinkers].rate is missing; expected a rate"},
      {"think {", "rate: \"1/s\" think {", "has rate, think; expected one of them"},
      {"trace {", "rate: \"1/s\" trace {", "has rate, trace; expected one of them"},
      {"trace {", "think { constant: \"1s\" } trace {", "has trace, think; expected one of them"},
      {"trace {", "day { peak_at: \"1h\" least_share: 0.5 } trace {", "has day and no rate"},
      {"think {", "bursts { rate: \"1/s\" mean_calm: \"1s\" mean_burst: \"1s\" } think {", "has bursts and no rate"},
      {uniform, "constant: \"0s\"", "never think for as long as a millisecond"},
      {uniform, "uniform { least: \"0s\" greatest: \"999us\" }", "never think for as long as a millisecond"},
      {uniform, "", "never think for as long as a millisecond"},
      {counts, "", "trace.counts is missing; expected at least one"},
      {counts, "counts: [0, 0]", "nobody of population \"measured\" ever calls"},
      {counts, "counts: [1, 2] factor: 0.1", "nobody of population \"measured\" ever calls"},
      {counts, "counts: [10000001]", "is out of range"},
      {counts, "counts: [10000000] factor: 2", "are more than 10000000 in a bucket"},
      {"\"5m\"", "\"0s\"", "bucket: \"0s\" is out of range"},
      {"bucket: \"5m\" counts: [3,", "bucket: \"365d\" counts: [1, 1, 1, 1, 1, 1, 1, 1, 1,", "11 buckets of \"365d\""}};
  check_all(kOtherWays, cases);
}

}  // namespace
}  // namespace parallax::scenarios
