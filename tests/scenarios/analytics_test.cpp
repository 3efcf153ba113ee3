// What a scenario may say about analytics and statistics databases: each check once, with the complaint that breaking
// it leads to.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kPair =
    R"(name: "pair"
duration: "1h"
sites { name: "dc1" nodes: "a" analytics {} }
sites { name: "dc2" nodes: "b" analytics { summarise_interval: "2m" } }
sites { name: "dc3" nodes: "c" }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
statistics { mode: "shared" master: "dc1" replica: "dc2" }
workload { populations { name: "users" region: "clients" rate: "1/s" } }
)";

constexpr std::string_view kShared = "mode: \"shared\" master: \"dc1\" replica: \"dc2\"";

TEST_CASE("the pair with statistics is right, and so are the other modes") {
  CHECK(complaints(load(kPair)).empty());
  CHECK(complaints(load(with(kPair, kShared, ""))).empty());
  CHECK(complaints(load(with(kPair, kShared, "mode: \"separate\""))).empty());
  CHECK(complaints(load(with(kPair, "replica: \"dc2\"", ""))).empty());
  CHECK(complaints(load(with(kPair, "analytics {}", ""))).empty());
}

TEST_CASE("statistics that make no sense are said to") {
  const Case cases[] = {
      {kShared, "mode: \"replicate\"",
       "9:14: unknown mode \"replicate\"; did you mean \"replicated\"? (words: separate, replicated, shared)"},
      {kShared, "totals: \"addd\"", "9:14: unknown totals \"addd\"; did you mean \"added\"?"},
      {kShared, "profile: \"bdrr\"", "9:14: unknown profile \"bdrr\"; did you mean \"bdr\"?"},
      {kShared, "mode: \"shared\"", "shared statistics without a place; expected master: \"...\", a site"},
      {kShared, "mode: \"separate\" master: \"dc1\"",
       "9:31: master with the mode \"separate\"; expected mode: \"shared\" or no master"},
      {kShared, "replica: \"dc1\"",
       "9:14: replica with the mode \"replicated\"; expected mode: \"shared\" or no replica"},
      {"master: \"dc1\"", "master: \"clients\"", "9:29: \"clients\" is a region and has no database; expected a site"},
      {"replica: \"dc2\"", "replica: \"clients\"", "9:43: \"clients\" is a region and has no database"},
      {"master: \"dc1\"", "master: \"dcx\"", "unknown site \"dcx\""},
      {"replica: \"dc2\"", "replica: \"dc1\"", "9:43: the replica is at \"dc1\", where the master is"},
      {"replica: \"dc2\"", "replica: \"dc3\"",
       "unreachable site: the statistics database has no way from \"dc1\" to \"dc3\"; expected links"},
      {"replica: \"dc2\"", "replica: \"dc2\" ask_interval: \"1h\"",
       "9:58: ask_interval \"1h\" leads out of the run; expected less than its duration \"1h\""},
      {"summarise_interval: \"2m\"", "summarise_interval: \"2h\"",
       "4:44: summarise_interval \"2h\" leads out of the run"},
      {"summarise_interval: \"2m\"", "summarise_interval: \"0s\"", "\"0s\" is out of range; expected 1s to 30d"},
      {"statistics { mode: \"shared\" master: \"dc1\" replica: \"dc2\" }", "",
       "site \"dc1\" has analytics and the scenario no statistics; expected statistics { ... }"},
  };
  check_all(kPair, cases);
}

TEST_CASE("statistics want somebody who counts") {
  std::string text = with(kPair, "analytics {}", "");
  text.erase(text.find("analytics { summarise_interval: \"2m\" }"),
             std::string_view("analytics { summarise_interval: \"2m\" }").size());
  CHECK_THAT(complaints(load(text)),
             Catch::Contains("statistics, but no site counts; expected analytics {} in each site that does"));
}

TEST_CASE("databases that follow each other need a way between all of them") {
  std::string text = with(kPair, kShared, "mode: \"replicated\"");
  CHECK(complaints(load(text)).empty());
  text.replace(text.find("nodes: \"c\""), std::string_view("nodes: \"c\"").size(), "nodes: \"c\" analytics {}");
  CHECK_THAT(complaints(load(text)), Catch::Contains("unreachable site: the statistics database has no way"));
}

TEST_CASE("what is not said has the defaults of the guide and of its scripts; a scenario without keeps none") {
  const LoadOutcome outcome = load(with(kPair, kShared, ""));
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.statistics);
  CHECK(config.statistics->mode == world::StatisticsConfig::Mode::kReplicated);
  CHECK(config.statistics->key == propagation::schema::SummaryKey::kWithDataCenter);
  CHECK(config.statistics->rewriting == management::Rewriting::kRecomputed);
  CHECK(config.statistics->bucket == sim::minutes(24 * 60));
  CHECK(config.statistics->stream.rules.update_update == propagation::replication::Resolution::kLatest);
  REQUIRE(config.sites[0].analytics);
  CHECK(config.sites[0].analytics->summarise_interval == sim::minutes(5));
  CHECK(config.sites[1].analytics->summarise_interval == sim::minutes(2));
  CHECK_FALSE(config.sites[2].analytics);
  const LoadOutcome none = load(kSample);
  REQUIRE(none.loaded);
  CHECK_FALSE(compile(none.loaded->scenario, 1).statistics);
}

}  // namespace
}  // namespace parallax::scenarios
