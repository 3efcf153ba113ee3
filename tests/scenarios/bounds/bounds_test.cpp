// Bounds by hand, and the windows of runs against them.
#include "scenarios/bounds/bounds.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "models/domain/change.h"
#include "scenarios/bounds/check.h"
#include "scenarios/bounds/dependencies.h"
#include "scenarios/bounds/single_fault.h"
#include "scenarios/compile.h"
#include "scenarios/load.h"
#include "scenarios/run.h"

namespace parallax::bounds {
namespace {

using domain::ChangeKind;
using sim::Duration;
using sim::milliseconds;
using sim::minutes;
using sim::seconds;

scenarios::Loaded load(const std::string& text) {
  const scenarios::LoadOutcome outcome = scenarios::load_text("t", text, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  return *outcome.loaded;
}

world::WorldConfig config_of(const std::string& text) { return scenarios::compile(load(text).scenario, 1); }

const Bound& find(const std::vector<Bound>& bounds, ChangeKind change, std::uint16_t writer, std::uint16_t observer) {
  const auto found = std::find_if(bounds.begin(), bounds.end(), [&](const Bound& bound) {
    return bound.change == change && bound.writer == domain::NodeId{writer} &&
           bound.observer == domain::NodeId{observer};
  });
  REQUIRE(found != bounds.end());
  return *found;
}

const std::string kPair = R"(
name: "pair" duration: "30m"
sites { name: "a" nodes: "n" database { access_time: "1ms" } }
sites { name: "b" nodes: "n" database { access_time: "1ms" } gateway { token_cache { ttl: "60s" sweep_interval: "10s" } } }
regions { name: "users" prefers: "a" prefers: "b" }
links { from: "a" to: "b" delay { uniform { least: "40ms" greatest: "50ms" } } }
links { from: "users" to: "a" delay { constant: "5ms" } }
links { from: "users" to: "b" delay { constant: "5ms" } }
replications { from: "a" to: "b" one_way: true apply_time: "1ms" apply_batch: 10 }
catalog { apis: 2 applications: 5 tokens: 20 }
workload {
  populations { name: "p" region: "users" rate: "20/s" roaming: 0.5 }
  writes { name: "r" site: "a" revoke_tokens { rate: "4/m" } }
}
)";

std::string with(const std::string& fault) {
  std::string text = kPair;
  text.append(fault);
  return text;
}

}  // namespace

// The row is at b 40 to 50 ms after its commit, and the acknowledgement is 1 ms after that: 39 to 49 ms. At the worst a
// batch of 10 rows has just begun to be applied, 10 ms; an answer that was read right before then is at the gateway 1
// ms later, stays for 60 s, and is swept up to 10 s after that.
TEST_CASE("a revoked token lives on elsewhere for the replication lag, an answer under way, its age and the sweep") {
  const auto bounds = bounds_of(config_of(kPair));
  const Bound& elsewhere = find(bounds, ChangeKind::kTokenRevoked, 0, 1);
  CHECK(elsewhere.least == milliseconds(39));
  CHECK(elsewhere.undisturbed == milliseconds(49 + 10 + 1) + seconds(70));
  CHECK(elsewhere.greatest == elsewhere.undisturbed);
  REQUIRE(elsewhere.way.size() == 4);
  CHECK(elsewhere.way[0].stage == domain::Stage::kReplicationLag);
  CHECK(elsewhere.way[3].stage == domain::Stage::kCacheSweep);
}

TEST_CASE("the key manager's own gateway is told at once") {
  const auto bounds = bounds_of(config_of(kPair));
  const Bound& own = find(bounds, ChangeKind::kTokenRevoked, 0, 0);
  CHECK(own.least == Duration{});
  CHECK(own.undisturbed == Duration{});
}

// Three minutes of cut; then TCP may wait as long again, 2 min at the most and once more to connect, for up to 131 s of
// SYNs; at the end the token has expired in any case, an hour after it was issued.
TEST_CASE("an outage adds all of itself, and the wait of who does not try again at once") {
  const auto bounds =
      bounds_of(config_of(with(R"(faults { name: "cut" at: "5m" lasts: "3m" link_down { from: "a" to: "b" } })")));
  const Bound& elsewhere = find(bounds, ChangeKind::kTokenRevoked, 0, 1);
  CHECK(elsewhere.undisturbed == milliseconds(60) + seconds(70));
  REQUIRE(elsewhere.greatest);
  CHECK(*elsewhere.greatest > *elsewhere.undisturbed + minutes(3));
  CHECK(*elsewhere.greatest <= minutes(60));
}

TEST_CASE("without a stream there is no bound but the token's life") {
  std::string text = kPair;
  const std::size_t at = text.find("replications");
  text.erase(at, text.find('\n', at) - at);
  const auto bounds = bounds_of(config_of(text));
  const Bound& elsewhere = find(bounds, ChangeKind::kTokenRevoked, 0, 1);
  CHECK(elsewhere.greatest == minutes(60));
  CHECK(elsewhere.ends_with_token);
  CHECK(elsewhere.why == "nothing that is written there leads here");
}

TEST_CASE("a lossy link has no bound, and says why") {
  const auto bounds = bounds_of(
      config_of(with(R"(faults { name: "lossy" at: "5m" lasts: "3m" link_lossy { from: "a" to: "b" loss: 0.1 } })")));
  const Bound& elsewhere = find(bounds, ChangeKind::kTokenRevoked, 0, 1);
  CHECK(elsewhere.ends_with_token);
  CHECK(elsewhere.why.find("loses messages") != std::string::npos);
}

// Polls and sweeps come at random phases: of many windows the longest comes near its bound.
TEST_CASE("windows reach nine tenths of their bound, and never pass it") {
  scenarios::Loaded loaded = load(kPair);
  sim::Duration longest{};
  std::optional<sim::Duration> bound;
  std::uint64_t bounded = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const scenarios::SeedRun run = scenarios::run_seed(loaded.scenario, seed);
    bounded += run.windows_bounded;
    for (const audit::WindowFinding& window : run.findings.windows) {
      if (window.change != ChangeKind::kTokenRevoked || window.observer != domain::NodeId{1}) continue;
      longest = std::max(longest, window.length);
    }
    bound = find(run.bounds, ChangeKind::kTokenRevoked, 0, 1).undisturbed;
  }
  REQUIRE(bound);
  CHECK(bounded > 100);
  CHECK(longest <= *bound);
  CHECK(longest * std::int64_t{10} >= *bound * std::int64_t{9});
}

