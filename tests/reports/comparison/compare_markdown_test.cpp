// The table of a comparison: what the trial asks about, design beside design.
#include "reports/comparison/compare_markdown.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

namespace parallax::reports {
namespace {

struct Figure {
  std::string metric;
  double estimate;
  std::optional<double> low;
  std::optional<double> high;
};

void add_design(const std::string& name, const std::vector<Figure>& figures, schema::Comparison& comparison) {
  schema::Result& design = *comparison.add_designs();
  design.set_scenario(name);
  for (const Figure& figure : figures) {
    schema::Metric& metric = *design.add_metrics();
    metric.set_name(figure.metric);
    metric.set_estimate(figure.estimate);
    if (figure.low) metric.set_low(*figure.low);
    if (figure.high) metric.set_high(*figure.high);
  }
}

void add_metric(const std::string& name, bool has_target, schema::Comparison& comparison) {
  schema::ComparedMetric& metric = *comparison.add_metrics();
  metric.set_name(name);
  if (has_target) metric.set_target(1);
}

schema::Comparison two_designs() {
  schema::Comparison comparison;
  add_metric("window.token_revoked.p95", false, comparison);
  add_metric("recovery.lost_writes", true, comparison);
  add_design("one", {{"window.token_revoked.p95", 61, 60, 75}, {"recovery.lost_writes", 3, 3, 3}}, comparison);
  add_design("t|wo", {{"window.token_revoked.p95", 900, {}, {}}}, comparison);
  return comparison;
}

TEST_CASE("what the trial asks about has a row, with the interval where there is one") {
  schema::Comparison comparison = two_designs();
  comparison.add_asked("window.token_revoked.p95");
  const std::string table = compare_markdown(comparison);
  INFO(table);
  CHECK(table.starts_with("| | one | t wo |\n|---|---|---|\n"));
  CHECK(table.find("`window.token_revoked.p95` | 1\u00A0min\u00A001\u00A0s (1\u00A0min\u00A000\u00A0s to "
                   "1\u00A0min\u00A015\u00A0s) | "
                   "15\u00A0min\u00A000\u00A0s |\n") != std::string::npos);
  CHECK(table.find("recovery.lost_writes") == std::string::npos);
}

TEST_CASE("a trial that asks about nothing has a row for each target, and what is not measured is not made up") {
  const std::string table = compare_markdown(two_designs());
  CHECK(table.find("window.token_revoked.p95") == std::string::npos);
  CHECK(table.find("`recovery.lost_writes` | 3 | – |\n") != std::string::npos);
}

TEST_CASE("what is told by population has a row for each, and an open end says so") {
  schema::Comparison comparison;
  add_metric("latency.p50", false, comparison);
  comparison.add_asked("latency.p50");
  for (const char* const name : {"one", "two"}) {
    add_design(name, {{"latency.p50", 0.1, {}, {}}, {"latency.p50", 0.01, {}, {}}, {"latency.p50", 0.15, {}, {}}},
               comparison);
    auto& metrics = *comparison.mutable_designs()->rbegin()->mutable_metrics();
    metrics[1].set_population("america");
    metrics[2].set_population("asia");
    metrics[2].set_estimate_open(true);
  }
  const std::string table = compare_markdown(comparison);
  CHECK(table.find(": america<br>`latency.p50` | 10\u00A0ms | 10\u00A0ms |\n") != std::string::npos);
  CHECK(table.find(": asia<br>`latency.p50` | ≥ 150\u00A0ms | ≥ 150\u00A0ms |\n") != std::string::npos);
  CHECK(table.find("100\u00A0ms") == std::string::npos);
}

}  // namespace
}  // namespace parallax::reports
