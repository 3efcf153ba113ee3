// How often timers fire, against journals written by hand.
#include "models/audit/timers.h"

#include <catch2/catch.hpp>

#include "models/audit/limits.h"
#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ObjectRef;
using domain::Passage;
using domain::Stage;
using domain::TokenId;

constexpr sim::SiteId kHere{0};
constexpr std::uint16_t kRevokedTokensTable = 7;

struct Clockwork {
  domain::Catalog catalog = one_of_each(20, at(50));
  Setup setup = two_nodes(catalog);
  Timers timers{with_table(setup)};

  static Setup& with_table(Setup& setup) {
    setup.revoked_tokens_table = kRevokedTokensTable;
    return setup;
  }
  void drop(Stage first, Stage second) {
    timers.dropped({kCacheA, ObjectRef::of(TokenId{0}), 0, Passage{first, second, at(1)}}, kHere);
  }
  void put(Stage first, Stage second) {
    timers.put({kArtifactsA, ObjectRef::of(domain::ApiId{0}), 0, kFirst, Passage{first, second, at(1)}}, kHere);
  }
  void hop(Stage first, Stage second) {
    timers.hop({kA, ObjectRef::of(domain::ApiId{0}), Passage{first, second, at(1)}}, kHere);
  }
  TimersFinding finish(sim::VirtualTime end) {
    Findings findings;
    timers.finish(end, findings);
    return findings.timers;
  }
};

// Two entries are swept. One is evicted, three are contradicted by later answers, one is told away: nothing was waited
// for.
TEST_CASE("a time to live has fired where the sweeper takes an entry, and only there") {
  Clockwork clockwork;
  clockwork.drop(Stage::kTokenCacheTtl, Stage::kCacheSweep);
  clockwork.drop(Stage::kStaleRecache, Stage::kCacheSweep);
  clockwork.drop(Stage::kNone, Stage::kTokenCacheTtl);
  for (int i = 0; i < 3; ++i) clockwork.drop(Stage::kTokenCacheTtl, Stage::kDatabaseRead);
  clockwork.drop(Stage::kNone, Stage::kClusterMessage);
  clockwork.put(Stage::kTokenCacheTtl, Stage::kDatabaseRead);
  const TimersFinding found = clockwork.finish(at(60));
  CHECK(found.of(kHere, Timer::kTokenCacheTtl) == 2);
  CHECK(found.of(kHere, Timer::kCacheSweep) == 2);
}

// A hop names a mirror's wait and a poll's; the put a second poll's, and the scan. Each was over then.
TEST_CASE("each stage that a record names is a wait that was over") {
  Clockwork clockwork;
  clockwork.hop(Stage::kMirrorInterval, Stage::kPollInterval);
  clockwork.put(Stage::kPollInterval, Stage::kArtifactCopy);
  clockwork.put(Stage::kNone, Stage::kDeploymentScan);
  clockwork.hop(Stage::kRetryWait, Stage::kArtifactCopy);
  clockwork.hop(Stage::kReconnectWait, Stage::kBroker);
  clockwork.timers.event_lost({kB, ObjectRef::of(TokenId{0}), kFirst, {}, {}, Stage::kReconnectWait, 1, at(1), at(2)});
  clockwork.timers.event_lost({kB, ObjectRef::of(TokenId{0}), kFirst, {}, {}, Stage::kLinkDown, 1, at(1), at(2)});
  const TimersFinding found = clockwork.finish(at(60));
  CHECK(found.of(kHere, Timer::kMirrorInterval) == 1);
  CHECK(found.of(kHere, Timer::kPollInterval) == 2);
  CHECK(found.of(kHere, Timer::kDeploymentScan) == 1);
  CHECK(found.of(kHere, Timer::kRetryWait) == 1);
  CHECK(found.of(kHere, Timer::kReconnectWait) == 2);
  CHECK(found.of(kHere, Timer::kTokenCacheTtl) == 0);
}

// The catalog's token expires at 50 s, two that are issued at 59 s and 60 s, one at 61 s. The run ends at 60 s.
TEST_CASE("tokens expire up to the end of the run") {
  Clockwork clockwork;
  for (const std::int64_t expiry : {59, 60, 61}) {
    clockwork.timers.acknowledged(
        {domain::ChangeKind::kTokenIssued, kB, ObjectRef::of(TokenId{1}), kFirst, at(1), at(expiry)});
  }
  clockwork.timers.acknowledged(
      {domain::ChangeKind::kTokenRevoked, kB, ObjectRef::of(TokenId{1}), kFirst, at(1), at(10)});
  const TimersFinding found = clockwork.finish(at(60));
  CHECK(found.of(kHere, Timer::kTokenExpiry) == 2);
  CHECK(found.catalog_expiries == 1);
  CHECK(Clockwork{}.finish(at(49)).catalog_expiries == 0);
}

// A statement of the database itself takes rows off its list; what another replica deletes, or in another table, and
// rows that are put on the list are none of the cleaner's.
TEST_CASE("the token cleaner is known by the rows that it deletes") {
  using domain::RowMeans;
  using domain::RowOperation;
  Clockwork clockwork;
  const auto change = [&](std::uint16_t table, RowOperation operation, RowMeans means) {
    clockwork.timers.row_changed({kDatabase, table, operation, means, kHere, 1, kFirst}, kHere);
  };
  change(kRevokedTokensTable, RowOperation::kDeleted, RowMeans::kStatement);
  change(kRevokedTokensTable, RowOperation::kDeleted, RowMeans::kApply);
  change(kRevokedTokensTable, RowOperation::kInserted, RowMeans::kStatement);
  change(6, RowOperation::kDeleted, RowMeans::kStatement);
  CHECK(clockwork.finish(at(60)).of(kHere, Timer::kTokenCleaner) == 1);
}

// Demand in the minutes from 0, 1 and 3 min. A run that ends at 4 min sees the ends of all three; a nanosecond earlier
// it has two, and one that is not over.
TEST_CASE("a limit window has ended if the run lasts until its edge") {
  const auto windows_of_run = [](sim::VirtualTime end) {
    const domain::Catalog catalog = one_of_each(3);
    const Setup setup = two_nodes(catalog);
    const Quotas quotas{catalog};
    Limits limits{setup, quotas};
    for (const std::int64_t second : {1, 61, 62, 181}) {
      limits.count(kA, kSubscription, at(second), Limits::Admission::kAdmitted);
    }
    Findings findings;
    limits.finish(findings, end);
    REQUIRE(findings.timers.windows.size() == 1);
    CHECK(findings.limits.windows == 3);
    return findings.timers.windows.front();
  };
  CHECK(windows_of_run(at(240)).ended == 3);
  CHECK(windows_of_run(at(240)).unfinished == 0);
  CHECK(windows_of_run(at(240) - sim::nanoseconds(1)).ended == 2);
  CHECK(windows_of_run(at(240) - sim::nanoseconds(1)).unfinished == 1);
}

}  // namespace
}  // namespace parallax::audit
