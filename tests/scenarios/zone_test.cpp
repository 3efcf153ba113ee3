// What a scenario may say about a DNS provider, resolvers and what clients keep: each check once, with the complaint
// that breaking it leads to.
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kZone =
    R"(name: "zone"
duration: "1h"
sites { name: "dc" nodes: "a" jurisdiction: "EU" }
sites { name: "us" nodes: "b" jurisdiction: "US" }
regions {
  name: "near" prefers: "dc" prefers: "us" jurisdiction: "EU" abroad: "held"
  resolvers { at: "isp" count: 3 share: 0.5 profile: "stretching" least_ttl: "120s" client_subnet: true }
  resolvers { client_subnet: true }
}
regions { name: "isp" prefers: "us" }
links { from: "dc" to: "us" delay { constant: "40ms" } }
links { from: "near" to: "dc" delay { constant: "5ms" } }
links { from: "near" to: "isp" delay { constant: "5ms" } }
links { from: "isp" to: "dc" delay { constant: "5ms" } }
zone {
  authorities: "isp" routing: "geo" ttl: "30s" none_healthy: "empty"
  targets { site: "dc" } targets { site: "us" }
  checks { profile: "route53_fast" from: "isp" interval: "5s" }
}
workload {
  populations {
    name: "users" region: "near" rate: "10/s"
    client_caches { profile: "jvm" share: 0.5 }
    kept_connections { idle: "30s" }
  }
}
faults { name: "emptied" at: "1m" lasts: "1m" record_emptied {} }
faults { name: "silent" at: "5m" lasts: "1m" authority_down { at: "isp" } }
)";

TEST_CASE("what is said of a zone gets to the world") {
  const LoadOutcome outcome = load(kZone);
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.zone);
  CHECK(config.zone->policy.routing == steering::dns::Routing::kGeo);
  CHECK(config.zone->policy.none_healthy == steering::dns::NoneHealthy::kEmptyAnswer);
  CHECK(config.zone->policy.ttl == sim::seconds(30));
  REQUIRE(config.zone->policy.targets.size() == 2);
  REQUIRE(config.zone->checks);
  CHECK(config.zone->checks->spec.check.interval == sim::seconds(5));
  CHECK(config.zone->checks->spec.check.fall == 3);  // the profile's
  CHECK(config.zone->checks->gathered_at == config.zone->authorities.front());
  // Users who are held are led to sites of their law only.
  REQUIRE(config.regions.size() == 2);
  CHECK(config.regions[0].preferred.size() == 1);
  REQUIRE(config.regions[0].resolvers.size() == 2);
  CHECK(config.regions[0].resolvers[0].spec.least_ttl == sim::seconds(120));
  CHECK(config.regions[0].resolvers[0].at == config.zone->authorities.front());
  CHECK(config.regions[0].resolvers[1].spec.client_subnet == steering::dns::ClientSubnet::kPassedOn);
  REQUIRE(config.populations.front().client_caches.size() == 1);
  CHECK(config.populations.front().client_caches.front().spec.kept == sim::seconds(30));
  REQUIRE(config.populations.front().keep_alive);
  CHECK(config.populations.front().keep_alive->idle == sim::seconds(30));
  CHECK(config.populations.front().keep_alive->greatest_age == sim::minutes(60));
  REQUIRE(config.emptied_records.size() == 1);
  REQUIRE(config.silent_authorities.size() == 1);
}

