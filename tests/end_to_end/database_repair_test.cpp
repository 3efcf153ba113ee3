// Seed text 001_72accf4d8128cb3c.txt on the trusted source; the clean-up of revoked tokens (wso2/api-manager 3900); and
// who wins where the last writer does, when clocks differ.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/end_to_end/database_rules.h"

namespace parallax::test {
namespace {

// Two rows of one developer that met, and which of them both sides have now.
struct Meeting {
  sim::VirtualTime from_dc1;
  sim::VirtualTime from_dc2;
  bool dc2_won;
};
std::vector<Meeting> meetings(const Rehearsal& played) {
  const auto ours = inserted_at(played, "dc1", kSubscribers);
  const auto theirs = inserted_at(played, "dc2", kSubscribers);
  std::vector<Meeting> all;
  for (const Rehearsal::Conflict& here : played.conflicts()) {
    if (here.body.database != played.database("dc1")) continue;
    for (const Rehearsal::Conflict& there : played.conflicts()) {
      if (there.body.database != played.database("dc2")) continue;
      const Meeting meeting{ours.at(there.body.row), theirs.at(here.body.row),
                            here.body.outcome == ConflictOutcome::kOverwritten};
      if (std::abs(seconds(meeting.from_dc1 - meeting.from_dc2)) > kLag) continue;
      CHECK((there.body.outcome == ConflictOutcome::kOverwritten) != meeting.dc2_won);  // both agree
      all.push_back(meeting);
    }
  }
  return all;
}

// dc2 asks at 180 s. Its stream has stopped, so the image leaves once the worker has connected again, within 5.6 s, is
// copied at 1 ms a row, and takes 40 ms. What it does not know is what dc2 has written since the streams stopped.
TEST_CASE("a resynchronisation takes as long as its rows, and what the trusted source does not know is lost") {
  const Rehearsal played = rehearse_rule("trusted_source");
  const auto& found = played.findings.replication;
  REQUIRE(found.stops.size() == 2);
  const std::uint64_t subscriptions =
      count(played, ConflictKind::kResynchronised, ConflictOutcome::kOverwritten, kSubscriptions, "dc2");
  const std::uint64_t subscribers =
      count(played, ConflictKind::kResynchronised, ConflictOutcome::kOverwritten, kSubscribers, "dc2");
  CHECK(subscriptions > 100);  // of 175 +- 13, one a second
  CHECK(subscribers > 0);
  CHECK(played.findings.lost_writes.size() == subscriptions);  // each was acknowledged
  CHECK(found.divergent_rows_end == 0);

  const auto stop = std::find_if(found.stops.begin(), found.stops.end(),
                                 [&](const auto& s) { return s.database == played.database("dc2"); });
  REQUIRE(stop != found.stops.end());
  REQUIRE_FALSE(stop->is_open);
  // The image holds the rows at the start (20 APIs; 100 each of subscribers, applications, clients, subscriptions; 1000
  // tokens; a policy) and what dc1 has by then.
  const auto subscribers_then = inserted_at(played, "dc1", kSubscribers).size();
  const double rows = 1'421 + static_cast<double>(subscribers_then) + 180;
  const double took = seconds(stop->ended) - 180;
  CHECK(took > rows * 0.001);
  CHECK(took < rows * 0.001 + 6 + 0.2);
}

TEST_CASE("where an operator leaves out what stopped the streams, the sides differ for good") {
  const Rehearsal played = rehearse_rule("trusted_source_none");
  std::uint64_t left_out = 0;
  for (const char* where : {"dc1", "dc2"}) {
    left_out += count(played, ConflictKind::kLeftOut, ConflictOutcome::kSkipped, kSubscribers, where);
  }
  CHECK(left_out > 2);
  CHECK(played.findings.replication.divergent_rows_end >= left_out);
}

TEST_CASE("cleaning up in both data centers stops GoldenGate both ways, in one it does not, and PostgreSQL skips it") {
  const Rehearsal everywhere = rehearse_rule("clean_up_everywhere");
  CHECK(everywhere.findings.replication.stops.size() == 2);
  for (const char* where : {"dc1", "dc2"}) {
    CHECK(count(everywhere, ConflictKind::kDeleteMissing, ConflictOutcome::kStopped, kRevokedTokens, where) == 4);
  }
  for (const auto& stop : everywhere.findings.replication.stops) CHECK(stop.given_up);

  const Rehearsal in_one = rehearse_rule("clean_up_in_one");
  check_peaceful(in_one);
  std::uint64_t cleaned = 0;
  for (const Rehearsal::Row& row : in_one.rows()) {
    if (!is_about(row.body.table, kRevokedTokens) || row.body.operation != RowOperation::kDeleted) continue;
    CHECK(row.body.origin == in_one.site("dc1"));
    ++cleaned;
  }
  CHECK(cleaned > 0);

  const Rehearsal postgresql = rehearse_rule("clean_up_everywhere_postgresql");
  CHECK(postgresql.findings.replication.stops.empty());
  CHECK(count(postgresql, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded, kRevokedTokens, "dc1") > 0);
  CHECK(all_conflicts(postgresql) ==
        count(postgresql, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded, kRevokedTokens, "dc1") +
            count(postgresql, ConflictKind::kDeleteMissing, ConflictOutcome::kDiscarded, kRevokedTokens, "dc2"));
}

TEST_CASE("the last writer wins by the clocks: with one ahead it wins every time") {
  std::size_t won_late = 0;
  std::size_t won_in_all = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto even = meetings(rehearse_rule("clock_even", seed));
    for (const Meeting& met : even) CHECK(met.dc2_won == (met.from_dc2 > met.from_dc1));
    const auto ahead = meetings(rehearse_rule("clock_ahead", seed));
    CHECK(ahead.size() == even.size());
    for (const Meeting& met : ahead) {
      CHECK(met.dc2_won);
      won_late += met.from_dc2 < met.from_dc1;
      ++won_in_all;
    }
  }
  CHECK(won_in_all > 5);  // of 20 +- 4.5
  CHECK(won_late > 0);
}

}  // namespace
}  // namespace parallax::test
