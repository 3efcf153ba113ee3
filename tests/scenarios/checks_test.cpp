// Every semantic check once: the sample broken in one place, and the complaint that this must lead to.
#include <catch2/catch.hpp>
#include <span>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

TEST_CASE("sites and their names are checked") {
  const Case cases[] = {
      {"name: \"eu\"", "name: \"dc\"", "4:9: duplicate name \"dc\" in sites (line 3)"},
      {"\"a\", \"b\"", "\"a\", \"a\"", "3:33: duplicate name \"a\" in sites[dc].nodes (line 3)"},
      {"regions { name: \"clients\"", "regions { name: \"eu\"", "5:11: duplicate name \"eu\": a site has it already"},
      {" nodes: \"c\"", "", "4:1: sites[eu].nodes is missing; expected at least one"},
      {"name: \"eu\"", "name: \"e/u\"", "4:9: sites[e/u].name: \"e/u\" is no name"},
      {"name: \"eu\"", "", "4:1: sites[1].name is missing"},
      {"nodes: \"c\"", "nodes: \"c\" load_balancer { policy: \"round_robn\" }",
       "4:47: unknown policy \"round_robn\"; did you mean \"round_robin\"?"},
      {"ttl: \"60s\"", "ttl: \"0s\"", "3:62: sites[dc].gateway.token_cache.ttl: \"0s\" is out of range; expected 1ns"},
      {"ttl: \"60s\"", "ttl: \"\"", "3:62: sites[dc].gateway.token_cache.ttl: \"\" is empty"},
      {"ttl: \"60s\"", "capacity: 0", "sites[dc].gateway.token_cache.capacity: \"0\" is out of range"},
      {"duration: \"10m\"", "duration: \"0s\"", "2:1: duration: \"0s\" is out of range; expected 1ns to 60d"},
      {"ttl: \"60s\"", "ttl: \"60s\" sweep_interval: \"1us\"", "sweep_interval \"1us\"; expected 0s"}};
  check_all(kSample, cases);
}

TEST_CASE("there are no more sites and nodes than the engine can number") {
  std::string regions;
  for (int i = 0; i < 65'533; ++i) regions += "regions { name: \"r" + std::to_string(i) + "\" prefers: \"dc\" }\n";
  // 2 sites, 1 + 65,533 regions, and 3 nodes that have a cache, artifacts and subscriptions each: 65,545.
  CHECK(complaints(load(std::string(kSample) + regions)) ==
        "pair.txtpb:1:1: sites, regions and three times the nodes make 65545; expected at most 65535\n");
}

TEST_CASE("the overrides that break an expectation are checked like those of the command line") {
  const Case cases[] = {
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: \"duratoin=5m\"",
       "14:65: broken_by \"duratoin=5m\": unknown field \"duratoin\" in Scenario; did you mean \"duration\"?"},
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: \"duration\"", "sets nothing; expected path=value"},
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: [\"seeds=2\", \"sites[dc].gateway.token_cache.ttl=5\"]",
       "14:88: broken_by \"sites[dc].gateway.token_cache.ttl=5\": \"5\" has no unit"},
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: \"not_covered[*]=a\"", "not_covered is empty"},
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: \"sites[dx].name=a\"", "did you mean \"dc\"?"},
      {"at_most: \"1m\"", "at_most: \"1m\" broken_by: \"expectations[0].at_most=1s\"",
       "is of the expectations; expected a value of what is played"}};
  check_all(kSample, cases);
}

TEST_CASE("what breaks an expectation changes nothing in the scenario") {
  const LoadOutcome outcome = load(
      sample_with("at_most: \"1m\"",
                  "at_most: \"1m\" broken_by: \"sites[dc].gateway.token_cache.ttl=5m\" broken_by: \"faults[cut]=\""));
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  CHECK(outcome.loaded->scenario.sites(0).gateway().token_cache().ttl() == "60s");
  CHECK(outcome.loaded->scenario.faults_size() == 1);
}

