#include "scenarios/metrics.h"

#include <catch2/catch.hpp>
#include <set>

namespace parallax::scenarios {
namespace {

TEST_CASE("metric names are unique and each has a unit and a definition") {
  std::set<std::string> names;
  for (const MetricDefinition& metric : all_metrics()) {
    CHECK(names.insert(metric.name).second);
    CHECK_FALSE(to_string(metric.unit).empty());
    CHECK_FALSE(metric.definition.empty());
    CHECK(metric.definition.find('\n') == std::string::npos);
  }
  // 9 changes with 6 statistics each, 3 kinds of wrong decision, 3 of over-admission, 2 of availability of each of 4
  // kinds, 3 of recovery, 5 of sessions, 6 of replication, 1 of residency, 6 of statistics, 1 of flips, 2 of latency, 3
  // of lost events, 5 of shared caches, 1 of requests that nobody counts, 1 of calls to other sites, 2 of starts, 2 of
  // tokens, 5 of steering, 3 of new APIs that are not found everywhere, 4 of workers, 3 of pools, 2 of load,
  // 2 of cost.
  CHECK(names.size() == 9 * 7 + 3 + 6 + 1 + 4 + 1 + 3 + 4 * 2 + 3 + 5 + 6 + 1 + 6 + 1 + 2 + 3 + 5 + 1 + 1 + 2 + 2 + 5 +
                            3 + 4 + 3 + 2 + 2);
}

TEST_CASE("limits are read in the unit of their metric") {
  CHECK(find_metric("window.token_revoked.p99")->unit == MetricUnit::seconds);
  CHECK(find_metric("window.token_revoked.moot")->unit == MetricUnit::windows);
  CHECK_FALSE(find_metric("window.token_revoked.p98").has_value());
  CHECK(parse_limit(MetricUnit::seconds, "1m").value == 60.0);
  CHECK(parse_limit(MetricUnit::seconds, "40ms").value == 0.04);
  CHECK_FALSE(parse_limit(MetricUnit::seconds, "60").value.has_value());
  CHECK(parse_limit(MetricUnit::ratio, "1.5").value == 1.5);
  CHECK_FALSE(parse_limit(MetricUnit::requests, "5s").value.has_value());
}

}  // namespace
}  // namespace parallax::scenarios
