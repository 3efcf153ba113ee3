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

/// `values` of seeds 11, 12, ... of which those at `open` are at least so much.
SeedValues partly_open(std::vector<double> values, std::vector<std::size_t> open) {
  SeedValues found = seeds_with(std::move(values));
  found.open = std::move(open);
  return found;
}

void check_censored(const schema::Result& result) {
  CHECK(result.verdict() == "inconclusive");
  REQUIRE(result.reasons_size() == 1);
  CHECK(result.reasons(0) == "censored");
}

TEST_CASE("a value that is known from below alone never meets an upper limit") {
  const SeedValues values = partly_open({2, 5, 3}, {2});
  const schema::Result open = judged(at_most("6s"), values);
  check_censored(open);
  CHECK(text_of(open) == "inconclusive: window.token_revoked.max at most 6s, found at least 3 in seed 13");
  CHECK(judged(at_most("4s"), values).verdict() == "fail");  // seed 12 is beyond it, whatever seed 13 is
  CHECK(judged(at_most("2500ms"), partly_open({3}, {0})).verdict() == "fail");  // at least 3 is beyond it
  CHECK(text_of(judged(at_most("2500ms"), partly_open({3}, {0}))) ==
        "fail: window.token_revoked.max at most 2500ms, found at least 3 in seed 11");
}

TEST_CASE("a value that is known from below meets a lower limit, or leaves it open") {
  const SeedValues values = partly_open({4, 5, 3}, {2});
  CHECK(judged(at_least("3s"), values).verdict() == "pass");
  check_censored(judged(at_least("3500ms"), values));             // seed 13 may be 3.5 too
  CHECK(judged(at_least("4500ms"), values).verdict() == "fail");  // seed 11 is 4
}

TEST_CASE("of the median's interval an end that is not reached passes no upper limit") {
  // Six values: the interval is from the least to the greatest.
  const SeedValues values = partly_open({1, 2, 3, 4, 5, 6}, {0});
  const schema::Result open = judged(at_most("7s"), values);
  check_censored(open);
  CHECK(text_of(open) == "inconclusive: window.token_revoked.max at most 7s, found median in 1 to at least 6 (95 %)");
  CHECK(judged(at_most("900ms"), values).verdict() == "fail");
  CHECK(judged(at_least("1s"), values).verdict() == "pass");
  // From 2 on the first may be beyond as well as not, and so may the others: that is no matter of open windows.
  const schema::Result both = judged(at_most("3s"), values);
  REQUIRE(both.reasons_size() == 1);
  CHECK(both.reasons(0) == "straddles");
  // Of thirty the 21st decides: nine that are open, and the greatest anyway, change nothing.
  SeedValues thirty = seeds_counting_to(30);
  thirty.open = {21, 22, 23, 24, 25, 26, 27, 28, 29};
  CHECK(judged(at_most("21s"), thirty).verdict() == "pass");
  thirty.open.push_back(0);
  check_censored(judged(at_most("21s"), thirty));
  check_censored(judged(at_least("22s"), thirty));
}

