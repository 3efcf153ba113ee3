#include "reports/run/run_page.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/words.h"
#include "tests/reports/find_text.h"
#include "tests/reports/own_script.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::count;

TEST_CASE("the headline counts the misses and tells of the first window among them") {
  CHECK(plain(verdict_sentence(test::sample_result())) ==
        "Stand-alone pair misses 4 of 5 targets: a revoked token goes on working for 15 min 28 s at node-b");
}

TEST_CASE("the headline fits every verdict") {
  schema::Result result = test::sample_result();
  for (auto& e : *result.mutable_expectations()) e.set_verdict("pass");
  result.mutable_metrics(0)->set_worst(30);  // window.token_revoked.max: half of its 60 s
  result.mutable_metrics(2)->set_worst(40);  // window.api_published.max: nearer to its 60 s
  CHECK(plain(verdict_sentence(result)) ==
        "Stand-alone pair meets all 5 targets: at worst a published API is not found for 40 s at node-b");
  result.mutable_expectations(1)->set_verdict("inconclusive");
  CHECK(plain(verdict_sentence(result)) ==
        "Stand-alone pair cannot be judged on 1 of 5 targets: a published API is not found for 40 s at node-b");
  result.mutable_expectations()->DeleteSubrange(1, 4);
  result.mutable_expectations(0)->set_verdict("fail");
  CHECK(plain(verdict_sentence(result)).starts_with("Stand-alone pair misses its only target: a revoked token"));
  result.clear_expectations();
  CHECK(plain(verdict_sentence(result)) ==
        "Stand-alone pair has no targets: a revoked token goes on working for 15 min 28 s at node-b");
  result.mutable_config()->clear_title();
  CHECK(verdict_sentence(result).starts_with("standalone_pair has no targets"));
}

TEST_CASE("a page shows everything that a reader has to find") {
  const std::string page = plain(run_page(test::sample_result()));
  for (const char* fact :
       {"Verdict: fail", "misses 4 of 5 targets",
        "Of the 15 min 28 s, 15 min is token-cache TTL, 28 s the sweeper's wait", "3 runs of 60 min",
        "2.16 million requests",
        // rows: the expectations, then headline metrics without one
        "Access that should have ended", "Published API not found everywhere", "Fresh tokens not yet accepted",
        "Quota given away", "Requests wrongly let through", "Requests wrongly refused", "Customers locked out",
        "not computed", "by 14 min 28 s", "Met in 3 of 3", "no bound computed", "no target",
        // sections
        "When it hurt", "What it cost", "What is not covered", "Overload: gateways", "token 471", "2/dc/10037",
        "Seen by", "6204 requests let through wrongly, 1811 refused wrongly", "counters that are not shared",
        "39 calls in 1 min for a limit of 20: 1.95x the quota", "subscription 17 (application 5, api 1)", "6 times",
        "everywhere", "Wrong answers peak at", "Every request is accounted for", "720104",
        "6 of 10 inputs are defaults", "carbon-apimgt CacheProvider: 15 min", "at most 60 s was expected", "Words",
        // evidence
        "7c1e90b452fd31708d4be2c6913fa86e", "9e3779b97f4a7c15bf58476d1ce4e5b9",
        "parallax run scenarios/library/standalone_pair.txtpb --seeds 3", "Parallax 0.1.0"}) {
    INFO(fact);
    CHECK(contains(page, fact));
  }
}

TEST_CASE("a page stands alone: strict policy, one script of its own, nothing fetched") {
  const std::string page = run_page(test::sample_result());
  CHECK(contains(page, "default-src 'none'; style-src 'sha256-"));
  CHECK(contains(page, "; script-src 'sha256-"));
  CHECK(contains(page, "; require-trusted-types-for 'script'"));
  CHECK_FALSE(contains(page, "unsafe-"));
  CHECK_FALSE(contains(page, "report-"));  // nobody is told of what it stops
  CHECK_FALSE(contains(page, "innerHTML"));
  CHECK_FALSE(contains(page, "Storage"));
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, "http:"));
  CHECK_FALSE(contains(page, "https:"));
  CHECK_FALSE(contains(page, " style="));
  CHECK_FALSE(contains(page, "@import"));
  CHECK(page.size() < 400'000);
}

