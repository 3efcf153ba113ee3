// A DNS provider in a whole deployment: when clients leave a data center that is lost, who is led elsewhere, and who
// stays for ever.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using domain::RecordKind;
using domain::RequestFinished;
using domain::SiteChange;
using sim::minutes;
using sim::seconds;

constexpr sim::VirtualTime kLost{minutes(30).ns};

// Between dc1 and two regions; `zone` and `clients` are filled in.
std::string deployment(const std::string& zone, const std::string& clients, const std::string& rest) {
  return R"(
name: "names"
duration: "2h"
sites { name: "dc1" nodes: "node-1" }
sites { name: "dc2" nodes: "node-1" }
regions { name: "north" prefers: "dc1" prefers: "dc2" }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "north" to: "dc1" delay { constant: "5ms" } }
links { from: "north" to: "dc2" delay { constant: "40ms" } }
replications { from: "dc1" to: "dc2" profile: "goldengate" }
zone { authorities: "north" )" +
         zone + R"( }
catalog { apis: 2 applications: 20 tokens: 200 }
workload { populations { name: "people" region: "north" rate: "20/s" token_popularity: 0 timeout: "5s" )" +
         clients + R"( } }
)" + rest;
}

constexpr const char* kChecked = R"(checks { from: "north" })";
constexpr const char* kLoss = R"(faults { name: "lost" at: "30m" lasts: "45m" site_down { site: "dc1" } })";

sim::VirtualTime last_call_in_vain(const Rehearsal& played, std::string_view site, sim::VirtualTime until) {
  sim::VirtualTime last{};
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    const bool is_in_vain = call.body.ending != domain::Ending::kAnswered && call.body.called == played.site(site);
    if (is_in_vain && call.body.sent < until) last = std::max(last, call.body.sent);
  }
  return last;
}

std::size_t calls_to(const Rehearsal& played, std::string_view site, sim::VirtualTime from, sim::VirtualTime until) {
  std::size_t count = 0;
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    count += call.body.called == played.site(site) && call.body.sent >= from && call.body.sent < until;
  }
  return count;
}

sim::VirtualTime marked_down(const Rehearsal& played) {
  for (const auto& change : played.all<domain::SiteChanged>(RecordKind::kSiteChanged)) {
    if (change.body.change == SiteChange::kMarkedDown) return change.time;
  }
  return sim::kNever;
}

}  // namespace

// A check every 30 s, which a silent site leaves without a connection for 4 s: the third failure in a row is known
// 2 x 30 + U(0, 30) + 4 s after the loss. A resolver's answer is good for the TTL of 60 s and up to a second more; the
// client keeps it for what is left of the TTL, which adds nothing but another second.
TEST_CASE("clients without connections of their own leave a lost site within a TTL and a second or two of detection") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Rehearsal played = rehearse_text(deployment(kChecked, "", kLoss), seed);
    const sim::Duration detected = marked_down(played) - kLost;
    const sim::Duration left = last_call_in_vain(played, "dc1", kLost + minutes(45)) - kLost;
    INFO("seed " << seed << ": detected after " << detected.ns << ", left after " << left.ns << " ns");
    CHECK(detected >= seconds(64));
    CHECK(detected <= seconds(94) + sim::milliseconds(100));
    CHECK(left <= detected + seconds(62));
    // 200 clients behind ten resolvers with 20 calls a second: somebody called late in the TTL.
    CHECK(left >= detected);
    REQUIRE(played.findings.outages.size() == 1);
    const audit::Unavailability& outage = played.findings.outages.front();
    CHECK(outage.detect + outage.decide + outage.redirect + outage.warm_up == outage.unavailable);
    CHECK(outage.decide == seconds(60));  // two more checks, 30 s apart
  }
}

// A browser keeps for 60 s what its resolver said at the last moment: a TTL and a minute.
TEST_CASE("a browser's own cache makes its user follow up to a minute later") {
  const Rehearsal played = rehearse_text(deployment(kChecked, R"(client_caches { profile: "browser" })", kLoss));
  const sim::Duration left = last_call_in_vain(played, "dc1", kLost + minutes(45)) - kLost;
  CHECK(left <= marked_down(played) - kLost + seconds(61 + 60));
  CHECK(left > marked_down(played) - kLost + seconds(61));
}

// Who keeps an address for ever goes on calling dc1 to the end of the outage, and is served there again.
TEST_CASE("applications that keep addresses for ever never leave a lost site") {
  const Rehearsal played =
      rehearse_text(deployment(kChecked, R"(client_caches { profile: "jvm_security_manager" })", kLoss));
  CHECK(calls_to(played, "dc2", {}, played.end) == 0);
  CHECK(last_call_in_vain(played, "dc1", kLost + minutes(45)) > kLost + minutes(44));
  CHECK(played.findings.steering.moved == 0);
}

