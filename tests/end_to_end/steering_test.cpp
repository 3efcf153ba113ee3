// Load balancers of scenarios/library/steering: clients that stay at their node while APIs are new, and a balancer that
// has to find out which node is lost.
#include <cmath>
#include <string>

#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using audit::NotFoundFinding;
using domain::Outcome;
using domain::RecordKind;
using domain::RequestFinished;

NotFoundFinding seen_in(const std::string& name, std::uint64_t seed) {
  return rehearse_library("steering/" + name, seed).findings.not_found;
}

/// Calls refused or given up of those that were sent within `length` from `from` on, in seconds.
std::size_t failed(const Rehearsal& played, double from, double length) {
  std::size_t count = 0;
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    const double sent = static_cast<double>((call.body.sent - sim::VirtualTime{}).ns) / 1e9;
    const bool is_good = call.body.ending == domain::Ending::kAnswered && call.body.outcome != Outcome::kUnavailable;
    count += !is_good && sent >= from && sent < from + length;
  }
  return count;
}

TEST_CASE("affinity keeps new APIs from coming and going, and redispatch spares clients a lost node") {
  CHECK(verdict("steering/sticky_sessions") == "pass");
  CHECK(verdict("steering/sticky_off") == "fail");
  CHECK(verdict("steering/checks_redispatch") == "pass");
  CHECK(verdict("steering/checks_stay") == "fail");
}

// The arithmetic is at the heads of the two scenarios: 1,523 calls and, without affinity, 331 flips; each within four
// standard deviations, of 39 for Poisson calls and less than 25 for the flips among them.
TEST_CASE("the same calls, half of them answered, flip without affinity and do not with it") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    INFO("seed " << seed);
    const NotFoundFinding sticky = seen_in("sticky_sessions", seed);
    const NotFoundFinding off = seen_in("sticky_off", seed);
    // But for calls at the edge of a window that one of the two decides after a database read.
    CHECK(std::abs(static_cast<double>(sticky.shown + sticky.hidden) - static_cast<double>(off.shown + off.hidden)) <=
          5);
    CHECK(std::abs(static_cast<double>(off.shown + off.hidden) - 1523) < 4 * 39);
    CHECK(sticky.flips == 0);
    CHECK(std::abs(static_cast<double>(off.flips) - 331) < 100);
  }
}

// Every other one of 20 calls a second, until the checks have noticed: 4 to 6 s of a killed node, 10 to 12 s of a
// silent one; that many of Poisson's, +/- four standard deviations of 8 and 11.
TEST_CASE("what a lost node costs behind HAProxy is what its checks take") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    INFO("seed " << seed);
    const Rehearsal played = rehearse_library("steering/checks_stay", seed);
    const std::size_t killed = failed(played, 119, 8);
    const std::size_t silent = failed(played, 299, 14);
    CHECK(killed >= 40 - 32);
    CHECK(killed <= 60 + 32);
    CHECK(silent >= 100 - 44);
    CHECK(silent <= 120 + 44);
    CHECK(failed(played, 0, 480) == killed + silent);
  }
}

// dc1 is away from minute 10 to 20. Each of 50 users calls every 5 s: he comes to dc2 with dc1's cookie, and back to
// dc1 with dc2's, so that he loses his node as often as he moves. With a way of 1 ms nobody calls twice before the
// first answer has brought the new cookie.
TEST_CASE("who is led to another data center loses the node that he belongs to") {
  const std::string text = R"(name: "generated"
duration: "40m"
sites { name: "dc1" nodes: "a" nodes: "b" load_balancer { affinity: "cookie" } }
sites { name: "dc2" nodes: "a" nodes: "b" load_balancer { affinity: "cookie" } }
regions { name: "clients" prefers: "dc1" prefers: "dc2" }
links { from: "dc1" to: "dc2" delay { constant: "1ms" } }
links { from: "clients" to: "dc1" delay { constant: "1ms" } }
links { from: "clients" to: "dc2" delay { constant: "1ms" } }
replications { from: "dc1" to: "dc2" profile: "goldengate" }
catalog { apis: 2 applications: 10 tokens: 50 }
workload { populations { name: "users" region: "clients" rate: "10/s" token_popularity: 0 } }
faults { name: "dc1 lost" at: "10m" lasts: "10m" site_down { site: "dc1" } }
)";
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const audit::SteeringFinding found = rehearse_text(text, seed).findings.steering;
    INFO("seed " << seed);
    CHECK(found.moves == 100);
    CHECK(found.affinity_lost == found.moves);
  }
}

}  // namespace
}  // namespace parallax::test
