// How many requests the data centers say there have been, by how their statistics databases are joined. Calls come at
// constant gaps, 10 a second in the east and 20 in the west, the scripts run every minute of virtual time, and
// questions fall between two runs: so every expected total is what was decided before an instant.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "models/propagation/replication/profiles.h"
#include "tests/models/support/run.h"
#include "tests/models/support/two_regions.h"

namespace parallax::test {
namespace {

using management::Rewriting;
using propagation::schema::SummaryKey;
using sim::VirtualTime;
using Mode = world::StatisticsConfig::Mode;
using Totals = std::vector<std::uint64_t>;

constexpr sim::Duration kInterval = sim::seconds(60);

// 95 k mod 60 is 35, 10, 45, 20, 55, 30: never within the lag of 30.5 ms behind a run.
constexpr sim::Duration kAsk = sim::seconds(95);

constexpr VirtualTime at(std::int64_t seconds) { return VirtualTime{} + sim::seconds(seconds); }

// Each answer takes 10 ms, each way, so no decision falls on a run's instant.
world::WorldConfig counting(Mode mode, SummaryKey key, const propagation::replication::StreamSpec& stream) {
  world::WorldConfig config = two_regions(1);
  config.duration = sim::seconds(590);
  add_callers_everywhere(config, sim::seconds(1));  // the gaps are set below
  config.populations[0].gap = sim::Distribution::constant(sim::milliseconds(100));
  config.populations[1].gap = sim::Distribution::constant(sim::milliseconds(50));
  for (const sim::SiteId site : {kEast, kWest}) config.sites[sim::index(site)].analytics = {{kInterval}};
  world::StatisticsConfig statistics;
  statistics.mode = mode;
  statistics.key = key;
  statistics.bucket = sim::minutes(24 * 60);
  statistics.ask_interval = kAsk;
  statistics.stream = stream;
  config.statistics = statistics;
  return config;
}

world::WorldConfig replicated(SummaryKey key, const propagation::replication::StreamSpec& stream) {
  return counting(Mode::kReplicated, key, stream);
}

/// Two nodes a data center.
sim::SiteId site_of(domain::NodeId node) { return domain::index(node) < 2 ? kEast : kWest; }

/// Decided in [from, until), by API.
Totals decided(const Run& run, std::vector<sim::SiteId> sites, VirtualTime from, VirtualTime until) {
  Totals totals(run.catalog.apis.size());
  for_each_decision(run, [&](const sim::Record& record, const domain::RequestDecided& decision) {
    const bool is_here = std::count(sites.begin(), sites.end(), site_of(decision.node)) > 0;
    totals[domain::index(decision.api)] += is_here && record.time >= from && record.time < until;
  });
  return totals;
}

std::uint64_t sum(const Totals& totals) { return std::accumulate(totals.begin(), totals.end(), std::uint64_t{0}); }

struct Answer {
  VirtualTime time;
  sim::SiteId site;
  Totals totals;
  VirtualTime last_run() const { return sim::floor_to(time, kInterval); }
};

std::vector<Answer> answers_of(const Run& run) {
  std::map<std::pair<std::uint32_t, sim::SiteId>, Answer> answers;
  for_each<domain::TotalAnswered>(run.journal, domain::RecordKind::kTotalAnswered,
                                  [&](const sim::Record& record, const domain::TotalAnswered& told) {
                                    Answer& answer = answers[{told.question, told.site}];
                                    answer.time = record.time;
                                    answer.site = told.site;
                                    answer.totals.push_back(told.total);
                                  });
  std::vector<Answer> list;
  for (auto& [key, answer] : answers) list.push_back(std::move(answer));
  return list;
}

std::uint64_t count_conflicts(const Run& run, domain::ConflictOutcome outcome) {
  std::uint64_t count = 0;
  for (const auto& [key, number] : run.findings.replication.conflicts) {
    count += std::get<domain::ConflictOutcome>(key) == outcome ? number : 0;
  }
  return count;
}

TEST_CASE("with the data center's id in the key both sites know all that was summarised") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    for (const auto& profile : propagation::replication::profiles()) {
      INFO(profile.name);
      world::WorldConfig config = replicated(SummaryKey::kWithDataCenter, profile.spec());
      config.statistics->rewriting = rewriting;
      const Run run = test::run(config);
      const std::vector<Answer> answers = answers_of(run);
      REQUIRE(answers.size() == 2 * 6);
      for (const Answer& answer : answers) {
        CHECK(answer.totals == decided(run, {kEast, kWest}, {}, answer.last_run()));
      }
      CHECK(run.findings.replication.conflicts.empty());
      CHECK(run.findings.statistics.uncounted_end == 0);
      CHECK(run.findings.statistics.double_counted_end == 0);
      CHECK(run.findings.statistics.disagreement_ratio_max == 0);
      // 30 requests a second. The most that is not summarised is that of the 55 s before second 475; the greatest share
      // that of the 35 s before the first question. One request may be under way at either end.
      CHECK(run.findings.statistics.error_max == Approx(55 * 30).margin(2));
      CHECK(run.findings.statistics.error_ratio_max == Approx(35.0 / 95).margin(0.001));
    }
  }
}

