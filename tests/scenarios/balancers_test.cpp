// What a scenario may say about load balancers and clients' cookies: each check once, with the complaint that breaking
// it leads to.
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

namespace health = steering::health;

constexpr std::string_view kBalancers =
    R"(name: "balancers"
duration: "1h"
sites { name: "dc" nodes: "a" nodes: "b" load_balancer { affinity: "cookie" } }
sites {
  name: "eu"
  nodes: "c"
  load_balancer {
    algorithm: "least_connections"
    affinity: "source_address"
    profile: "haproxy"
    checks { interval: "5s" counted_from: "start" fall: 4 rise: 1 answer_timeout: "900ms" }
    retries: 1
    redispatch: "last_retry"
    connect_timeout: "3s"
    answer_timeout: "20s"
    connections: 8
    idle_connections: 8
  }
}
regions { name: "near" prefers: "dc" prefers: "eu" }
links { from: "near" to: "dc" delay { constant: "5ms" } }
links { from: "near" to: "eu" delay { constant: "9ms" } }
workload { populations { name: "users" region: "near" rate: "1/s" drops_cookies: 0.25 } }
)";

TEST_CASE("what is said of balancers gets to the world") {
  const LoadOutcome outcome = load(kBalancers);
  CHECK(complaints(outcome).empty());
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  CHECK(config.populations[0].drops_cookies == 0.25);
  CHECK(config.sites[0].balancer.algorithm == health::Algorithm::kRoundRobin);
  CHECK(config.sites[0].balancer.persistence == health::Persistence::kCookie);
  CHECK_FALSE(config.sites[0].checked_balancer);
  REQUIRE(config.sites[1].checked_balancer);
  const health::BalancerSpec& eu = *config.sites[1].checked_balancer;
  CHECK(eu.algorithm == health::Algorithm::kLeastConnections);
  CHECK(eu.persistence == health::Persistence::kSourceTable);
  CHECK(eu.check.interval == sim::seconds(5));
  CHECK(eu.check.interval_from == health::IntervalFrom::kStart);
  CHECK(eu.check.fall == 4);
  CHECK(eu.check.rise == 1);
  CHECK(eu.check.connect_timeout == sim::seconds(5));  // as long as the interval
  CHECK(eu.check.answer_timeout == sim::milliseconds(900));
  CHECK(eu.retries == 1);
  CHECK(eu.redispatch == health::Redispatch::kLastRetry);
  CHECK(eu.connect_timeout == sim::seconds(3));
  CHECK(eu.answer_timeout == sim::seconds(20));
  CHECK(eu.connections == 8);
  CHECK(eu.idle_connections == 8);
}

TEST_CASE("words of balancers are known ones, and go together") {
  const Case cases[] = {
      {"\"cookie\"", "\"coockie\"", "3:58: unknown affinity \"coockie\"; did you mean \"cookie\"?"},
      {"\"source_address\"", "\"source_adress\"", "did you mean \"source_address\"?"},
      {"\"least_connections\"", "\"least_conections\"", "did you mean \"least_connections\"?"},
      {"\"haproxy\"", "\"ha_proxy\"", "unknown profile \"ha_proxy\"; did you mean \"haproxy\"?"},
      {"\"last_retry\"", "\"last_retri\"", "unknown redispatch \"last_retri\"; did you mean \"last_retry\"?"},
      {"\"start\"", "\"strat\"", "unknown counted_from \"strat\"; did you mean \"start\"?"},
      {"fall: 4", "fall: 0", "load_balancer.checks.fall: \"0\" is out of range; expected 1 to 1000"},
      {"\"5s\"", "\"5\"", "checks.interval: \"5\""},
      {"connections: 8\n    idle_connections: 8", "connections: 8\n    idle_connections: 9",
       "idle_connections 9 of connections 8; expected no more than those"},
      {"drops_cookies: 0.25", "drops_cookies: 1.5", "drops_cookies: \"1.5\" is out of range; expected 0 to 1"},
      {"affinity: \"cookie\"", "affinity: \"cookie\" retries: 2", "3:77: retries without profile"},
      {"affinity: \"cookie\"", "algorithm: \"least_connections\"",
       "3:58: algorithm \"least_connections\" without profile; expected round_robin or source"},
      {"affinity: \"cookie\"", "affinity: \"none\"", "no load balancer has affinity by cookie; expected affinity"},
      {"    profile: \"haproxy\"\n", "", "checks without profile"}};
  check_all(kBalancers, cases);
}

}  // namespace
}  // namespace parallax::scenarios
