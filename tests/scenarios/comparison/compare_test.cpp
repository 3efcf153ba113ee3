#include "scenarios/comparison/compare.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>

#include "reports/json.h"

namespace parallax::scenarios {
namespace {

// Ten minutes without the outage: enough for changes to spread.
DesignRun run_of(const std::string& name, const std::string& called, unsigned jobs,
                 std::vector<std::string> more = {}) {
  std::vector<std::string> overrides{"name=" + called, "duration=8m", "faults[us-east lost].at=4m",
                                     "faults[us-east lost].lasts=1m", "workload.writes[new APIs].until=7m"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  const auto folder = std::filesystem::path(PARALLAX_SOURCE_DIR) / "scenarios/library/deployments";
  const Loaded loaded = *load_file(folder / (name + ".txtpb"), overrides).loaded;
  RunOptions options;
  options.seeds.resize(12);
  std::iota(options.seeds.begin(), options.seeds.end(), std::uint64_t{1});
  options.jobs = jobs;
  return run_design(loaded, options);
}

const schema::ComparedMetric& metric_of(const schema::Comparison& comparison, const std::string& name) {
  for (const auto& metric : comparison.metrics()) {
    if (metric.name() == name) return metric;
  }
  FAIL("no metric " << name);
  return comparison.metrics(0);
}

TEST_CASE("a design under two names is the same in every run and every measure") {
  const auto comparison = compare({run_of("active_active", "a", 1), run_of("active_active", "b", 2)}, 0, "");
  REQUIRE(comparison.metrics_size() > 20);
  CHECK(comparison.proven() == 0);
  for (const auto& metric : comparison.metrics()) {
    INFO(metric.name());
    const auto& difference = metric.differences(1);
    CHECK(difference.n() == static_cast<std::uint32_t>(metric.values(0).values_size()));
    CHECK(difference.median() == 0);
    CHECK(difference.p() == 1);
    if (difference.n() >= 6 && !difference.open()) CHECK(difference.verdict() == "same");
    CHECK(metric.best_size() == 2);
  }
}

TEST_CASE("a second data center that learns of revocations late is worse at them, with all runs on one side") {
  const auto comparison = compare({run_of("single_dc", "one", 2), run_of("active_active", "two", 2)}, 0, "");
  const auto& metric = metric_of(comparison, "window.token_revoked.max");
  const auto& difference = metric.differences(1);
  CHECK(difference.verdict() == "worse");
  CHECK(difference.p() == Approx(2.0 / 4096));  // twelve of twelve
  CHECK(difference.median() > 0);
  REQUIRE(metric.best_size() == 1);
  CHECK(metric.best(0) == 0);
  // Windows of the second are still open at the end: of those there is no mean, and no upper end.
  REQUIRE(difference.open());
  CHECK(!difference.has_mean());
  CHECK(!difference.has_correlation());
  // Of what should be high the worst run is the lowest.
  for (const auto& of : comparison.designs(0).metrics()) {
    if (of.name() == "availability.api.ratio") CHECK(of.worst() < of.estimate());
  }
  // What a design has not is not made up.
  CHECK(metric_of(comparison, "recovery.lost_writes").values(0).values_size() == 12);
}

// Each deployment has expectations of its own: what is right for one is wrong for another.
TEST_CASE("a target that only some designs have is no question, what the trial names is") {
  const DesignRun one = run_of("single_dc", "one", 2);
  const DesignRun two = run_of("active_active", "two", 2);
  REQUIRE(one.result.expectations_size() > 0);
  REQUIRE(two.result.expectations_size() > 0);
  const auto comparison = compare({one, two}, 0, "");
  const auto& asked = one.result.config().compared_by();
  REQUIRE(asked.size() > 5);
  CHECK(std::equal(asked.begin(), asked.end(), comparison.asked().begin(), comparison.asked().end()));
  for (const schema::Result& design : comparison.designs()) {
    for (const auto& target : design.expectations()) {
      INFO(target.metric());
      CHECK(std::any_of(one.result.expectations().begin(), one.result.expectations().end(), [&](const auto& each) {
        return each.metric() == target.metric() && each.limit() == target.limit();
      }));
    }
  }
  std::uint32_t differences = 0;
  for (const auto& metric : comparison.metrics()) {
    const bool is_asked = std::find(asked.begin(), asked.end(), metric.name()) != asked.end();
    if (is_asked && metric.differences(1).n() > 0) ++differences;
  }
  CHECK(comparison.differences() == differences);
}

TEST_CASE("the same comparison is made again to the byte, whatever runs beside each other") {
  const auto once = compare({run_of("single_dc", "one", 1), run_of("master_and_read_only", "two", 1)}, 1, "c");
  const auto again = compare({run_of("single_dc", "one", 2), run_of("master_and_read_only", "two", 2)}, 1, "c");
  CHECK(reports::to_json(once) == reports::to_json(again));
}

// Eight runs of 99.9 % against eight of 99.5 %: 0.4 points, where a twentieth of 0.1 points matters.
TEST_CASE("of shares near 1 the tolerance is a part of what is missing to it") {
  const auto design = [](const std::string& name, double share) {
    DesignRun run;
    run.result.set_scenario(name);
    run.result.set_seeds(8);
    SeedValues& values = run.values["availability.api.ratio"];
    SeedValues& waited = run.values["capacity.waited.share"];
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      for (SeedValues* of : {&values, &waited}) of->seeds.push_back(seed);
      values.values.push_back(share);
      waited.values.push_back(1 - share);
    }
    return run;
  };
  const auto comparison = compare({design("best", 0.999), design("worse", 0.995)}, 0, "");
  const auto& served = metric_of(comparison, "availability.api.ratio").differences(1);
  CHECK(served.tolerance() == Approx(0.05 * 0.001));
  CHECK(served.verdict() == "worse");
  const auto& waited = metric_of(comparison, "capacity.waited.share").differences(1);
  CHECK(waited.tolerance() == Approx(0.05 * 0.001));  // 0.1 % is the distance to 0
  CHECK(waited.verdict() == "worse");
}

}  // namespace
}  // namespace parallax::scenarios
