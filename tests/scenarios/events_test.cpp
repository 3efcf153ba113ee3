// What a scenario may say about message brokers and about what nodes do: each check once, with the complaint that
// breaking it leads to.
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
sites {
  name: "dc1"
  nodes: ["cp", "gw"]
  roles { nodes: "cp" parts: ["control_plane", "key_manager", "traffic_manager"] }
  roles { nodes: "gw" parts: "gateway" }
  events { subscriptions { nodes: "gw" brokers: ["cp", "dc2/b"] topics: "throttle_data" } }
}
sites { name: "dc2" nodes: "b" events { fail_back_interval: "30s" } }
sites { name: "dc3" nodes: "c" }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "dc1" to: "dc3" delay { constant: "40ms" } }
bridges { from: "dc1" to: "dc2" topics: "token_revocation" when_down: "buffer" capacity: 10 }
workload {
  populations { name: "users" region: "clients" rate: "1/s" }
  writes { name: "revoke" site: "dc1" revoke_tokens { rate: "1/s" } }
}
faults { name: "restart" at: "5m" lasts: "1m" node_down { site: "dc1" node: "cp" } }
)";

TEST_CASE("the pair with brokers is right") { CHECK(complaints(load(kPair)).empty()); }

TEST_CASE("what is said of brokers gets to the world") {
  const auto loaded = load(kPair).loaded;
  REQUIRE(loaded);
  const world::WorldConfig config = compile(loaded->scenario, 1);
  REQUIRE(config.sites[0].events);
  const auto& subscription = config.sites[0].events->subscriptions.at(0);
  REQUIRE(subscription.brokers.size() == 2);
  CHECK(subscription.brokers[0].node == 0);
  CHECK(subscription.brokers[1].site == sim::SiteId{1});
  CHECK(subscription.nodes == std::vector<std::uint32_t>{1});
  CHECK(subscription.spec.topics.has(domain::id_of(domain::Topic::kThrottleData)));
  CHECK_FALSE(subscription.spec.topics.has(domain::id_of(domain::Topic::kTokenRevocation)));
  // The profile's ladder, which the scenario does not speak of.
  CHECK(subscription.spec.reconnect.initial_pause == sim::seconds(10));
  CHECK(config.sites[1].events->subscriptions.at(0).spec.fail_back_interval == sim::seconds(30));
  CHECK(config.sites[1].events->subscriptions.at(0).brokers.empty());
  REQUIRE(config.bridges.size() == 1);
  CHECK(config.bridges[0].sender.when_down == propagation::broker::WhenDown::kBuffer);
  CHECK(config.bridges[0].sender.capacity == 10);
  CHECK_FALSE(config.sites[0].parts.at(0).has(runtime::Part::kGateway));
  CHECK(config.sites[0].parts.at(1).has(runtime::Part::kGateway));
  REQUIRE(config.node_outages.size() == 1);
  CHECK(config.node_outages[0].how == propagation::broker::HostLoss::kProcess);
}

TEST_CASE("roles name nodes and parts, and whoever writes has a node to write at") {
  const Case cases[] = {
      {"nodes: \"cp\" parts", "nodes: \"cq\" parts", "6:11: unknown node \"cq\" of \"dc1\"; did you mean \"cp\"?"},
      {"\"key_manager\"", "\"key_manger\"", "unknown parts \"key_manger\"; did you mean \"key_manager\"?"},
      {"roles { nodes: \"gw\" parts: \"gateway\" }", "roles { nodes: \"cp\" parts: \"gateway\" }",
       "\"cp\" has a role already; expected one role a node"},
      {"\"control_plane\", \"key_manager\", ", "\"control_plane\", ",
       "write \"revoke\" is made by a key_manager, and no node of \"dc1\" is one"},
      {"roles { nodes: \"gw\" parts: \"gateway\" }", "roles { nodes: \"gw\" parts: \"key_manager\" }",
       "\"dc1\" has no gateway; expected a site that has one"},
      {"events { fail_back", "traffic_manager { policies: \"askd\" } events { fail_back",
       "unknown policies \"askd\"; did you mean \"asked\"?"},
      {"events { fail_back", "key_manager { tokens: \"jwt\" } events { fail_back",
       "\"jwt\" tokens, but \"dc1\" has \"opaque\" ones; expected the same at all sites"}};
  check_all(kPair, cases);
}

