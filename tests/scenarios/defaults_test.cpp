#include "scenarios/defaults.h"

#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "scenarios/fields.h"
#include "scenarios/units.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

void for_each_rule(const google::protobuf::Descriptor& type, const std::function<void(const FieldDescriptor&)>& visit) {
  for (int i = 0; i < type.field_count(); ++i) {
    visit(*type.field(i));
    if (type.field(i)->message_type() != nullptr) for_each_rule(*type.field(i)->message_type(), visit);
  }
}

bool reads(const schema::Rule& rule, const std::string& text) {
  if (text.empty()) return true;
  if (rule.quantity() == schema::DURATION) return parse_duration(text).value.has_value();
  if (rule.quantity() == schema::RATE) return parse_rate(text).value.has_value();
  return parse_number(text).value.has_value();
}

TEST_CASE("every range and default of the schema can be read") {
  for_each_rule(*schema::Scenario::descriptor(), [](const FieldDescriptor& field) {
    const schema::Rule& rule = rule_of(field);
    INFO(field.full_name());
    CHECK(reads(rule, rule.least()));
    CHECK(reads(rule, rule.greatest()));
    if (rule.quantity() == schema::DURATION) CHECK(reads(rule, rule.default_value()));
    // A default and a demand would contradict each other.
    CHECK_FALSE((rule.required() && !rule.default_value().empty()));
    // Validation reads a plain scalar of zero as absent: with a default it must say whether it is there.
    const bool number = field.message_type() == nullptr && field.cpp_type() != FieldDescriptor::CPPTYPE_STRING;
    if (number && !rule.default_value().empty()) CHECK(field.has_presence());
  });
}

TEST_CASE("silence takes the schema's defaults, in blocks that are not written too") {
  const LoadOutcome outcome = load(kSample);
  REQUIRE(complaints(outcome).empty());
  const schema::Scenario& scenario = outcome.loaded->scenario;
  CHECK(scenario.seeds() == 1);
  CHECK(scenario.sites(0).gateway().token_cache().ttl() == "60s");
  CHECK(scenario.sites(0).gateway().token_cache().sweep_interval() == "30s");
  CHECK(scenario.sites(1).gateway().token_cache().ttl() == "900s");
  CHECK(scenario.sites(1).gateway().token_cache().enabled());
  CHECK(scenario.sites(1).load_balancer().policy() == "round_robin");
  CHECK_FALSE(scenario.sites(1).has_clustering());
  CHECK(scenario.catalog().apis() == 5);
  CHECK(scenario.catalog().applications() == 100);
  CHECK(scenario.links(0).has_one_way());
  CHECK(scenario.sites(1).startup_time() == "60s");
  CHECK(scenario.regions(0).dns().ttl() == "60s");
  CHECK(scenario.regions(0).dns().health_check().fall() == 3);
  CHECK(scenario.workload().populations(0).has_retries());
  CHECK(scenario.workload().populations(0).retries() == 0);
  CHECK(scenario.workload().populations(0).backoff() == "1s");
  CHECK(scenario.workload().writes(0).until() == "5m");
}

TEST_CASE("a zero that is written is not silence") {
  const LoadOutcome outcome = load(sample_with("rate: \"200/s\"", "rate: \"200/s\" token_popularity: 0"));
  REQUIRE(complaints(outcome).empty());
  CHECK(outcome.loaded->scenario.workload().populations(0).token_popularity() == 0.0);
}

TEST_CASE("filling in defaults again changes nothing") {
  schema::Scenario scenario = load(kSample).loaded.value().scenario;
  const std::string before = scenario.DebugString();
  fill_defaults(scenario);
  CHECK(scenario.DebugString() == before);
}

TEST_CASE("every value is an assumption with its origin, and defaults name their source") {
  const LoadOutcome outcome = load(kSample, {"sites[eu].database.access_time=2ms"});
  REQUIRE(complaints(outcome).empty());
  std::map<std::string, schema::Assumption> by_path;
  for (const schema::Assumption& assumption : outcome.loaded->assumptions) {
    CHECK(by_path.emplace(assumption.path(), assumption).second);
  }
  const schema::Assumption& given = by_path.at("sites[dc].gateway.token_cache.ttl");
  CHECK(given.value() == "60s");
  CHECK(given.origin() == "scenario");
  CHECK(given.source().empty());
  const schema::Assumption& silent = by_path.at("sites[eu].gateway.token_cache.ttl");
  CHECK(silent.value() == "900s");
  CHECK(silent.origin() == "default");
  CHECK_THAT(silent.source(), Catch::Contains("CacheProvider"));
  CHECK(by_path.at("sites[eu].database.access_time").origin() == "command line");
  CHECK(by_path.at("sites[dc].nodes").value() == "a, b");
  CHECK(by_path.at("links[1].delay.uniform.greatest").value() == "9ms");
  CHECK(by_path.at("links[0].loss").value() == "0");
  CHECK(by_path.at("regions[clients].prefers").value() == "dc, eu");
  CHECK_THAT(by_path.at("regions[clients].dns.health_check.interval").source(), Catch::Contains("Route 53"));
  CHECK(by_path.at("catalog.tiers[basic].limit").value() == "20/m");
  CHECK_FALSE(by_path.contains("sites[eu].clustering.message_delay"));
  CHECK_FALSE(by_path.contains("title"));
}

}  // namespace
}  // namespace parallax::scenarios
