// What is kept of a suite is all that its reports are made of.
#include "scenarios/suite/suite_result.h"

#include <catch2/catch.hpp>

#include "scenarios/suite/baseline.h"
#include "tests/scenarios/suite/sample.h"

namespace parallax::scenarios::suite {
namespace {

Suite sample() {
  Suite suite;
  suite.selected = 4;
  suite.command = "parallax check scenarios";
  suite.inconclusive = Suite::Inconclusive::kCountsAsFailure;
  const schema::SuiteRecord old = test::record("pass");
  Row& moved = suite.rows.emplace_back();
  moved.scenario = "moved";
  moved.title = "A title";
  moved.command = "parallax run moved.txtpb";
  moved.again = "parallax run moved.txtpb --seed 2";
  moved.sentence = "It was looked at";
  moved.reasons = {"one", "two"};
  moved.report = "moved/report.html";
  moved.asked = "--set duration=5m";
  moved.history = Baseline{{old}}.history("pair");
  compare(&old, test::moved(old), moved);
  Row& fresh = suite.rows.emplace_back();
  fresh.scenario = "fresh";
  compare(nullptr, test::record("fail"), fresh);
  Row& broken = suite.rows.emplace_back();
  broken.scenario = "broken";
  broken.state = State::kFault;
  broken.fault = "gave up";
  return suite;
}

TEST_CASE("a suite that was kept is the suite that was run") {
  const schema::SuiteResult kept = message_of(sample(), "0.1.0");
  CHECK(kept.schema() == kResultSchema);
  CHECK(kept.version() == "0.1.0");
  const Suite again = suite_of(kept);
  CHECK(message_of(again, "0.1.0").SerializeAsString() == kept.SerializeAsString());
  const Suite first = sample();
  CHECK(again.selected == 4);
  CHECK(again.inconclusive == first.inconclusive);
  REQUIRE(again.rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(first.rows[i].scenario);
    CHECK(again.rows[i].state == first.rows[i].state);
    CHECK(again.rows[i].difference == first.rows[i].difference);
    CHECK(again.rows[i].verdict() == first.rows[i].verdict());
    CHECK(again.rows[i].reasons == first.rows[i].reasons);
  }
  CHECK(again.rows[0].difference.has_value());
}

TEST_CASE("a history is all blessings of one scenario, the oldest first") {
  Baseline baseline;
  schema::SuiteRecord other = test::record("pass");
  other.set_scenario("other");
  baseline.bless(test::record("pass"), "first");
  baseline.bless(other, "not this one");
  baseline.bless(test::record("fail"), "second");
  const auto history = baseline.history("pair");
  REQUIRE(history.size() == 2);
  CHECK(history[0].because() == "first");
  CHECK(history[0].verdict() == "pass");
  CHECK(history[1].because() == "second");
  REQUIRE(history[1].expectations_size() == 1);
  CHECK(history[1].expectations(0).value() == 75);
  CHECK(baseline.history("nobody").empty());
}

}  // namespace
}  // namespace parallax::scenarios::suite
