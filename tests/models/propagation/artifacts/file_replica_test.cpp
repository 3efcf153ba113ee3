// A replica that follows file by file, against what the arithmetic of the delays says.
#include "models/propagation/artifacts/file_replica.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/propagation/ticks.h"
#include "tests/models/propagation/artifacts/sites.h"
#include "tests/sim/goodness_of_fit.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using sim::testing::ks_critical;
using sim::testing::ks_distance;

constexpr sim::Duration kWay = milliseconds(40);

struct Found {
  sim::VirtualTime when;
  std::uint32_t revision;
  Completeness files;
};

/// Files are written at data center 0, a gateway at 1 scans the replica and deploys what is whole.
struct Replicated final : Scanner {
  explicit Replicated(const FileReplicaSpec& spec, const std::vector<Cut>& cuts = {}, std::uint64_t seed = 1)
      : sites{cuts, seed},
        gateway{sites.gateway(1)},
        replica{sites.place(0), sites.place(1), "files", spec, {Stage::kLinkDown}} {
    replica.add_scanner(*this, "gateway");
  }

  void found(const Parcel& parcel, const Completeness& completeness) override {
    finds.push_back({sites.site(1).now(), parcel.facts.version.ordinal(), completeness});
    if (!completeness.is_whole()) return;
    gateway.deploy(parcel.api, parcel.facts, parcel.journey.cause, parcel.journey.passage);
  }
  void publish(sim::VirtualTime when, std::uint32_t n) {
    sites.site(0).at(when, [this, n] { replica.write(sites.publish(kApi, n)); });
  }

  Sites sites;
  Gateway& gateway;
  FileReplica replica;
  std::vector<Found> finds;
};

FileReplicaSpec replicated(const sim::Distribution& runtime, const std::optional<sim::Distribution>& policies) {
  FileReplicaSpec spec;
  spec.delay[static_cast<std::size_t>(Path::kRuntimeArtifacts)] = runtime;
  spec.delay[static_cast<std::size_t>(Path::kThrottlePolicies)] = policies;
  return spec;
}

sim::Distribution exactly(sim::Duration d) { return sim::Distribution::constant(d); }

sim::VirtualTime scan_after(sim::VirtualTime from) {
  Sites sites;
  return next_tick(from, draw_phase(sites.site(1), "gateway deployment scan", seconds(15)), seconds(15));
}

