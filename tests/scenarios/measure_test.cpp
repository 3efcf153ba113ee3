#include "scenarios/measure.h"

#include <catch2/catch.hpp>

#include "scenarios/result_tables.h"

namespace parallax::scenarios {
namespace {

using audit::Ending;
using audit::Findings;
using audit::WindowFinding;

constexpr std::int64_t kSecond = 1'000'000'000;

// Of the k-th revocation, as node `observer` sees it.
WindowFinding window(std::uint64_t k, std::uint32_t observer, std::int64_t seconds, Ending ending) {
  WindowFinding out{};
  out.id = sim::RecordId::of(sim::SiteId{0}, k);
  out.change = domain::ChangeKind::kTokenRevoked;
  out.object = domain::ObjectRef::of(domain::TokenId{1});
  out.writer = domain::NodeId{0};
  out.observer = static_cast<domain::NodeId>(observer);
  out.length = sim::seconds(seconds);
  out.ending = ending;
  if (seconds > 0) out.pieces = {{domain::Stage::kTokenCacheTtl, out.length}};
  return out;
}

// The five windows of kaplan_meier_test.cpp in seconds, one of them moot; another node is always faster.
Findings two_open_of_five() {
  Findings findings;
  const std::pair<std::int64_t, Ending> slowest[] = {{10, Ending::kVisible},
                                                     {20, Ending::kCensored},
                                                     {30, Ending::kMoot},
                                                     {40, Ending::kVisible},
                                                     {50, Ending::kCensored}};
  std::uint64_t k = 0;
  for (const auto& [seconds, ending] : slowest) {
    findings.windows.push_back(window(k, 0, seconds - 10, Ending::kVisible));
    findings.windows.push_back(window(k++, 1, seconds, ending));
  }
  return findings;
}

TEST_CASE("windows open at the end are censored in quantiles, and moot ones are closed") {
  const auto metrics = measure(two_open_of_five(), 0);
  const Measured& p50 = metrics.at("window.token_revoked.p50");
  CHECK(p50.value == 40);
  CHECK(p50.count == 5);
  CHECK_FALSE(p50.open);
  for (const char* name : {"window.token_revoked.p95", "window.token_revoked.p99", "window.token_revoked.max"}) {
    INFO(name);
    CHECK(metrics.at(name).value == 50);
    CHECK(metrics.at(name).open);
  }
  CHECK(metrics.at("window.token_revoked.censored").value == 2);
  CHECK_FALSE(metrics.at("window.token_revoked.censored").open);
  CHECK(metrics.at("window.token_revoked.moot").value == 1);
}

TEST_CASE("of two windows as long as each other the open one says when everybody obeys") {
  const std::vector<WindowFinding> both{window(0, 0, 7, Ending::kVisible), window(0, 1, 7, Ending::kCensored)};
  CHECK(complete_window(both).ending == Ending::kCensored);
  const std::vector<WindowFinding> turned{both[1], both[0]};
  CHECK(complete_window(turned).ending == Ending::kCensored);
}

TEST_CASE("a class says how much of its curve is known") {
  std::vector<SeedRun> runs(1);
  runs[0].seed = 3;
  runs[0].site_names = {"dc"};
  runs[0].node_names = {"dc/a", "dc/b"};
  runs[0].findings = two_open_of_five();
  schema::Result result;
  add_window_tables(runs, result);
  REQUIRE(result.window_classes_size() == 3);
  const schema::WindowClass& everywhere = result.window_classes(0);
  CHECK(everywhere.observer() == "*");
  CHECK(everywhere.p50_ns() == 40 * kSecond);
  CHECK(everywhere.p99_ns() == 50 * kSecond);
  CHECK(everywhere.max_ns() == 50 * kSecond);
  CHECK(everywhere.reached() == Approx(11.0 / 15.0));
  CHECK(everywhere.quantiles_ns(73) == 40 * kSecond);
  CHECK(everywhere.quantiles_ns(74) == 50 * kSecond);
  CHECK(result.window_classes(1).observer() == "dc/a");
  CHECK_FALSE(result.window_classes(1).has_reached());
  REQUIRE(result.windows_size() > 0);
  CHECK(result.windows(0).id() == "3/dc/4");
  CHECK(result.windows(0).ending() == "censored");
}

}  // namespace
}  // namespace parallax::scenarios