// Both insert, and later update, one row at the same instants: each has its own total, meets the other's 30 ms later,
// and of two commits of one instant the one of the greater site stays, at both.
TEST_CASE("without the id, under BDR, the last writer's requests are counted and nobody else's, without an error") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    world::WorldConfig config = replicated(SummaryKey::kApiAndBucket, propagation::replication::bdr());
    config.statistics->rewriting = rewriting;
    const Run run = test::run(config);
    for (const Answer& answer : answers_of(run)) {
      CHECK(answer.totals == decided(run, {kWest}, {}, answer.last_run()));
    }
    CHECK(run.findings.replication.stops.empty());
    // Nine runs of four rows; each meets the other's row, there and here.
    CHECK(count_conflicts(run, domain::ConflictOutcome::kOverwritten) == 9 * 4);
    CHECK(count_conflicts(run, domain::ConflictOutcome::kDiscarded) == 9 * 4);
    CHECK(run.findings.replication.divergent_rows_end == 0);
    CHECK(run.findings.statistics.disagreement_ratio_max == 0);
    CHECK(run.findings.statistics.uncounted_end == sum(decided(run, {kEast}, {}, at(540))));
    // Of 600 and 1,200 requests a minute 600 are missing, and what is not summarised: with second 95, 600 + 35 * 30 of
    // 2,850.
    CHECK(run.findings.statistics.error_ratio_max == Approx((600 + 35 * 30) / 2850.0).margin(0.002));
  }
}

TEST_CASE("without the id, under BDR, a clock that is ahead decides whose requests are counted") {
  world::WorldConfig config = replicated(SummaryKey::kApiAndBucket, propagation::replication::bdr());
  config.sites[sim::index(kEast)].database.clock_offset = sim::milliseconds(1);
  const Run run = test::run(config);
  for (const Answer& answer : answers_of(run)) {
    CHECK(answer.totals == decided(run, {kEast}, {}, answer.last_run()));
  }
}

// The west's rows are written a second after the east's, which have arrived by then.
TEST_CASE("without the id, runs that do not overlap count right if they add up, and wrong if they compute anew") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    world::WorldConfig config = replicated(SummaryKey::kApiAndBucket, propagation::replication::bdr());
    config.statistics->rewriting = rewriting;
    config.sites[sim::index(kWest)].database.access_time = sim::seconds(1);
    const Run run = test::run(config);
    for (const Answer& answer : answers_of(run)) {
      const bool adds = rewriting == Rewriting::kAdded;
      const std::vector<sim::SiteId> counted = adds ? std::vector{kEast, kWest} : std::vector{kWest};
      CHECK(answer.totals == decided(run, counted, {}, answer.last_run()));
    }
    CHECK(run.findings.replication.conflicts.empty());
  }
}

/// Between what the east and the west have summarised, as a share of all that was decided, over the six questions.
double greatest_difference(const Run& run) {
  double greatest = 0;
  for (int question = 1; question <= 6; ++question) {
    const VirtualTime when = VirtualTime{} + kAsk * question;
    const Totals east = decided(run, {kEast}, {}, sim::floor_to(when, kInterval));
    const Totals west = decided(run, {kWest}, {}, sim::floor_to(when, kInterval));
    std::uint64_t difference = 0;
    for (std::size_t api = 0; api < east.size(); ++api) {
      difference += std::max(east[api], west[api]) - std::min(east[api], west[api]);
    }
    const std::uint64_t all = sum(decided(run, {kEast, kWest}, {}, when));
    greatest = std::max(greatest, static_cast<double>(difference) / static_cast<double>(all));
  }
  return greatest;
}

