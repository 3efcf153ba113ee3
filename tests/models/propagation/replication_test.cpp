// Asynchronous replication between two data centers, worked out by hand.
#include <algorithm>
#include <catch2/catch.hpp>

#include "models/audit/journeys.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/statistics.h"
#include "tests/models/support/two_regions.h"

namespace parallax::test {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

namespace {

bool is_in(const WindowFinding& window, const world::WorldConfig& config, sim::SiteId site) {
  return domain::index(window.observer) / config.sites[0].nodes.size() == sim::index(site);
}

std::uint64_t count(const Run& run, ChangeKind kind) {
  return static_cast<std::uint64_t>(std::count_if(run.findings.windows.begin(), run.findings.windows.end(),
                                                  [&](const WindowFinding& w) { return w.change == kind; }));
}

bool has_stage(const WindowFinding& window, Stage stage) {
  return std::any_of(window.pieces.begin(), window.pieces.end(), [&](const auto& p) { return p.stage == stage; });
}

}  // namespace

// Commit and acknowledgement are one instant (the database takes no time), the row is shipped at the commit and is
// applied as it arrives: it is there after the way's 30 ms, and not a nanosecond later.
TEST_CASE("a subscription made in one data center is visible in the other after the replication delay, exactly") {
  world::WorldConfig config = two_regions(1);
  add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(10));
  const Run result = run(config);
  REQUIRE(count(result, ChangeKind::kSubscriptionAdded) > 4 * 30);
  for (const WindowFinding& window : result.findings.windows) {
    if (window.start + kWan > result.end()) continue;
    CHECK(window.length == (is_in(window, config, kWest) ? kWan : sim::Duration{}));
    if (window.length.ns == 0) continue;
    REQUIRE(window.pieces.size() == 1);
    CHECK(window.pieces[0].stage == Stage::kReplicationLag);
  }
}

// With polls of 1 s at both ends a row waits U(0, 1 s) to be shipped, 30 ms on its way and U(0, 1 s) to be applied; the
// phases of the two polls are fixed within a run, so the second wait follows from the first: over many runs the total
// lies in [30 ms, 2.03 s) and the wait for the first poll is uniform.
TEST_CASE("polls at both ends add their waits to the replication delay") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world::WorldConfig config = two_regions(seed);
    for (auto& replication : config.replications) {
      replication.spec.ship_interval = sim::seconds(1);
      replication.spec.apply_interval = sim::seconds(1);
    }
    add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(10));
    const Run result = run(config);
    for (const WindowFinding& window : result.findings.windows) {
      if (!is_in(window, config, kWest) || window.ending == audit::Ending::kCensored) continue;
      CHECK(window.length >= kWan);
      CHECK(window.length < kWan + sim::seconds(2));
    }
  }
}

// Between a poll at the sender only, the wait is uniform over the poll's second: Kolmogorov-Smirnov at 1 %.
TEST_CASE("the wait for the shipping poll is uniform") {
  std::vector<double> waits;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world::WorldConfig config = two_regions(seed);
    for (auto& replication : config.replications) replication.spec.ship_interval = sim::seconds(1);
    add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(10));
    const Run result = run(config);
    for (const WindowFinding& window : result.findings.windows) {
      const bool first_node = domain::index(window.observer) == 2;
      if (!first_node || window.ending == audit::Ending::kCensored) continue;
      waits.push_back(static_cast<double>((window.length - kWan).ns) / 1e9);
    }
  }
  REQUIRE(waits.size() > 1000);
  CHECK(kolmogorov_distance(waits, [](double x) { return std::clamp(x, 0.0, 1.0); }) <
        kolmogorov_critical(waits.size()));
}

