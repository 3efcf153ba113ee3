// What an outage costs where tokens are issued in one place.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

// So many minutes into the run; a value each 10 s.
std::int64_t in_force(const Rehearsal& played, std::size_t minute) {
  return played.findings.tokens_in_force.at(minute * 6);
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
  // The gateways that are left were well all the time. Clients of dc1 were locked out until three checks, one every 30
  // s, had failed after 6 s each, and the TTL of 60 s was over: 30 + 2 x 30 + 6 + 60 s at the most.
  CHECK(played.findings.unavailable_seconds <= 156);
}

TEST_CASE("a read-only copy that is promoted issues tokens from then on, and one that issues them always is no worse") {
  const Rehearsal promoted = rehearse_library("outages/master_readonly_promoted");
  CHECK(in_force(promoted, 44) < in_force(promoted, 30));
  CHECK(in_force(promoted, 55) > 480);
  const Rehearsal both = rehearse_library("outages/master_readonly_local_issuing");
  for (std::size_t minute = 0; minute < 120; ++minute) CHECK(in_force(both, minute) > 450);
}

TEST_CASE("outages of the library keep what they promise") {
  for (const std::string& name : scenarios_in("outages")) {
    INFO(name);
    CHECK(verdict("outages/" + name) == "pass");
  }
}

}  // namespace parallax::test