TEST_CASE("the same result gives the same bytes") {
  CHECK(run_page(test::sample_result()) == run_page(test::sample_result()));
}

TEST_CASE("every table has a caption and every picture with a role a title") {
  const std::string page = run_page(test::sample_with_faults());
  CHECK(count(page, "<table") == count(page, "<caption>"));
  CHECK(count(page, "role=\"img\"") == count(page, "role=\"img\"><title>"));
  for (const char* tag : {"table", "tbody", "tr", "td", "svg", "section", "details", "div", "small", "bdi", "b"}) {
    INFO(tag);
    const std::string open = std::string("<") + tag;
    CHECK(count(page, open + ">") + count(page, open + " ") == count(page, std::string("</") + tag + ">"));
  }
}

TEST_CASE("hostile names stay text") {
  const std::string hostile = "<script>alert(1)</script>\"' onload=x \u202Eevil \u05D0\u05D1 😀 \x01";
  schema::Result result = test::sample_with_faults();
  result.mutable_config()->set_title(hostile);
  result.mutable_config()->add_not_covered(hostile);
  result.set_command(hostile);
  result.add_reasons(hostile);
  result.mutable_faults(0)->set_name(hostile);
  result.mutable_faults(0)->set_target(hostile);
  result.mutable_windows(0)->set_object(hostile);
  result.mutable_windows(0)->set_observer(hostile);
  result.mutable_windows(0)->mutable_stages(0)->set_name(hostile);
  result.mutable_windows(1)->set_change(hostile);
  result.mutable_window_classes(0)->set_change(hostile);
  result.mutable_limit_windows(0)->set_tier(hostile);
  result.mutable_decisions(0)->set_cause(hostile);
  result.mutable_decisions(0)->set_why(hostile);
  result.mutable_decisions(0)->set_error(hostile);
  result.mutable_series(0)->set_name(hostile);
  result.mutable_series(0)->set_node(hostile);
  result.mutable_expectations(0)->set_metric(hostile);
  result.mutable_expectations(0)->set_text(hostile);
  result.mutable_metrics(0)->set_name(hostile);
  result.mutable_assumptions(0)->set_path(hostile);
  result.mutable_assumptions(0)->set_value(hostile);
  result.mutable_assumptions(0)->set_origin(hostile);
  result.set_verdict(hostile);
  result.set_version(hostile);
  const std::string page = run_page(result);
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, "\"' onload"));
  CHECK_FALSE(contains(page, "\x01"));
  CHECK(contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x"));
  CHECK(contains(page, "😀"));

  const std::array<IndexEntry, 1> entries{{{hostile, hostile, hostile, "javascript:alert(1)"}}};
  const std::string index = index_page(entries);
  CHECK(test::runs_only_its_own_script(index));
  CHECK(contains(index, "href=\"./javascript%3Aalert%281%29\""));
}

// At least 0.5 s, found 1.1 s: more than twice the target, and what was asked for.
TEST_CASE("beyond its axis a value is red only if it is on the wrong side of its target") {
  Row row;
  row.target = 0.5;
  row.typical = 1.1;
  row.worst = 1.2;
  row.limit = Row::Limit::kAtLeast;
  CHECK(contains(row_mark(row), "class=\"break\""));
  CHECK_FALSE(contains(row_mark(row), "miss"));
  row.limit = Row::Limit::kAtMost;
  CHECK(contains(row_mark(row), "class=\"break miss\""));
  CHECK(contains(row_mark(row), "class=\"span miss\""));
}