TEST_CASE("links and the ways over them are checked") {
  const Case cases[] = {
      {"from: \"clients\" to: \"eu\"", "from: \"clients\" to: \"us\"", "7:25: links[1].to: unknown site \"us\""},
      {"from: \"clients\" to: \"eu\"", "from: \"eu\" to: \"eu\"", "7:20: link from \"eu\" to itself"},
      {"from: \"clients\" to: \"eu\"", "from: \"dc\" to: \"clients\"",
       "7:1: duplicate link from \"dc\" to \"clients\""},
      {" delay { constant: \"20ms\" }", "", "6:1: links[0].delay is missing"},
      {"from: \"clients\" to: \"dc\" delay", "from: \"eu\" to: \"dc\" one_way: true delay",
       "10:31: unreachable site: population \"users\" has no way from \"dc\" to \"clients\""},
      {"delay { constant: \"20ms\" }", "delay { constant: \"20ms\" } loss: 1.5",
       "6:61: links[0].loss: \"1.5\" is out of range; expected 0 to 1"},
      {"delay { constant: \"20ms\" }", "delay { constant: \"20ms\" } loss: nan", "\"nan\" is not a number"}};
  check_all(kSample, cases);
}

TEST_CASE("a site behind another one is reachable") {
  const std::string text = sample_with("links { from: \"clients\" to: \"dc\"", "links { from: \"eu\" to: \"dc\"");
  const std::string lines = complaints(load(text));
  CHECK_THAT(lines, !Catch::Contains("unreachable"));
  CHECK_THAT(lines, Catch::Contains("13:55: fault \"cut\" is on nothing: there is no link from \"clients\" to \"dc\""));
}

TEST_CASE("regions do not forward traffic") {
  // clients -> bridge -> eu would do, if the bridge were a site.
  const std::string text = sample_with("links { from: \"clients\" to: \"eu\"",
                                       "regions { name: \"bridge\" prefers: \"eu\" }\n"
                                       "links { from: \"clients\" to: \"bridge\" delay { constant: \"1ms\" } }\n"
                                       "links { from: \"bridge\" to: \"eu\"");
  CHECK(
      complaints(load(text)) ==
      "pair.txtpb:12:31: unreachable site: population \"users\" has no way from \"clients\" to \"eu\"; expected links "
      "that lead there and back\n");
}

TEST_CASE("what a region prefers is checked") {
  const std::string_view prefers = " prefers: [\"dc\", \"eu\"]";
  const Case cases[] = {
      {prefers, "", "5:1: region \"clients\" does not say which sites it prefers; expected prefers"},
      {prefers, " prefers: [\"dc\", \"clients\"]", "5:43: \"clients\" is a region; expected a site"},
      {prefers, " prefers: [\"dc\", \"dc\"]", "5:43: region \"clients\" prefers \"dc\" twice; expected each site once"},
      {prefers, " prefers: [\"dc\", \"us\"]", "5:43: regions[clients].prefers: unknown site \"us\""},
      {prefers, " prefers: \"dc\" dns { resolvers: 0 }",
       "5:47: regions[clients].dns.resolvers: \"0\" is out of range; expected 1 to 100000"},
      {prefers, " prefers: \"dc\" dns { health_check { interval: \"0s\" } }",
       "5:62: regions[clients].dns.health_check.interval: \"0s\" is out of range"}};
  check_all(kSample, cases);
}

TEST_CASE("replications are checked") {
  // Each case adds a line 8 and more; from the two sites to each other there is a way only where it says so.
  const std::string_view at = "catalog {";
  const std::string way = "links { from: \"dc\" to: \"eu\" delay { constant: \"9ms\" } } ";
  const std::string both = "replications { from: \"dc\" to: \"eu\" }\n";
  const auto with = [](const std::string& lines) { return lines + "catalog {"; };
  const std::string texts[] = {
      with("replications { from: \"dc\" to: \"dc\" }\n"),
      with("replications { from: \"dc\" to: \"clients\" }\n"),
      with("replications { from: \"clients\" to: \"dc\" }\n"),
      with("replications { from: \"dc\" to: \"us\" }\n"),
      with("replications { from: \"dc\" }\n"),
      with(both),
      with(both + both + way),
      with(both + "replications { from: \"eu\" to: \"dc\" one_way: true }\n" + way),
      with("replications { from: \"dc\" to: \"eu\" one_way: true }\nreplications { from: \"eu\" to: \"dc\" }\n" + way)};
  const Case cases[] = {
      {at, texts[0], "8:27: replication from \"dc\" to itself; expected another site"},
      {at, texts[1], "8:27: \"clients\" is a region and has no database; expected a site"},
      {at, texts[2], "8:16: \"clients\" is a region and has no database; expected a site"},
      {at, texts[3], "8:27: replications[0].to: unknown site \"us\""},
      {at, texts[4], "8:1: replications[0].to is missing"},
      {at, texts[5], "8:27: unreachable site: the replication has no way from \"dc\" to \"eu\""},
      {at, texts[6], "9:1: \"dc\" is replicated to \"eu\" twice; expected one replication for each direction"},
      {at, texts[7], "9:1: \"eu\" is replicated to \"dc\" twice"},
      {at, texts[8], "9:1: \"dc\" is replicated to \"eu\" twice"}};
  check_all(kSample, cases);

  const std::string each_way = with(
      "replications { from: \"dc\" to: \"eu\" one_way: true }\n"
      "replications { from: \"eu\" to: \"dc\" one_way: true }\n" +
      way);
  CHECK(complaints(load(sample_with(at, each_way))).empty());
}

