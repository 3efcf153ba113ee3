// Deployments with message brokers drawn at random: roles, failover lists, bridges, pulling gateways, opaque tokens and
// JWTs, links that are cut, nodes and data centers that are lost. In each the stages of every window add up to it,
// every request is accounted for, and one thread gives the same bytes as three.
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

/// Nodes a and b do everything; in the other shape a is a control plane without gateway, and b and c are gateways.
std::string site(Dice& dice, const std::string& name, const std::string& other, const std::string& tokens) {
  const bool is_split = dice.one_in(2);
  std::string text = "sites { name: \"" + name + "\" nodes: \"a\" nodes: \"b\" nodes: \"c\" startup_time: \"" +
                     dice.pick(std::array{"3s", "25s"}) + "\"\n";
  if (is_split) {
    text +=
        "roles { nodes: \"a\" parts: \"control_plane\" parts: \"key_manager\" parts: \"traffic_manager\" }\n"
        "roles { nodes: \"b\" nodes: \"c\" parts: \"gateway\" }\n";
    text += "traffic_manager { policies: \"" + dice.pick(std::array{"known", "asked_once", "asked"}) + "\" }\n";
  }
  text += join({"gateway { token_cache { ttl: \"", dice.pick(std::array{"2s", "20s", "900s"}), "\" sweep_interval: \"",
                dice.pick(std::array{"0s", "1s", "7s"}), "\" } }\n"});
  text +=
      "key_manager { token_validity: \"" + dice.pick(std::array{"20s", "3600s"}) + "\" tokens: \"" + tokens + "\" }\n";
  text += join({"pull { event_waiting: \"", dice.pick(std::array{"0s", "1ms", "5s"}),
                "\" retries: ", dice.pick(std::array{"0", "1", "5"}), " first_pause: \"1s\" redeployment: \"",
                dice.pick(std::array{"0s", "300ms"}), "\" on_reconnect: \"",
                dice.pick(std::array{"nothing", "changed"}), "\" timeout: \"", dice.pick(std::array{"0s", "500ms"}),
                "\"", dice.maybe(" from: \"" + other + "\"", 4), " }\n"});
  text += join({"events { profile: \"", dice.pick(std::array{"carbon_jms", "redis_pubsub", "redis_pubsub_checked"}),
                "\" event_waiting: \"", dice.pick(std::array{"0s", "20ms", "1s"}), "\" local_delay: \"",
                dice.pick(std::array{"0s", "1ms", "100ms"}), "\" on_reconnect: \"",
                dice.pick(std::array{"nothing", "load"}), "\" ", dice.maybe("tells_site: true "),
                dice.maybe("dead_target: \"blocks_all\" "), dice.maybe("event_ids_remembered: 3 "),
                dice.maybe("fail_back_interval: \"4s\" "), dice.maybe("liveness_interval: \"1s\" "),
                dice.maybe("reconnect { initial_pause: \"500ms\" patience: \"1s\" } "),
                dice.maybe("subscriptions { brokers: \"a\" brokers: \"" + other + "/a\" }", 3), " }\n"});
  return text + "}\n";
}

std::string bridge(Dice& dice, const std::string& from, const std::string& to) {
  return join({"bridges { from: \"", from, "\" to: \"", to, "\" when_down: \"",
               dice.pick(std::array{"drop", "buffer", "retry"}), "\" capacity: ",
               dice.pick(std::array{"0", "2", "1000"}), " passes: \"", dice.pick(std::array{"published", "site"}),
               "\" dead_target: \"", dice.pick(std::array{"on_its_own", "blocks_all"}), "\" }\n"});
}

std::string fault(Dice& dice, int number, const std::string& at) {
  const std::string head = "faults { name: \"f" + std::to_string(number) + "\" at: \"" + at + "\" lasts: \"" +
                           dice.pick(std::array{"1ms", "2s", "9s"}) + "\" ";
  const std::string where = dice.pick(std::array{"one", "two"});
  const std::string kind = dice.pick(std::array{"link", "node", "site"});
  if (kind == "link") return head + "link_down { from: \"one\" to: \"two\" " + dice.maybe("one_way: true ") + "} }\n";
  if (kind == "site") {
    return head + "site_down { site: \"" + where + "\" disk: \"" + dice.pick(std::array{"kept", "lost"}) + "\" } }\n";
  }
  return join({head, "node_down { site: \"", where, "\" node: \"", dice.pick(std::array{"a", "b"}), "\" loses: \"",
               dice.pick(std::array{"process", "power"}), "\" } }\n"});
}

std::string random_deployment(std::uint64_t seed) {
  Dice dice{seed, "random brokers"};
  const std::string tokens = dice.pick(std::array{"opaque", "jwt"});
  std::string text = "name: \"random\"\nduration: \"90s\"\n";
  text += join({site(dice, "one", "two", tokens), site(dice, "two", "one", tokens)});
  text += kUsersOfBoth;
  text += join({"links { from: \"one\" to: \"two\" delay { ",
                dice.pick(std::array{"constant: \"40ms\"", "uniform { least: \"1ms\" greatest: \"90ms\" }"}),
                " } loss: ", dice.pick(std::array{"0", "0.05"}), " }\n"});
  text += "replications { from: \"one\" to: \"two\" profile: \"" +
          dice.pick(std::array{"last_writer_wins", "postgresql_logical", "goldengate", "bdr"}) + "\" }\n";
  text += join({bridge(dice, "one", "two"), bridge(dice, "two", "one")});
  text +=
      "catalog { apis: 12 applications: 20 tokens: 60 subscriptions_per_application: 3 tiers { name: \"t\" limit: "
      "\"5/10s\" } }\n"
      "workload {\n";
  text += kCallersAndWriters;
  text +=
      "writes { name: \"b\" site: \"two\" block_subscriptions { rate: \"1/5s\" } }\n"
      "writes { name: \"n\" site: \"one\" publish_apis { count: 5 } }\n"
      "writes { name: \"x\" site: \"two\" retire_apis { count: 3 } }\n"
      "}\n";
  int number = 0;
  for (const char* at : {"10s", "30s", "50s"}) text += dice.maybe(fault(dice, number++, at), 1);
  return text;
}

}  // namespace

TEST_CASE("in 120 deployments with brokers drawn at random windows, requests and threads add up") {
  std::uint64_t lost = 0;
  std::uint64_t windows = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const audit::Findings findings = play_and_check(random_deployment(seed), seed);
    for (const audit::WindowFinding& window : findings.windows) windows += window.length.ns > 0;
    for (const std::uint64_t count : findings.events_lost) lost += count;
  }
  // Not vacuous.
  CHECK(windows > 5'000);
  CHECK(lost > 500);
}

}  // namespace parallax::test