// The outage is over at 30 + 45 min, dc1 starts for a minute, and three good checks later it is back in the answers.
// Connections to dc2 are used every 10 s on average by each of 200 clients, more often than they go idle (75 s) but for
// e^-7.5 of the gaps, and live for an hour: for half an hour after the return nearly all calls still go to dc2, though
// every resolver has said dc1 for long. Without them all are back within minutes.
TEST_CASE("live connections outlast the failback that the DNS has told long ago") {
  const sim::VirtualTime from = kLost + minutes(45 + 10);
  const sim::VirtualTime until = from + minutes(5);
  const Rehearsal kept = rehearse_text(deployment(kChecked, "kept_connections {}", kLoss));
  const Rehearsal plain = rehearse_text(deployment(kChecked, "", kLoss));
  CHECK(calls_to(plain, "dc2", from, until) == 0);
  const auto at_dc2 = static_cast<double>(calls_to(kept, "dc2", from, until));
  const auto at_dc1 = static_cast<double>(calls_to(kept, "dc1", from, until));
  CHECK(at_dc2 / (at_dc1 + at_dc2) > 0.9);
}

// Nobody checks: dc1 stays in the answers, and nobody is served until it is back.
TEST_CASE("without health checks nobody is led away") {
  const Rehearsal played = rehearse_text(deployment("", "", kLoss));
  CHECK(marked_down(played) == sim::kNever);
  CHECK(calls_to(played, "dc2", {}, played.end) == 0);
}

// Resolvers learn of the empty answer when their TTL is over, and keep it for the negative TTL of 120 s: the last may
// ask an instant before the record is back. Calls without an address count as failed, and go nowhere.
TEST_CASE("an emptied record strands clients for its own length and the negative TTL besides") {
  const Rehearsal played = rehearse_text(deployment(
      R"(negative_ttl: "120s")", "", R"(faults { name: "emptied" at: "30m" lasts: "10m" record_emptied {} })"));
  sim::VirtualTime first = played.end;
  sim::VirtualTime last{};
  std::size_t stranded = 0;
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    if (call.body.ending != domain::Ending::kNoAddress) continue;
    first = std::min(first, call.body.sent);
    last = std::max(last, call.body.sent);
    ++stranded;
  }
  CHECK(stranded == played.findings.steering.unresolved);
  CHECK(stranded > 20 * 60 * 9);  // 20 a second for ten minutes but the first TTL
  CHECK(first >= kLost);
  CHECK(first <= kLost + seconds(62));
  CHECK(last >= kLost + minutes(10));
  CHECK(last <= kLost + minutes(10) + seconds(122));
}

TEST_CASE("a record that two faults empty is empty until the last of them is over") {
  const auto stranded = [](const std::string& faults) {
    return rehearse_text(deployment(R"(negative_ttl: "60s")", "", faults)).findings.steering.unresolved;
  };
  const std::uint64_t one = stranded(R"(faults { name: "one" at: "30m" lasts: "11m" record_emptied {} })");
  const std::uint64_t two = stranded(R"(faults { name: "first" at: "30m" lasts: "5m" record_emptied {} }
faults { name: "second" at: "33m" lasts: "8m" record_emptied {} })");
  const std::uint64_t touching = stranded(R"(faults { name: "later" at: "35m" lasts: "6m" record_emptied {} }
faults { name: "sooner" at: "30m" lasts: "5m" record_emptied {} })");
  CHECK(one > 20 * 60 * 10);
  CHECK(two == one);
  CHECK(touching == one);
}

// The only authority is silent for ten minutes: cached answers carry on for their TTL, then resolvers fail, and one
// that serves expired answers does not notice at all.
TEST_CASE("expired answers that are served bridge an authority that is silent") {
  const std::string silent = R"(faults { name: "silent" at: "30m" lasts: "10m" authority_down { at: "north" } })";
  const std::string text = deployment("", "", silent);
  const std::string serving = [&] {
    std::string changed = text;
    const std::string region = R"(prefers: "dc2" })";
    return changed.replace(changed.find(region), region.size(),
                           R"(prefers: "dc2" resolvers { profile: "serving_expired" } })");
  }();
  CHECK(rehearse_text(text).findings.steering.unresolved > 20 * 60 * 8);
  CHECK(rehearse_text(serving).findings.steering.unresolved == 0);
}

