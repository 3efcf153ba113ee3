#include "scenarios/load.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

TEST_CASE("the sample is right") {
  const LoadOutcome outcome = load(kSample);
  CHECK(complaints(outcome).empty());
  CHECK(outcome.loaded.has_value());
}

TEST_CASE("all unknown fields and all wrong values are reported at once, in the order of the file") {
  const LoadOutcome outcome = load(R"(nmae: "pair"
duration: "10"
sites { name: "dc" nodes: "a" gateway { tokn_cache { ttl: "60s" deeper { x: [1, {y: 2}] } } } }
regions { name: "clients" }
links { from: "clients" to: "dx" delay { constant: "-5ms" } }
workload { populations { name: "users" region: "clients" rate: "200" } } wind: 3
)");
  CHECK(
      complaints(outcome) ==
      R"(pair.txtpb:1:1: unknown field "nmae" in Scenario; did you mean "name"? (fields: name, title, description, duration, seeds, tags, sites, regions, links, catalog, workload, faults, expectations, not_covered, replications, database_tasks and 8 more)
pair.txtpb:2:1: duration: "10" has no unit; expected a duration with a unit, like "40ms", "15m" or "1h30m"
pair.txtpb:3:41: unknown field "tokn_cache" in Gateway; did you mean "token_cache"? (fields: token_cache, decision_time, backend, key_validation, workers)
pair.txtpb:5:25: links[0].to: unknown site "dx"; did you mean "dc"? (sites and regions: dc, clients)
pair.txtpb:5:42: links[0].delay.constant: "-5ms" is out of range; expected 0s to 30d
pair.txtpb:6:58: workload.populations[users].rate: "200" has no unit of time; expected a rate, like "200/s", "20/m" or "0.5/s"
pair.txtpb:6:74: unknown field "wind" in Scenario (fields: name, title, description, duration, seeds, tags, sites, regions, links, catalog, workload, faults, expectations, not_covered, replications, database_tasks and 8 more)
)");
}

TEST_CASE("of misspelt words and names that are given twice nothing is said that follows from them alone") {
  const std::string misspelt = complaints(load(sample_with("faults { name: \"cut\"", "faults { nmae: \"cut\"")));
  CHECK_THAT(misspelt, Catch::StartsWith("pair.txtpb:13:10: unknown field \"nmae\" in Fault; did you mean \"name\"?"));
  CHECK(std::count(misspelt.begin(), misspelt.end(), '\n') == 1);
  const std::string lines = complaints(load(sample_with("sites { name: \"eu\" nodes", "sites { name: \"dc\" nodes")));
  CHECK_THAT(lines, Catch::Contains("duplicate name \"dc\" in sites"));
  CHECK_THAT(lines, !Catch::Contains("reach"));
}

TEST_CASE("a name with control characters is printed, and moves no cursor") {
  const std::string lines = complaints(load(sample_with("name: \"eu\" nodes", "name: \"a\\nb\\033[31m\" nodes")));
  CHECK_THAT(lines, Catch::Contains("sites[a\\x0ab\\x1b[31m].name: \"a\\x0ab\\x1b[31m\" is no text"));
  CHECK(lines.find('\x1b') == std::string::npos);
}

TEST_CASE("a syntax error stops the file after what was found before it") {
  const LoadOutcome outcome = load("nmae: \"pair\"\nduration: \"10\"\nseeds: many\nwind: 1\n");
  const std::string lines = complaints(outcome);
  CHECK_THAT(lines, Catch::Contains("pair.txtpb:1:1: unknown field \"nmae\""));
  CHECK_THAT(lines, Catch::Contains("pair.txtpb:2:1: duration: \"10\" has no unit"));
  CHECK_THAT(lines, Catch::Contains("pair.txtpb:3:8: seeds: found \"many\"; expected a whole number"));
  CHECK_THAT(lines, !Catch::Contains("wind"));
  CHECK_THAT(lines, !Catch::Contains("missing"));
}

