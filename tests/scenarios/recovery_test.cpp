// How long a population is locked out, of a run that ends before it is served again.
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/run.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

/// The only data center is lost at 2 min for good, or for so long; the run ends at 5 min.
schema::Result lost(const std::string& lasts, const std::string& at_most) {
  const LoadOutcome outcome = load(R"(name: "lost"
duration: "5m"
sites { name: "dc" nodes: "a" }
regions { name: "clients" prefers: "dc" }
links { from: "clients" to: "dc" delay { constant: "5ms" } }
catalog { apis: 1 tiers { name: "free" } }
workload { populations { name: "users" region: "clients" rate: "20/s" timeout: "1s" } }
faults { name: "power" at: "2m" lasts: ")" +
                                   lasts + R"(" site_down { site: "dc" } }
expectations { metric: "recovery.time_s" at_most: ")" +
                                   at_most +
                                   R"(" }
)");
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  return run(*outcome.loaded, {}).result;
}

const schema::Metric& recovery(const schema::Result& result) {
  for (const schema::Metric& metric : result.metrics()) {
    if (metric.name() == "recovery.time_s") return metric;
  }
  FAIL("no recovery");
  return result.metrics(0);
}

TEST_CASE("who is not served again when the run ends was locked out for at least so long") {
  const schema::Result result = lost("3m", "10m");
  const schema::Metric& metric = recovery(result);
  CHECK(metric.estimate() >= 175);
  CHECK(metric.estimate_open());
  CHECK(metric.worst_open());
  REQUIRE(result.outages_size() == 1);
  CHECK(result.outages(0).open());
}

TEST_CASE("a target of at most so much is not met by what is open, and missed where it is past it already") {
  const schema::Result undecided = lost("3m", "10m");
  CHECK(undecided.expectations(0).verdict() == "inconclusive");
  CHECK(undecided.verdict() == "inconclusive");
  REQUIRE(undecided.reasons_size() == 1);
  CHECK(undecided.reasons(0) == "censored");
  CHECK(lost("3m", "1m").expectations(0).verdict() == "fail");
}

TEST_CASE("who is served for a minute before the run ends is served again") {
  const schema::Result result = lost("30s", "2m");
  CHECK_FALSE(recovery(result).estimate_open());
  CHECK_FALSE(result.outages(0).open());
  CHECK(result.expectations(0).verdict() == "pass");
}

}  // namespace
}  // namespace parallax::scenarios