TEST_CASE("without the id, PostgreSQL's streams stop at the first run and each site knows of itself alone") {
  const Run run = test::run(replicated(SummaryKey::kApiAndBucket, propagation::replication::postgresql_logical()));
  for (const Answer& answer : answers_of(run)) {
    CHECK(answer.totals == decided(run, {answer.site}, {}, answer.last_run()));
  }
  REQUIRE(run.findings.replication.stops.size() == 2);
  for (const audit::StopFinding& stop : run.findings.replication.stops) {
    CHECK(stop.is_open);
    CHECK(stop.began >= at(60) + kWan);
    CHECK(stop.began < at(61));
  }
  CHECK(run.findings.statistics.disagreement_ratio_max == Approx(greatest_difference(run)));
  // 1,200 and 600 a minute: a third of all, if the APIs' shares are alike, and of that the part that is summarised.
  CHECK(run.findings.statistics.disagreement_ratio_max >= 1 / 3.0 * 180 / 190 - 0.01);
  CHECK(run.findings.statistics.uncounted_end == sum(decided(run, {kWest}, {}, at(540))));
}

TEST_CASE("databases that do not follow each other give different answers") {
  const Run run = test::run(counting(Mode::kSeparate, SummaryKey::kWithDataCenter, {}));
  for (const Answer& answer : answers_of(run)) {
    CHECK(answer.totals == decided(run, {answer.site}, {}, answer.last_run()));
  }
  CHECK(run.findings.statistics.disagreement_ratio_max > 0.3);
}

TEST_CASE("a bucket may end between two runs") {
  for (const std::int64_t seconds : {60, 90, 100, 240}) {
    for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
      INFO(seconds);
      world::WorldConfig config = replicated(SummaryKey::kWithDataCenter, propagation::replication::bdr());
      config.statistics->rewriting = rewriting;
      config.statistics->bucket = sim::seconds(seconds);
      const Run run = test::run(config);
      for (const Answer& answer : answers_of(run)) {
        CHECK(answer.totals == decided(run, {kEast, kWest}, {}, answer.last_run()));
      }
      CHECK(run.findings.statistics.uncounted_end == 0);
    }
  }
}

// One database in the east, which the west follows 10 s behind. The east is without power from second 305 to 500.
world::WorldConfig shared(SummaryKey key, Rewriting rewriting) {
  propagation::replication::StreamSpec ten_seconds_behind = propagation::replication::last_writer_wins();
  ten_seconds_behind.capture_delay = sim::seconds(10);
  world::WorldConfig config = counting(Mode::kShared, key, ten_seconds_behind);
  config.statistics->rewriting = rewriting;
  config.statistics->master = kEast;
  config.statistics->replica = kWest;
  config.statistics->failover_time = sim::seconds(60);
  return config;
}

TEST_CASE("a shared database is right with the id in the key; and without it if totals are added up") {
  for (const SummaryKey key : {SummaryKey::kWithDataCenter, SummaryKey::kApiAndBucket}) {
    for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
      const Run run = test::run(shared(key, rewriting));
      // The west's rows come in 30 ms later and have the last word.
      const bool is_right = key == SummaryKey::kWithDataCenter || rewriting == Rewriting::kAdded;
      const std::vector<sim::SiteId> counted = is_right ? std::vector{kEast, kWest} : std::vector{kWest};
      for (const Answer& answer : answers_of(run)) {
        CHECK(answer.totals == decided(run, counted, {}, answer.last_run()));
      }
      CHECK(run.findings.statistics.unanswered == 0);
    }
  }
}

// What both wrote at second 300 would have been shipped at second 310. The west takes over at second 365 and gets the
// rest: its own of [300, 365) with its run of second 420, the east's of [300, 305), which are still on its disk, with
// the run of second 540.
TEST_CASE("a shared database that fails over loses what had not been replicated, if totals are added up") {
  world::WorldConfig config = shared(SummaryKey::kWithDataCenter, Rewriting::kAdded);
  lose(config, kEast, sim::seconds(305), sim::seconds(500), world::Disk::kKept);
  const Run run = test::run(config);
  const Totals lost = decided(run, {kEast, kWest}, at(240), at(300));
  CHECK(sum(lost) == Approx(60 * 30).margin(2));
  CHECK(run.findings.statistics.uncounted_end == sum(lost));
  CHECK(run.findings.statistics.double_counted_end == 0);
}

