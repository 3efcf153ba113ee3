// What a scenario may say about policies that change: each check once, with the complaint that breaking it leads to.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kChanging =
    R"(name: "changing"
duration: "1h"
sites { name: "dc1" nodes: "a" events {} }
sites { name: "dc2" nodes: "b" events {} }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
bridges { from: "dc1" to: "dc2" }
catalog { tiers { name: "free" } tiers { name: "gold" limit: "60/m" } }
workload {
  populations { name: "users" region: "clients" rate: "1/s" }
  writes { name: "cut" site: "dc1" from: "5m" change_policy { tier: "gold" limit: "20/m" } }
}
)";

TEST_CASE("a change of a policy gets to the world") {
  const auto outcome = load(kChanging);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  const world::WorldConfig config = compile(outcome.loaded->scenario, 1);
  REQUIRE(config.policy_changes.size() == 1);
  CHECK(config.policy_changes[0].site == sim::SiteId{0});
  CHECK(config.policy_changes[0].spec.at == sim::VirtualTime{} + sim::minutes(5));
  CHECK(config.policy_changes[0].spec.policy == domain::TierId{1});
  CHECK(config.policy_changes[0].spec.requests == 20);
}

TEST_CASE("a change of a policy names a tier with a limit, and whoever counts hears of it") {
  const Case cases[] = {
      {"tier: \"gold\"", "tier: \"gild\"", "12:63: unknown tier \"gild\"; did you mean \"gold\"?"},
      {"tier: \"gold\"", "tier: \"free\"", "tier \"free\" has no limit; expected one that has"},
      {"\"20/m\"", "\"20/s\"",
       "limit \"20/s\" has another window than tier \"gold\", whose limit is \"60/m\"; expected the same"},
      {"\"20/m\"", "\"0.5/m\"", "limit \"0.5/m\" counts parts of requests; expected a whole number"},
      {"nodes: \"a\" events {}", "nodes: \"a\" events { subscriptions { topics: \"throttle_data\" } }",
       "nobody tells traffic manager \"a\" that write \"cut\" changes a policy"},
      {"\"20/m\"", "\"5000000000/m\"", "limit \"5000000000/m\" is too great; expected at most 4294967295"},
      {"from: \"5m\"", "from: \"5m\" until: \"6m\"",
       "write \"cut\" changes a policy once, at its from; expected no until"},
      {"bridges { from: \"dc1\" to: \"dc2\" }", "",
       "nobody tells traffic managers of \"dc2\" that write \"cut\" changes a policy at \"dc1\"; expected bridges { "
       "from: "
       "\"dc1\" to: \"dc2\" }"},
      {"nodes: \"a\" events {}", "nodes: \"a\"",
       "nobody tells traffic managers of \"dc1\" that write \"cut\" changes a policy at \"dc1\"; expected events { }"},
      {"nodes: \"b\" events {}",
       "nodes: \"b\" events {} roles { nodes: \"b\" parts: [\"gateway\", \"key_manager\", \"traffic_manager\"] }",
       "traffic managers of \"dc2\" ask its control plane for the policy that write \"cut\" changes, and no node there "
       "is "
       "one"}};
  check_all(kChanging, cases);
}

}  // namespace
}  // namespace parallax::scenarios