TEST_CASE("subscriptions name gateways, brokers and topics that there are") {
  const Case cases[] = {
      {"subscriptions { nodes: \"gw\"", "subscriptions { nodes: \"b\"", "unknown node \"b\" of \"dc1\""},
      {"\"dc2/b\"", "\"dc2/x\"", "unknown node \"dc2/x\"; did you mean \"dc2/b\"? (nodes: cp, gw, dc2/b, dc3/c)"},
      {"\"dc2/b\"", "\"gw\"", "\"gw\" publishes nothing; expected a key_manager"},
      {"subscriptions { nodes: \"gw\" brokers: [\"cp\", \"dc2/b\"] topics: \"throttle_data\" }",
       "subscriptions { nodes: \"cp\" }", "gateway \"gw\" is in no subscription and would hear nothing"},
      {"\"dc2/b\"", "\"dc3/c\"", "\"dc3/c\" has no brokers; expected events { } at \"dc3\""},
      {"\"throttle_data\"", "\"throttl_data\"", "unknown topics \"throttl_data\"; did you mean \"throttle_data\"?"},
      {"events { fail_back", "events { profile: \"kafka\" fail_back", "unknown profile \"kafka\""}};
  check_all(kPair, cases);
}

TEST_CASE("who is neither a gateway nor a traffic manager does not listen") {
  std::string text = with(kPair, "subscriptions { nodes: \"gw\"", "subscriptions { nodes: \"cp\"");
  CHECK_THAT(complaints(load(text)), !Catch::Contains("others do not listen"));
  constexpr std::string_view kManager = ", \"traffic_manager\"";
  CHECK_THAT(
      complaints(load(text.erase(text.find(kManager), kManager.size()))),
      Catch::Contains("\"cp\" is neither a gateway nor a traffic_manager; expected one, for others do not listen"));
}

TEST_CASE("bridges lead from brokers to others") {
  const Case cases[] = {
      {"to: \"dc2\" topics", "to: \"dc3\" topics", "\"dc3\" has no brokers; expected events { } there"},
      {"to: \"dc2\" topics", "to: \"dc1\" topics", "the bridge leads from \"dc1\" to itself"},
      {"to: \"dc2\" topics", "to: \"clients\" topics", "\"clients\" is a region and has no broker"},
      {"links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n", "",
       "unreachable site: the bridge has no way from \"dc1\" to \"dc2\""},
      {"when_down: \"buffer\"", "when_down: \"bufer\"", "unknown when_down \"bufer\"; did you mean \"buffer\"?"}};
  check_all(kPair, cases);
}

TEST_CASE("what is published gets to every gateway, and limits and tokens are somebody's business") {
  constexpr std::string_view kRevoke = "writes { name: \"revoke\" site: \"dc1\" revoke_tokens { rate: \"1/s\" } }";
  const std::string publish = "writes { name: \"new\" site: \"dc1\" publish_apis { count: 2 } }";
  const auto broken = [&](std::string_view old_text, std::string_view new_text) {
    std::string text = with(kPair, kRevoke, publish);
    const std::size_t at = text.find(old_text);
    REQUIRE(at != std::string::npos);
    return complaints(load(text.replace(at, old_text.size(), new_text)));
  };
  CHECK_THAT(broken("roles { nodes: \"cp\"", "pull {} roles { nodes: \"cp\""),
             Catch::Contains("\"dc2\" does not pull, but what write \"new\" publishes at \"dc1\" spreads by events"));
  CHECK_THAT(broken("nodes: \"b\" events", "nodes: \"b\" pull {} events"),
             Catch::Contains("\"dc2\" pulls, but what write \"new\" publishes at \"dc1\" spreads by files"));
  std::string both = with(kPair, kRevoke, publish);
  both.replace(both.find("roles { nodes: \"cp\""), 0, "pull {} ");
  both.replace(both.find("nodes: \"b\" events"), 10, "nodes: \"b\" pull {}");
  CHECK_THAT(complaints(load(both)), Catch::Contains("nobody tells \"dc2\" what write \"new\" publishes at \"dc1\""));
  CHECK_THAT(complaints(load(
                 with(kPair, "\"key_manager\", \"traffic_manager\"] }", "\"key_manager\"] } startup_time: \"1s\"") +
                 "catalog { tiers { name: \"few\" limit: \"1/s\" } }\n")),
             Catch::Contains("no node of \"dc1\" is a traffic_manager that would count its requests"));
  CHECK_THAT(complaints(load(with(kPair, "\"key_manager\", ", ""))),
             Catch::Contains("clients ask for new tokens at \"dc1\", and no node there is a key_manager"));
}

TEST_CASE("a node is lost while it and its site are there") {
  const Case cases[] = {{"node: \"cp\" }", "node: \"cq\" }", "unknown node \"cq\" of \"dc1\"; did you mean \"cp\"?"},
                        {"node: \"cp\" }", "node: \"cp\" loses: \"disk\" }", "unknown loses \"disk\""},
                        {"node_down { site: \"dc1\" node: \"cp\" } }",
                         "node_down { site: \"dc1\" node: \"cp\" } }\nfaults { name: \"all\" at: \"5m30s\" lasts: "
                         "\"1m\" site_down { site: "
                         "\"dc1\" } }",
                         "fault \"all\" loses \"dc1\" before \"restart\" has ended"}};
  check_all(kPair, cases);
}

}  // namespace
}  // namespace parallax::scenarios
