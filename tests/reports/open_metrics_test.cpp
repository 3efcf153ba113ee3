#include "reports/open_metrics.h"

#include <catch2/catch.hpp>
#include <string>

namespace parallax::reports {

TEST_CASE("each metric is a gauge with its unit in its name, and its figures as samples") {
  schema::Result result;
  result.set_scenario("pair \"x\\\n");
  schema::Metric& window = *result.add_metrics();
  window.set_name("window.token_revoked.max");
  window.set_unit("s");
  window.set_estimate(1.5);
  window.set_bound(930);
  schema::Metric& time = *result.add_metrics();
  time.set_name("recovery.time_s");
  time.set_unit("s");
  schema::Metric& count = *result.add_metrics();
  count.set_name("decision.wrong_allow.count");
  count.set_unit("requests");
  count.set_writer("us-east");
  count.set_worst(7);
  const std::string text = open_metrics(result);
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  CHECK(
      has("# TYPE parallax_window_token_revoked_max_seconds gauge\n"
          "# UNIT parallax_window_token_revoked_max_seconds seconds\n"));
  CHECK(has("parallax_window_token_revoked_max_seconds{scenario=\"pair \\\"x\\\\\\n\",figure=\"estimate\"} 1.5\n"));
  CHECK(has("figure=\"bound\"} 930\n"));
  CHECK(has("# TYPE parallax_recovery_time_seconds gauge\n"));
  CHECK(has(
      "parallax_decision_wrong_allow_count{scenario=\"pair \\\"x\\\\\\n\",figure=\"worst\",writer=\"us-east\"} 7\n"));
  CHECK_FALSE(has("# UNIT parallax_decision_wrong_allow_count"));
  CHECK(text.ends_with("# EOF\n"));
  CHECK(text.find("# EOF") == text.size() - 6);
}

// A family stands together, and its head once (OpenMetrics 1.0, "MetricFamily").
TEST_CASE("parts of a metric are samples of its family, with a label of their own") {
  schema::Result result;
  result.set_scenario("pair");
  for (const char* population : {"", "east", "west"}) {
    schema::Metric& latency = *result.add_metrics();
    latency.set_name("latency.p50");
    latency.set_unit("s");
    latency.set_population(population);
    latency.set_estimate(0.5);
  }
  const std::string text = open_metrics(result);
  CHECK(text.find("# TYPE") == text.rfind("# TYPE"));
  CHECK(text.find("{scenario=\"pair\",figure=\"estimate\"} 0.5\n") != std::string::npos);
  CHECK(text.find("{scenario=\"pair\",figure=\"estimate\",population=\"west\"} 0.5\n") != std::string::npos);
}

TEST_CASE("without metrics there is nothing but the end") { CHECK(open_metrics(schema::Result{}) == "# EOF\n"); }

}  // namespace parallax::reports