TEST_CASE("syntax errors say what was found and what was expected, at their place") {
  struct Case {
    std::string text;
    std::string complaint;
  };
  const Case cases[] = {
      {"duration: 900", "pair.txtpb:1:11: duration: found \"900\"; expected a duration in quotes with a unit"},
      {"sites { name: dc }", "pair.txtpb:1:15: name: found \"dc\"; expected a name in quotes"},
      {"seeds: -5", "pair.txtpb:1:8: seeds: found \"-\"; expected a whole number"},
      {"seeds: 99999999999", "pair.txtpb:1:8: seeds: found \"99999999999\"; expected a whole number"},
      {"links { one_way: yes }", "pair.txtpb:1:18: one_way: found \"yes\"; expected true or false"},
      {"catalog: 3", "pair.txtpb:1:10: catalog: found \"3\"; expected a block { ... } with some of: apis"},
      {"sites { name: \"dc\"", "pair.txtpb:1:19: expected identifier, found the end of the file"},
      {"name \"x\"", "pair.txtpb:1:6: expected \":\", found \"\"x\"\""},
      {"name: \"x\"\n name: \"y\"", "pair.txtpb:2:2: \"name\" is given twice; expected it once"},
      {"name: \"x", "nexpected end of string"},
      {"\tname: 3", "pair.txtpb:1:8: name: found \"3\""},
      {"title: \"z\xC3\xBCrich\" name: 3", "pair.txtpb:1:23: name: found \"3\""},
      {"\xEF\xBB\xBFname: 3", "pair.txtpb:1:7: name: found \"3\""},
      {"name: \"x\"\r\nseeds: x", "pair.txtpb:2:8: seeds"},
      {"[foo.bar]: 3", "pair.txtpb:1:1: unknown field \"[\" in Scenario"}};
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK_THAT(complaints(load(one.text)), Catch::Contains(one.complaint));
  }
}

TEST_CASE("elements of lists are found in their own line and column") {
  const LoadOutcome outcome = load(R"(name: "pair"
sites: [{ name: "dc" nodes: ["a", "b",
  "a"] nodes: "b" },
  { name: "eu" }]
workload { writes { name: "w" site: "dc" revoke_tokens { rate: "1/s" } } }
)");
  CHECK(complaints(outcome) ==
        R"(pair.txtpb:3:3: duplicate name "a" in sites[dc].nodes (line 2); expected each name once
pair.txtpb:3:8: duplicate name "b" in sites[dc].nodes (line 2); expected each name once
pair.txtpb:4:3: sites[eu].nodes is missing; expected at least one: a name in quotes
)");
}

TEST_CASE("what is no text is refused at its first wrong byte") {
  const auto refused = [](std::string_view text) { return complaints(load(text)); };
  CHECK_THAT(refused(""), Catch::StartsWith("pair.txtpb:1:1: found an empty file; expected a scenario"));
  CHECK_THAT(refused(" \n\t\r\n"), Catch::StartsWith("pair.txtpb:1:1: found an empty file"));
  CHECK_THAT(refused(std::string_view("name: \"a\"\n\0", 11)),
             Catch::StartsWith("pair.txtpb:2:1: found the byte 0x00"));
  CHECK_THAT(refused("name: \"a\xFF\""), Catch::StartsWith("pair.txtpb:1:9: found the byte 0xff"));
  CHECK_THAT(refused("\x7F"
                     "ELF"),
             Catch::StartsWith("pair.txtpb:1:1: found the byte 0x7f"));
  CHECK_THAT(refused(sample_with("\"pair\"", "\"pa\\xffir\"")), Catch::Contains("pair.txtpb:1:1: name: \"pa\\xffir\""));
  CHECK_THAT(refused(sample_with("\"pair\"", "\"../pair\"")), Catch::Contains("\"../pair\" is no name"));
}

TEST_CASE("a file of comments alone lacks everything") {
  const std::string lines = complaints(load("# nothing yet\n"));
  CHECK_THAT(lines, Catch::Contains("pair.txtpb:1:1: name is missing"));
  CHECK_THAT(lines, Catch::Contains("sites is missing"));
  CHECK_THAT(lines, Catch::Contains("neither requests nor writes"));
}

TEST_CASE("junk nested without end is refused without using up the stack") {
  const auto nested = [](const std::string& begin, const std::string& piece) {
    std::string text = begin;
    for (int i = 0; i < 200'000; ++i) text += piece;
    return text;
  };
  for (const std::string& text : {nested("", "sites {"), nested("", "x {"), nested("x: ", "["), nested("x: ", "[{x:"),
                                  nested("x", "<a"), nested("", "links { delay {")}) {
    const LoadOutcome outcome = load(text);
    CHECK_FALSE(outcome.loaded.has_value());
    CHECK_FALSE(outcome.problems.empty());
  }
}

TEST_CASE("files that cannot be scenarios are problems and not failures") {
  const auto refused = [](const std::filesystem::path& path) { return complaints(load_file(path, {})); };
  CHECK_THAT(refused("no/such/file"), Catch::StartsWith("no/such/file:1:1: cannot be opened (No such file"));
  CHECK_THAT(refused("."), Catch::StartsWith(".:1:1: found a folder"));
  CHECK_THAT(refused("/dev/zero"), Catch::StartsWith("/dev/zero:1:1: the file is too large"));
  CHECK_THAT(refused("/dev/null"), Catch::StartsWith("/dev/null:1:1: found an empty file"));
}

}  // namespace
}  // namespace parallax::scenarios
