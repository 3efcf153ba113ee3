// What seed text 004_27579051bb4449d6.txt says of statistics databases, on the scenarios of
// scenarios/library/statistics.
#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {
namespace {

using Overrides = std::vector<std::string>;

scenarios::LoadOutcome load(const std::string& name, const Overrides& overrides) {
  const std::filesystem::path source{PARALLAX_SOURCE_DIR};
  return scenarios::load_file(source / "scenarios" / "library" / "statistics" / (name + ".txtpb"), overrides);
}

schema::Result result_of(const std::string& name, const Overrides& overrides = {}) {
  const scenarios::LoadOutcome outcome = load(name, overrides);
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  return scenarios::run(*outcome.loaded, {}).result;
}

double metric(const schema::Result& result, const std::string& name) {
  for (const schema::Metric& metric : result.metrics()) {
    if (metric.name() == name) return metric.estimate();
  }
  FAIL("no metric " << name);
  return 0;
}

/// Requests decided at a site, by API.
std::vector<std::uint64_t> decided(const Rehearsal& run, std::string_view site, sim::Duration from,
                                   sim::Duration until) {
  std::vector<std::uint64_t> counts(run.catalog.apis.size());
  for (const auto& decision : run.all<domain::RequestDecided>(domain::RecordKind::kRequestDecided)) {
    const sim::Duration when = decision.time - sim::VirtualTime{};
    if (decision.site == run.site(site) && when >= from && when < until) ++counts[domain::index(decision.body.api)];
  }
  return counts;
}

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST_CASE("with the data center's id both data centers give the same answers, as old as the last run") {
  const schema::Result result = result_of("key_with_data_center");
  CHECK(result.verdict() == "pass");
  CHECK(metric(result, "statistics.unanswered.count") == 0);
  CHECK(metric(result, "statistics.sites_disagree.ratio_max") == 0);
  CHECK(metric(result, "statistics.double_counted_end.count") == 0);
  // k minutes of 16 k: 1/16. Of 5,760 requests and more k/16 are counted in Poisson's way: one part in 15, at most.
  CHECK(metric(result, "statistics.total_error.ratio_max") == Approx(1.0 / 16).epsilon(0.15));
}

TEST_CASE("without the id BDR reports no error and a third of the requests is missing") {
  const schema::Result result = result_of("key_without_data_center");
  CHECK(result.verdict() == "fail");
  CHECK(metric(result, "replication.stops") == 0);
  CHECK(metric(result, "replication.divergent_rows_end") == 0);
  CHECK(metric(result, "statistics.sites_disagree.ratio_max") == 0);
  // dc1's 2/s of 6/s, and 1/16 of dc2's.
  CHECK(metric(result, "statistics.total_error.ratio_max") == Approx(1.0 / 3 + 2.0 / 3 / 16).margin(0.02));
  const Rehearsal run = rehearse(load("key_without_data_center", {}), 1);
  // By the last run: dc1's, of each API that dc2 has written a row of too.
  const auto dc1 = decided(run, "dc1", {}, sim::minutes(65));
  const auto dc2 = decided(run, "dc2", {}, sim::minutes(65));
  std::uint64_t lost = 0;
  for (std::size_t api = 0; api < dc1.size(); ++api) lost += dc2[api] > 0 ? dc1[api] : 0;
  CHECK(run.findings.statistics.uncounted_end == lost);
}

TEST_CASE("without the id PostgreSQL's streams stop, and each data center counts itself alone") {
  const Overrides postgresql{"statistics.profile=postgresql_logical"};
  const schema::Result result = result_of("key_without_data_center", postgresql);
  CHECK(metric(result, "replication.stops") == 2);
  // 4/s less 2/s of 6/s, fifteen sixteenths of it summarised; more where an API is called at one site more than others.
  CHECK(metric(result, "statistics.sites_disagree.ratio_max") >= 1.0 / 3 * 15 / 16 - 0.02);
  const Rehearsal run = rehearse(load("key_without_data_center", postgresql), 1);
  CHECK(run.findings.statistics.uncounted_end == sum(decided(run, "dc2", {}, sim::minutes(65))));
}

TEST_CASE("a shared database that fails over loses what only the master had") {
  const Rehearsal run = rehearse(load("shared_master_lost", {}), 1);
  const std::uint64_t lost = sum(decided(run, "dc1", sim::minutes(20), sim::minutes(30)));
  CHECK(lost > 1'000);  // 2/s for ten minutes
  CHECK(run.findings.statistics.uncounted_end == lost);
  CHECK(run.findings.statistics.double_counted_end == 0);
  CHECK(result_of("shared_master_lost").verdict() == "fail");
  CHECK(result_of("shared_master_lost", {"statistics.totals=recomputed"}).verdict() == "pass");
}

// The data center's disk has the raw data of its own requests, and nobody else has.
TEST_CASE("raw data that are not summarised are lost with the disk") {
  const Rehearsal kept = rehearse(load("shared_master_lost", {}), 1);
  const Rehearsal lost = rehearse(load("shared_master_lost", {"faults[dc1 lost].site_down.disk=lost"}), 1);
  CHECK(lost.findings.statistics.uncounted_end ==
        kept.findings.statistics.uncounted_end + sum(decided(lost, "dc1", sim::minutes(30), sim::minutes(33))));
}

TEST_CASE("threads do not show in a run with statistics") {
  const scenarios::LoadOutcome outcome = load("shared_master_lost", {});
  REQUIRE(outcome.loaded);
  scenarios::RunOptions options;
  const sim::Fingerprint one = scenarios::run_seed(outcome.loaded->scenario, 1, options).fingerprint;
  options.threads = 4;
  const sim::Fingerprint four = scenarios::run_seed(outcome.loaded->scenario, 1, options).fingerprint;
  CHECK((one == four));
}

}  // namespace
}  // namespace parallax::test
