// What an outage costs where tokens are issued in one place; and published outages, replayed by their mechanism.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using domain::RecordKind;
using domain::SiteChange;
using sim::seconds;

// So many minutes into the run; a value each 10 s.
std::int64_t in_force(const Rehearsal& played, std::size_t minute) {
  return played.findings.tokens_in_force.at(minute * 6);
}

sim::VirtualTime instant(std::int64_t second) { return sim::VirtualTime{} + seconds(second); }

/// Tries of a population that were sent from one second of the run to before another.
audit::ServedSecond tries(const Rehearsal& played, std::size_t population, std::size_t from, std::size_t until) {
  audit::ServedSecond sum;
  const std::vector<audit::ServedSecond>& served = played.findings.served.at(population);
  for (std::size_t second = from; second < std::min(until, served.size()); ++second) {
    sum.good += served[second].good;
    sum.all += served[second].all;
  }
  return sum;
}

std::uint32_t failed(const Rehearsal& played, std::size_t population, std::size_t from, std::size_t until) {
  const audit::ServedSecond sum = tries(played, population, from, until);
  return sum.all - sum.good;
}

/// When the DNS of the only region took the data center out, or in again: the first time.
sim::VirtualTime marked(const Rehearsal& played, std::string_view site, SiteChange change) {
  for (const audit::SiteMoment& moment : played.findings.moments) {
    if (moment.what.site == played.site(site) && moment.what.change == change) return moment.time;
  }
  FAIL("never marked");
  return {};
}

}  // namespace

// 500 tokens, each drawn for an age uniform over its hour, dc1 lost from minute 30 to 100: t minutes after the loss
// each is in force with chance 1 - t/60, so of n = 500 there are n (1 - t/60) +- sqrt(n t/60 (1 - t/60)). A client that
// calls seldom renews late, and may have no token when the master is lost: a few of 500 (2 to 7 in the calm half hour).
TEST_CASE("while the master is lost tokens run out as their ages say, and none is left after an hour") {
  const Rehearsal played = rehearse_library("outages/master_readonly");
  CHECK(in_force(played, 29) > 480);
  for (const std::size_t minute : {40U, 50U, 60U, 70U, 80U}) {
    const double share = 1 - static_cast<double>(minute - 30) / 60;
    const double bound = 5 * std::sqrt(500 * share * (1 - share)) + 10;
    CHECK(std::abs(static_cast<double>(in_force(played, minute)) - 500 * share) < bound);
  }
  for (std::size_t minute = 31; minute <= 90; ++minute) CHECK(in_force(played, minute) <= in_force(played, minute - 1));
  for (std::size_t minute = 91; minute < 100; ++minute) CHECK(in_force(played, minute) == 0);
  // The master starts within 60 s; 40 calls a second of 500 clients need a token each.
  CHECK(in_force(played, 110) > 480);
  // The gateways that are left were well all the time, but who has no token is not served: from when half of the tokens
  // are gone, half an hour after the loss, to the return, and half of dc1's clients until DNS has led them away: three
  // checks, one every 30 s, that fail after 6 s each, and the TTL of 60 s. By the spread of 500 tokens half are gone
  // within 5 sqrt(500/4) / 500 x 60 = 6.7 minutes of that.
  CHECK(played.findings.unavailable_seconds >= (40 - 7) * 60);
  CHECK(played.findings.unavailable_seconds <= (40 + 7) * 60 + 156);
}

TEST_CASE("a read-only copy that is promoted issues tokens from then on, and one that issues them always is no worse") {
  const Rehearsal promoted = rehearse_library("outages/master_readonly_promoted");
  CHECK(in_force(promoted, 44) < in_force(promoted, 30));
  CHECK(in_force(promoted, 55) > 480);
  const Rehearsal both = rehearse_library("outages/master_readonly_local_issuing");
  for (std::size_t minute = 0; minute < 120; ++minute) CHECK(in_force(both, minute) > 450);
}