TEST_CASE("a window outside of its bound is told with its stages") {
  const scenarios::Loaded loaded = load(kPair);
  const world::WorldConfig config = scenarios::compile(loaded.scenario, 1);
  scenarios::SeedRun run = scenarios::run_seed(loaded.scenario, 1);
  auto& windows = run.findings.windows;
  const auto longest = std::max_element(windows.begin(), windows.end(),
                                        [](const auto& one, const auto& other) { return one.length < other.length; });
  CHECK(check(config, run.bounds, run.findings, run.node_names).outside.empty());
  longest->pieces.push_back({domain::Stage::kTokenCacheTtl, minutes(60)});
  longest->length += minutes(60);
  const Checked longer = check(config, run.bounds, run.findings, run.node_names);
  REQUIRE(!longer.outside.empty());
  CHECK(longer.outside.front().find("longer than its bound") != std::string::npos);
  CHECK(longer.outside.front().find("token_cache_ttl") != std::string::npos);

  // So is one that is too short: seen before it can have come.
  run = scenarios::run_seed(loaded.scenario, 1);
  for (audit::WindowFinding& window : run.findings.windows) {
    if (window.change == ChangeKind::kTokenRevoked && window.observer == domain::NodeId{1}) {
      window.pieces = {{domain::Stage::kReplicationLag, milliseconds(1)}};
      window.length = milliseconds(1);
    }
  }
  const Checked shorter = check(config, run.bounds, run.findings, run.node_names);
  REQUIRE(!shorter.outside.empty());
  CHECK(shorter.outside.front().find("shorter than its bound") != std::string::npos);
}

TEST_CASE("who needs whom is read off the deployment") {
  const world::WorldConfig config = config_of(kPair);
  const auto needs = dependencies_of(config);
  REQUIRE(needs.size() == 1);
  CHECK(name_of(needs.front().path) == "replication");
  CHECK(needs.front().who == "b");
  CHECK(needs.front().whom == "a");
  const auto points = single_points_of(config);
  REQUIRE(points.size() == 8);  // one node at each site, with four parts
  CHECK(points.front().what == "a/n");
}

// b never hears of it when a is gone, or when the two are cut off; the token expires.
TEST_CASE("under any single fault a revoked token lives no longer than its life") {
  const auto all = bounds_under_any_fault(config_of(kPair));
  const auto revoked =
      std::find_if(all.begin(), all.end(), [](const AnyFault& one) { return one.change == ChangeKind::kTokenRevoked; });
  REQUIRE(revoked != all.end());
  CHECK(revoked->greatest == minutes(60));
  CHECK(revoked->ends_with_token);
  CHECK(revoked->observer == "b/n");
}

}  // namespace parallax::bounds