// The link is down in [100 s, 150 s), less than the 60 s of silence after which an end gives the connection up. TCP
// goes on trying meanwhile, each time after twice as long: with a first time-out of R = SRTT + 200 ms = 260 ms (some
// more by the timers' wheel) at R (2^k - 1), and 2^8 R = 67 s is the first past the heal. Whatever the phase, the try
// after the heal comes at the latest when the time since the first loss has doubled: before 100 + 2 * 50 s, and a
// wheel's granule. Everything from the first failure on, which is at the commit itself, is charged to the link.
TEST_CASE("rows committed while the link is down arrive with TCP's next try, in order, and are late writes") {
  world::WorldConfig config = two_regions(3);
  add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(5));
  cut_wan(config, sim::seconds(100), sim::seconds(150));
  const Run result = run(config);
  const sim::VirtualTime heal{sim::seconds(150).ns};
  std::uint64_t kept_back = 0;
  for (const WindowFinding& window : result.findings.windows) {
    const bool in_cut = window.start >= sim::VirtualTime{sim::seconds(100).ns} && window.start < heal;
    if (!in_cut || !is_in(window, config, kWest)) continue;
    ++kept_back;
    const sim::VirtualTime visible = window.start + window.length;
    CHECK(visible >= heal + kWan);
    CHECK(visible <= heal + sim::seconds(50 + 3));
    CHECK(has_stage(window, Stage::kLinkDown));
    CHECK(audit::total(window.pieces) == window.length);
  }
  REQUIRE(kept_back > 2 * 5);  // two nodes; 50 s at one write in 5 s: 10 expected
  // Rows committed after the heal and before that try wait for it too.
  const auto late = std::count_if(result.findings.windows.begin(), result.findings.windows.end(),
                                  [](const WindowFinding& window) { return has_stage(window, Stage::kLinkDown); });
  CHECK(result.findings.late_writes == static_cast<std::uint64_t>(late) / 2);
  CHECK(result.findings.lost_writes.empty());
}

namespace {

// The WAN is cut from 100 s on, so nothing written in the east after that has been shipped when the east is lost at
// 200 s; it is back at 300 s, the WAN at 320 s.
Run lose_unshipped(world::Disk disk) {
  world::WorldConfig config = two_regions(5);
  add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(5));
  config.writes[0].until = sim::VirtualTime{sim::seconds(200).ns};
  cut_wan(config, sim::seconds(100), sim::seconds(320));
  lose(config, kEast, sim::seconds(200), sim::seconds(300), disk);
  return run(config);
}

std::uint64_t written_in_cut(const Run& result) {
  std::uint64_t count = 0;
  for_each<domain::ChangeAcknowledged>(
      result.journal, domain::RecordKind::kChangeAcknowledged,
      [&](const sim::Record& record, const auto&) { count += record.time >= sim::VirtualTime{sim::seconds(100).ns}; });
  return count;
}

}  // namespace

TEST_CASE("acknowledged writes that were not shipped are late if the data center comes back with its disk") {
  const Run result = lose_unshipped(world::Disk::kKept);
  REQUIRE(written_in_cut(result) > 8);  // 100 s at one write in 5 s: 20 expected
  CHECK(result.findings.lost_writes.empty());
  CHECK(result.findings.late_writes == written_in_cut(result));
  check_invariants(result);
}

TEST_CASE("acknowledged writes that were not shipped are lost if the data center comes back without its disk") {
  const Run result = lose_unshipped(world::Disk::kLost);
  REQUIRE(written_in_cut(result) > 8);
  CHECK(result.findings.lost_writes.size() == written_in_cut(result));
  CHECK(result.findings.late_writes == 0);
  for (const audit::LostWrite& lost : result.findings.lost_writes) {
    CHECK(lost.acknowledged >= sim::VirtualTime{sim::seconds(100).ns});
  }
  check_invariants(result);
}

// Shipped at the commit, a row is on its way when its data center is lost the next moment: what has entered the link
// arrives.
TEST_CASE("without a poll at the sender nothing that was acknowledged is lost with the disk") {
  world::WorldConfig config = two_regions(7);
  add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(2));
  lose(config, kEast, sim::seconds(200), sim::seconds(300), world::Disk::kLost);
  const Run result = run(config);
  CHECK(result.findings.lost_writes.empty());
  check_invariants(result);
}