/// A result of which one timer, which never fired, was awaited by this.
schema::Result waiting(const std::string& by, std::uint64_t fired = 0) {
  schema::Result result;
  schema::Timer& timer = *result.add_timers();
  timer.set_timer("token_cache_ttl");
  timer.set_path("sites[dc].gateway.token_cache.ttl");
  timer.set_length_ns(900'000'000'000);
  timer.set_fired(fired);
  timer.set_awaited(3);
  timer.add_awaited_by(by);
  return result;
}

schema::Result judged_of(const std::string& metric, schema::Scenario scenario, schema::Result result) {
  scenario.mutable_expectations(0)->set_metric(metric);
  judge(scenario, {{metric, seeds_with({2})}}, result);
  return result;
}

std::string verdict_of(const std::string& metric, const std::string& by) {
  return judged_of(metric, at_most("5"), waiting(by)).verdict();
}

TEST_CASE("what would pass is inconclusive while something that it is about waits for a timer that never fired") {
  const std::string metric = "decision.wrong_allow.count";
  const schema::Result hollow = judged_of(metric, at_most("5"), waiting("token_revoked"));
  CHECK(hollow.verdict() == "inconclusive");
  REQUIRE(hollow.reasons_size() == 1);
  CHECK(hollow.reasons(0) == "timer_never_fired");
  CHECK(text_of(hollow) ==
        "inconclusive: decision.wrong_allow.count at most 5, found 2 in seed 11; sites[dc].gateway.token_cache.ttl "
        "(15m) never fired");
  CHECK(judged_of(metric, at_most("1"), waiting("token_revoked")).verdict() == "fail");  // more would not mend it
  CHECK(judged_of(metric, at_least("1"), waiting("token_revoked")).verdict() == "pass");
  CHECK(judged_of(metric, at_most("5"), waiting("token_revoked", 1)).verdict() == "pass");
}

TEST_CASE("a timer matters to the metrics of what waits for it alone") {
  CHECK(verdict_of("decision.wrong_allow.count", "token_issued") == "pass");
  CHECK(verdict_of("decision.wrong_deny.count", "token_issued") == "inconclusive");
  CHECK(verdict_of("decision.wrong_variant.count", "api_published") == "inconclusive");
  CHECK(verdict_of("session.read_your_writes.count", "token_revoked") == "inconclusive");
  CHECK(verdict_of("not_found.flips.count", "api_published") == "inconclusive");
  CHECK(verdict_of("not_found.hidden.share", "api_published") == "pass");
  CHECK(verdict_of("throttle.over_admission.ratio_max", "limit_window") == "inconclusive");
  CHECK(verdict_of("throttle.over_admission.ratio_max", "token_revoked") == "pass");
  CHECK(verdict_of("throttle.uncounted.count", "limit_window") == "pass");
  CHECK(verdict_of("replication.stops", "token_revoked") == "pass");
  CHECK(verdict_of("window.token_revoked.flapping", "token_revoked") == "inconclusive");
  CHECK(verdict_of("window.token_revoked.censored", "token_revoked") == "pass");
  CHECK(verdict_of("window.token_issued.flapping", "token_revoked") == "pass");
  const auto start = [](const std::string& limit) {
    return judged_of("startup.time_s", at_most(limit), waiting("start")).verdict();
  };
  CHECK(start("5s") == "inconclusive");
}

TEST_CASE("a quantile that is known passes all the same; one that is open is told why") {
  CHECK(judged_of(kMetric, at_most("5s"), waiting("token_revoked")).verdict() == "pass");
  SeedValues open = seeds_with({2});
  open.open.push_back(0);
  const schema::Result censored = judged(at_most("5s"), open, waiting("token_revoked"));
  CHECK(censored.verdict() == "inconclusive");
  REQUIRE(censored.reasons_size() == 2);
  CHECK(censored.reasons(0) == "censored");
  CHECK(censored.reasons(1) == "timer_never_fired");
  CHECK(judged(at_most("5s"), open, waiting("token_issued")).reasons_size() == 1);
}

TEST_CASE("tokens that are still in force prove nothing before any expires") {
  const std::string metric = "tokens.in_force.least_ratio";
  schema::Result result = waiting("nothing");
  result.mutable_timers(0)->set_timer("token_expiry");
  CHECK(judged_of(metric, at_least("1"), result).verdict() == "inconclusive");
  CHECK(judged_of(metric, at_most("5"), result).verdict() == "pass");
  schema::Timer& other = *result.add_timers();
  other.set_timer("token_expiry");
  other.set_fired(1);
  CHECK(judged_of(metric, at_least("1"), result).verdict() == "pass");
}

TEST_CASE("without expectations and faults a run passes") { CHECK(judged({}, {}).verdict() == "pass"); }

}  // namespace
}  // namespace parallax::scenarios
