// What nodes leave to other sites: key validation (seed text 002_a0fc3ed648be08eb.txt) and the counting of requests
// (seed text 004_27579051bb4449d6.txt: events published to the traffic managers of both data centers, or of one).
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {
namespace {

/// Two data centers 40 ms apart, users of one application in each; `dc1` and `dc2` hold fields of the sites.
std::string two_sites(const std::string& dc1, const std::string& dc2, const std::string& more = "") {
  return R"(name: "two"
duration: "10m"
sites { name: "dc1" nodes: "a" )" +
         dc1 + R"( }
sites { name: "dc2" nodes: "b" )" +
         dc2 + R"( }
regions { name: "near dc1" prefers: "dc1" }
regions { name: "near dc2" prefers: "dc2" }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "near dc1" to: "dc1" delay { constant: "5ms" } }
links { from: "near dc2" to: "dc2" delay { constant: "5ms" } }
catalog { apis: 1 applications: 1 tokens: 20 tiers { name: "gold" limit: "60/m" } }
workload {
  populations { name: "one" region: "near dc1" rate: "5/s" token_popularity: 0 }
  populations { name: "two" region: "near dc2" rate: "5/s" token_popularity: 0 }
}
)" + more;
}

}  // namespace

// 5 ms to the gateway and 5 ms back. A miss besides: 40 ms to dc1, 1 ms to its database and 1 ms back, 40 ms. Over a
// connection that has to be made first, three round trips of 80 ms more. Who needs a new token waits for it first: 5 ms
// there, two statements of 2 ms, 5 ms back; and a new one is in no cache.
TEST_CASE("a token that is not cached is asked about over the WAN: a round trip, and the key manager's own") {
  const Rehearsal played = rehearse_text(two_sites("", "gateway { key_validation { site: \"dc1\" } }"));
  std::set<std::int64_t> waits;
  for (const auto& request : played.all<domain::RequestFinished>(domain::RecordKind::kRequestFinished)) {
    if (request.body.called == played.site("dc2")) waits.insert((request.time - request.body.sent).ns / 1'000'000);
  }
  CHECK(waits == std::set<std::int64_t>{10, 92, 106, 332, 346});
  // 10 tokens of that population, and the cache keeps each for 15 minutes; two misses at once both ask.
  CHECK(played.findings.calls_elsewhere >= 10);
  CHECK(played.findings.calls_elsewhere <= 13);
  CHECK(played.findings.decisions_elsewhere > 2'500);
}

// Its only key manager is down from 2 m to 4 m: what is not cached is refused then, and at once.
TEST_CASE("key validation elsewhere wants a key manager there that is up") {
  const std::string roles =
      "roles { nodes: \"a\" parts: [\"gateway\", \"traffic_manager\", \"control_plane\", \"key_manager\"] }";
  const std::string far =
      "gateway { token_cache { ttl: \"5s\" sweep_interval: \"0s\" } key_validation { site: \"dc1\" } }";
  const auto refused = [&](const std::string& more) {
    const Rehearsal played = rehearse_text(two_sites(roles, far, more));
    std::uint64_t count = 0;
    for (const auto& [key, tally] : played.findings.wrong) {
      if (std::get<audit::Why>(key) == audit::Why::kDatabase) count += tally;
    }
    return count;
  };
  CHECK(refused("") == 0);
  CHECK(refused("faults { name: \"f\" at: \"2m\" lasts: \"2m\" node_down { site: \"dc1\" node: \"a\" } }\n") > 50);
}

// The usual layout: each gateway hears the control plane's and the traffic manager's brokers, the traffic manager the
// control plane's, although nobody has said so.
TEST_CASE("without a word on subscriptions everybody hears whoever publishes") {
  const Rehearsal played = rehearse_text(R"(name: "apart"
duration: "10m"
sites {
  name: "dc1"
  nodes: ["cp", "tm", "gw"]
  roles { nodes: "cp" parts: ["control_plane", "key_manager"] }
  roles { nodes: "tm" parts: "traffic_manager" }
  roles { nodes: "gw" parts: "gateway" }
  events {}
}
regions { name: "users" prefers: "dc1" }
links { from: "users" to: "dc1" delay { constant: "5ms" } }
catalog { apis: 1 applications: 5 tokens: 10 tiers { name: "gold" limit: "20/m" } }
workload {
  populations { name: "p" region: "users" rate: "10/s" }
  writes { name: "cut" site: "dc1" from: "5m" change_policy { tier: "gold" limit: "10/m" } }
}
)");
  CHECK(played.findings.limits.over <= 5);
  REQUIRE(!played.findings.windows.empty());
  for (const audit::WindowFinding& window : played.findings.windows) {
    if (window.change == domain::ChangeKind::kPolicyChanged) CHECK(window.length == sim::milliseconds(1 + 2));
  }
}

// Each counter sees half of 600 a minute: 2 x 60 pass. Told of everything, each lets through at most what is decided
// while the sixtieth is under way for 40 ms: of 10 a second that is one in two minutes or so.
TEST_CASE("counters that are told of all requests hold the limit but for what is under way") {
  const Rehearsal apart = rehearse_text(two_sites("", ""));
  CHECK(apart.findings.limits.ratio_max >= 1.9);
  const std::string both = "traffic_manager { counted_at: \"dc1\" counted_at: \"dc2\" }";
  const Rehearsal told = rehearse_text(two_sites(both, both));
  CHECK(told.findings.limits.ratio_max <= 62.0 / 60.0);
  CHECK(told.findings.limits.over >= 1);
  CHECK(told.findings.uncounted == 0);
}

// The far gateway's request is counted 40 ms later, and it hears of it another 41 ms later.
TEST_CASE("one counter for both holds the limit too, as long as there is a way to it") {
  const std::string far =
      "traffic_manager { counted_at: \"dc1\" } events { subscriptions { brokers: \"dc1/a\" topics: \"throttle_data\" } "
      "}";
  const Rehearsal played = rehearse_text(two_sites("events {}", far));
  CHECK(played.findings.limits.ratio_max <= 64.0 / 60.0);
  CHECK(played.findings.uncounted == 0);
  const Rehearsal cut = rehearse_text(two_sites(
      "events {}", far, "faults { name: \"cut\" at: \"2m\" lasts: \"3m\" link_down { from: \"dc1\" to: \"dc2\" } }\n"));
  CHECK(cut.findings.limits.ratio_max >= 2.0);  // dc2 admits whatever comes, dc1 counts on
}

// 500 statements of 2 x 40 ms each, the first over a connection that has to be made (4 round trips).
TEST_CASE("a start that asks a database elsewhere takes its round trips longer") {
  const auto ready_after = [](const std::string& dc2) {
    const Rehearsal played = rehearse_text(two_sites(
        "", dc2, "faults { name: \"restart\" at: \"2m\" lasts: \"1m\" node_down { site: \"dc2\" node: \"b\" } }\n"));
    for (const auto& change : played.all<domain::NodeChanged>(domain::RecordKind::kNodeChanged)) {
      if (change.body.change == domain::SiteChange::kReady) return change.time - sim::VirtualTime{sim::minutes(3).ns};
    }
    return sim::Duration{};
  };
  const std::string none = "database { at { site: \"dc1\" } }";
  const std::string many = "database { startup_statements: 500 at { site: \"dc1\" } }";
  const sim::Duration longer = ready_after(many) - ready_after(none);
  CHECK(longer >= sim::milliseconds(500 * 80));
  CHECK(longer <= sim::milliseconds(501 * 80));
}

}  // namespace parallax::test