TEST_CASE("escaping covers markup, quotes, control characters and broken UTF-8") {
  CHECK(escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(escaped(std::string("\0\n\x1F", 3)) == "\uFFFD \uFFFD");
  CHECK(escaped("\xF0\x9F\x98") == "\uFFFD\uFFFD\uFFFD");
  CHECK(escaped("a\u202Eb\u2068c\u2069 \u05D0 \u2026") == "a\uFFFDb\uFFFDc\uFFFD \u05D0 \u2026");
  CHECK(isolated("é") == "<bdi>é</bdi>");
  CHECK(breakable("a_<b") == "<bdi>a_<wbr>&lt;b</bdi>");
  CHECK(path_reference("a b/ü#?%.html") == "./a%20b/%C3%BC%23%3F%25.html");
  CHECK(path_reference("/tmp/x") == "/tmp/x");
}

TEST_CASE("a missing figure is a dash with its reason, never a number") {
  schema::Result result = test::sample_result();
  result.clear_metrics();
  const std::string page = run_page(result);
  CHECK(contains(page, "—<small>nothing measured</small>"));
  CHECK(contains(page, "—<small>not computed</small>"));
}

TEST_CASE("a bound inside the target says that no run can miss it") {
  schema::Result result = test::sample_result();
  result.mutable_metrics(3)->set_bound(0.5);  // window.token_issued.max, target 1 s
  const std::string page = plain(run_page(result));
  CHECK(contains(page, "500 ms"));
  CHECK(contains(page, "cannot miss"));
  CHECK(contains(page, "by arithmetic on the topology, each outage at its worst moment"));
}

TEST_CASE("a figure without a bound says why, one with outages what it is without") {
  schema::Result result = test::sample_result();
  result.mutable_metrics(3)->set_unbounded("events are <lost>");
  result.mutable_metrics(3)->set_bound_undisturbed(0.5);
  const std::string page = run_page(result);
  CHECK(contains(page, "no bound"));
  CHECK(contains(plain(page), "500 ms undisturbed"));
  CHECK(contains(page, "events are &lt;lost&gt;"));
}

TEST_CASE("bounds stand beside the longest that was seen") {
  schema::Result result = test::sample_result();
  schema::Bound& bound = *result.add_bounds();
  bound.set_change("token_revoked");
  bound.set_writer("dc");
  bound.set_observer("dc");
  bound.set_undisturbed_ns(930'000'000'000);
  bound.set_greatest_ns(3'600'000'000'000);
  bound.set_ends_with_token(true);
  schema::BoundStage& stage = *bound.add_way();
  stage.set_stage("token_cache_ttl");
  stage.set_greatest_ns(900'000'000'000);
  result.set_windows_seen(3'000);
  result.set_windows_bounded(2'900);
  const std::string page = plain(run_page(result));
  for (const char* fact : {"Every window has a bound", "2900 of 3000 windows were held against them", "15 min 30 s",
                           "then the token has expired", "15 min token-cache TTL"}) {
    INFO(fact);
    CHECK(contains(page, fact));
  }
  bound.clear_greatest_ns();
  bound.set_ends_with_token(false);
  bound.set_why("a person may forget a gateway");
  const std::string without = plain(run_page(result));
  CHECK(contains(without, "1 of 1 kinds of windows has no bound"));
  CHECK(contains(without, "a person may forget a gateway"));
}

TEST_CASE("an open window is told as a least value") {
  const std::string page = run_page(test::sample_with_faults());
  CHECK(contains(page, "≥\u00A015\u00A0min\u00A028\u00A0s"));
  CHECK(contains(page, "still open at the end"));
  CHECK(contains(page, "touched nothing"));
}

TEST_CASE("an empty result is told as such") {
  const std::string page = run_page(schema::Result{});
  CHECK(contains(page, "This scenario was not run: there is nothing to judge"));
  CHECK(contains(page, "No request was made."));
  CHECK(contains(page, "No change was made"));
  CHECK_FALSE(contains(page, "nan"));
  CHECK_FALSE(contains(page, "inf%"));
}

TEST_CASE("an index leads to each report and counts the passes") {
  const std::vector<IndexEntry> entries{{"A", "fail", "A misses its only target", "a/report.html"},
                                        {"B", "pass", "B meets its only target", "b/report.html"}};
  const std::string page = index_page(entries);
  CHECK(contains(plain(page), "1 of 2 scenarios pass"));
  CHECK(contains(page, "href=\"./a/report.html\""));
  CHECK(contains(page, "B meets its only target"));
}

TEST_CASE("a long series is summed until it fits") {
  schema::Result result = test::sample_result();
  auto& series = *result.mutable_series(0);
  series.clear_values();
  for (int i = 0; i < 100'000; ++i) series.add_values(1);
  const std::string page = run_page(result);
  CHECK(page.size() < 400'000);
  CHECK(contains(page, ">834</td>"));  // 100 000 minutes in at most 120 points: 834 minutes a point
}

}  // namespace
}  // namespace parallax::reports
