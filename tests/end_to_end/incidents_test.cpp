// Published incidents of real deployments (scenarios/library/incidents), each beside its cure, and what the folders
// events, caches and stretched show. Each scenario's expectations state the symptom, or that it is gone.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/audit/journeys.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

constexpr sim::Duration kAtOnce = sim::milliseconds(1);  ///< from a broker to a subscriber beside it

}  // namespace

TEST_CASE("every incident shows what was reported, and every cure that it is gone") {
  for (const std::string folder : {"incidents", "events", "caches", "stretched"}) {
    for (const std::string& name : scenarios_in(folder)) {
      INFO(folder << "/" << name);
      CHECK(verdict(folder + "/" + name) == "pass");
    }
  }
}

// dc1 has cp-1, cp-2, gw-1, gw-2 in this order; gw-1 listens at cp-1, gw-2 at cp-2. A token that a gateway has not
// cached has no window there.
TEST_CASE("a revocation is heard a millisecond later where it was published, elsewhere if control planes duplicate") {
  for (const bool are_told : {false, true}) {
    const Rehearsal played =
        rehearse_library(are_told ? "incidents/am1935_heard_by_all" : "incidents/am1935_heard_by_one");
    std::size_t here = 0;
    std::size_t there = 0;
    for (const WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
      if (window.length.ns == 0) continue;
      const bool is_here = domain::index(window.observer) == domain::index(window.writer) + 2;
      ++(is_here ? here : there);
      if (is_here) {
        CHECK(window.length == kAtOnce);
        CHECK(spent_on(window, Stage::kBroker) == kAtOnce);
      } else if (are_told) {
        CHECK(window.length == kAtOnce + kAtOnce);
        CHECK(spent_on(window, Stage::kBroker) == window.length);
      } else {
        CHECK(spent_on(window, Stage::kBroker).ns == 0);
        // 900 s from the validation, then the sweeper's 30 s.
        CHECK(window.length <= sim::seconds(930));
      }
    }
    CHECK(here > 20);
    CHECK(there > 20);
  }
}

// Common random numbers: what is written, called and cached is the same.
TEST_CASE("a delay planted between nodes adds exactly itself to the events' stage, and to no other") {
  const Rehearsal before = rehearse_library("incidents/am1935_heard_by_all");
  const Rehearsal after = rehearse_library("incidents/am1935_heard_by_all", 1, {"sites[dc1].events.local_delay=8ms"});
  const auto short_ones = windows_of(before, ChangeKind::kTokenRevoked);
  const auto long_ones = windows_of(after, ChangeKind::kTokenRevoked);
  REQUIRE(short_ones.size() == long_ones.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < short_ones.size(); ++i) {
    REQUIRE(short_ones[i].object == long_ones[i].object);
    REQUIRE(short_ones[i].start == long_ones[i].start);
    if (short_ones[i].length.ns == 0) continue;
    ++compared;
    const std::int64_t hops = short_ones[i].length.ns / kAtOnce.ns;
    CHECK(long_ones[i].length == sim::milliseconds(8 * hops));
    CHECK(spent_on(long_ones[i], Stage::kBroker) == long_ones[i].length);
  }
  CHECK(compared > 50);
}

