// Predicted against measured as text and as a page: every row is there, what is outside says so, and names from files
// stay names.
#include <catch2/catch.hpp>
#include <string>

#include "reports/truth/truth_mark.h"
#include "reports/truth/truth_page.h"
#include "reports/truth/truth_text.h"
#include "reports/truth/truth_words.h"
#include "tests/reports/own_script.h"

namespace parallax::reports {

namespace {

bool holds(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

void add_figure(schema::TruthReportRow& row, const char* name, double measured, double predicted, bool is_within) {
  schema::TruthReportFigure& figure = *row.add_figures();
  figure.set_name(name);
  figure.set_measured(measured);
  figure.set_predicted(predicted);
  figure.set_least(measured - 5);
  figure.set_greatest(measured + 5);
  figure.set_judged("predicted");
  figure.set_within(is_within);
}

schema::TruthReportRow& add_row(schema::TruthReportGroup& group, const std::string& setting, double off) {
  schema::TruthReportRow& row = *group.add_rows();
  row.set_setting(setting);
  row.set_quantity("window");
  row.set_unit("ms");
  row.add_set("links[0].delay.constant=40ms");
  row.set_measured_n(300);
  row.set_measured_draws(300);
  row.set_predicted_n(3'000);
  row.set_ks_distance(0.0712);
  row.set_ks_critical(0.0985);
  row.set_within(off <= 5);
  add_figure(row, "mean", 40.52, 40.52 + off, off <= 5);
  add_figure(row, "p50", 40.47, 40.45, true);
  add_figure(row, "p95", 140.89, 140.91, true);
  add_figure(row, "max", 19'082, 18'982, true);
  for (int i = 0; i <= 100; ++i) {
    row.add_measured_quantiles(40 + 0.01 * i);
    row.add_predicted_quantiles(40 + 0.01 * i + off);
  }
  return row;
}

schema::TruthReport sample() {
  schema::TruthReport report;
  report.set_command("parallax truth");
  schema::TruthReportGroup& group = *report.add_groups();
  group.set_title("Logical replication");
  group.set_software("PostgreSQL 15.18");
  group.set_date("2026-11");
  group.set_model("scenarios/library/truth/replication.txtpb");
  group.set_kind("scenario");
  group.set_mechanism("One way and half a millisecond.");
  add_row(group, "40 ms", 0);
  add_row(group, "80 ms", 7).set_reason("the machine was late");
  report.set_rows_within(1);
  report.set_rows_outside(1);
  return report;
}

}  // namespace

TEST_CASE("figures have as many digits as they are worth") {
  CHECK(truth_figure(0.04) == "0.0");
  CHECK(truth_figure(40.52) == "40.5");
  CHECK(truth_figure(99.96) == "100");
  CHECK(truth_figure(19'082.4) == "19082");
}

TEST_CASE("the text has every row, measured over predicted") {
  const std::string text = truth_text(sample());
  CHECK(holds(text, "  within   40 ms: window, ms\n"));
  CHECK(holds(text, "    measured, 300 values                       40.5     40.5      141    19082\n"));
  CHECK(holds(text, "    predicted, 3000; KS 0.07 (1 %: 0.10)       40.5     40.5      141    18982\n"));
  CHECK(holds(text, "  OUTSIDE  80 ms: window, ms\n"));
  CHECK(holds(text, "    mean: predicted 47.5, expected 35.5 to 45.5\n    the machine was late\n"));
  CHECK(text.ends_with("\n2 measured rows: 1 within, 1 outside\n"));
}

TEST_CASE("a row that is outside always has a reason, be it that nobody knows one") {
  schema::TruthReport report = sample();
  schema::TruthReportRow& row = *report.mutable_groups(0)->mutable_rows(1);
  row.clear_reason();
  CHECK(truth_findings(row).back() == "the reason is not known");
  CHECK(truth_findings(report.groups(0).rows(0)).empty());
}

TEST_CASE("a row that is outside of few experiments says how many there were") {
  schema::TruthReport report = sample();
  schema::TruthReportRow& row = *report.mutable_groups(0)->mutable_rows(1);
  row.set_experiments(39);
  CHECK(truth_findings(row).size() == 2);  // a predicted figure needs no more
  row.mutable_figures(3)->set_judged("measured");
  CHECK(truth_findings(row).size() == 2);  // nor one that is within
  row.mutable_figures(3)->set_within(false);
  const auto findings = truth_findings(row);
  REQUIRE(findings.size() == 4);
  CHECK(holds(findings[2], "39"));
  CHECK(holds(findings[2], "between which 95 % of others lie"));
  row.set_experiments(199);
  CHECK(truth_findings(row).size() == 3);
}

TEST_CASE("the page has both distributions of every row, and the command of those outside") {
  const std::string page = truth_page(sample());
  CHECK(holds(page, "<h1>2\u00A0measured rows: 1 within, 1 outside</h1>"));
  std::size_t curves = 0;
  for (std::size_t at = page.find("class=\"predicted\""); at != std::string::npos;
       at = page.find("class=\"predicted\"", at + 1)) {
    ++curves;
  }
  CHECK(curves == 2);
  CHECK(holds(page, "One way and half a millisecond."));
  CHECK(holds(page, "<b class=\"miss\">outside</b>"));
  CHECK(holds(page, "the machine was late"));
  CHECK(holds(page, "parallax run scenarios/library/truth/replication.txtpb --set"));
}

TEST_CASE("names from files stay names") {
  schema::TruthReport report = sample();
  const std::string hostile = "<script>alert(1)</script>\"' \x1B[2J \xFF";
  schema::TruthReportGroup& group = *report.mutable_groups(0);
  group.set_title(hostile);
  group.set_software(hostile);
  group.set_mechanism(hostile);
  for (schema::TruthReportRow& row : *group.mutable_rows()) {
    row.set_setting(hostile);
    row.set_quantity(hostile);
    row.set_unit(hostile);
    row.set_reason(hostile);
  }
  CHECK(test::runs_only_its_own_script(truth_page(report)));
  CHECK_FALSE(holds(truth_text(report), "\x1B"));
}

TEST_CASE("a mark of one value stands in the middle, and of one outlier in hundreds the others are still to be seen") {
  schema::TruthReportRow row;
  row.set_unit("requests");
  row.add_measured_quantiles(20);
  row.add_predicted_quantiles(20);
  CHECK(holds(truth_mark(row), "H50.0V0.0H100"));
  row.clear_measured_quantiles();
  for (int i = 0; i < 100; ++i) row.add_measured_quantiles(i);
  row.add_measured_quantiles(100'000);
  CHECK(holds(truth_mark(row), "<small>1.0 … 99.0</small>"));
}

}  // namespace parallax::reports
