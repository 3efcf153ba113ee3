// The card of a drill before it is held, and the page of one that was.
#include <catch2/catch.hpp>
#include <string>

#include "reports/drill/backtest_page.h"
#include "reports/drill/backtest_text.h"
#include "reports/drill/drill_card.h"
#include "reports/drill/drill_plan.h"
#include "reports/words.h"

#include "tests/reports/own_script.h"

namespace parallax::reports {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void add_reading(const std::string& name, const std::string& of, const std::vector<double>& typical, double spread,
                 schema::Result& result) {
  schema::Reading& reading = *result.add_readings();
  reading.set_name(name);
  reading.set_of(of);
  reading.set_step_ns(kMinute);
  for (const double share : typical) {
    const bool is_away = share > 0 && share < 1;
    reading.add_low(is_away ? share - spread : share);
    reading.add_typical(share);
    reading.add_high(is_away ? share + spread : share);
  }
}

/// Lost in the sixth minute, back in the ninth; a runbook waits and drains.
schema::Result lost_for_three_minutes() {
  schema::Result result;
  result.set_scenario("drill");
  result.set_seeds(30);
  result.mutable_config()->set_title("A drill | with a bar");
  auto& callers = *result.mutable_config()->mutable_workload()->add_populations();
  callers.set_name("west");
  callers.set_kind("api");
  auto& publisher = *result.mutable_config()->mutable_workload()->add_populations();
  publisher.set_name("staff");
  publisher.set_kind("publisher");
  add_reading("failed", "west", {0, 0, 0, 0, 0, 0.4, 0.6, 0.2, 0, 0, 0, 0, 0, 0, 0, 0}, 0.05, result);
  add_reading("failed", "staff", {0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, 0, result);
  add_reading("decided", "us-east", {0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, 0.02,
              result);
  add_reading("failed", "east", std::vector<double>(16, 0.0), 0, result);
  auto& fault = *result.add_faults();
  fault.set_name("us-east lost");
  fault.set_target("us-east");
  fault.set_start_ns(5 * kMinute);
  fault.set_end_ns(8 * kMinute);
  fault.set_times(30);
  auto& step = *result.add_runbooks()->add_steps();
  result.mutable_runbooks(0)->set_name("switch over");
  step.set_name("decide");
  step.set_done(30);
  step.set_done_ns(6 * kMinute + kMinute / 2);
  step.set_longest_wait_ns(40'000'000'000);
  return result;
}

TEST_CASE("a card has the minutes of the drill and not those in which nothing is done") {
  const schema::Result result = lost_for_three_minutes();
  const DrillPlan plan = drill_plan(result);
  REQUIRE(plan.instruments.size() == 3);
  CHECK(plan.instruments[1].name == "publishing by staff that fails");
  CHECK(plan.steady == std::vector<std::string>{"calls of east that fail"});
  REQUIRE_FALSE(plan.rows.empty());
  CHECK(plan.rows.front().from_ns == 3 * kMinute);  // two before the fault, alike, as one
  CHECK(plan.rows.front().until_ns == 5 * kMinute);
  CHECK(plan.rows.back().until_ns == 12 * kMinute);  // three after the fault is over
  REQUIRE(plan.rows[1].actions.size() == 1);
  CHECK(plain(plan.rows[1].actions[0]) == "5 min 00 s: fault \"us-east lost\" begins (us-east)");
  CHECK(plan.rows[1].readings[0].typical == 0.4);
  REQUIRE(plan.rows[2].actions.size() == 1);
  CHECK(plain(plan.rows[2].actions[0]) == "6 min 30 s: switch over: step \"decide\" is done");
}

TEST_CASE("a card says when to stop: beyond the height, beyond the end, beyond a wait") {
  const DrillPlan plan = drill_plan(lost_for_three_minutes());
  // At most 65 % fail in 90 % of the runs: over 75 %, two steps of 5 % further. Of publishing all fails: no such rule.
  REQUIRE(plan.stops.size() == 4);
  CHECK(has(plain(plan.stops[0]), "calls of west that fail: over 75 % in any minute"));
  CHECK(has(plain(plan.stops[1]), "still over 5 % after 9 min"));
  CHECK(has(plain(plan.stops[2]), "still over 5 % after 9 min"));
  CHECK(has(plain(plan.stops[3]), "has waited for over 40 s"));
}

/// "5 min 00 s", when something is done whose words have `part`.
std::vector<std::string> times_of(const DrillPlan& plan, const std::string& part) {
  std::vector<std::string> times;
  for (const PlanRow& row : plan.rows) {
    for (const std::string& action : row.actions) {
      if (has(action, part)) times.push_back(plain(action).substr(0, action.find(':') - 2));
    }
  }
  return times;
}

TEST_CASE("a fault that is on again and again is in the plan each time") {
  schema::Result result = lost_for_three_minutes();
  schema::FaultOutcome& fault = *result.mutable_faults(0);
  for (const std::int64_t minute : {5, 7}) {
    auto& spell = *fault.add_spells();
    spell.set_start_ns(minute * kMinute);
    spell.set_end_ns((minute + 1) * kMinute);
  }
  CHECK(times_of(drill_plan(result), "\" begins").size() == 2);
  CHECK(times_of(drill_plan(result), "\" ends").size() == 2);
  CHECK(has(plain(drill_card_markdown(result)), "7 min 00 s: fault \"us-east lost\" begins"));
  // A result lists a hundred times at the most.
  fault.set_end_ns(10 * kMinute);
  CHECK(times_of(drill_plan(result), "ends for the last time").size() == 1);
}

TEST_CASE("a fault at random times is told and not planned: each run has other ones") {
  schema::Result result = lost_for_three_minutes();
  auto& fault = *result.add_faults();
  fault.set_name("flaky");
  fault.set_target("us-west");
  fault.set_start_ns(6 * kMinute);
  fault.set_end_ns(7 * kMinute);
  fault.set_times(80);
  fault.mutable_fault()->mutable_random()->set_rate("1/h");
  auto& moment = *result.add_moments();
  moment.set_event("marked_down");
  moment.set_site("us-west");
  moment.set_time_ns(6 * kMinute);
  const DrillPlan plan = drill_plan(result);
  CHECK(times_of(plan, "flaky").empty());
  CHECK(times_of(plan, "about now the DNS").empty());
  CHECK(times_of(plan, "us-east lost\" begins").size() == 1);
  CHECK(plan.drawn == std::vector<std::string>{"fault \"flaky\" (us-west)"});
  for (const std::string& card : {drill_card_page(result), drill_card_markdown(result)}) {
    CHECK(has(card, "At times that are drawn anew in each run, and so not in the plan: fault "));
  }
  result.mutable_faults()->DeleteSubrange(0, 1);
  CHECK(has(drill_card_markdown(result), "of the scenario's clock."));  // the runbook alone
  result.clear_runbooks();
  CHECK(has(no_drill_card(result), "at random times"));
}

TEST_CASE("a card prints and pastes: no script, a row for each stretch, bars kept out of cells") {
  const schema::Result result = lost_for_three_minutes();
  CHECK(no_drill_card(result).empty());
  const std::string page = drill_card_page(result);
  CHECK(has(page, "Stop the drill if"));
  CHECK(has(page, "0:05\u2060\u2013\u20600:06"));
  CHECK(test::runs_only_its_own_script(page));
  const std::string markdown = drill_card_markdown(result);
  CHECK(has(markdown, "A drill \\| with a bar"));
  CHECK(has(markdown, "60\u00A0% (55\u201365)"));
}

TEST_CASE("a result without readings or without anything that is done has no card") {
  schema::Result result = lost_for_three_minutes();
  result.clear_faults();
  result.clear_runbooks();
  CHECK(has(no_drill_card(result), "nothing is done"));
  result = lost_for_three_minutes();
  result.clear_readings();
  CHECK(has(no_drill_card(result), "without readings"));
}

schema::Backtest parted() {
  schema::Backtest backtest;
  backtest.set_scenario("drill");
  backtest.set_verdict("not_explained");
  backtest.set_text("The scenario does not explain the drill.");
  backtest.set_observed("drill<1>.csv");
  backtest.set_command("parallax backtest drill.txtpb");
  backtest.set_seeds(30);
  backtest.set_bucket_ns(5'000'000'000);
  backtest.set_calls(1'000);
  backtest.set_outage_ns(kMinute);
  backtest.set_zero("fault \"us-east lost\" begins");
  auto& line = *backtest.add_lines();
  line.set_name("failed");
  line.set_of("west");
  line.set_first_ns(-10'000'000'000);
  line.set_width_ns(5'000'000'000);
  for (const double share : {0.0, 0.0, 0.9, 0.9, -1.0, 0.9, 0.0, 0.0}) line.add_observed(share);
  for (const double share : {0.0, 0.0, 0.8, 0.8, 0.8, 0.0, 0.0, -1.0}) {
    line.add_low(share);
    line.add_typical(share);
    line.add_high(share < 0 ? share : std::min(1.0, share + 0.15));
  }
  line.add_worst_ns(15'000'000'000);
  line.set_outside(0.125);
  auto& phase = *backtest.add_phases();
  phase.set_population("west");
  phase.set_phase("redirect");
  phase.set_observed_s(62);
  phase.set_typical_s(27);
  phase.set_low_s(20);
  phase.set_high_s(31);
  phase.set_verdict("longer");
  phase.add_knobs("regions[west].dns.ttl = 30s");
  return backtest;
}

TEST_CASE("a backtest names the phase, by how much, and what decides it") {
  const std::string text = backtest_text(parted());
  CHECK(has(text, "35 s longer"));
  CHECK(has(text, "Redirect of west is decided by regions[west].dns.ttl = 30s."));
  CHECK(has(text, "farthest 15 s"));
}

TEST_CASE("the band of a fault is as long as the fault: of one of milliseconds a line, of one that lasts to the end") {
  const auto band = [](const schema::Backtest& backtest) {
    const std::string page = backtest_page(backtest);
    const std::size_t at = page.find("class=\"fault-band\"");
    REQUIRE(at != std::string::npos);
    return page.substr(at, 80);
  };
  schema::Backtest backtest = parted();  // from 10 s before time zero to 30 s after it
  backtest.set_outage_ns(300'000'000);
  CHECK(has(band(backtest), "x=\"25.00%\" y=\"0\" width=\"0.75%\""));
  backtest.set_outage_ns(1'000'000);
  CHECK(has(band(backtest), "x=\"25.00%\" y=\"0\" width=\"0.20%\""));
  backtest.clear_outage_ns();
  CHECK(has(band(backtest), "x=\"25.00%\" y=\"0\" width=\"75.00%\""));
}

TEST_CASE("the page of a backtest draws the band, the drill over it and what is outside, and escapes names") {
  const std::string page = backtest_page(parted());
  CHECK(has(page, "<path class=\"band\""));
  CHECK(has(page, "<path class=\"gone\" d=\"M"));
  CHECK(has(page, "fault-band"));
  CHECK(has(page, "Not explained"));
  CHECK_FALSE(has(page, "drill<1>"));
  CHECK(test::runs_only_its_own_script(page));
}

}  // namespace
}  // namespace parallax::reports