TEST_CASE("delays are of one kind and in order") {
  const std::string_view delay = "constant: \"20ms\"";
  const Case cases[] = {
      {delay, "constant: \"20ms\" uniform { least: \"1ms\" greatest: \"2ms\" }",
       "6:59: links[0].delay is of more than one kind: constant, uniform; expected one of them"},
      {delay, "constant: \"-5ms\"", "6:42: links[0].delay.constant: \"-5ms\" is out of range; expected 0s to 30d"},
      {delay, "uniform { least: \"3ms\" greatest: \"2ms\" }", "6:52: least \"3ms\" is greater than greatest \"2ms\""},
      {delay, "uniform { least: \"3ms\" }", "6:42: links[0].delay.uniform.greatest is missing"},
      {delay, "lognormal { p50: \"3ms\" p95: \"2ms\" }", "6:54: p50 \"3ms\" is greater than p95 \"2ms\""},
      {delay, "lognormal { p50: \"3ms\" p95: \"9ms\" least: \"3ms\" }", "6:76: least \"3ms\" is not below p50 \"3ms\""},
      {delay, "lognormal { p50: \"0s\" p95: \"9ms\" }", "6:54: p50 \"0s\" leaves no room"},
      {delay, "empirical { }", "links[0].delay.empirical.quantiles is missing"},
      {delay, "empirical { quantiles: \"1ms\" }", "6:54: quantiles has one value; expected at least two"},
      {delay, "empirical { quantiles: [\"1ms\", \"3ms\", \"2ms\"] }",
       "6:80: quantiles go down from \"3ms\" to \"2ms\""}};
  check_all(kSample, cases);
}