// Written 10 s before a scan: the three files of the API have come after 2.04 s, the policy after 12.04 s.
TEST_CASE("a scan between the first file and the last finds half a deployment, the next one all of it") {
  const sim::VirtualTime scan = scan_after(at_ms(100'000));
  Replicated world{replicated(exactly(seconds(2)), exactly(seconds(12)))};
  world.publish(scan - seconds(10), 1);
  world.sites.run(200'000);
  REQUIRE(world.finds.size() == 2);
  CHECK(world.finds[0].when == scan);
  CHECK(world.finds[0].files == Completeness{0b0111, 0b1111});
  CHECK(world.finds[0].files.is_half());
  CHECK(world.finds[0].files.has(0));
  CHECK_FALSE(world.finds[0].files.has(3));
  CHECK(world.finds[1].when == scan + seconds(15));
  CHECK(world.finds[1].files.is_whole());
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{kTransfer, seconds(12) + kWay}, {kPollWait, seconds(25) - seconds(12) - kWay}});
}

TEST_CASE("a path that was forgotten never comes") {
  Replicated world{replicated(exactly(seconds(2)), std::nullopt)};
  world.publish(at_ms(100'000), 1);
  world.sites.run(10'000'000);
  REQUIRE(world.finds.size() == 1);
  CHECK(world.finds[0].files == Completeness{0b0111, 0b1111});
  CHECK(world.gateway.served.empty());
}

// Files of the second version, written 1 s after the first, arrive after 1.04 s; the policy of the first after 5.04 s:
// it is older than what is there.
TEST_CASE("what a newer version has overtaken does not count for it") {
  const sim::VirtualTime scan = scan_after(at_ms(100'000));
  Replicated world{replicated(exactly(seconds(1)), exactly(seconds(5)))};
  world.publish(scan - milliseconds(5'500), 1);
  world.publish(scan - milliseconds(4'500), 2);
  world.sites.run(200'000);
  REQUIRE(world.finds.size() == 2);
  CHECK(world.finds[0].revision == 2);
  CHECK(world.finds[0].files == Completeness{0b0111, 0b1111});
  CHECK(world.finds[1].files.is_whole());
  CHECK(world.gateway.served.size() == 1);
}

// Four files, each after a time that is uniform on [0, 10 s]: from the first to the last 10 s x (4 - 1) / (4 + 1) = 6 s
// on average, less than the 15 s between two scans; so a scan falls between them in 6 / 15 of all cases.
// The last comes after x with probability (x / 10)^4, and is then found within 15 s.
TEST_CASE("the share of half deployments and the window are those of the arithmetic") {
  const sim::Distribution delay = sim::Distribution::uniform({}, seconds(10));
  Replicated world{replicated(delay, delay)};
  sim::Stream stream = world.sites.site(2).stream("test", "instants");
  constexpr std::uint32_t kVersions = 3'000;
  sim::VirtualTime when{};
  for (std::uint32_t n = 1; n <= kVersions; ++n) {
    when = when + seconds(60) + sim::nanoseconds(static_cast<std::int64_t>(stream.below(15'000'000'000)));
    world.publish(when, n);
  }
  world.sites.simulation.run(when + seconds(100));
  REQUIRE(world.gateway.served.size() == kVersions);
  std::vector<bool> is_half(kVersions + 1);
  for (const Found& found : world.finds) {
    if (found.files.is_half()) is_half[found.revision] = true;
  }
  const auto halves = static_cast<double>(std::count(is_half.begin(), is_half.end(), true));
  CHECK(std::fabs(halves - 0.4 * kVersions) < 2.58 * std::sqrt(kVersions * 0.4 * 0.6));

  std::vector<double> windows;
  for (const Trip& trip : world.sites.trips) {
    CHECK(is_accounted_for(trip));
    windows.push_back(static_cast<double>((trip.window() - kWay).ns) / 1e9);
  }
  // Integral of (y / 10)^4 over y from x - 15 to x, by 15.
  const auto integral = [](double y) { return y <= 0 ? 0.0 : y < 10 ? std::pow(y / 10, 5) * 2 : 2 + (y - 10); };
  const auto law = [&](double x) { return (integral(x) - integral(x - 15)) / 15; };
  CHECK(ks_distance(windows, law) < ks_critical(windows.size()));
}

// The policy leaves after 12 s, in a cut from 5 to 40 s after it was written: tried again each second, it goes at 40 s.
TEST_CASE("a file that a cut keeps back is charged to it from when it was to leave") {
  const sim::VirtualTime scan = scan_after(at_ms(100'000));
  const sim::VirtualTime written{(scan.ns / 1'000'000'000 - 10) * 1'000'000'000};
  const std::int64_t ms = written.ns / 1'000'000;
  Replicated world{replicated(exactly(seconds(2)), exactly(seconds(12))), {{1, ms + 5'000, ms + 40'000}}};
  world.publish(written, 1);
  world.sites.run(400'000);
  const sim::VirtualTime whole = scan_after(written + seconds(40) + kWay);
  check_pieces(world.sites.trip(world.gateway, kApi, 1), {{kTransfer, seconds(12)},
                                                          {Stage::kLinkDown, seconds(28) + kWay},
                                                          {kPollWait, whole - (written + seconds(40) + kWay)}});
}

TEST_CASE("a delay planted in a file's replication is charged there") {
  const sim::VirtualTime scan = scan_after(at_ms(100'000));
  const auto trip = [&](sim::Duration policies) {
    Replicated world{replicated(exactly(seconds(2)), exactly(policies))};
    world.publish(scan - seconds(10), 1);
    world.sites.run(200'000);
    return world.sites.trip(world.gateway, kApi, 1);
  };
  const sim::Duration x = sim::nanoseconds(1'234'567);
  const Trip plain = trip(seconds(12));
  const Trip slow = trip(seconds(12) + x);
  CHECK(slow.spent_on(kTransfer) == plain.spent_on(kTransfer) + x);
  CHECK(slow.spent_on(kPollWait) == plain.spent_on(kPollWait) - x);
  CHECK(slow.window() == plain.window());
}

}  // namespace
}  // namespace parallax::propagation::artifacts
