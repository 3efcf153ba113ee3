// What list, describe and schema print.
#include <catch2/catch.hpp>
#include <string>

#include "reports/authoring/describe_text.h"
#include "reports/authoring/list_text.h"
#include "reports/authoring/schema_json.h"
#include "scenarios/fields.h"
#include "scenarios/library.h"
#include "scenarios/metrics.h"

namespace parallax::reports {
namespace {

std::string described(std::string_view name, const std::vector<std::string>& overrides = {}) {
  const auto entry = scenarios::find_in_library(name);
  const scenarios::LoadOutcome outcome = scenarios::load(*entry, overrides);
  REQUIRE(outcome.loaded.has_value());
  return describe_text(*outcome.loaded, entry->text);
}

TEST_CASE("a scenario is described from its title to its defaults") {
  const std::string text = described("active_active", {"regions[america].dns.ttl=5s"});
  INFO(text);
  CHECK_THAT(text, Catch::StartsWith("active_active: Active-active, us-east lost for ten minutes\n"));
  CHECK_THAT(text, Catch::Contains("60 min of virtual time, 1 seed by default."));
  CHECK_THAT(text, Catch::Contains("Two regions that both serve"));  // the comment at its head
  CHECK_THAT(text, Catch::Contains("  us-east: 2 nodes (node-1 and node-2); clustered; artifacts by mount\n"));
  CHECK_THAT(text, Catch::Contains("  america: prefers us-east, then us-west\n"));
  CHECK_THAT(text, Catch::Contains("  us-east <-> us-west: 30 ms"));
  CHECK_THAT(text, Catch::Contains("  database of us-east <-> that of us-west, goldengate\n"));
  CHECK_THAT(text, Catch::Contains("  america: clients in america, 7/s\n"));
  CHECK_THAT(text, Catch::Contains("  revocations: revoke tokens (rate 6/m) at us-east, from 0s to the end\n"));
  CHECK_THAT(text, Catch::Contains("  us-east lost: site down (site us-east) at 25m for 10m\n"));
  CHECK_THAT(text, Catch::Contains("  availability.api.unavailable_s at most 3m: time during which"));
  CHECK_THAT(text, Catch::Contains("  Overload: nodes, database and backends answer"));
  CHECK_THAT(text, Catch::Contains("  sites[us-west].startup_time=90s  (0s to 1d, default 60s)\n"));
  CHECK_THAT(text, Catch::Contains("Given on the command line\n  regions[america].dns.ttl=5s"));
  CHECK_THAT(text, Catch::Contains("  sites[*].gateway.token_cache.ttl=900s  (1ns to 365d, default 900s)\n"));
  CHECK_THAT(text, Catch::Contains("Source: carbon-apimgt CacheProvider: 15 min"));
}

TEST_CASE("every scenario of the library can be described") {
  for (const scenarios::LibraryEntry& entry : scenarios::library()) {
    INFO(entry.name);
    const std::string text = described(entry.name);
    CHECK_THAT(text, Catch::Contains("\nData centers\n"));
    CHECK_THAT(text, !Catch::Contains("nothing chosen"));  // each fault and write is of a kind
    CHECK(text.find('\0') == std::string::npos);
  }
}

TEST_CASE("every metric is described, with its unit") {
  const std::string text = metrics_text();
  for (const scenarios::MetricDefinition& metric : scenarios::all_metrics()) {
    CHECK_THAT(text, Catch::Contains(metric.name + " (" + std::string(to_string(metric.unit)) + ")\n"));
  }
}

TEST_CASE("scenarios are listed by folder") {
  const ListedScenario listed[] = {{"alone", "One"}, {"clocks/ahead", "Two"}, {"clocks/behind", "Three"}, {"z/z", ""}};
  CHECK(list_text(listed) == "  alone  One\n\nclocks/\n  ahead   Two\n  behind  Three\n\nz/\n  z\n");
}

TEST_CASE("data sets are listed with source and regions") {
  const std::string text = data_text(scenarios::data::all_round_trips());
  CHECK_THAT(text, Catch::Contains("aws-2020-06-05\n  AWS, 19 regions. Measured 2020-06-05, ping over one hour."));
  CHECK_THAT(text, Catch::Contains("eu-west-1 (Ireland; --sites eu)"));
  CHECK_THAT(text, Catch::Contains("West Europe"));
}

TEST_CASE("the schema as JSON has every field of every message once, with its rule") {
  const std::string text = schema_json();
  CHECK_THAT(text, Catch::Contains("{\"name\": \"ttl\", \"type\": \"text\", \"message\": null, \"list\": false, "
                                   "\"quantity\": \"duration\", \"default\": \"900s\""));
  const google::protobuf::Descriptor& site = *schema::Site::descriptor();
  for (const std::string& name : scenarios::field_names(site)) {
    CHECK_THAT(text, Catch::Contains("{\"name\": \"" + name + "\", "));
  }
  CHECK(text.find("\"name\": \"Site\", \"fields\"") == text.rfind("\"name\": \"Site\", \"fields\""));
}

}  // namespace
}  // namespace parallax::reports
