#include <fmt/format.h>

#include <optional>
#include <string>

#include "scenarios/metrics.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

void check_limit(const schema::Expectation& expectation, const char* field, const std::string& limit,
                 Reporter& reporter) {
  const std::optional<MetricDefinition> metric = find_metric(expectation.metric());
  if (!metric || limit.empty()) return;
  const Parsed<double> parsed = parse_limit(metric->unit, limit);
  const std::string unit(to_string(metric->unit));
  if (!parsed.value) {
    reporter.report(expectation, field, fmt::format("{} of {} ({}): {}", field, metric->name, unit, parsed.error));
  } else if (*parsed.value < 0) {
    reporter.report(expectation, field,
                    fmt::format("{} of {} ({}): {} is out of range; expected at least 0", field, metric->name, unit,
                                quoted(limit)));
  }
}

}  // namespace

void check_expectations(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Expectation& expectation : scenario.expectations()) {
    const bool most = !expectation.at_most().empty();
    const bool least = !expectation.at_least().empty();
    if (most == least) {
      reporter.report(expectation, most ? "at_least" : "metric",
                      fmt::format("the expectation of {} has {} at_most {} at_least; expected one of them",
                                  quoted(expectation.metric()), most ? "both" : "neither", most ? "and" : "nor"));
    }
    check_limit(expectation, "at_most", expectation.at_most(), reporter);
    check_limit(expectation, "at_least", expectation.at_least(), reporter);
  }
}

}  // namespace parallax::scenarios