TEST_CASE("the workload is checked") {
  const Case cases[] = {
      {"region: \"clients\"", "region: \"dc\"", "10:31: \"dc\" is a site; expected a region (regions: clients)"},
      {"region: \"clients\"", "region: \"client\"", "unknown site \"client\"; did you mean \"clients\"?"},
      {"site: \"dc\" from", "from", "11:3: write \"revoke\" does not say which site"},
      {"site: \"dc\" from", "site: \"clients\" from", "11:27: \"clients\" is a region; expected a site"},
      {"rate: \"200/s\"", "", "10:3: workload.populations[users].rate is missing; expected a rate"},
      {"rate: \"200/s\"", "rate: \"0/s\"", "10:49: workload.populations[users].rate: \"0/s\" is out of range"},
      {"rate: \"200/s\"", "rate: \"2/ns\"", "workload.populations[users].rate: \"2/ns\" is out of range"},
      {" revoke_tokens { rate: \"1/s\" }", "",
       "11:12: write \"revoke\" has no tasks; expected exactly one of revoke_tokens"},
      {"revoke_tokens { rate: \"1/s\" }", "revoke_tokens { rate: \"1/s\" } publish_apis { count: 1 }",
       "11:12: write \"revoke\" has several tasks; expected exactly one of"},
      {"revoke_tokens { rate: \"1/s\" }", "add_subscriptions { rate: \"1/s\" } block_subscriptions { rate: \"1/s\" }",
       "11:12: write \"revoke\" has several tasks"},
      {"revoke_tokens { rate: \"1/s\" }", "add_subscriptions { }",
       "workload.writes[revoke].add_subscriptions.rate is missing"},
      {"revoke_tokens { rate: \"1/s\" }", "block_subscriptions { rate: \"0/s\" }",
       "workload.writes[revoke].block_subscriptions.rate: \"0/s\" is out of range"},
      {"rate: \"200/s\"", "rate: \"200/s\" roaming: 1.5",
       "10:63: workload.populations[users].roaming: \"1.5\" is out of range"},
      {"rate: \"200/s\"", "rate: \"200/s\" retries: 101",
       "10:63: workload.populations[users].retries: \"101\" is out of range"},
      {"from: \"1m\"", "from: \"5m\"", "11:38: write \"revoke\" starts at \"5m\", not before its until, \"5m\""},
      {"from: \"1m\" until: \"5m\"", "from: \"10m\"", "starts at \"10m\", not before the end of the run, \"10m\""},
      {"revoke_tokens { rate: \"1/s\" }", "publish_apis { count: 5 }",
       "11:76: 5 APIs start unpublished and 0 are retired up to here, of 5 in the catalog; expected fewer"},
      {"revoke_tokens { rate: \"1/s\" }", "retire_apis { count: 6 }",
       "11:75: 0 APIs start unpublished and 6 are retired up to here, of 5 in the catalog; expected fewer"},
      {"revoke_tokens { rate: \"1/s\" } }",
       "publish_apis { count: 3 } } writes { name: \"retire\" site: \"dc\" retire_apis { count: 3 } }",
       "11:138: 3 APIs start unpublished and 3 are retired up to here, of 5 in the catalog"},
      {"revoke_tokens { rate: \"1/s\" }", "publish_apis { count: 0 }",
       "11:76: workload.writes[revoke].publish_apis.count: \"0\" is out of range; expected 1 to 1000000"},
      {"revoke_tokens { rate: \"1/s\" }", "publish_apis { }", "workload.writes[revoke].publish_apis.count is missing"},
      {"limit: \"20/m\"", "limit: \"2.5/m\"", "8:41: limit \"2.5/m\" counts parts of requests"},
      {"limit: \"20/m\"", "limit: \"20\"", "8:41: catalog.tiers[basic].limit: \"20\" has no unit of time"},
      {"limit: \"20/m\" }", "limit: \"20/m\" } tiers { name: \"basic\" }",
       "duplicate name \"basic\" in catalog.tiers"}};
  check_all(kSample, cases);
}

TEST_CASE("a scenario in which nothing happens is refused") {
  const std::string quiet = "name: \"x\"\nsites { name: \"dc\" nodes: \"a\" }\nworkload { }\n";
  CHECK_THAT(complaints(load(quiet)), Catch::Contains("3:1: the workload has neither requests nor writes"));
}

TEST_CASE("all that is published may be retired, all but one may start unpublished") {
  const std::string_view task = "revoke_tokens { rate: \"1/s\" } }";
  const std::vector<std::string> clustered{"sites[dc].clustering.message_delay=1ms",
                                           "sites[eu].clustering.message_delay=1ms"};
  const std::string retired = sample_with(task, "retire_apis { count: 5 } }");
  CHECK(complaints(load(retired, clustered)).empty());
  const std::string both = sample_with(
      task,
      "publish_apis { count: 4 } } writes { name: \"retire\" site: \"dc\" retire_apis { count: 1 } }");  // 4 + 1 = 5
  CHECK(complaints(load(both, clustered)).empty());
}

TEST_CASE("what is published must be able to get to every site") {
  const std::string published = sample_with("revoke_tokens { rate: \"1/s\" } }", "publish_apis { count: 1 } }");
  CHECK_THAT(complaints(load(published)), Catch::Contains("would never get to site \"eu\"; expected clustering"));
}

TEST_CASE("each population needs a token, and a write must begin within the run") {
  CHECK_THAT(complaints(load(sample_with("apis: 5", "apis: 5 tokens: 1"), {})), Catch::Equals(""));
  const std::string two =
      sample_with("populations {", "populations { name: \"others\" region: \"clients\" rate: \"1/s\" } populations {");
  CHECK_THAT(complaints(load(two, std::vector<std::string>{"catalog.tokens=1"})),
             Catch::Contains("1 tokens for 2 populations; expected at least one for each"));
  CHECK_THAT(complaints(load(sample_with("from: \"1m\" until: \"5m\"", "from: \"11m\" until: \"12m\""))),
             Catch::Contains("write \"revoke\" starts at \"11m\", outside the run"));
}