TEST_CASE("zones, resolvers and what clients keep are within reason") {
  const Case cases[] = {
      {"routing: \"geo\"", "routing: \"goe\"", "unknown routing \"goe\"; did you mean \"geo\"?"},
      {"\"empty\"", "\"empt\"", "unknown none_healthy \"empt\"; did you mean \"empty\"?"},
      {"ttl: \"30s\"", "ttl: \"1500ms\"", "\"1500ms\" is not a whole number of seconds, as a TTL is"},
      {"authorities: \"isp\"", "authorities: \"ips\"", "did you mean \"isp\"?"},
      {"authorities: \"isp\"", "authorities: \"isp\" authorities: \"isp\"", "\"isp\" has an authority twice"},
      {"authorities: \"isp\"", "", "zone.authorities is missing"},
      {"\"route53_fast\"", "\"route54\"", "unknown profile \"route54\"; did you mean \"route53\"?"},
      {"from: \"isp\" interval", "from: \"dc\" interval", "\"dc\" is a site; expected a region, where a vantage point"},
      {"targets { site: \"dc\" }", "targets { site: \"isp\" }", "\"isp\" is a region; expected a site"},
      {"targets { site: \"dc\" }", "targets { site: \"us\" }", "\"us\" is a target twice"},
      {"targets { site: \"dc\" } targets { site: \"us\" }", "targets { site: \"dc\" }",
       "region \"isp\" prefers no target of the zone"},
      {"site: \"us\" }", "site: \"us\" weight: 3 }", "weights mean nothing with \"geo\" routing"},
      {"from: \"isp\" interval", "from: \"isp\" from: \"isp\" interval", "\"isp\" is a vantage point twice"},
      {"least_ttl: \"120s\"", "least_ttl: \"120s\" greatest_ttl: \"60s\"",
       "least_ttl \"120s\" is above greatest_ttl \"60s\""},
      {"least_ttl: \"120s\"", "least_ttl: \"500ms\"", "\"500ms\" is not a whole number of seconds"},
      {"at: \"isp\" count", "at: \"dc\" count", "\"dc\" is a site; expected a region, where a resolver can stand"},
      {"\"stretching\"", "\"stretchin\"", "unknown profile \"stretchin\"; did you mean \"stretching\"?"},
      {"profile: \"jvm\"", "profile: \"jmv\"", "unknown profile \"jmv\"; did you mean \"jvm\"?"},
      {"\"jvm\" share: 0.5", "\"jvm\" share: 0", "all shares are 0; expected at least one above it"},
      {"\"held\"", "\"hold\"", "unknown abroad \"hold\"; did you mean \"held\"?"},
      {"routing: \"geo\"", "routing: \"latency\"", "users of \"near\" anywhere by \"latency\" routing; expected geo"},
      {"\"120s\" client_subnet: true", "\"120s\"", "expected client_subnet: true"},
      {"rate: \"10/s\"", "rate: \"10/s\" roaming: 0.1", "users of \"near\" are held, and some of their calls roam"},
      {"jurisdiction: \"EU\" abroad", "jurisdiction: \"CH\" abroad",
       "region \"near\" prefers no site under the law of"},
      {" jurisdiction: \"EU\" abroad", " abroad", "region \"near\" has no jurisdiction to be held in"},
      {"authority_down { at: \"isp\" }", "authority_down { at: \"near\" }", "no authority stands at \"near\""},
      {"links { from: \"isp\" to: \"dc\" delay { constant: \"5ms\" } }\n", "", "has no way from \"isp\" to"}};
  check_all(kZone, cases);
}

TEST_CASE("targets have weights where the zone leads by them") {
  const std::string weighted =
      with(with(kZone, "\"geo\"", "\"weighted\""), "site: \"us\" }", "site: \"us\" weight: 3 }");
  const LoadOutcome outcome = load(with(weighted, " abroad: \"held\"", ""));
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  CHECK(compile(outcome.loaded->scenario, 1).zone->policy.targets[1].weight == 3);
}

TEST_CASE("what needs a zone is refused without one") {
  std::string text{kZone};
  const std::size_t from = text.find("zone {\n");
  text.erase(from, text.find("workload") - from);
  const std::string said = complaints(load(text));
  CHECK(said.find("nobody asks them without a zone") != std::string::npos);
  CHECK(said.find("clients look nothing up without a zone") != std::string::npos);
  CHECK(said.find("fault \"emptied\" is on a zone, and there is none") != std::string::npos);
}

}  // namespace
}  // namespace parallax::scenarios
