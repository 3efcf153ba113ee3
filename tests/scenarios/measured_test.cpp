// Delays that are taken from measured round trips.
#include <catch2/catch.hpp>
#include <map>

#include "scenarios/compile_delays.h"
#include "scenarios/reload.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

/// The sample, with this delay from its clients to `dc`.
LoadOutcome with_delay(const std::string& delay, const std::vector<std::string>& overrides = {}) {
  return load(sample_with("delay { constant: \"20ms\" }", "delay { " + delay + " }"), overrides);
}

std::string measured(const std::string& set, const std::string& from, const std::string& to) {
  return "measured { set: \"" + set + "\" from: \"" + from + "\" to: \"" + to + "\" }";
}

TEST_CASE("a measured delay gets the figures of its pair, and says where they come from") {
  const LoadOutcome outcome = with_delay(measured("aws-2020-06-05", "us-east-1", "us-west-1"));
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  const schema::Delay::Measured& delay = outcome.loaded->scenario.links(0).delay().measured();
  CHECK(delay.p50() == "29956us");
  CHECK(delay.p95() == "30206us");
  CHECK(delay.least() == "29918us");

  std::map<std::string, schema::Assumption> by_path;
  for (const schema::Assumption& one : outcome.loaded->assumptions) by_path[one.path()] = one;
  const schema::Assumption& p50 = by_path.at("links[0].delay.measured.p50");
  CHECK(p50.origin() == "data set");
  CHECK(p50.source() ==
        "AWS, us-east-1 to us-west-1, 2020-06-05, ping over one hour (github.com/vitorenesduarte/fantoch, "
        "latency_aws/2020_06_05); half a round trip");
}

TEST_CASE("it is drawn as the same figures written out would be") {
  const LoadOutcome given = with_delay("lognormal { p50: \"29956us\" p95: \"30206us\" least: \"29918us\" }");
  const LoadOutcome found = with_delay(measured("aws-2020-06-05", "us-east-1", "us-west-1"));
  const sim::Distribution one = distribution_of(given.loaded->scenario.links(0).delay());
  const sim::Distribution other = distribution_of(found.loaded->scenario.links(0).delay());
  CHECK(one.least() == other.least());
  CHECK(one.greatest() == other.greatest());
  const LoadOutcome mean_alone = with_delay(measured("ibm-2026-08-16", "Chennai", "Dallas"));
  const sim::Distribution constant = distribution_of(mean_alone.loaded->scenario.links(0).delay());
  CHECK(constant.least() == sim::milliseconds(124));
  CHECK(constant.greatest() == sim::milliseconds(124));
}

TEST_CASE("a figure that is given stays, and another region brings others") {
  const std::string delay = measured("aws-2020-06-05", "us-east-1", "us-west-1");
  const LoadOutcome set = with_delay(delay, {"links[clients/dc].delay.measured.p95=1s"});
  CHECK(set.loaded->scenario.links(0).delay().measured().p95() == "1s");

  const LoadOutcome first = with_delay(delay);
  schema::Result result;
  *result.mutable_config() = first.loaded->scenario;
  for (const schema::Assumption& one : first.loaded->assumptions) *result.add_assumptions() = one;
  const std::vector<std::string> other{"links[0].delay.measured.to=eu-west-1"};
  const LoadOutcome again = reload("result.json", result, other);
  INFO(complaints(again));
  REQUIRE(again.loaded.has_value());
  const LoadOutcome fresh = with_delay(measured("aws-2020-06-05", "us-east-1", "eu-west-1"));
  CHECK(again.loaded->scenario.links(0).DebugString() == fresh.loaded->scenario.links(0).DebugString());
}

TEST_CASE("what was not measured names the nearest word") {
  const std::pair<std::string, std::string> cases[] = {
      {measured("aws-2020", "us-east-1", "us-west-1"), "links[0].delay.measured.set: unknown set \"aws-2020\""},
      {measured("aws-2020-06-06", "us-east-1", "us-west-1"), "did you mean \"aws-2020-06-05\"?"},
      {measured("aws-2020-06-05", "us-eats-1", "us-west-1"),
       "links[0].delay.measured.from: unknown region \"us-eats-1\" of aws-2020-06-05; did you mean \"us-east-1\"?"},
      {measured("aws-2020-06-05", "us-east-1", "eu-wets-1"), "did you mean \"eu-west-1\"?"},
      {measured("azure-2026-07-30", "East US", "East US"),
       "azure-2026-07-30 has no round trip from \"East US\" to \"East US\""},
      {"measured { set: \"aws-2020-06-05\" from: \"us-east-1\" }", "measured.to is missing"},
      {"measured { from: \"us-east-1\" to: \"us-west-1\" }", "measured.set is missing"},
      {"measured { set: \"aws-2020-06-05\" from: \"us-east-1\" to: \"us-west-1\" least: \"1s\" }",
       "least \"1s\" is not below p50 \"29956us\""},
      {"constant: \"1s\" " + measured("aws-2020-06-05", "us-east-1", "us-west-1"), "is of more than one kind"}};
  for (const auto& [delay, complaint] : cases) {
    INFO(delay);
    const LoadOutcome outcome = with_delay(delay);
    CHECK_FALSE(outcome.loaded.has_value());
    CHECK_THAT(complaints(outcome), Catch::Contains(complaint));
  }
}

}  // namespace
}  // namespace parallax::scenarios
