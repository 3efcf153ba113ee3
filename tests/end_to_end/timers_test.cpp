// How often timers fired in scenarios of the library, counted again by a slow oracle that looks at no stage: entries by
// their age, tokens by their lives, limit windows by the requests in them.
#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "tests/end_to_end/library.h"
#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {
namespace {

using audit::Timer;
using domain::RecordKind;

struct Counts {
  std::uint64_t swept{0};
  std::uint64_t issued_expired{0};
  std::uint64_t catalog_expired{0};
  std::uint64_t windows_ended{0};
  std::uint64_t windows_unfinished{0};
};

// An entry that is dropped at an age beyond its time to live was swept, unless a later answer has taken its place in
// the same instant, or a revocation here, which is what led to the drop then, came before the sweeper.
std::uint64_t swept_entries(const Rehearsal& played, sim::SiteId site, sim::Duration ttl) {
  using Place = std::tuple<domain::LayerId, std::uint64_t, std::uint32_t>;
  std::map<Place, const sim::Record*> put_by;
  std::set<std::tuple<domain::LayerId, std::uint64_t, std::int64_t>> puts;
  std::uint64_t swept = 0;
  for (const sim::Record& record : played.journal) {
    if (record.id.site() != site) continue;
    if (domain::kind_of(record.body) == RecordKind::kEntryPut) {
      const auto put = domain::EntryPut::unpack(record.body);
      put_by[{put.layer, put.object.packed, put.variant}] = &record;
      puts.insert({put.layer, put.object.packed, record.time.ns});
    }
    if (domain::kind_of(record.body) != RecordKind::kEntryDropped) continue;
    const auto drop = domain::EntryDropped::unpack(record.body);
    if (drop.object.kind() != domain::ObjectKind::kToken) continue;
    const auto put = put_by.find({drop.layer, drop.object.packed, drop.variant});
    if (put == put_by.end() || record.cause != put->second->id) continue;
    const bool is_replaced = puts.contains({drop.layer, drop.object.packed, record.time.ns});
    swept += record.time - put->second->time >= ttl && !is_replaced;
  }
  return swept;
}

Counts count_slowly(const Rehearsal& played, sim::SiteId site, sim::Duration ttl, sim::Duration width) {
  Counts counts;
  counts.swept = swept_entries(played, site, ttl);
  using Change = domain::ChangeAcknowledged;
  for (const auto& [time, where, change] : played.all<Change>(RecordKind::kChangeAcknowledged)) {
    if (change.change != domain::ChangeKind::kTokenIssued || played.site_of(change.writer) != site) continue;
    counts.issued_expired += change.expires <= played.end;
  }
  for (const domain::Token& token : played.catalog.tokens) {
    counts.catalog_expired += token.expires <= played.end;
  }
  std::set<std::pair<domain::SubscriptionId, std::int64_t>> windows;
  for (const auto& [time, where, decision] : played.all<domain::RequestDecided>(RecordKind::kRequestDecided)) {
    using domain::Outcome;
    if (decision.outcome != Outcome::kAdmitted && decision.outcome != Outcome::kQuotaExceeded) continue;
    if (played.catalog.tier_of(decision.subscription).limit)
      windows.insert({decision.subscription, time.ns / width.ns});
  }
  for (const auto& [subscription, number] : windows) {
    ++((number + 1) * width.ns <= played.end.ns ? counts.windows_ended : counts.windows_unfinished);
  }
  return counts;
}

void check_against(const Counts& right, const audit::TimersFinding& found, sim::SiteId site) {
  CHECK(found.of(site, Timer::kTokenCacheTtl) == right.swept);
  CHECK(found.of(site, Timer::kCacheSweep) == right.swept);
  CHECK(found.of(site, Timer::kTokenExpiry) == right.issued_expired);
  CHECK(found.catalog_expiries == right.catalog_expired);
  REQUIRE(found.windows.size() == 2);  // of the tier Gold; the other one is without a limit
  CHECK(found.windows[1].ended + found.windows[1].unfinished == 0);
  CHECK(found.windows[0].ended == right.windows_ended);
  CHECK(found.windows[0].unfinished == right.windows_unfinished);
}

TEST_CASE("timers of the pair without clustering are counted as a slow oracle counts them") {
  const std::vector<std::string> overrides{"duration=24m30s",
                                           "faults[us-east lost]=", "workload.populations[america].rate=100/s",
                                           "workload.writes[new APIs].until=20m"};
  const Rehearsal played = rehearse_library("deployments/standalone_pair", 1, overrides);
  const sim::SiteId dc = played.site("us-east");
  const Counts right = count_slowly(played, dc, sim::minutes(15), sim::minutes(1));
  CHECK(right.swept > 1'000);
  CHECK(right.windows_unfinished > 0);
  check_against(right, played.findings.timers, dc);
}

}  // namespace
}  // namespace parallax::test
