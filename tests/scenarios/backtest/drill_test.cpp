// Drills as people write them down: what is understood, and what is refused at which place.
#include "scenarios/backtest/drill.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

namespace parallax::scenarios::backtest {
namespace {

schema::Scenario two_of_each() {
  schema::Scenario scenario;
  for (const char* name : {"east", "west"}) scenario.mutable_workload()->add_populations()->set_name(name);
  for (const char* name : {"us-east", "us-west"}) scenario.add_sites()->set_name(name);
  return scenario;
}

ReadDrill read(const std::string& text, const std::optional<std::string>& start = std::nullopt) {
  const auto path = std::filesystem::temp_directory_path() / "parallax_drill_test.csv";
  std::ofstream(path, std::ios::binary) << text;
  ReadDrill found = read_drill(path, start, two_of_each());
  std::filesystem::remove(path);
  return found;
}

Drill understood(const std::string& text, const std::optional<std::string>& start = std::nullopt) {
  ReadDrill found = read(text, start);
  INFO((found.problems.empty() ? "" : to_string(found.problems.front())));
  REQUIRE(found.drill);
  return *found.drill;
}

/// "line:column: message" of the first problem.
std::string refusal(const std::string& text, const std::optional<std::string>& start = std::nullopt) {
  const ReadDrill found = read(text, start);
  REQUIRE_FALSE(found.drill);
  const Problem& problem = found.problems.front();
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " + problem.message;
}

TEST_CASE("calls are counted by population and second, before the fault too") {
  const Drill drill = understood("time,population,status\n-0.5,east,200\n0.2,east,503\n0.9,east,ok\n1,west,timeout\n");
  CHECK(drill.calls == 4);
  const Seconds& east = drill.failed.at("east");
  CHECK(east.at(-1).all == 1);
  CHECK(east.at(0).all == 2);
  CHECK(east.at(0).of_it == 1);
  CHECK(drill.failed.at("west").at(1).of_it == 1);
  CHECK(drill.decided.empty());
}

TEST_CASE("a refusal is an answer, an error of the server and silence are none") {
  const Drill drill = understood("t;status;count\n0;401;2\n0;429;3\n0;500;5\n0;000;7\n0;Failed;11\n0;OK;13\n");
  CHECK(drill.failed.at("").at(0).all == 41);
  CHECK(drill.failed.at("").at(0).of_it == 23);
}

TEST_CASE("with a data center a call counts for the one that has answered it") {
  const Drill drill = understood("time,dc,status\n0,us-east,200\n0,us-west,200\n0,us-west,200\n0,,timeout\n");
  CHECK(drill.decided.at("us-west").at(0).of_it == 2);
  CHECK(drill.decided.at("us-west").at(0).all == 3);
  CHECK(drill.decided.at("us-east").at(0).of_it == 1);
  CHECK(drill.failed.at("").at(0).all == 4);
}

TEST_CASE("dates count from the start, in whatever zone") {
  const Drill drill = understood(
      "timestamp,status\n2026-11-30T02:38:04.5Z,200\n2026-11-30 03:38:05+01:00,200\n2026-11-29T18:38:06-0800,200\n",
      "2026-11-30T02:38:03Z");
  CHECK(drill.failed.at("").at(1).all == 1);
  CHECK(drill.failed.at("").at(2).all == 1);
  CHECK(drill.failed.at("").at(3).all == 1);
  CHECK(seconds_of_iso("1970-01-02T00:00:00Z") == 86'400);
  CHECK(seconds_of_iso("2000-03-01T00:00:00Z") == 951'868'800);    // the day after a leap day
  CHECK(seconds_of_iso("2000-02-29T23:59:60Z") == 951'868'800);    // a leap day, and a leap second at its end
  CHECK(seconds_of_iso("2100-03-01T00:00:00Z") == 4'107'542'400);  // no leap year
  for (const char* text :
       {"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-31T02:00:10Z", "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-30T24:59:00Z",
        "2026-11-30T24:00:00Z", "2026-11-30T23:60:00Z", "2026-11-30T23:59:61Z"}) {
    INFO(text);
    CHECK_FALSE(seconds_of_iso(text));
  }
  CHECK_FALSE(seconds_of_iso("2026-11-30"));
  CHECK_FALSE(seconds_of_iso("2026-11-30T02:38:04+"));
}

TEST_CASE("byte-order mark, carriage returns, quotes and other columns are no matter") {
  const Drill drill = understood("\xEF\xBB\xBFtime,note,\"status\"\r\n\"0\",\"a, b\",200\r\n\r\n");
  CHECK(drill.calls == 1);
}

TEST_CASE("what is no drill is refused with its place") {
  CHECK(refusal("").find("1:1: found no call") == 0);
  CHECK(refusal("time,status\n").find("1:1: found no call") == 0);
  CHECK(refusal("time,population\n0,east\n").find("1:1: found no column status") == 0);
  CHECK(refusal("0,200\n").find("1:1: found no column time") == 0);
  CHECK(refusal("time,status\nsoon,200\n").find("2:1: found \"soon\", expected a time") == 0);
  CHECK(refusal("time,status\nnan,200\n").find("2:1: found \"nan\"") == 0);
  CHECK(refusal("time,status\n1e300,200\n").find("2:1: found \"1e300\", expected a time within ten years") == 0);
  CHECK(refusal("time,status\n0,900\n").find("2:3: found \"900\", expected an HTTP status") == 0);
  CHECK(refusal("time,status\n0,\n").find("2:3: found \"\"") == 0);
  CHECK(refusal("time,status\n0,200,1\n").find("2:1: found 3 cells, expected 2") == 0);
  CHECK(refusal("time,status,count\n0,200,-1\n").find("2:7: found \"-1\", expected a count") == 0);
  CHECK(refusal("time,status,t\n0,200,1\n").find("1:13: found a second column for the same") == 0);
  CHECK(refusal("time,population,status\n0,esat,200\n")
            .find("2:3: found \"esat\", which the scenario does not have; did you mean \"east\"?") == 0);
  CHECK(refusal("time,dc,status\n0,us-eats,200\n").find("did you mean \"us-east\"?") != std::string::npos);
  CHECK(refusal("time,status\n2026-11-30T02:38:04Z,200\n").find("2:1: found a date, expected --start") == 0);
  CHECK(refusal("time,status\n0,200\n2026-11-30T02:38:04Z,200\n").find("3:1: found \"2026") == 0);
  CHECK(refusal("time,status\n0,200\n", "2026-11-30T02:38:03Z").find("2:1: found \"0\", expected a date") == 0);
}

}  // namespace
}  // namespace parallax::scenarios::backtest
