#include "scenarios/extend.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "scenarios/config_hash.h"
#include "scenarios/reload.h"
#include "tests/scenarios/sample.h"
#include "tests/scenarios/written_files.h"

namespace parallax::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::WrittenFiles;

/// The sample, and a file in a folder beside it that extends it and goes on with `text`.
LoadOutcome over_sample(std::string_view text, const std::vector<std::string>& overrides = {}) {
  const WrittenFiles files("extend");
  files.write("base/pair.txtpb", kSample);
  const fs::path upper =
      files.write("own/upper.txtpb", "name: \"upper\" extends: \"../base/pair.txtpb\"\n" + std::string(text));
  LoadOutcome outcome = load_file(upper, overrides);
  const std::string prefix = files.folder().string() + "/";
  for (Problem& problem : outcome.problems) {
    for (std::string* words : {&problem.file, &problem.message}) {
      for (std::size_t at = words->find(prefix); at != std::string::npos; at = words->find(prefix)) {
        words->erase(at, prefix.size());
      }
    }
  }
  return outcome;
}

schema::Scenario laid(std::string_view text, const std::vector<std::string>& overrides = {}) {
  const LoadOutcome outcome = over_sample(text, overrides);
  INFO(text << "\n" << complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  return outcome.loaded->scenario;
}

TEST_CASE("a file that says nothing but its name is the one that it extends") {
  schema::Scenario expected = load(kSample).loaded->scenario;
  expected.set_name("upper");
  CHECK(laid("").DebugString() == expected.DebugString());
}

TEST_CASE("a value replaces the other file's, and a block is laid field by field") {
  const schema::Scenario scenario = laid("duration: \"20m\" catalog { applications: 7 }");
  CHECK(scenario.duration() == "20m");
  CHECK(scenario.catalog().applications() == 7);
  CHECK(scenario.catalog().apis() == 5);
  CHECK(laid("catalog { apis: 9 }").catalog().apis() == 9);
  CHECK(laid("regions { name: \"clients\" prefers: \"eu\" }").regions(0).prefers_size() == 1);
}

TEST_CASE("lists are laid element by element, by name or by what they are known by") {
  const schema::Scenario sites =
      laid("sites { name: \"eu\" startup_time: \"5s\" } sites { name: \"ap\" nodes: \"d\" }");
  REQUIRE(sites.sites_size() == 3);
  CHECK(sites.sites(1).startup_time() == "5s");
  CHECK(sites.sites(1).nodes(0) == "c");
  CHECK(sites.sites(2).name() == "ap");

  const schema::Scenario links = laid("links { from: \"clients\" to: \"eu\" loss: 0.5 }");
  REQUIRE(links.links_size() == 2);
  CHECK(links.links(1).loss() == 0.5);
  CHECK(links.links(1).delay().uniform().least() == "5ms");

  const std::string metric = "expectations { metric: \"window.token_revoked.max\" ";
  CHECK(laid(metric + "at_most: \"2m\" }").expectations_size() == 1);
  CHECK(laid(metric + "at_most: \"2m\" }").expectations(0).at_most() == "2m");
  CHECK(laid(metric + "at_least: \"1s\" }").expectations_size() == 2);
}

TEST_CASE("of fields that exclude each other the one that is given above stays") {
  const schema::Scenario link =
      laid("links { from: \"clients\" to: \"dc\" delay { uniform { least: \"1s\" greatest: \"2s\" } } }");
  CHECK(link.links(0).delay().constant().empty());
  CHECK(link.links(0).delay().uniform().least() == "1s");

  const schema::Scenario fault =
      laid("faults { name: \"cut\" site_down { site: \"eu\" } random { rate: \"1/m\" mean_duration: \"5s\" } }");
  REQUIRE(fault.faults_size() == 1);
  CHECK_FALSE(fault.faults(0).has_link_down());
  CHECK(fault.faults(0).has_site_down());
  CHECK(fault.faults(0).at().empty());
  CHECK(fault.faults(0).lasts().empty());

  CHECK(laid("workload { writes { name: \"revoke\" block_subscriptions { rate: \"1/m\" } } }")
            .workload()
            .writes(0)
            .has_block_subscriptions());
  CHECK_FALSE(laid("workload { writes { name: \"revoke\" block_subscriptions { rate: \"1/m\" } } }")
                  .workload()
                  .writes(0)
                  .has_revoke_tokens());
}

TEST_CASE("what is removed is gone before the file is laid over") {
  CHECK(laid("remove: \"expectations\"").expectations_size() == 0);
  CHECK(laid("remove: \"expectations[window.token_revoked.max/at_most]\"").expectations_size() == 0);
  CHECK(laid("remove: \"faults[cut]\"").faults_size() == 0);
  CHECK(laid("remove: \"duration\"").duration() == "60m");  // the default
  CHECK(laid("remove: \"sites[dc].gateway\"").sites(0).gateway().token_cache().ttl() == "900s");
  CHECK(laid("remove: \"sites[dc].nodes[0]\"").sites(0).nodes(0) == "b");
  const schema::Scenario again =
      laid("remove: \"faults[cut]\" faults { name: \"cut\" at: \"1m\" lasts: \"1s\" site_down { site: \"eu\" } }");
  CHECK(again.faults(0).at() == "1m");
  const schema::Scenario smaller =
      laid("remove: [\"sites[eu]\", \"links[clients/eu]\"] regions { name: \"clients\" prefers: \"dc\" }");
  CHECK(smaller.sites_size() == 1);
  CHECK(smaller.links_size() == 1);
}

TEST_CASE("removing what is not there names the nearest word") {
  const Case cases[] = {
      {"", "remove: \"sites[ue]\"",
       "own/upper.txtpb:2:1: remove: no element \"ue\" in sites; did you mean \"eu\"? (elements: dc, eu)"},
      {"", "remove: \"links[clients/us]\"",
       "no element \"clients/us\" in links; did you mean \"clients/dc\"? (elements: clients/dc, clients/eu)"},
      {"", "remove: \"fault\"", "remove: unknown field \"fault\" in Scenario; did you mean \"faults\"?"},
      {"", "remove: \"faults[cut].name.x\"", "remove: \"name\" has no fields"},
      {"", "remove: \"catalog.tier\"", "unknown field \"tier\" in Catalog; did you mean \"tiers\"?"},
      {"", "remove: \"replications\"",
       "remove: \"replications\" is not given there, so there is nothing to remove (given: name, duration, sites"},
      {"", "remove: \"catalog.tokens\"",
       "\"catalog.tokens\" is not given there, so there is nothing to remove (given: apis, tiers)"},
      {"", "remove: \"sites[\"", "remove: \"sites[\" is not a path"},
      {"", "remove: \"duration.x\"", "remove: \"duration\" has no fields"},
      {"", "remove: \"sites.nodes\"", "remove: \"sites\" is a list"},
      {"", "remove: [\"faults\",\n \"sties\"]", "own/upper.txtpb:3:2: remove: unknown field \"sties\""}};
  for (const Case& one : cases) {
    INFO(one.new_text);
    CHECK_THAT(complaints(over_sample(one.new_text)), Catch::Contains(one.complaint));
  }
}

TEST_CASE("what is wrong is reported in the file where it stands") {
  const WrittenFiles files("extend_places");
  files.write("base.txtpb", sample_with("ttl: \"60s\"", "ttl: \"60\""));
  const fs::path upper =
      files.write("upper.txtpb",
                  "extends: \"base.txtpb\"\nname: \"upper\"\nsites { name: \"eu\"\n  nodes: [\"c\",\n \"c\"] }\n"
                  "links { from: \"clients\" to: \"ue\" }\nsites { name: \"dc\" windy: true }\n");
  const std::string folder = files.folder().string() + "/";
  const std::string lines = complaints(load_file(upper, {}));
  CHECK_THAT(lines, Catch::Contains(folder + "upper.txtpb:5:2: duplicate name \"c\" in sites[eu].nodes (line 4)"));
  CHECK_THAT(lines, Catch::Contains(folder + "upper.txtpb:6:25: links[2].to: unknown site \"ue\""));
  CHECK_THAT(lines, Catch::Contains(folder + "upper.txtpb:7:20: unknown field \"windy\" in Site"));
  CHECK_THAT(lines, Catch::Contains(folder + "base.txtpb:3:62: sites[dc].gateway.token_cache.ttl: \"60\" has no unit"));
  CHECK(lines.find("upper.txtpb:5") < lines.find("base.txtpb:3"));
}

TEST_CASE("a chain of files is laid one over the other, and paths are relative to each") {
  const WrittenFiles files("extend_chain");
  files.write("library/pair.txtpb", kSample);
  files.write("library/long/slow.txtpb", "name: \"slow\" extends: \"../pair.txtpb\" duration: \"1h\" seeds: 4");
  const fs::path upper = files.write("own.txtpb", "name: \"own\" extends: \"library/long/slow.txtpb\" seeds: 2");
  const LoadOutcome outcome = load_file(upper, {});
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  CHECK(outcome.loaded->scenario.name() == "own");
  CHECK(outcome.loaded->scenario.duration() == "1h");
  CHECK(outcome.loaded->scenario.seeds() == 2);
  CHECK(outcome.loaded->scenario.sites_size() == 2);

  std::map<std::string, schema::Assumption> by_path;
  for (const schema::Assumption& one : outcome.loaded->assumptions) by_path[one.path()] = one;
  CHECK(by_path.at("seeds").origin() == "scenario");
  CHECK(by_path.at("duration").origin() == "base");
  CHECK(by_path.at("duration").source() == "library/long/slow.txtpb");
  CHECK(by_path.at("sites[dc].gateway.token_cache.ttl").origin() == "base");
  CHECK(by_path.at("sites[dc].gateway.token_cache.ttl").source() == "../pair.txtpb");
  CHECK(by_path.at("sites[dc].gateway.token_cache.sweep_interval").origin() == "default");
}

TEST_CASE("overrides and the configuration's hash are of the whole") {
  const LoadOutcome outcome =
      over_sample("duration: \"20m\"", {"sites[dc].gateway.token_cache.ttl=5s", "links[clients/eu].loss=0.25"});
  REQUIRE(outcome.loaded.has_value());
  CHECK(outcome.loaded->scenario.sites(0).gateway().token_cache().ttl() == "5s");
  CHECK(outcome.loaded->scenario.links(1).loss() == 0.25);
  const std::string written =
      with(with(sample_with("\"pair\"", "\"upper\""), "\"10m\"", "\"20m\""), "ttl: \"60s\"", "ttl: \"5s\"");
  const LoadOutcome alike = load(written, {"links[1].loss=0.25"});
  CHECK(config_hash(outcome.loaded->scenario) == config_hash(alike.loaded->scenario));
  CHECK_THAT(complaints(over_sample("", {"extends=x"})),
             Catch::Contains("--set extends: only a scenario file can extend another"));
}

TEST_CASE("the scenario in a result depends on no file") {
  const LoadOutcome outcome = over_sample("duration: \"20m\"");
  REQUIRE(outcome.loaded.has_value());
  CHECK(outcome.loaded->scenario.extends().empty());
  schema::Result result;
  *result.mutable_config() = outcome.loaded->scenario;
  for (const schema::Assumption& one : outcome.loaded->assumptions) *result.add_assumptions() = one;
  const LoadOutcome again = reload("result.json", result, {});
  INFO(complaints(again));
  REQUIRE(again.loaded.has_value());
  CHECK(again.loaded->scenario.DebugString() == outcome.loaded->scenario.DebugString());

  result.mutable_config()->set_extends("/etc/passwd");
  CHECK_THAT(complaints(reload("result.json", result, {})), Catch::Contains("only a scenario file can extend another"));
}

TEST_CASE("each scenario has a name of its own") {
  const WrittenFiles files("extend_name");
  files.write("pair.txtpb", kSample);
  const fs::path upper = files.write("upper.txtpb", "extends: \"pair.txtpb\"");
  CHECK_THAT(complaints(load_file(upper, {})), Catch::Contains("upper.txtpb:1:1: name is missing"));
}

TEST_CASE("what cannot be extended is a problem at the word that names it") {
  const WrittenFiles files("extend_hostile");
  files.write("pair.txtpb", kSample);
  files.write("empty.txtpb", "");
  files.write("nul.txtpb", std::string_view("name: \"a\"\n\0", 11));
  files.write("broken.txtpb", "sites { name: 3 }");
  files.write("itself.txtpb", "name: \"i\" extends: \"./itself.txtpb\"");
  files.write("ping.txtpb", "name: \"ping\" extends: \"pong.txtpb\"");
  files.write("pong.txtpb", "name: \"pong\"\n extends: \"ping.txtpb\"");
  for (int i = 0; i < 9; ++i) {
    files.write("deep" + std::to_string(i) + ".txtpb",
                "name: \"d\" extends: \"deep" + std::to_string(i + 1) + ".txtpb\"");
  }
  files.write("deep9.txtpb", kSample);
  fs::create_symlink("loop", files.folder() / "loop");
  std::string nested = "name: \"n\" ";
  for (int i = 0; i < 100'000; ++i) nested += "sites {";
  files.write("nested.txtpb", nested);
  fs::create_directory(files.folder() / "folder.txtpb");

  const auto refused = [&files](const std::string& base) {
    const fs::path upper =
        files.write("upper.txtpb", "name: \"upper\"\n  extends: \"" + base + "\"\n  duraton: \"5m\"");
    const LoadOutcome outcome = load_file(upper, {});
    CHECK_FALSE(outcome.loaded.has_value());
    CHECK_THAT(complaints(outcome), Catch::Contains("unknown field \"duraton\""));
    return complaints(outcome);
  };
  const auto at = [&files](const std::string& file, const std::string& rest) {
    return Catch::Contains((files.folder() / file).string() + rest);
  };
  CHECK_THAT(refused("pair.txtpb"), !Catch::Contains("extends:"));
  CHECK_THAT(refused("pari.txtpb"), at("upper.txtpb", ":2:3: extends: ") &&
                                        Catch::Contains("cannot be opened (No such file") &&
                                        Catch::Contains("did you mean \"pair.txtpb\"?"));
  CHECK_THAT(refused("folder.txtpb"), Catch::Contains("found a folder"));
  CHECK_THAT(refused("."), Catch::Contains("found a folder"));
  CHECK_THAT(refused(""), Catch::Contains("extends: \"\" is no path"));
  CHECK_THAT(refused("a\\000b"), Catch::Contains("extends: \"a\\x00b\" is no path"));
  CHECK_THAT(refused("loop"), Catch::Contains("cannot be opened (Too many levels"));
  CHECK_THAT(refused("/dev/zero"), Catch::Contains("\"/dev/zero\": no regular file"));
  CHECK_THAT(refused("upper.txtpb"), Catch::Contains("comes back to itself"));
  CHECK_THAT(refused("itself.txtpb"),
             at("itself.txtpb", ":1:11: extends: ") && Catch::Contains("comes back to itself"));
  CHECK_THAT(refused("ping.txtpb"), at("pong.txtpb", ":2:2: extends: ") && Catch::Contains("comes back to itself"));
  CHECK_THAT(refused("deep0.txtpb"),
             at("deep6.txtpb", ":1:11: extends: ") && Catch::Contains("would be file 9 of a chain"));
  CHECK_THAT(refused("empty.txtpb"), at("empty.txtpb", ":1:1: found an empty file"));
  CHECK_THAT(refused("nul.txtpb"), at("nul.txtpb", ":2:1: found the byte 0x00"));
  CHECK_THAT(refused("broken.txtpb"), at("broken.txtpb", ":1:15: name: found \"3\""));
  CHECK_THAT(refused("nested.txtpb"), at("nested.txtpb", ":1:"));
  files.write("huge.txtpb", std::string(17U << 20U, '#'));
  CHECK_THAT(refused("huge.txtpb"), Catch::Contains("the file is too large"));
}

TEST_CASE("a text without a file extends nothing, and nothing is removed from nowhere") {
  CHECK_THAT(complaints(load("name: \"x\" extends: \"y\"")), Catch::Contains("pair.txtpb:1:11: only a scenario file"));
  const WrittenFiles files("extend_alone");
  const fs::path alone = files.write("alone.txtpb", std::string(kSample) + "remove: \"faults\"");
  const std::string lines = complaints(load_file(alone, {}));
  CHECK_THAT(lines, Catch::Contains("remove without extends"));
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 1);
}

TEST_CASE("a name of the library is no file, and whoever gives one is told how to come by it") {
  const WrittenFiles files("extend_library");
  const fs::path mine = files.write("mine.txtpb", "name: \"mine\" extends: \"active_active\"");
  CHECK_THAT(complaints(load_file(mine, {})),
             Catch::Contains("active_active is of the library: parallax init --from active_active"));
}

TEST_CASE("the name of what is extended cannot be removed, for it is never passed on") {
  const WrittenFiles files("extend_name");
  files.write("base.txtpb", kSample);
  const fs::path mine = files.write("mine.txtpb", "name: \"mine\" extends: \"base.txtpb\" remove: \"name\"");
  CHECK_THAT(complaints(load_file(mine, {})), Catch::Contains("remove: name is never of the extended scenario"));
}

}  // namespace
}  // namespace parallax::scenarios