// A fifth of the clients ask resolvers that stand in the south, where dc2 is preferred. Unless these pass the client's
// subnet on, a share of 1/5 of the users is led there: of 200 drawn one by one 40 +- 5 x sqrt(200 x 0.2 x 0.8) = 28.
TEST_CASE("geo answers follow the resolver unless it passes the client's subnet on") {
  const auto with_resolver = [&](const std::string& subnet) {
    std::string text = deployment("", "", "");
    const std::string region = R"(prefers: "dc2" })";
    text.replace(text.find(region), region.size(),
                 R"(prefers: "dc2" resolvers { share: 4 } resolvers { at: "south" share: 1 )" + subnet + R"(} }
regions { name: "south" prefers: "dc2" prefers: "dc1" }
links { from: "north" to: "south" delay { constant: "40ms" } }
links { from: "south" to: "dc1" delay { constant: "40ms" } }
links { from: "south" to: "dc2" delay { constant: "5ms" } }
)");
    return rehearse_text(text);
  };
  const auto share = [](const Rehearsal& played) {
    return static_cast<double>(played.findings.steering.elsewhere) /
           static_cast<double>(played.findings.steering.calls);
  };
  CHECK(std::abs(share(with_resolver("")) - 0.2) < 28.0 / 200);
  CHECK(share(with_resolver("")) > 0);
  CHECK(share(with_resolver("client_subnet: true")) == 0);
}

// By Unavailability::region: EU users whose data center is lost are held, others are served abroad.
TEST_CASE("users who are held wait rather than be served under another law") {
  const auto play = [](const std::string& abroad) {
    return rehearse_text(R"(
name: "held"
duration: "1h"
sites { name: "eu" nodes: "node-1" jurisdiction: "EU" }
sites { name: "us" nodes: "node-1" jurisdiction: "US" }
regions { name: "europe" prefers: "eu" prefers: "us" jurisdiction: "EU" )" +
                         abroad + R"( }
links { from: "eu" to: "us" delay { constant: "40ms" } }
links { from: "europe" to: "eu" delay { constant: "5ms" } }
links { from: "europe" to: "us" delay { constant: "45ms" } }
replications { from: "eu" to: "us" profile: "goldengate" }
catalog { apis: 2 applications: 10 tokens: 20 }
workload { populations { name: "people" region: "europe" rate: "10/s" } }
faults { name: "lost" at: "10m" lasts: "20m" site_down { site: "eu" } }
)");
  };
  const Rehearsal held = play(R"(abroad: "held")");
  const Rehearsal served = play("");
  CHECK(held.findings.steering.abroad == 0);
  CHECK(held.findings.unavailable_seconds >= 20 * 60);
  CHECK(served.findings.steering.abroad > 10 * 60 * 10);
  CHECK(served.findings.unavailable_seconds < 4 * 60);
}

// dc1, which alone takes writes, is lost for ten minutes; the names lead to dc2 at the latest 30 + 2 x 30 + 6 + 60 s
// later, which has a portal that reads, a publisher that cannot write, and a token endpoint that can issue nothing new
// but hands out again what is still valid, which in ten minutes are five of six. So portal and token endpoint are away
// for those 156 s at most, the publisher for the whole ten minutes and the minute in which dc1 starts; then its users
// go back within the TTL and three checks. A call of the last second times out after 30 s.
TEST_CASE("each kind of population has an availability of its own") {
  const Rehearsal played = rehearse_text(R"(
name: "kinds"
duration: "1h"
sites { name: "dc1" nodes: "node-1" }
sites { name: "dc2" nodes: "node-1" database { read_only: true } }
regions { name: "near" prefers: "dc1" prefers: "dc2" }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "near" to: "dc1" delay { constant: "5ms" } }
links { from: "near" to: "dc2" delay { constant: "45ms" } }
replications { from: "dc1" to: "dc2" profile: "goldengate" one_way: true }
catalog { apis: 2 applications: 10 tokens: 40 }
workload {
  populations { name: "apps" region: "near" rate: "10/s" }
  populations { name: "logins" region: "near" rate: "10/s" kind: "token" }
  populations { name: "developers" region: "near" rate: "10/s" kind: "portal" }
  populations { name: "owners" region: "near" rate: "10/s" kind: "publisher" }
}
faults { name: "lost" at: "10m" lasts: "10m" site_down { site: "dc1" } }
)");
  const auto away = [&](steering::Service kind) {
    return played.findings.availability_of_kind[static_cast<std::size_t>(kind)].unavailable_seconds;
  };
  for (const auto kind : {steering::Service::kPortal, steering::Service::kToken}) {
    CHECK(away(kind) > 60);
    CHECK(away(kind) <= 156 + 30);
  }
  CHECK(away(steering::Service::kPublisher) >= 10 * 60);
  CHECK(away(steering::Service::kPublisher) <= 10 * 60 + 60 + 3 * 30 + 6 + 60 + 30);
  for (const auto& kind : played.findings.availability_of_kind) CHECK(kind.finished > 30'000);
}

}  // namespace parallax::test