// dc2 is promoted at 1,820 s, and dc1 acknowledges 22 subscriptions a second until the way is clear at 1,843 s. Streams
// stop at the first developer who is in both; what dc1 had acknowledged before got through: all of 20 s, and less than
// a second of the rest. 22 x 23 = 506 +- 5 x 22 are lost, less those 22. With a fence dc1 refuses as many instead.
TEST_CASE("a promotion without a fence loses what the old primary acknowledged alone, one with a fence nothing") {
  const Rehearsal played = rehearse_library("outages/github-2018-10-21");
  CHECK(played.findings.lost_writes.size() >= 370);
  CHECK(played.findings.lost_writes.size() <= 616);
  for (const audit::LostWrite& lost : played.findings.lost_writes) {
    CHECK(lost.acknowledged >= instant(1820));
    CHECK(lost.acknowledged < instant(1844));
  }
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Rehearsal fenced = rehearse_library("outages/github-2018-10-21_fenced", seed);
    INFO("seed " << seed);
    CHECK(fenced.findings.lost_writes.empty());
    CHECK(fenced.conflicts().empty());
    CHECK(fenced.findings.replication.refused_writes >= 396);
    CHECK(fenced.findings.replication.refused_writes <= 616);
  }
}

// The surge is over at 1,850 s. Each of 2 calls a second is tried 21 times, a second after each other: 42 tries a
// second, which dc1, at 25, has not answered in time once; 12,000 calls in 6,000 s, so that the mean is within 5 % (a
// standard deviation is 1 %). dc1 leaves the DNS at 8,880 s, and 156 s later, with 20 s for the last tries, all is
// well. With back-off the load is 2 a second again: 1,200 calls in ten minutes, +- 5 x 35.
TEST_CASE("tries again without back-off keep a data center busy long after the surge, with back-off they do not") {
  const Rehearsal storm = rehearse_library("outages/aws-2021-12-07");
  const audit::ServedSecond jam = tries(storm, 0, 2400, 8400);
  CHECK(jam.good == 0);
  CHECK(std::abs(jam.all / 6000.0 - 42) < 2.1);
  CHECK(failed(storm, 0, 8880 + 156 + 30, 10790) == 0);
  const Rehearsal calm = rehearse_library("outages/aws-2021-12-07_backoff");
  const audit::ServedSecond after = tries(calm, 0, 2400, 3000);
  CHECK(after.good == after.all);
  CHECK(std::abs(static_cast<double>(after.all) - 1200) < 175);
}

// Half of the packets are lost from 1,800 to 8,820 s. A question to dc1 is sent six times within 5 s, so one in 64 gets
// nowhere: of 2 x 2 x 7,020 calls 439 - 5 x 21. Who has dc1 at home asks nobody over the WAN. The last minute of loss
// ends at 8,820 + 21 x 600 + 60 = 21,480 s.
TEST_CASE("lossy ways between regions hurt those who ask another region about each call") {
  const Rehearsal asking = rehearse_library("outages/azure-2023-01-25");
  CHECK(failed(asking, 0, 0, 23390) == 0);
  CHECK(failed(asking, 1, 1800, 8820) + failed(asking, 2, 1800, 8820) >= 334);
  for (const std::size_t population : {1U, 2U}) {
    CHECK(failed(asking, population, 0, 1790) == 0);
    CHECK(failed(asking, population, 21600, 23390) == 0);
  }
  CHECK(rehearse_library("outages/azure-2023-01-25_local").findings.failed_requests == 0);
}

// Questions for totals are asked each 900 s, and core is away for 146,460 s: 162 or 163 of them. A write a minute is
// refused at dr for 22,380 s: 373 +- 5 x 19. Customers of the edge notice nothing.
TEST_CASE("without its control plane the edge serves on, and nothing can be changed until another takes over") {
  const Rehearsal played = rehearse_library("outages/cloudflare-2023-11-02");
  CHECK(played.findings.failed_requests == 0);
  CHECK(played.findings.statistics.unanswered >= 162);
  CHECK(played.findings.statistics.unanswered <= 163);
  CHECK(played.findings.replication.refused_writes >= 278);
  CHECK(played.findings.replication.refused_writes <= 468);
  const Rehearsal standby = rehearse_library("outages/cloudflare-2023-11-02_standby");
  CHECK(standby.findings.statistics.unanswered <= 1);
  CHECK(standby.findings.replication.refused_writes <= 35);
}

