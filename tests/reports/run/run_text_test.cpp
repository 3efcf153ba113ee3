#include "reports/run/run_text.h"
#include "reports/findings.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports/utf8.h"
#include "tests/reports/find_text.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::contains;

TEST_CASE("the summary tells verdict, cause, targets, windows, errors and fingerprint") {
  const std::string text = summary(test::sample_result());
  for (const char* fact :
       {"fail: Stand-alone pair misses 4 of 5 targets", "15 min is token-cache TTL, 28 s the sweeper's wait",
        "MISSED  Access that should have ended", "met     Fresh tokens not yet accepted",
        "everywhere  1 min   3 min 25 s   3 min 58 s", "token revoked at node-b: 15 min 28 s", "2/dc/10037",
        "API published at node-b: 3 min 58 s: all is the operator's delay",
        "Wrong decisions: 6204 allowed, 1811 denied", "wrong_allow  token_revoked", "39 admitted of a limit of 20",
        "fingerprint  7c1e90b452fd31708d4be2c6913fa86e", "run again    parallax run"}) {
    INFO(fact);
    CHECK(contains(text, fact));
  }
}

TEST_CASE("the summary is ASCII in 80 columns, its user text aside") {
  std::istringstream lines(summary(test::sample_with_faults()));
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() == code_points(line));
    CHECK(line.size() <= 80);
    CHECK_FALSE(line.ends_with(' '));
  }
}

namespace {

std::string on_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace

TEST_CASE("a verdict that is open for a fault that touched nothing names the fault, and a target without values too") {
  schema::Result result = test::sample_with_faults();
  result.add_reasons("vacuous");
  CHECK(contains(on_one_line(summary(result)), "vacuous: the fault \"client link cut\" touched nothing"));
  result.mutable_faults(0)->set_touched(0);
  CHECK(contains(on_one_line(summary(result)), "the faults \"database link cut\" and \"client link cut\" touched"));
  result.mutable_faults(0)->set_times(0);
  CHECK(contains(on_one_line(summary(result)),
                 "touched nothing, so what it is for was not tried; the fault \"database link "
                 "cut\" never came, since what it waits for did not"));
  for (auto& fault : *result.mutable_faults()) {
    fault.set_times(1);
    fault.set_touched(1);
  }
  CHECK(contains(on_one_line(summary(result)), "vacuous: nothing happened that the target speaks about"));
  result.mutable_expectations(0)->set_metric("window.key_rotated.max");
  CHECK(contains(on_one_line(summary(result)), "nothing happened that the target window.key_rotated.max speaks about"));
}

TEST_CASE("a target that is met in the middle of the seeds says so where one of them missed it") {
  schema::Result result = test::sample_result();
  for (auto& target : *result.mutable_expectations()) target.set_verdict("pass");
  result.set_verdict("pass");
  CHECK(contains(on_one_line(summary(result)), "meets all 5 targets: at worst"));  // three runs have no middle
  result.mutable_metrics(0)->set_low(20);
  result.mutable_metrics(0)->set_high(50);
  result.mutable_metrics(0)->set_n(10);
  const std::string text = on_one_line(summary(result));
  CHECK(contains(text, "meets all 5 targets in the middle of 10 runs, though at worst a revoked token"));
  CHECK(contains(text, "met* Access that should have ended"));
  CHECK(contains(text, "met Fresh tokens not yet accepted"));
  CHECK(contains(text, "* met in the middle of 10 runs, not in every one"));
}

TEST_CASE("no name can move the cursor of a terminal") {
  schema::Result result = test::sample_result();
  result.mutable_config()->set_title("\x1B[2J\r\nowned");
  result.set_command("a\x1B]0;b");
  const std::string text = summary(result);
  CHECK_FALSE(contains(text, "\x1B"));
  CHECK_FALSE(contains(text, "\r"));
}

TEST_CASE("an empty result has a summary") {
  const std::string text = summary(schema::Result{});
  CHECK(text.starts_with("no verdict: This scenario was not run"));
  CHECK(text.ends_with("\n"));
}

// 15 s + 30 s of pauses, 10 s + 5 s of transfers.
TEST_CASE("a stage that comes again is told once, with all of its time") {
  schema::Window window;
  window.set_length_ns(60'000'000'000);
  const auto add = [&](const char* name, std::int64_t seconds) {
    auto& stage = *window.add_stages();
    stage.set_name(name);
    stage.set_length_ns(seconds * 1'000'000'000);
  };
  add("artifact_copy", 10);
  add("retry_wait", 15);
  add("artifact_copy", 5);
  add("retry_wait", 30);
  CHECK(stages_in_words(window) == "15\u00a0s is an artifact on its way, 45\u00a0s the wait before asking again");
}

TEST_CASE("the summary says which defaults decide a target, or that none does") {
  schema::Result result = test::sample_result();
  CHECK_FALSE(contains(summary(result), "Defaults"));
  auto& fragility = *result.mutable_fragility();
  fragility.set_inputs(31);
  fragility.set_runs(62);
  CHECK(contains(on_one_line(summary(result)), "No target turns when any of 31 defaults is halved or doubled"));
  auto& nudge = *fragility.add_nudges();
  nudge.set_path("sites[*].gateway.token_cache.ttl");
  nudge.set_from("900s");
  nudge.set_to("450s");
  auto& flip = *nudge.add_flips();
  flip.set_metric("window.token_revoked.max");
  flip.set_from("fail");
  flip.set_to("pass");
  const std::string text = on_one_line(summary(result));
  CHECK(contains(text, "1 default decides a target"));
  CHECK(contains(text,
                 "sites[*].gateway.token_cache.ttl at 450 s instead of 900 s: Access that should have ended would "
                 "be met"));
}

}  // namespace
}  // namespace parallax::reports
