#include "scenarios/reload.h"

#include <google/protobuf/util/message_differencer.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/scenarios/sample.h"
#include "tests/support/library_files.h"

namespace parallax::scenarios {
namespace {

namespace fs = std::filesystem;

schema::Result result_with(const Loaded& loaded) {
  schema::Result result;
  *result.mutable_config() = loaded.scenario;
  for (const schema::Assumption& assumption : loaded.assumptions) *result.add_assumptions() = assumption;
  return result;
}

std::string difference(const schema::Scenario& a, const schema::Scenario& b) {
  std::string text;
  google::protobuf::util::MessageDifferencer differencer;
  // Mutations are of the file, and not of results.
  differencer.IgnoreField(schema::Expectation::descriptor()->FindFieldByName("broken_by"));
  differencer.ReportDifferencesToString(&text);
  return differencer.Compare(a, b) ? "" : text;
}

TEST_CASE("the configuration of a result is loaded again as it was, with every scenario of the library") {
  REQUIRE(test::library_files().size() > 100);
  for (const fs::path& file : test::library_files()) {
    INFO(file);
    const LoadOutcome loaded = load_file(file, {});
    REQUIRE(loaded.loaded);
    const LoadOutcome again = reload("result.json", result_with(*loaded.loaded), {});
    CHECK(complaints(again).empty());
    REQUIRE(again.loaded);
    CHECK(difference(loaded.loaded->scenario, again.loaded->scenario) == "");
  }
}

TEST_CASE("an override of a result does what --set does, defaults of profiles included") {
  const std::vector<std::string> profile{"replications[0].profile=bdr"};
  const std::vector<std::string> duration{"duration=7m"};
  int profiles = 0;
  for (const fs::path& file : test::library_files()) {
    INFO(file);
    const LoadOutcome plain = load_file(file, {});
    REQUIRE(plain.loaded);
    for (const auto* overrides : {&profile, &duration}) {
      const LoadOutcome set = load_file(file, *overrides);
      const LoadOutcome what_if = reload("result.json", result_with(*plain.loaded), *overrides);
      REQUIRE(set.loaded.has_value() == what_if.loaded.has_value());
      if (!set.loaded) continue;
      profiles += overrides == &profile;
      CHECK(difference(set.loaded->scenario, what_if.loaded->scenario) == "");
    }
  }
  CHECK(profiles > 5);
}

TEST_CASE("what was set on the command line stays, and further values go on top") {
  const LoadOutcome loaded = load(kSample, {"duration=7m"});
  REQUIRE(loaded.loaded);
  const schema::Result result = result_with(*loaded.loaded);
  const std::vector<std::string> overrides{"sites[dc].gateway.token_cache.ttl=5s"};
  const LoadOutcome again = reload("result.json", result, overrides);
  REQUIRE(again.loaded);
  CHECK(again.loaded->scenario.duration() == "7m");
  CHECK(again.loaded->scenario.sites(0).gateway().token_cache().ttl() == "5s");
}

TEST_CASE("problems are of the override, or of the result's configuration") {
  const LoadOutcome loaded = load(kSample);
  REQUIRE(loaded.loaded);
  schema::Result result = result_with(*loaded.loaded);
  const std::vector<std::string> overrides{"sites[dx].gateway.token_cache.ttl=5s", "x"};
  CHECK(complaints(reload("result.json", result, overrides)) ==
        "--set sites[dx].gateway.token_cache.ttl: no element \"dx\" in sites; did you mean \"dc\"? (elements: dc, "
        "eu)\n--set x: \"x\" sets nothing; expected path=value\n");
  result.mutable_config()->set_duration("7");
  CHECK_THAT(complaints(reload("result.json", result, {})),
             Catch::Contains("result.json:1:1: config: duration: \"7\" has no unit"));
  CHECK_FALSE(reload("result.json", schema::Result{}, {}).loaded);
}

}  // namespace
}  // namespace parallax::scenarios
