// Which mutations a scenario names, and what has become of an expectation under its own.
#include "scenarios/suite/mutation.h"

#include <catch2/catch.hpp>

#include "scenarios/suite/seeds.h"

namespace parallax::scenarios::suite {
namespace {

void expect(std::vector<std::string> broken_by, schema::Scenario& scenario) {
  schema::Expectation& expectation = *scenario.add_expectations();
  for (std::string& text : broken_by) expectation.add_broken_by(std::move(text));
}

schema::ExpectationOutcome outcome(const std::string& verdict, const std::string& known_miss = "") {
  schema::ExpectationOutcome outcome;
  outcome.set_verdict(verdict);
  outcome.set_known_miss(known_miss);
  return outcome;
}

TEST_CASE("expectations that name the same overrides share a mutation") {
  schema::Scenario scenario;
  expect({"a=1", "b=2"}, scenario);
  expect({}, scenario);
  expect({"a=1"}, scenario);
  expect({"a=1", "b=2"}, scenario);
  const std::vector<Mutation> mutations = mutations_of(scenario);
  REQUIRE(mutations.size() == 2);
  CHECK(mutations[0].overrides == std::vector<std::string>{"a=1", "b=2"});
  CHECK(mutations[0].expectations == std::vector<int>{0, 3});
  CHECK(mutations[1].overrides == std::vector<std::string>{"a=1"});
  CHECK(mutations[1].expectations == std::vector<int>{2});
}

TEST_CASE("an expectation is turned round if it holds, and comes out the other way under its mutation") {
  CHECK(fate_of(outcome("pass"), outcome("fail")) == Fate::kTurned);
  CHECK(fate_of(outcome("fail", "known"), outcome("pass", "known")) == Fate::kTurned);
  CHECK(fate_of(outcome("pass"), outcome("pass")) == Fate::kSurvived);
  CHECK(fate_of(outcome("fail", "known"), outcome("fail", "known")) == Fate::kSurvived);
  CHECK(fate_of(outcome("pass"), outcome("inconclusive")) == Fate::kUndecided);
  // What does not hold anyway proves nothing by failing.
  CHECK(fate_of(outcome("fail"), outcome("fail")) == Fate::kDoesNotHold);
  CHECK(fate_of(outcome("pass", "known"), outcome("fail", "known")) == Fate::kDoesNotHold);
  CHECK(fate_of(outcome("inconclusive"), outcome("fail")) == Fate::kDoesNotHold);
}

TEST_CASE("a scenario is played in as many seeds as it says, else in thirty, or three where a run is long") {
  schema::Scenario scenario;
  scenario.set_seeds(1);
  schema::Assumption seeds;
  seeds.set_path("seeds");
  seeds.set_origin("default");
  CHECK(seeds_of(scenario, std::vector{seeds}) == 30);
  scenario.add_tags("nightly");
  scenario.add_tags("long");
  CHECK(seeds_of(scenario, std::vector{seeds}) == 3);
  for (const char* const origin : {"scenario", "command line"}) {
    scenario.set_seeds(12);
    seeds.set_origin(origin);
    CHECK(seeds_of(scenario, std::vector{seeds}) == 12);
  }
}

TEST_CASE("what a limit has cut short decides nothing of a mutation") {
  schema::Result whole;
  *whole.add_expectations() = outcome("pass");
  whole.add_runs();
  schema::Result cut = whole;
  cut.mutable_runs(0)->set_limit("events");
  CHECK(fate_of(whole, whole, 0) == Fate::kSurvived);
  CHECK(fate_of(whole, cut, 0) == Fate::kUndecided);
  CHECK(fate_of(cut, whole, 0) == Fate::kUndecided);
}

}  // namespace
}  // namespace parallax::scenarios::suite
