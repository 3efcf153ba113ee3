// What a request costs, and how long each population waits: of scenarios so small that every statement can be counted.
#include <catch2/catch.hpp>
#include <numeric>
#include <string>

#include "scenarios/measure.h"
#include "scenarios/metrics.h"
#include "scenarios/run.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

/// One data center and `calls` calls in each of ten minutes, with a single token; `gateway` holds fields of its
/// gateway.
std::string single(const std::string& gateway, int calls) {
  std::string counts = std::to_string(calls);
  for (int minute = 1; minute < 10; ++minute) counts += ", " + std::to_string(calls);
  return R"(name: "single"
duration: "11m"
sites { name: "dc" nodes: "a" gateway { )" +
         gateway + R"( } }
regions { name: "clients" prefers: "dc" }
links { from: "clients" to: "dc" delay { constant: "5ms" } }
catalog { apis: 1 applications: 1 tokens: 1 tiers { name: "free" } }
workload { populations { name: "users" region: "clients" trace { bucket: "1m" counts: [)" +
         counts + R"(] } } }
)";
}

/// dc2 asks the key manager of dc1, 40 ms away. "far" is in front of it; one call a minute each, of one token each.
constexpr const char* kElsewhere = R"(name: "elsewhere"
duration: "11m"
sites { name: "dc1" nodes: "a" }
sites { name: "dc2" nodes: "b" gateway { token_cache { enabled: false } key_validation { site: "dc1" } } }
regions { name: "near dc1" prefers: "dc1" }
regions { name: "near dc2" prefers: "dc2" }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "near dc1" to: "dc1" delay { constant: "5ms" } }
links { from: "near dc2" to: "dc2" delay { constant: "5ms" } }
catalog { apis: 1 applications: 1 tokens: 2 tiers { name: "free" } }
workload {
  populations { name: "near" region: "near dc1" trace { bucket: "1m" counts: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] } }
  populations { name: "far" region: "near dc2" trace { bucket: "1m" counts: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] } }
}
)";

Loaded loaded(const std::string& text) {
  LoadOutcome outcome = load(text);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  return std::move(*outcome.loaded);
}

SeedRun played(const std::string& text) { return run_seed(loaded(text).scenario, 1); }

std::map<std::string, Measured> measured(const SeedRun& run) { return measure(run.findings, run.statements); }

TEST_CASE("without a cache each request is a statement, and nobody asks elsewhere") {
  const SeedRun run = played(single("token_cache { enabled: false }", 3));
  REQUIRE(run.findings.decisions == 30);
  CHECK(run.statements == 30);
  const auto metrics = measured(run);
  CHECK(metrics.at("cost.database_calls_per_request").value == 1);
  CHECK(metrics.at("cost.database_calls_per_request").count == 30);
  CHECK(metrics.at("cost.wan_calls_per_request").value == 0);
  CHECK(metrics.count("wan.calls_per_request") == 0);
}

// The cache keeps the token's entry for 15 minutes: of ten calls, one a minute, the first alone misses.
TEST_CASE("with a cache the first request of a token is the only one that costs a statement") {
  const auto metrics = measured(played(single("", 1)));
  CHECK(metrics.at("cost.database_calls_per_request").value == Approx(0.1));
}

// Ten calls at dc2 that each ask over the WAN, and ten at dc1 of which the first asks its own database.
TEST_CASE("calls to other sites are spread over all requests, and over those of who makes them") {
  const SeedRun run = played(kElsewhere);
  const auto metrics = measured(run);
  REQUIRE(run.findings.decisions == 20);
  CHECK(metrics.at("cost.wan_calls_per_request").value == Approx(0.5));
  CHECK(metrics.at("wan.calls_per_request").value == Approx(1));
  CHECK(metrics.at("cost.database_calls_per_request").value == Approx(11.0 / 20));
}

// Where data centers count what they are asked second by second, the seconds add up to the same.
TEST_CASE("statements of the whole run are those of its seconds") {
  const SeedRun run = played(single("token_cache { ttl: \"30s\" } workers { count: 2 }", 50));
  REQUIRE_FALSE(run.findings.capacity.loads.empty());
  std::uint64_t sum = 0;
  for (const audit::LoadFinding& load : run.findings.capacity.loads) {
    sum = std::accumulate(load.database.begin(), load.database.end(), sum);
  }
  CHECK(sum > 1);
  CHECK(run.statements == sum);
}

// "near": 5 ms there and 5 ms back, and the first call waits for a database besides. "far": 5 + 40 + 1 + 1 + 40 + 5 ms,
// and more while the connection is made. Buckets of the histogram are up to 1/64 wide.
TEST_CASE("latency is told of each population too, and behind that of all") {
  const schema::Result result = run(loaded(kElsewhere), {}).result;
  std::vector<std::string> told;
  for (const schema::Metric& metric : result.metrics()) {
    if (metric.name() != "latency.p50") continue;
    told.push_back(metric.population());
    CHECK(metric.count() == (metric.population().empty() ? 20 : 10));
    if (metric.population() == "near") CHECK(metric.estimate() == Approx(0.010).epsilon(1.0 / 64));
    if (metric.population() == "far") CHECK(metric.estimate() == Approx(0.092).epsilon(1.0 / 64));
  }
  CHECK(told == std::vector<std::string>{"", "near", "far"});
}

TEST_CASE("one population alone has no part of its own") {
  const schema::Result result = run(loaded(single("", 1)), {}).result;
  for (const schema::Metric& metric : result.metrics()) CHECK(metric.population().empty());
}

// The names that scripts rely on.
TEST_CASE("every metric that the command promises is there") {
  for (const std::string& change : change_names()) {
    for (const char* statistic : {"p50", "p95", "p99", "max", "censored", "moot"}) {
      CHECK(find_metric("window." + change + "." + statistic).has_value());
    }
  }
  for (const char* kind : {"api", "token", "portal", "publisher"}) {
    for (const char* of : {".unavailable_s", ".failed_requests"}) {
      CHECK(find_metric(std::string("availability.") + kind + of).has_value());
    }
  }
  for (const char* name :
       {"decision.wrong_allow.count", "decision.wrong_deny.count", "decision.wrong_variant.count",
        "throttle.over_admission.count", "throttle.over_admission.ratio_max", "throttle.over_admission.windows_share",
        "recovery.time_s", "recovery.lost_writes", "replication.conflicts", "replication.divergent_rows_end",
        "session.read_your_writes.count", "session.monotonic_reads.count", "latency.p50", "latency.p99",
        "cost.wan_calls_per_request", "cost.database_calls_per_request"}) {
    INFO(name);
    CHECK(find_metric(name).has_value());
  }
}

}  // namespace
}  // namespace parallax::scenarios