// With a poll of 10 s at the sender, what was written since the last poll is lost with the disk: at one write in 0.5 s
// and a loss at a uniform phase, U(0, 10 s) / 0.5 s, 10 on average with a standard deviation of sqrt(33.3 + 10) = 6.6
// (the phase's 20^2 / 12 and Poisson's 10). Over 40 runs the mean is within 2.58 * 6.6 / sqrt(40) = 2.7 of it.
TEST_CASE("with a poll at the sender the writes since the last poll are lost with the disk") {
  double lost = 0;
  constexpr std::uint64_t kRuns = 40;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    world::WorldConfig config = two_regions(seed);
    config.catalog.applications = 600;
    for (auto& replication : config.replications) replication.spec.ship_interval = sim::seconds(10);
    add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::milliseconds(500));
    config.catalog.subscriptions_to_add = 600;
    lose(config, kEast, sim::seconds(200), sim::seconds(300), world::Disk::kLost);
    lost += static_cast<double>(run(config).findings.lost_writes.size());
  }
  CHECK(lost / kRuns == Approx(10).margin(2.7));
}

// With jitter the first row of the log that begins after the loss can be overtaken by later ones; it still counts.
TEST_CASE("after a lost disk no row is skipped, though the link reorders them") {
  for (std::uint64_t seed = 13; seed < 21; ++seed) {
    world::WorldConfig config = two_regions(seed);
    config.duration = sim::minutes(5);
    for (auto& link : config.links) {
      link.delay = sim::Distribution::uniform(sim::milliseconds(1), sim::milliseconds(400));
    }
    for (auto& replication : config.replications) replication.spec.ship_interval = sim::seconds(1);
    config.catalog.applications = 600;
    add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::milliseconds(200));
    config.catalog.subscriptions_to_add = 600;
    config.writes[0].until = sim::VirtualTime{sim::seconds(260).ns};
    lose(config, kEast, sim::seconds(100), sim::seconds(200), world::Disk::kLost);
    const Run result = run(config);
    std::uint64_t after = 0;
    for (const WindowFinding& window : result.findings.windows) {
      if (window.start < sim::VirtualTime{sim::seconds(200).ns}) continue;
      ++after;
      CHECK(window.ending != audit::Ending::kCensored);
    }
    REQUIRE(after > 4 * 50);  // four nodes; ready from 220 to 260 s, though all 600 may be used up before
  }
}

// The site comes back without its disk and is lost again, with what it has, before a peer's rows have arrived: it must
// not answer from an empty database.
TEST_CASE("a second loss during the rebuild does not make the rebuild done") {
  world::WorldConfig config = two_regions(17);
  config.sites[0].node.startup_time = {};
  add_writes(config, ChangeKind::kSubscriptionAdded, kEast, sim::seconds(5));
  config.writes[0].until = sim::VirtualTime{sim::seconds(100).ns};
  lose(config, kEast, sim::seconds(200), sim::seconds(300), world::Disk::kLost);
  lose(config, kEast, sim::seconds(300) + sim::milliseconds(10), sim::seconds(320), world::Disk::kKept);
  const Run result = run(config);
  CHECK(result.findings.lost_writes.empty());
  for (const WindowFinding& window : result.findings.windows) CHECK(window.length <= kWan);
}

TEST_CASE("replicas that have seen the same rows are equal, whatever the order of concurrent writes") {
  world::WorldConfig config = two_regions(11);
  for (const sim::SiteId site : {kEast, kWest}) {
    add_writes(config, ChangeKind::kSubscriptionBlocked, site, sim::seconds(30));
    add_writes(config, ChangeKind::kTokenRevoked, site, sim::seconds(10));
  }
  for (auto& write : config.writes) write.until = sim::VirtualTime{sim::seconds(500).ns};
  const Run result = run(config);
  for (const WindowFinding& window : result.findings.windows) CHECK(window.ending != audit::Ending::kCensored);
  CHECK(result.findings.lost_writes.empty());
}

}  // namespace parallax::test
