// Three data centers that all follow each other, of which one loses its disk: it takes the image of one of the others,
// and what the third has that was not in the image must still arrive.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "sim/random.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/two_regions.h"

namespace parallax::test {
namespace {

using domain::ChangeKind;
using domain::RecordKind;
using sim::SiteId;
using sim::VirtualTime;

constexpr SiteId kNorth{4};

VirtualTime at(std::int64_t seconds) { return VirtualTime{} + sim::seconds(seconds); }

void join(world::WorldConfig& config, SiteId a, SiteId b) {
  config.links.push_back({a, b, sim::Distribution::constant(kWan)});
  config.links.push_back({b, a, sim::Distribution::constant(kWan)});
  const propagation::replication::StreamSpec spec = config.replications.front().spec;
  config.replications.push_back({a, b, {}, spec});
  config.replications.push_back({b, a, {}, spec});
}

/// Everybody adds subscriptions, which no two write, in the east for 90 s. The east follows the west first, so that is
/// whom it asks first. No way leads around a link that is down.
world::WorldConfig three_data_centers(std::uint64_t seed) {
  world::WorldConfig config = two_regions(seed);
  config.sites.push_back(config.sites[sim::index(kWest)]);
  config.sites.back().name = "north";
  join(config, kEast, kNorth);
  join(config, kWest, kNorth);
  for (world::SiteConfig& site : config.sites) site.node.startup_time = {};
  config.catalog.applications = 600;
  for (const SiteId site : {kEast, kWest, kNorth}) {
    add_writes(config, ChangeKind::kSubscriptionAdded, site, sim::seconds(3));
  }
  config.catalog.subscriptions_to_add = 600;
  for (world::WriteConfig& write : config.writes) {
    write.until = write.site == kEast ? at(90) : at(500);
    if (write.task == management::Task::kAddSubscriptions) write.count = 200;
  }
  return config;
}

void cut(world::WorldConfig& config, SiteId a, SiteId b, VirtualTime from, VirtualTime until) {
  const auto fault = static_cast<std::uint32_t>(config.stage_of_fault.size());
  config.stage_of_fault.push_back(domain::Stage::kLinkDown);
  for (std::size_t i = 0; i < config.links.size(); ++i) {
    const auto& link = config.links[i];
    const bool is_hit = (link.from == a && link.to == b) || (link.from == b && link.to == a);
    if (is_hit) config.outages.push_back({static_cast<sim::LinkId>(i), from, until, fault});
  }
}

std::uint64_t acknowledged(const Run& run, SiteId site, VirtualTime from, VirtualTime until) {
  std::uint64_t count = 0;
  for_each<domain::ChangeAcknowledged>(
      run.journal, RecordKind::kChangeAcknowledged, [&](const sim::Record& record, const auto&) {
        count += record.id.site() == site && record.time >= from && record.time < until;
      });
  return count;
}

/// When the site answered again after it had been lost.
VirtualTime ready(const Run& run, SiteId site) {
  VirtualTime when = sim::kNever;
  for_each<domain::SiteChanged>(run.journal, RecordKind::kSiteChanged,
                                [&](const sim::Record& record, const domain::SiteChanged& changed) {
                                  if (changed.site == site && changed.change == domain::SiteChange::kReady)
                                    when = record.time;
                                });
  return when;
}

void end_writes(world::WorldConfig& config, SiteId site, VirtualTime until) {
  for (world::WriteConfig& write : config.writes) {
    if (write.site == site) write.until = until;
  }
}

// Every change has become visible everywhere, after the image too.
void check_all_equal(const Run& run) {
  CHECK(run.findings.lost_writes.empty());
  CHECK(run.findings.replication.divergent_rows_end == 0);
  for (const audit::WindowFinding& window : run.findings.windows) CHECK(window.ending != audit::Ending::kCensored);
  check_invariants(run);
}

// The west has nothing from the north between 150 s and 260 s. The image that the east has of the west at 200 s lacks
// what the north wrote from 150 s on: that comes from the north.
TEST_CASE("after a lost disk what the image's source had not received comes from where it was written") {
  world::WorldConfig config = three_data_centers(1);
  lose(config, kEast, sim::seconds(100), sim::seconds(200), world::Disk::kLost);
  cut(config, kWest, kNorth, at(150), at(260));
  const Run run = test::run(config);
  REQUIRE(acknowledged(run, kNorth, at(150), at(200)) > 10);  // 50 s at one in 3 s
  REQUIRE(acknowledged(run, kWest, at(150), at(200)) > 10);
  CHECK(ready(run, kEast) == at(201));  // the image takes 60 ms, and once a second is looked
  check_all_equal(run);
}

// The east has what the north wrote between 50 s and 100 s, and has said so; the west has not. The east loses it.
TEST_CASE("after a lost disk what was confirmed before the loss comes again") {
  world::WorldConfig config = three_data_centers(2);
  lose(config, kEast, sim::seconds(100), sim::seconds(200), world::Disk::kLost);
  cut(config, kWest, kNorth, at(50), at(260));
  const Run run = test::run(config);
  REQUIRE(acknowledged(run, kNorth, at(50), at(100)) > 10);
  check_all_equal(run);
}

// The west, asked at 200 s, is down and says nothing. The north is asked 5 s later. What the west wrote while it could
// reach nobody comes once it is back.
TEST_CASE("where the first source is down the next one is asked") {
  for (const world::Disk disk : {world::Disk::kKept, world::Disk::kLost}) {
    world::WorldConfig config = three_data_centers(3);
    lose(config, kEast, sim::seconds(100), sim::seconds(200), world::Disk::kLost);
    lose(config, kWest, sim::seconds(190), sim::seconds(300), disk);
    end_writes(config, kWest, at(189));
    if (disk == world::Disk::kKept) cut(config, kWest, kNorth, at(150), at(310));
    const Run run = test::run(config);
    REQUIRE(acknowledged(run, kWest, at(150), at(190)) > 8);  // 39 s at one in 3 s
    CHECK(ready(run, kEast) == at(206));                      // asked at 205 s
    check_all_equal(run);
  }
}

// The source goes down while its image is on its way to be copied, row by row, which takes 2 s: the next one is asked.
TEST_CASE("where the source is lost before its image has been sent another's is taken") {
  world::WorldConfig config = three_data_centers(4);
  for (auto& replication : config.replications) replication.spec.copy_time = sim::milliseconds(1);
  lose(config, kEast, sim::seconds(100), sim::seconds(200), world::Disk::kLost);
  lose(config, kWest, sim::seconds(201), sim::seconds(300), world::Disk::kKept);
  const Run run = test::run(config);
  CHECK(ready(run, kEast) > at(205));
  CHECK(ready(run, kEast) < at(215));
  check_all_equal(run);
}

// Anything at all: when the disk is lost, for how long, and which ways are down meanwhile. What the east writes has
// arrived everywhere before it is lost.
TEST_CASE("after a lost disk all three are equal in the end, whatever ways were down, over 40 seeds") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    sim::Stream draw{seed, "three data centers", "faults"};
    world::WorldConfig config = three_data_centers(seed);
    config.duration = sim::minutes(15);
    const auto lost = static_cast<std::int64_t>(100 + draw.below(100));
    const auto back = lost + 1 + static_cast<std::int64_t>(draw.below(200));
    lose(config, kEast, sim::seconds(lost), sim::seconds(back), world::Disk::kLost);
    for (int cuts = 0; cuts < 3; ++cuts) {
      const bool is_near = draw.below(2) == 0;
      const auto from = static_cast<std::int64_t>(
          is_near ? std::max<std::int64_t>(95, back - 20 + static_cast<std::int64_t>(draw.below(40)))
                  : 95 + static_cast<std::int64_t>(draw.below(300)));
      const VirtualTime until = at(from + 1 + static_cast<std::int64_t>(draw.below(150)));
      switch (draw.below(3)) {
        case 0:
          cut(config, kWest, kNorth, at(from), until);
          break;
        case 1:
          cut(config, kEast, kNorth, at(from), until);
          break;
        default:
          cut(config, kEast, kWest, at(from), until);
      }
    }
    const Run run = test::run(config);
    check_all_equal(run);
  }
}

}  // namespace
}  // namespace parallax::test
