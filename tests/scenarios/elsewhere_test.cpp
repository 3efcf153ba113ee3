// What a scenario may leave to other sites: each check once, with the complaint that breaking it leads to.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kStretched =
    R"(name: "stretched"
duration: "1h"
sites { name: "dc1" nodes: "a" events {} }
sites {
  name: "dc2"
  nodes: "b"
  roles { nodes: "b" parts: "gateway" parts: "key_manager" }
  gateway { key_validation { site: "dc1" connections: 7 } }
  traffic_manager { counted_at: "dc1" }
  events { subscriptions { brokers: "dc1/a" topics: "throttle_data" } }
  database { startup_statements: 3 }
}
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
catalog { tiers { name: "gold" limit: "60/m" } }
workload { populations { name: "users" region: "clients" rate: "1/s" } }
)";

TEST_CASE("what is left to another site gets to the world") {
  const auto outcome = load(kStretched);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  const world::SiteConfig& dc2 = config.sites[1];
  CHECK(dc2.validates_at == sim::SiteId{0});
  CHECK(dc2.validation_connections.connections == 7);
  CHECK(dc2.counted_at == std::vector<sim::SiteId>{sim::SiteId{0}});
  CHECK_FALSE(dc2.node.is_counted_here);
  CHECK(config.sites[0].node.is_counted_here);
  CHECK(dc2.startup_statements == 3);
}

TEST_CASE("only sites that can do it are left anything to, and somebody hears of what comes of it") {
  const Case cases[] = {
      {"key_validation { site: \"dc1\"", "key_validation { site: \"dc3\"", "unknown site \"dc3\""},
      {"key_validation { site: \"dc1\"", "key_validation { site: \"clients\"",
       "\"clients\" is a region; expected a site"},
      {"key_validation { site: \"dc1\"", "key_validation { site: \"dc2\"", "the key manager is at \"dc2\" itself"},
      {"nodes: \"a\" events {}", "nodes: \"a\" events {} database { at { site: \"dc2\" } }",
       "\"dc1\" asks another site itself; expected one with a database and key managers of its own"},
      {"counted_at: \"dc1\"", "counted_at: \"dc1\" counted_at: \"dc1\"", "\"dc1\" a second time"},
      {"counted_at: \"dc1\"", "counted_at: \"clients\"", "\"clients\" is a region; expected a site"},
      {"counted_at: \"dc1\"", "counted_at: \"dc2\"", "no node of \"dc2\" is a traffic_manager"},
      {"topics: \"throttle_data\"", "topics: \"notification\"",
       "requests of \"dc2\" are counted at \"dc1\", and nobody tells its gateways what comes of it; expected events { "
       "subscriptions { brokers: \"dc1/a\" topics: \"throttle_data\" } }"},
      {"nodes: \"a\" events {}", "nodes: \"a\" events {} key_manager { validations_take_workers: true workers {} }",
       "questions about tokens take workers at \"dc1\", but those of other sites would take none"},
      {"links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n", "",
       "unreachable site: the key validation has no way from \"dc2\" to \"dc1\""}};
  check_all(kStretched, cases);
}

constexpr std::string_view kValidating =
    R"(name: "validating"
duration: "1h"
sites { name: "dc1" nodes: "a" key_manager { validations_take_workers: true workers { count: 3 } } }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
workload { populations { name: "users" region: "clients" rate: "1/s" } }
)";

TEST_CASE("that questions about tokens take workers gets to the world") {
  const auto outcome = load(kValidating);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  CHECK(config.sites[0].node.validations_take_workers);
  CHECK(config.sites[0].node.key_manager_workers->count == 3);
}

TEST_CASE("questions about tokens take workers only where there are such questions, and workers") {
  const Case cases[] = {
      {"workers { count: 3 }", "", "questions about tokens cannot take workers that nobody counts"},
      {"workers { count: 3 }", "workers { count: 3 } tokens: \"jwt\"",
       "gateways decide about signed tokens by themselves, and ask nobody"},
      {"nodes: \"a\"", "nodes: \"a\" roles { nodes: \"a\" parts: \"gateway\" parts: \"traffic_manager\" }",
       "no node of \"dc1\" is a key_manager"},
  };
  check_all(kValidating, cases);
}

}  // namespace
}  // namespace parallax::scenarios
