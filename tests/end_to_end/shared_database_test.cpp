// Seed text 002_a0fc3ed648be08eb.txt on one database for two data centers, beside a database for each.
#include <catch2/catch.hpp>
#include <vector>

#include "tests/end_to_end/database_rules.h"

namespace parallax::test {
namespace {

constexpr sim::VirtualTime kCut{sim::minutes(2).ns};
constexpr sim::VirtualTime kHealed{sim::minutes(3).ns};

/// From the invocation to the acknowledgement of the subscriptions made at a site in [from, until).
std::vector<double> waits(const Rehearsal& played, std::string_view where, sim::VirtualTime from,
                          sim::VirtualTime until) {
  std::vector<double> lengths;
  for (const auto& ack : played.all<domain::ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
    const bool is_one = ack.body.change == domain::ChangeKind::kSubscriptionAdded && ack.site == played.site(where) &&
                        from <= ack.body.invoked && ack.body.invoked < until;
    if (is_one) lengths.push_back(seconds(ack.time - ack.body.invoked));
  }
  return lengths;
}

// Before the cut, but for the first ones, which also wait for their connection to be made: two round trips of 80 ms. A
// connection that was not used for 30 s is tested first: a third.
TEST_CASE("a write to a database elsewhere waits two or three round trips, one to an own database two milliseconds") {
  const Rehearsal shared = rehearse_rule("shared_over_wan");
  const auto early = waits(shared, "dc2", sim::VirtualTime{sim::seconds(10).ns}, kCut);
  REQUIRE(early.size() > 50);
  for (const double wait : early) {
    const bool is_two = wait == Approx(0.16);
    const bool is_three = wait == Approx(0.24);
    const bool is_made = wait == Approx(0.48);
    CHECK((is_two || is_three || is_made));
  }
  const Rehearsal own = rehearse_rule("shared_not");
  for (const double wait : waits(own, "dc2", {}, kCut)) CHECK(wait == Approx(0.002));
}

TEST_CASE("without the link nobody writes to a database elsewhere; an own one does not notice") {
  const Rehearsal shared = rehearse_rule("shared_over_wan");
  const sim::VirtualTime last = kHealed - sim::seconds(1);
  for (const double wait : waits(shared, "dc2", kCut, last)) CHECK(wait > 1.0);
  CHECK(waits(shared, "dc1", kCut, last).size() > 40);
  for (const double wait : waits(shared, "dc1", kCut, last)) CHECK(wait == Approx(0.002));
  const Rehearsal own = rehearse_rule("shared_not");
  const auto during = waits(own, "dc2", kCut, last);
  CHECK(during.size() > 40);
  for (const double wait : during) CHECK(wait == Approx(0.002));
}

// What one data center has written the other decides on at once: there is one copy.
TEST_CASE("one database has no lag and no conflict, two have the stream's lag") {
  const Rehearsal shared = rehearse_rule("shared_over_wan");
  check_peaceful(shared);
  CHECK(shared.rows_added("dc1", kSubscriptions) > 100);
  for (const Rehearsal::Row& row : shared.rows()) CHECK(row.body.database == shared.database("dc1"));
  const Rehearsal own = rehearse_rule("shared_not");
  check_peaceful(own);
  CHECK(own.rows_added("dc1", kSubscriptions) == own.rows_added("dc2", kSubscriptions));
}

TEST_CASE("requests at the site without a database are refused, or wait, while the link is down") {
  const auto refused = [](const Rehearsal& played) {
    std::uint64_t sum = 0;
    for (const auto& decided : played.all<domain::RequestDecided>(RecordKind::kRequestDecided)) {
      sum += decided.body.outcome == domain::Outcome::kValidationUnavailable;
    }
    return sum;
  };
  const Rehearsal shared = rehearse_rule(
      "shared_over_wan", 1, {"sites[dc2].database.at.connections=2", "sites[dc2].database.at.longest_wait=5s"});
  CHECK(refused(shared) > 0);
  CHECK(refused(rehearse_rule("shared_not")) == 0);
}

}  // namespace
}  // namespace parallax::test