// At dc2 the event arrives 40 ms after the acknowledgement and is handed over in one more; whoever waits 5 s then asks,
// 1 ms there and 1 ms back. Row and event part at the same time: without the wait the answer is an old one for sure.
TEST_CASE("a traffic manager that waits before it asks for a policy is given the new one") {
  for (const bool waits : {false, true}) {
    const Rehearsal played = rehearse_library(waits ? "incidents/am2349_waits" : "incidents/am2349_policy_too_early");
    const auto windows = windows_of(played, ChangeKind::kPolicyChanged);
    REQUIRE(windows.size() == 2);
    const WindowFinding& there = windows[1];
    REQUIRE(domain::index(there.observer) == 1);
    if (waits) {
      CHECK(there.length == sim::milliseconds(40 + 1 + 5'000 + 2));
      CHECK(spent_on(there, Stage::kEventWaiting) == sim::seconds(5));
    } else {
      CHECK(there.ending == audit::Ending::kCensored);
      CHECK(spent_on(there, Stage::kStaleRecache) == there.length - sim::milliseconds(40 + 1 + 2));
    }
  }
}

TEST_CASE("a lost event takes the whole window after it") {
  const Rehearsal played = rehearse_library("incidents/am2347_dropped");
  const sim::SiteId there = played.site("dc2");
  std::size_t lost = 0;
  for (const WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
    if (domain::index(window.observer) != sim::index(there) || window.length.ns == 0) continue;
    ++lost;
    // Dropped, or given up later, but sent in the instant of the acknowledgement in any case.
    CHECK(spent_on(window, Stage::kMessageLost) == window.length);
  }
  CHECK(lost > 3);
}

TEST_CASE("of lost events a CREATE heals at the next call, an UPDATE and a revocation stay until all is loaded again") {
  for (const bool is_loaded : {false, true}) {
    const Rehearsal played = rehearse_library(is_loaded ? "events/memory_loaded_again" : "events/memory_kept");
    const auto longest = [&](ChangeKind change) {
      sim::Duration length{};
      for (const WindowFinding& window : windows_of(played, change)) length = std::max(length, window.length);
      return length;
    };
    CHECK(longest(ChangeKind::kSubscriptionAdded).ns == 0);
    CHECK((longest(ChangeKind::kSubscriptionBlocked) > sim::minutes(30)) == !is_loaded);
    CHECK((longest(ChangeKind::kTokenRevoked) > sim::minutes(30)) == !is_loaded);
  }
}

// wso2/product-apim 9468, two gateways: a third of the calls is answered from a cache, and a call is followed by 4 / 3
// messages (pa9468_invalidation_storm.txtpb); an answer takes some 20 ms, in which 1 call in 20 is of the same token.
TEST_CASE("in the storm two calls of three ask the key manager, and messages go on as long as calls come") {
  const audit::CacheFinding storm = rehearse_library("incidents/pa9468_invalidation_storm").findings.caches;
  const auto calls = static_cast<double>(storm.hits + storm.asked);
  CHECK(std::abs(static_cast<double>(storm.hits) / calls - 1.0 / 3) < 0.03);
  CHECK(std::abs(static_cast<double>(storm.told) / calls - 4.0 / 3) < 0.04);
  const Rehearsal cured = rehearse_library("incidents/pa9468_told_once");
  CHECK(cured.findings.caches.asked < 500);
  // Both gateways hear of each revocation and tell the other one; each has a window.
  CHECK(cured.findings.caches.told == windows_of(cured, ChangeKind::kTokenRevoked).size());
}

// Where an entry has gone the replica is asked, which is behind by 2 s and a way at the most: a longer window there is
// of an entry that nobody ended, or that came after. At the writer's site the message is a millisecond or two away;
// there a window is longer where databases disagree.
TEST_CASE("a revocation ends what a stretched cluster has cached, what one of each site has at that site alone") {
  std::array<std::size_t, 2> long_there{};
  for (const bool is_stretched : {false, true}) {
    const Rehearsal played = rehearse_library(is_stretched ? "caches/stretched" : "caches/one_each");
    std::size_t again = 0;
    std::size_t brought_back = 0;
    for (const WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
      if (window.length.ns == 0) continue;
      const bool is_here = played.site_of(window.observer) == played.site_of(window.writer);
      const bool is_behind = (spent_on(window, Stage::kReplicationLag) + spent_on(window, Stage::kPending)).ns > 0;
      again += spent_on(window, Stage::kStaleRecache).ns > 0;
      brought_back += window.length > sim::seconds(930 + 600 + 60);
      if (is_here && !is_stretched && !is_behind) CHECK(window.length <= sim::milliseconds(2));
      long_there[is_stretched ? 1 : 0] += !is_here && window.length > sim::seconds(3);
    }
    CHECK((again > 0) == is_stretched);
    CHECK((brought_back > 0) == is_stretched);
  }
  CHECK(long_there[1] > 0);
  CHECK(long_there[0] * 2 > long_there[1] * 3);
}

// The token proves itself: no gateway has to be told of it.
TEST_CASE("a JWT is known everywhere as soon as it is issued") {
  const Rehearsal played = rehearse_library("events/memory_kept");
  for (const WindowFinding& window : windows_of(played, ChangeKind::kTokenIssued)) CHECK(window.length.ns == 0);
}

namespace {

/// One data center that is lost for a minute and needs one to start; `nodes` in this order, and more faults.
std::string restarted(const std::string& nodes, const std::string& faults, const std::string& tokens) {
  return "name: \"restarted\"\nduration: \"30m\"\nsites { name: \"dc\" " + nodes + R"(
  roles { nodes: "cp" parts: "control_plane" parts: "key_manager" }
  roles { nodes: "tm" parts: "traffic_manager" }
  roles { nodes: "gw" parts: "gateway" }
  startup_time: "60s"
  traffic_manager { policies: "asked_once" }
  key_manager { tokens: ")" +
         tokens + R"(" token_validity: "300s" }
  events { subscriptions { brokers: "tm" topics: "throttle_data" } subscriptions { brokers: "cp" } }
}
regions { name: "users" prefers: "dc" }
links { from: "users" to: "dc" delay { constant: "5ms" } }
catalog { apis: 1 applications: 5 tokens: 20 tiers { name: "few" limit: "20/m" } }
workload {
  populations { name: "clients" region: "users" rate: "10/s" token_popularity: 0 }
  writes { name: "revocations" revoke_tokens { rate: "2/m" } }
}
faults { name: "lost" at: "5m" lasts: "1m" site_down { site: "dc" } }
)" + faults;
}

}  // namespace