TEST_CASE("with one site nobody has to name it") {
  const std::string text =
      "name: \"x\" sites { name: \"dc\" nodes: \"a\" } regions { name: \"r\" } "
      "links { from: \"r\" to: \"dc\" delay { constant: \"1ms\" } } "
      "workload { populations { name: \"p\" region: \"r\" rate: \"1/s\" } "
      "writes { name: \"w\" revoke_tokens { rate: \"1/s\" } } }";
  CHECK(complaints(load(text)).empty());
}

TEST_CASE("a fault must be able to touch something") {
  const Case cases[] = {
      {" link_down { from: \"clients\" to: \"dc\" }", "", "13:1: fault \"cut\" is on nothing; expected one target"},
      {"link_down { from: \"clients\" to: \"dc\" }",
       "link_down { from: \"clients\" to: \"dc\" } site_down { site: \"dc\" }",
       "13:1: fault \"cut\" is on several things; expected one target"},
      {"link_down { from: \"clients\" to: \"dc\" }", "site_down { site: \"clients\" }",
       "13:55: \"clients\" is a region; expected a site"},
      {"link_down { from: \"clients\" to: \"dc\" }", "site_down { site: \"us\" }",
       "13:55: faults[cut].site_down.site: unknown site \"us\""},
      {"link_down { from: \"clients\" to: \"dc\" }", "site_down { }", "faults[cut].site_down.site is missing"},
      {"link_down { from: \"clients\" to: \"dc\" }", "site_down { site: \"dc\" disk: \"los\" }",
       "13:66: unknown disk \"los\"; did you mean \"lost\"?"},
      {"link_down { from: \"clients\" to: \"dc\" }", "link_down { from: \"dc\" to: \"eu\" }",
       "13:55: fault \"cut\" is on nothing: there is no link from \"dc\" to \"eu\""},
      {"link_down { from: \"clients\" to: \"dc\" }", "link_down { from: \"clients\" to: \"us\" }",
       "13:71: faults[cut].link_down.to: unknown site \"us\""},
      {"at: \"2m\"", "at: \"10m\"", "13:22: fault \"cut\" starts at \"10m\", outside the run"},
      {"lasts: \"1m\" link_down { from: \"clients\" to: \"dc\" } }",
       "lasts: \"3m\" site_down { site: \"dc\" } }\nfaults { name: \"again\" at: \"4m\" lasts: \"1m\" site_down { "
       "site: "
       "\"dc\" } }",
       "14:24: fault \"again\" loses \"dc\" before \"cut\" has ended"},
      {"lasts: \"1m\"", "lasts: \"9m\"", "13:31: fault \"cut\" starts at \"2m\" and lasts \"9m\", beyond the run"},
      {"lasts: \"1m\"", "lasts: \"0s\"", "13:31: faults[cut].lasts: \"0s\" is out of range"}};
  check_all(kSample, cases);
}

TEST_CASE("expectations name a metric and one limit in its unit") {
  const Case cases[] = {
      {"window.token_revoked.max", "window.token_revokd.max",
       "14:16: expectations[0].metric: unknown metric \"window.token_revokd.max\"; did you mean "
       "\"window.token_revoked.max\"?"},
      {" at_most: \"1m\"", "",
       "14:16: the expectation of \"window.token_revoked.max\" has neither at_most nor at_least"},
      {"at_most: \"1m\"", "at_most: \"1m\" at_least: \"1s\"", "14:65: the expectation of"},
      {"at_most: \"1m\"", "at_most: \"60\"", "14:51: at_most of window.token_revoked.max (s): \"60\" has no unit"},
      {"at_most: \"1m\"", "at_most: \"-1m\"", "\"-1m\" is out of range; expected at least 0"},
      {"\"window.token_revoked.max\" at_most: \"1m\"", "\"decision.wrong_allow.count\" at_most: \"1m\"",
       "at_most of decision.wrong_allow.count (requests): \"1m\" is not a number"}};
  check_all(kSample, cases);
}

}  // namespace
}  // namespace parallax::scenarios