// All regions have the policy within 75 ms, a second of waiting and a look into the database of 100 ms. The last crash
// ends at 1,803 + 23 x 300 + 290 = 8,993 s. Nodes start for 60 s and 600 x 100 ms, those of us for 60 s and 24,000 x
// 100 ms. So nobody is served for 9,113 - 1,803 = 7,310 s; customers of us wait for eu's checks and the TTL too: 30 + 2
// x 30
// + 6 + 60 s. Where us alone crashes, its customers wait as long for the checks that fail.
TEST_CASE("a bad policy that all regions have at once leaves no region to go to") {
  const Rehearsal at_once = rehearse_library("outages/gcp-2025-06-12");
  const auto windows = windows_of(at_once, domain::ChangeKind::kPolicyChanged);
  CHECK(windows.size() == 6);
  for (const audit::WindowFinding& window : windows) CHECK(window.length < seconds(2));
  CHECK(at_once.findings.starts.size() == 6);
  for (const audit::StartFinding& start : at_once.findings.starts) {
    const bool is_us = at_once.site_of(start.node) == at_once.site("us");
    CHECK(start.powered == instant(8993));
    CHECK(start.ready - start.powered == seconds(is_us ? 2460 : 120));
  }
  CHECK(at_once.findings.unavailable_seconds >= 7310);
  CHECK(at_once.findings.unavailable_seconds <= 7310 + 156 + 1);
  const Rehearsal staged = rehearse_library("outages/gcp-2025-06-12_staged");
  CHECK(staged.findings.unavailable_seconds <= 156 + 1);
  CHECK(failed(staged, 1, 0, 14390) + failed(staged, 2, 0, 14390) == 0);
}

// Checks are sent p, p + 30 ... s after the cut began, for some p below 30 s. The third fails, and the 314th good one
// is that of p + 120 + 313 x 30 s: 120 + 9,390 - 60 = 9,450 s later. Then resolvers ask again as their 15 min run out,
// at their next call, which comes after 40 s on average and of 200 none after 600 s (200 x exp(-15)). Half of that time
// on half of them are back: 100 +- 5 x 7, less the ten whose call is late.
TEST_CASE("a name that leads nowhere keeps clients away until it is right again, and for the time to live beyond") {
  const Rehearsal played = rehearse_library("outages/aws-2025-10-20");
  const sim::VirtualTime gone = marked(played, "dc1", SiteChange::kMarkedDown);
  const sim::VirtualTime back = marked(played, "dc1", SiteChange::kMarkedUp);
  CHECK(back - gone == seconds(9450));
  std::size_t returned = 0;
  std::size_t returned_at_half = 0;
  for (const auto& move : played.all<domain::ResolverMoved>(RecordKind::kResolverMoved)) {
    if (move.body.to != played.site("dc1")) continue;
    ++returned;
    if (move.time - back <= seconds(450)) ++returned_at_half;
    CHECK(move.time >= back);
    CHECK(move.time - back <= seconds(900 + 600));
  }
  CHECK(returned == 200);
  CHECK(returned_at_half >= 55);
  CHECK(returned_at_half <= 135);
  // With a second region behind the name only the two minutes of the cut are felt.
  CHECK(rehearse_library("outages/aws-2025-10-20_second_region").findings.unavailable_seconds <= 122);
}

TEST_CASE("outages of the library keep what they promise") {
  for (const std::string& name : scenarios_in("outages")) {
    INFO(name);
    CHECK(verdict("outages/" + name) == "pass");
  }
}

}  // namespace parallax::test
