// Targets that are known to be missed: they hold while they are.
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/suite/holding.h"
#include "scenarios/suite/suite.h"
#include "tests/scenarios/suite/sample.h"

namespace parallax::scenarios::suite {
namespace {

schema::ExpectationOutcome outcome(const std::string& verdict, const std::string& known_miss) {
  schema::ExpectationOutcome outcome;
  outcome.set_metric("window.token_revoked.max");
  outcome.set_operator_("at_most");
  outcome.set_verdict(verdict);
  outcome.set_known_miss(known_miss);
  return outcome;
}

/// As runs judge it: they know of no known miss.
schema::Result result(const std::vector<schema::ExpectationOutcome>& outcomes, const std::string& reason = "") {
  schema::Result result;
  result.set_scenario("pair");
  for (const schema::ExpectationOutcome& one : outcomes) *result.add_expectations() = one;
  if (!reason.empty()) result.add_reasons(reason);
  const bool fails =
      std::any_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.verdict() == "fail"; });
  result.set_verdict(fails ? "fail" : reason.empty() ? "pass" : "inconclusive");
  return result;
}

TEST_CASE("a target holds when it is met, or missed as is known") {
  CHECK(holding_of("pass", false) == Holding::kHolds);
  CHECK(holding_of("fail", false) == Holding::kMissed);
  CHECK(holding_of("fail", true) == Holding::kHolds);
  CHECK(holding_of("pass", true) == Holding::kNowMet);
  CHECK(holding_of("inconclusive", false) == Holding::kUndecided);
  CHECK(holding_of("inconclusive", true) == Holding::kUndecided);
}

TEST_CASE("a suite passes over what is known, and over nothing else") {
  CHECK(verdict_of(result({outcome("fail", "hopes of its author")})) == "pass");
  CHECK(verdict_of(result({outcome("fail", "hopes of its author"), outcome("pass", "")})) == "pass");
  CHECK(verdict_of(result({outcome("fail", "hopes of its author"), outcome("fail", "")})) == "fail");
  CHECK(verdict_of(result({outcome("fail", "hopes of its author")}, "vacuous")) == "inconclusive");
  CHECK(verdict_of(result({outcome("pass", "hopes of its author")})) == "fail");
  CHECK(verdict_of(result({outcome("fail", "")})) == "fail");
  // What had no time to happen proves nothing.
  schema::Result cut_short = result({outcome("pass", "hopes of its author")}, "limit_hit");
  cut_short.set_verdict("inconclusive");
  CHECK(verdict_of(cut_short) == "inconclusive");
}

TEST_CASE("what is kept of a result has the suite's verdict, and the reason of each known miss") {
  const schema::SuiteRecord record = record_of(result({outcome("fail", "hopes of its author")}), "c0ffee");
  CHECK(record.verdict() == "pass");
  REQUIRE(record.expectations_size() == 1);
  CHECK(record.expectations(0).verdict() == "fail");
  CHECK(record.expectations(0).known_miss() == "hopes of its author");
}

TEST_CASE("a row whose known miss is met is no worse than before, but needs a look") {
  const schema::SuiteRecord before = record_of(result({outcome("fail", "hopes of its author")}), "");
  Row row;
  compare(&before, record_of(result({outcome("pass", "hopes of its author")}), ""), row);
  CHECK(row.state == State::kImproved);
  CHECK(row.verdict() == "fail");
  CHECK(needs_a_look(row));
  CHECK(with(Holding::kNowMet, row).size() == 1);
  CHECK(with(Holding::kMissed, row).empty());
  compare(&before, before, row);
  CHECK(row.state == State::kSame);
  CHECK_FALSE(needs_a_look(row));
  CHECK(known_misses(row) == 1);
  // One that is missed beside it is a regression.
  compare(&before, record_of(result({outcome("pass", "hopes of its author"), outcome("fail", "")}), ""), row);
  CHECK(row.state == State::kRegressed);
}

}  // namespace
}  // namespace parallax::scenarios::suite
