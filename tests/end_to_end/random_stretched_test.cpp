// Deployments that leave things to other sites, drawn at random: databases, key validation and the counting of requests
// over the WAN, limits that change, the ways of artifacts, starts; links that are cut, nodes and data centers that are
// lost. What must hold in each: random_deployments.h; and who has let through more than a limit has decided wrongly as
// often.
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

struct Shape {
  bool has_database_at_one;
  bool asks_key_manager_of_one;
  std::string counted_at;
  std::string way_of_one;
  std::string way_of_two;
};

Shape draw_shape(Dice& dice) {
  Shape shape{dice.one_in(2), dice.one_in(2), "", "", ""};
  shape.counted_at = dice.pick(std::array{"", "counted_at: \"one\"", "counted_at: \"one\" counted_at: \"two\""});
  switch (dice.one_in(4) ? 0 : dice.one_in(3) ? 1 : dice.one_in(2) ? 2 : 3) {
    case 0:
      shape.way_of_one = shape.way_of_two =
          "artifacts { calls {" + dice.field("timeout", std::array{"3s", "60s"}) + " } }";
      break;
    case 1:
      shape.way_of_one = "artifacts { mount {} }";
      shape.way_of_two = "artifacts { mount { of: \"one\"" + dice.field("kind", std::array{"hard", "soft"}) + " } }";
      break;
    case 2:
      shape.way_of_one = "artifacts { svn { commits: true" + dice.field("interval", std::array{"1s", "15s"}) + " } }";
      shape.way_of_two =
          "artifacts { svn { mirror_of: \"one\"" + dice.field("mirror_period", std::array{"2s", "20s"}) + " } }";
      break;
    default:
      shape.way_of_one = "artifacts { server {} }";
      shape.way_of_two =
          "artifacts { replica { of: \"one\" delay { constant: \"" + dice.pick(std::array{"0s", "3s"}) + "\" } } }";
  }
  return shape;
}

std::string fault(Dice& dice, int number, const std::string& at) {
  const std::string what = dice.pick(std::array{
      "link_down { from: \"one\" to: \"two\" }", "link_down { from: \"one\" to: \"two\" one_way: true }",
      "site_down { site: \"one\" }", "site_down { site: \"two\" }", "node_down { site: \"two\" node: \"b\" }",
      "node_down { site: \"one\" node: \"a\" loses: \"power\" }"});
  return "faults { name: \"f" + std::to_string(number) + "\" at: \"" + at + "\"" +
         dice.field("lasts", std::array{"1ms", "4s", "15s"}) + " " + what + " }\n";
}

std::string random_stretched(std::uint64_t seed) {
  Dice dice{seed, "random stretched"};
  const Shape shape = draw_shape(dice);
  const std::string cache = join({"gateway { token_cache {", dice.field("ttl", std::array{"2s", "900s"}),
                                  dice.field("sweep_interval", std::array{"0s", "7s"}), " }"});
  std::string text = "name: \"random\"\nduration: \"90s\"\n";
  text += join({"sites { name: \"one\" nodes: [\"a\", \"b\"]", dice.field("startup_time", std::array{"3s", "25s"}),
                cache, " } traffic_manager {", dice.field("policies", std::array{"known", "asked_once", "asked"}),
                dice.field("event_delay", std::array{"0s", "1ms"}), " } database {",
                dice.field("access_time", std::array{"0s", "1ms", "30ms"}), " } events {",
                dice.field("event_waiting", std::array{"0s", "2s"}), dice.maybe(" tells_site: true"), " } ",
                dice.maybe("clustering {} "), shape.way_of_one, " }\n"});
  text += "sites { name: \"two\" nodes: [\"a\", \"b\"]" + dice.field("startup_time", std::array{"3s", "25s"}) + cache;
  if (shape.asks_key_manager_of_one) {
    text += join({" key_validation { site: \"one\" connections: ", dice.pick(std::array{"1", "20"}),
                  dice.field("longest_wait", std::array{"1s", "60s"}), " }"});
  }
  text += " } traffic_manager { " + shape.counted_at + " } database { ";
  text += shape.has_database_at_one ? "at { site: \"one\" } " : "";
  text += "startup_statements: " + dice.pick(std::array{"0", "1", "40"}) + " } events { ";
  text += "subscriptions { brokers: [\"one/a\", \"one/b\"] topics: \"throttle_data\" }";
  text += "subscriptions { topics: [\"token_revocation\", \"notification\"] } } " + shape.way_of_two + " }\n";
  text += kUsersOfBoth;
  text += join(
      {"links { from: \"one\" to: \"two\" delay { ",
       dice.pick(std::array{"constant: \"0s\"", "constant: \"40ms\"", "uniform { least: \"1ms\" greatest: \"90ms\" }"}),
       " } loss: ", dice.pick(std::array{"0", "0.05"}), " }\n"});
  if (!shape.has_database_at_one) text += "replications { from: \"one\" to: \"two\" }\n";
  text += "bridges { from: \"one\" to: \"two\" topics: \"notification\"" +
          dice.field("when_down", std::array{"drop", "buffer", "retry"}) + " }\n";
  text +=
      "catalog { apis: 12 applications: 10 tokens: 60 subscriptions_per_application: 3 tiers { name: \"t\" limit: "
      "\"9/10s\" } }\n"
      "workload {\n"
      "populations { name: \"p\" region: \"users\" rate: \"60/s\" timeout: \"1s\" retries: 1 roaming: 0.4 }\n"
      "writes { name: \"r\" site: \"one\" revoke_tokens { rate: \"1/2s\" } }\n"
      "writes { name: \"n\" site: \"one\" publish_apis { count: 5 } }\n";
  int number = 0;
  for (const char* at : {"7s", "20s", "32s", "70s"}) {
    text += "writes { name: \"c" + std::to_string(number++) + "\" site: \"one\" from: \"" + at +
            "\" change_policy { tier: \"t\" limit: \"" + dice.pick(std::array{"1/10s", "5/10s", "30/10s"}) + "\" } }\n";
  }
  text += "}\n";
  number = 0;
  for (const char* at : {"10s", "30s", "50s"}) text += dice.maybe(fault(dice, number++, at), 1);
  return text;
}

}  // namespace

TEST_CASE("in 120 deployments that leave things to other sites windows, requests, limits and threads add up") {
  std::uint64_t over = 0;
  std::uint64_t by_policy = 0;
  std::uint64_t calls = 0;
  std::uint64_t uncounted = 0;
  std::uint64_t windows = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const audit::Findings findings = play_and_check(random_stretched(seed), seed);
    INFO("seed " << seed);
    std::uint64_t wrong_allows = 0;
    for (const auto& [key, count] : findings.wrong) {
      const auto why = std::get<audit::Why>(key);
      if (std::get<audit::DecisionError>(key) != audit::DecisionError::kWrongAllow) continue;
      if (why == audit::Why::kQuota || why == audit::Why::kPolicyChanged) wrong_allows += count;
      if (why == audit::Why::kPolicyChanged) by_policy += count;
    }
    REQUIRE(wrong_allows == findings.limits.over);
    over += findings.limits.over;
    calls += findings.calls_elsewhere;
    uncounted += findings.uncounted;
    for (const audit::WindowFinding& window : findings.windows) windows += window.length.ns > 0;
  }
  // Not vacuous.
  CHECK(over > 1'000);
  CHECK(by_policy > 100);
  CHECK(calls > 5'000);
  CHECK(uncounted > 50);
  CHECK(windows > 3'000);
}

}  // namespace parallax::test