// Whether a traffic manager finds its control plane when both start must not hang on who comes first in the file.
TEST_CASE("nodes of a data center that start together find each other, in whatever order they are listed") {
  const Rehearsal one = rehearse_text(restarted(R"(nodes: "cp" nodes: "tm" nodes: "gw")", "", "opaque"));
  const Rehearsal other = rehearse_text(restarted(R"(nodes: "tm" nodes: "gw" nodes: "cp")", "", "opaque"));
  for (const Rehearsal* played : {&one, &other}) CHECK(played->findings.limits.over < played->findings.decisions / 20);
}

// 6m30s is within the minute in which the data center starts.
TEST_CASE("a node that is lost while its data center starts comes up by itself, once") {
  for (const char* lasts : {"10s", "5m"}) {
    for (const char* node : {"cp", "tm", "gw"}) {
      const std::string fault = "faults { name: \"again\" at: \"6m30s\" lasts: \"" + std::string{lasts} +
                                "\" node_down { site: \"dc\" node: \"" + node + "\" } }\n";
      const Rehearsal played = rehearse_text(restarted(R"(nodes: "cp" nodes: "tm" nodes: "gw")", fault, "jwt"));
      std::size_t ready = 0;
      for (const auto& change : played.all<domain::NodeChanged>(domain::RecordKind::kNodeChanged)) {
        ready += change.body.change == domain::SiteChange::kReady;
      }
      CHECK(ready == 1);
    }
  }
}

// Of the revocations before it those are loaded whose tokens have not expired. The others matter to nobody.
TEST_CASE("a gateway that starts again opens no windows of tokens that have expired") {
  const Rehearsal played = rehearse_text(restarted(R"(nodes: "cp" nodes: "tm" nodes: "gw")", "", "jwt"));
  for (const WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
    CHECK(window.length <= sim::seconds(121));
  }
}

}  // namespace parallax::test