// The next run writes the day's total, which contains what the lost row did.
TEST_CASE("a shared database that fails over loses nothing of the current bucket, if totals are computed anew") {
  world::WorldConfig config = shared(SummaryKey::kWithDataCenter, Rewriting::kRecomputed);
  lose(config, kEast, sim::seconds(305), sim::seconds(500), world::Disk::kKept);
  const Run run = test::run(config);
  CHECK(run.findings.statistics.uncounted_end == 0);
  CHECK(run.findings.statistics.double_counted_end == 0);
}

TEST_CASE("nobody answers between the loss of the shared database and the failover") {
  world::WorldConfig config = shared(SummaryKey::kWithDataCenter, Rewriting::kRecomputed);
  config.statistics->ask_interval = sim::seconds(70);  // second 350, in the west: the east has no power
  lose(config, kEast, sim::seconds(305), sim::seconds(500), world::Disk::kKept);
  const Run run = test::run(config);
  CHECK(run.findings.statistics.questions == 8 * 2 - 3);
  CHECK(run.findings.statistics.unanswered == 1);
}

// The east is back before the failover time is over.
TEST_CASE("a shared database that comes back in time loses nothing") {
  world::WorldConfig config = shared(SummaryKey::kWithDataCenter, Rewriting::kAdded);
  config.statistics->failover_time = sim::seconds(200);
  lose(config, kEast, sim::seconds(305), sim::seconds(500), world::Disk::kKept);
  const Run run = test::run(config);
  CHECK(run.findings.statistics.uncounted_end == 0);
  CHECK(run.findings.statistics.double_counted_end == 0);
}

// Between the data centers nothing travels in [299.98, 300.05): the west's rows of second 300 do not get there, or they
// do and the confirmation does not get back, where the cut begins 20 ms into the way.
TEST_CASE("what is written again because nobody confirmed it counts twice, if totals are added up") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    for (const std::int64_t begins : {299'980, 300'020}) {
      world::WorldConfig config = shared(SummaryKey::kWithDataCenter, rewriting);
      cut_wan(config, sim::milliseconds(begins), sim::milliseconds(300'050));
      const Run run = test::run(config);
      const bool twice = rewriting == Rewriting::kAdded && begins == 300'020;
      CHECK(run.findings.statistics.double_counted_end == (twice ? sum(decided(run, {kWest}, at(240), at(300))) : 0));
      CHECK(run.findings.statistics.uncounted_end == 0);
    }
  }
}

// The database gets its rows back from the west, up to the run of second 300. What was counted since is nowhere else;
// and the sum of the day begins anew, so the next run writes less than what the row said before.
TEST_CASE("raw data are lost with the disk: what was not summarised, or all of the bucket that is computed anew") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    world::WorldConfig config = replicated(SummaryKey::kWithDataCenter, propagation::replication::bdr());
    config.statistics->rewriting = rewriting;
    lose(config, kEast, sim::seconds(305), sim::seconds(450), world::Disk::kLost);
    const Run run = test::run(config);
    const VirtualTime from = rewriting == Rewriting::kAdded ? at(300) : VirtualTime{};
    const Totals lost = decided(run, {kEast}, from, at(305));
    CHECK(sum(lost) == Approx(rewriting == Rewriting::kAdded ? 5 * 10 : 305 * 10).margin(2));
    CHECK(run.findings.statistics.uncounted_end == sum(lost));
    CHECK(run.findings.statistics.double_counted_end == 0);
  }
}

TEST_CASE("raw data outlive a loss of power") {
  for (const Rewriting rewriting : {Rewriting::kRecomputed, Rewriting::kAdded}) {
    world::WorldConfig config = replicated(SummaryKey::kWithDataCenter, propagation::replication::bdr());
    config.statistics->rewriting = rewriting;
    lose(config, kEast, sim::seconds(305), sim::seconds(450), world::Disk::kKept);
    const Run run = test::run(config);
    CHECK(run.findings.statistics.uncounted_end == 0);
    CHECK(run.findings.statistics.double_counted_end == 0);
  }
}

}  // namespace
}  // namespace parallax::test
