// Which timers a scenario has, and how long a run must be for all of them.
#include "scenarios/timers.h"

#include <algorithm>

#include "scenarios/run.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

schema::Scenario scenario(std::string_view text, const std::vector<std::string>& overrides = {}) {
  const LoadOutcome outcome = load(text, overrides);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  return outcome.loaded->scenario;
}

std::vector<std::string> paths(const schema::Scenario& of) {
  std::vector<std::string> all;
  for (const DeclaredTimer& timer : timers_of(of)) all.push_back(timer.path);
  return all;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

TEST_CASE("a scenario has the timers that something in it can reach") {
  // Opaque tokens at both sites; tokens are revoked at dc alone; nothing is published and no token is issued.
  CHECK(paths(scenario(kSample)) ==
        std::vector<std::string>{"sites[dc].gateway.token_cache.ttl", "sites[dc].gateway.token_cache.sweep_interval",
                                 "sites[dc].database.cleans_revoked_tokens", "sites[eu].gateway.token_cache.ttl",
                                 "sites[eu].gateway.token_cache.sweep_interval", "catalog.tokens",
                                 "catalog.tiers[basic].limit"});
  const auto bare = paths(scenario(kSample, {"sites[dc].gateway.token_cache.enabled=false"}));
  CHECK_FALSE(has(bare, "sites[dc].gateway.token_cache.ttl"));
  CHECK_FALSE(has(bare, "sites[dc].gateway.token_cache.sweep_interval"));
  const auto tested = paths(scenario(kSample, {"sites[dc].gateway.token_cache.sweep_interval=0s"}));
  CHECK(has(tested, "sites[dc].gateway.token_cache.ttl"));
  CHECK_FALSE(has(tested, "sites[dc].gateway.token_cache.sweep_interval"));
}

TEST_CASE("scans are reached where something is published, and expiries where tokens are issued") {
  constexpr std::string_view kWrite = "revoke_tokens { rate: \"1/s\" }";
  const std::string both = with(sample_with("nodes: [\"a\", \"b\"]", "nodes: [\"a\", \"b\"] clustering {}"),
                                "nodes: \"c\"", "nodes: \"c\" clustering {}");
  const std::string clustered = both + "links { from: \"dc\" to: \"eu\" delay { constant: \"5ms\" } }\n";
  CHECK_FALSE(has(paths(scenario(clustered)), "sites[dc].clustering.deployment_scan"));
  const auto published = paths(
      scenario(with(with(clustered, kWrite, "publish_apis { count: 1 }"), "token_revoked.max", "api_published.max")));
  CHECK(has(published, "sites[dc].clustering.deployment_scan"));
  CHECK(has(published, "sites[eu].clustering.deployment_scan"));
  CHECK_FALSE(has(published, "sites[dc].database.cleans_revoked_tokens"));
  const auto issued = paths(scenario(
      with(with(kSample, kWrite, "request_tokens { rate: \"1/s\" }"), "token_revoked.max", "token_issued.max")));
  CHECK(has(issued, "sites[dc].key_manager.token_validity"));
}

// The sample runs for 10 min. Its caches keep entries for 60 s at dc, for 15 min at eu, and a sweep may take 30 s more:
// 15 min 30 s is the least. A tenth of 15 min on top: 17 min.
TEST_CASE("a run that is shorter than a timer is told how long it should be") {
  CHECK(advice_on_duration(scenario(kSample)) ==
        "duration 10m is shorter than sites[eu].gateway.token_cache.ttl (15m): expiries will not be seen; 17m would "
        "show them");
  CHECK(advice_on_duration(scenario(kSample, {"duration=15m"})) ==
        "duration 15m is shorter than sites[eu].gateway.token_cache.ttl (15m and up to 30s until it shows): expiries "
        "will not be seen; 17m would show them");
  CHECK_FALSE(advice_on_duration(scenario(kSample, {"duration=15m30s"})));
  CHECK_FALSE(advice_on_duration(scenario(kSample, {"duration=17m"})));
}

TEST_CASE("of several timers the one that takes longest is named, and how many more there are") {
  // Both caches for 15 min, and a limit by the hour: 60 min, 66 with a tenth.
  CHECK(advice_on_duration(scenario(with(kSample, "20/m", "20/h"), {"sites[dc].gateway.token_cache.ttl=15m"})) ==
        "duration 10m is shorter than catalog.tiers[basic].limit (1h) and 2 more: ends of limit windows will not be "
        "seen; 1h6m would show them");
  // 10 h and 30 s, and an hour: in figures that people would choose.
  CHECK_THAT(*advice_on_duration(scenario(kSample, {"sites[*].gateway.token_cache.ttl=10h"})),
             Catch::Contains("; 11h would show them"));
}

TEST_CASE("no duration is proposed for a cache that keeps entries for ever") {
  CHECK_FALSE(advice_on_duration(scenario(kSample, {"sites[eu].gateway.token_cache.ttl=365d"})));
}

// The sample's tokens are revoked from 1 min to 2 min at dc; the users' site. With a time to live of 60 s all entries
// of them are gone by 3 min 30 s; with one of an hour some keep their windows open, and no run shorter than that can
// tell how many calls are wrong in the end.
TEST_CASE("wrong calls are not counted to their end before the caches forget") {
  constexpr std::string_view kQuiet = R"(name: "quiet"
duration: "5m"
sites { name: "dc" nodes: ["a", "b"] }
regions { name: "clients" }
links { from: "clients" to: "dc" delay { constant: "20ms" } }
catalog { apis: 5 tokens: 20 tiers { name: "basic" limit: "20/h" } }
workload {
  populations { name: "users" region: "clients" rate: "20/s" }
  writes { name: "revoke" from: "1m" until: "2m" revoke_tokens { rate: "10/m" } }
}
expectations { metric: "decision.wrong_allow.count" at_most: "1000000" }
)";
  const auto verdict = [&](const std::vector<std::string>& overrides) {
    const LoadOutcome outcome = load(kQuiet, overrides);
    INFO(complaints(outcome));
    REQUIRE(outcome.loaded);
    return run(*outcome.loaded, RunOptions{}).result;
  };
  const schema::Result early = verdict({});
  CHECK(early.verdict() == "inconclusive");
  REQUIRE(early.reasons_size() == 1);
  CHECK(early.reasons(0) == "timer_never_fired");
  CHECK_THAT(early.expectations(0).text(), Catch::EndsWith("; sites[dc].gateway.token_cache.ttl (15m) never fired"));
  REQUIRE(early.timers_size() == 5);
  CHECK(early.timers(0).fired() == 0);
  CHECK(early.timers(0).awaited() > 0);
  REQUIRE(early.timers(0).awaited_by_size() == 1);
  CHECK(early.timers(0).awaited_by(0) == "token_revoked");
  // A limit by the hour has not ended, but wrong calls of revoked tokens do not rest on it.
  CHECK(early.timers(4).path() == "catalog.tiers[basic].limit");
  CHECK(early.timers(4).fired() == 0);
  CHECK(early.timers(4).awaited() > 0);

  const schema::Result late = verdict({"duration=17m"});
  CHECK(late.verdict() == "pass");
  CHECK(late.timers(0).fired() > 0);
  CHECK(verdict({"sites[dc].gateway.token_cache.ttl=60s"}).verdict() == "pass");
  // Members of a cluster tell each other: the run is as short, and nothing waits.
  CHECK(verdict({"sites[dc].clustering.message_delay=1ms"}).verdict() == "pass");
}

}  // namespace
}  // namespace parallax::scenarios
