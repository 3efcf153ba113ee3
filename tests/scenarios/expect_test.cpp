#include "scenarios/expect.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <string>

namespace parallax::scenarios {
namespace {

constexpr const char* kMetric = "window.token_revoked.max";

/// A scenario that expects at most, or at least, so much of kMetric.
schema::Scenario at_most(const std::string& limit) {
  schema::Scenario scenario;
  scenario.add_expectations()->set_metric(kMetric);
  scenario.mutable_expectations(0)->set_at_most(limit);
  return scenario;
}

schema::Scenario at_least(const std::string& limit) {
  schema::Scenario scenario;
  scenario.add_expectations()->set_metric(kMetric);
  scenario.mutable_expectations(0)->set_at_least(limit);
  return scenario;
}

/// Of seeds 11, 12, ...
SeedValues seeds_with(std::vector<double> values) {
  SeedValues found{std::move(values), {}, 0};
  found.seeds.resize(found.values.size());
  std::iota(found.seeds.begin(), found.seeds.end(), 11U);
  return found;
}

/// 1, 2, ..., n.
SeedValues seeds_counting_to(std::size_t n) {
  std::vector<double> values(n);
  std::iota(values.begin(), values.end(), 1.0);
  return seeds_with(std::move(values));
}

schema::Result judged(const schema::Scenario& scenario, const SeedValues& values, schema::Result result = {}) {
  judge(scenario, {{kMetric, values}}, result);
  return result;
}

schema::Result fault_that_touched(std::uint64_t events) {
  schema::Result result;
  result.add_faults()->set_touched(events);
  return result;
}

std::string text_of(const schema::Result& result) { return result.expectations(0).text(); }

TEST_CASE("under six seeds the value of each must meet the limit") {
  const SeedValues values = seeds_with({2, 5, 3});
  const schema::Result met = judged(at_most("5s"), values);
  CHECK(met.verdict() == "pass");
  CHECK(met.reasons().empty());
  CHECK(text_of(met) == "pass: window.token_revoked.max at most 5s, found 5 in seed 12");
  const schema::Result missed = judged(at_most("4s"), values);
  CHECK(missed.verdict() == "fail");
  CHECK(text_of(missed) == "fail: window.token_revoked.max at most 4s, found 5 in seed 12");
  CHECK(judged(at_most("3s"), seeds_counting_to(5)).verdict() == "fail");  // no median is asked
}

TEST_CASE("a limit from below is missed by the least value") {
  const SeedValues values = seeds_with({4, 5, 3});
  CHECK(judged(at_least("3s"), values).verdict() == "pass");
  const schema::Result missed = judged(at_least("3500ms"), values);
  CHECK(missed.verdict() == "fail");
  CHECK(text_of(missed) == "fail: window.token_revoked.max at least 3500ms, found 3 in seed 13");
  CHECK(missed.expectations(0).operator_() == "at_least");
  CHECK(missed.expectations(0).limit() == 3.5);
}

TEST_CASE("from six seeds on the median's interval decides") {
  // Six values: their interval is from the least to the greatest.
  CHECK(judged(at_most("6s"), seeds_counting_to(6)).verdict() == "pass");
  CHECK(judged(at_most("999ms"), seeds_counting_to(6)).verdict() == "fail");
  // Thirty values: from the 10th to the 21st, whatever the nine beyond are.
  const schema::Result passed = judged(at_most("21s"), seeds_counting_to(30));
  CHECK(passed.verdict() == "pass");
  CHECK(text_of(passed) == "pass: window.token_revoked.max at most 21s, found median in 10 to 21 (95 %)");
  CHECK(judged(at_least("10s"), seeds_counting_to(30)).verdict() == "pass");
  CHECK(judged(at_least("22s"), seeds_counting_to(30)).verdict() == "fail");
}

TEST_CASE("an interval on both sides of the limit decides nothing") {
  for (const schema::Scenario& scenario : {at_most("20s"), at_least("11s")}) {
    const schema::Result result = judged(scenario, seeds_counting_to(30));
    CHECK(result.verdict() == "inconclusive");
    CHECK(result.expectations(0).verdict() == "inconclusive");
    REQUIRE(result.reasons_size() == 1);
    CHECK(result.reasons(0) == "straddles");
  }
}

TEST_CASE("a metric that nothing was measured for is vacuous") {
  schema::Result unknown;
  judge(at_most("1s"), {}, unknown);
  for (const schema::Result& result : {judged(at_most("1s"), {}), unknown}) {
    CHECK(result.verdict() == "inconclusive");
    REQUIRE(result.reasons_size() == 1);
    CHECK(result.reasons(0) == "vacuous");
    CHECK(text_of(result) == "inconclusive: window.token_revoked.max at most 1s, found nothing to measure");
  }
}

TEST_CASE("a fault that touched nothing is vacuous, even where every expectation is met") {
  const SeedValues values = seeds_with({1});
  CHECK(judged(at_most("1s"), values, fault_that_touched(1)).verdict() == "pass");
  const schema::Result vacuous = judged(at_most("1s"), values, fault_that_touched(0));
  CHECK(vacuous.expectations(0).verdict() == "pass");
  CHECK(vacuous.verdict() == "inconclusive");
  REQUIRE(vacuous.reasons_size() == 1);
  CHECK(vacuous.reasons(0) == "vacuous");
}

TEST_CASE("one failure is enough, and a reason is given once") {
  schema::Scenario scenario = at_most("4s");
  *scenario.add_expectations() = at_most("5s").expectations(0);
  const schema::Result mixed = judged(scenario, seeds_with({5}), fault_that_touched(0));
  CHECK(mixed.expectations(0).verdict() == "fail");
  CHECK(mixed.expectations(1).verdict() == "pass");
  CHECK(mixed.verdict() == "fail");

  const schema::Result nothing = judged(scenario, {}, fault_that_touched(0));
  CHECK(nothing.verdict() == "inconclusive");
  CHECK(nothing.reasons_size() == 1);
}

TEST_CASE("without expectations and faults a run passes") { CHECK(judged({}, {}).verdict() == "pass"); }

}  // namespace
}  // namespace parallax::scenarios
