// A balancer that has to find out which nodes it can use, in whole worlds: against the one that sees all, and against
// the formulas at the head of health/checker.h.
#include "models/steering/checked_balancer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "models/steering/health/profiles.h"
#include "tests/models/support/deployment.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

namespace health = steering::health;

using domain::Outcome;
using domain::RecordKind;
using domain::RequestFinished;
using propagation::broker::HostLoss;

/// `nodes` behind HAProxy; 50 calls a second over 30 sessions; nodes start in 1 s.
world::WorldConfig behind_haproxy(std::uint32_t nodes, std::uint64_t seed, const health::HaproxyOptions& options = {}) {
  world::WorldConfig config = deployment(nodes, seed);
  config.catalog.tokens = 30;
  config.sites[0].node.startup_time = sim::seconds(1);
  config.sites[0].checked_balancer = health::haproxy(options);
  config.sites[0].checked_balancer->connections = 1000;
  add_callers(config, sim::milliseconds(20));
  config.populations[0].timeout = sim::seconds(30);
  return config;
}

constexpr sim::Duration kLost = sim::seconds(10);

void lose_node(world::WorldConfig& config, HostLoss how) {
  const sim::VirtualTime start{};
  config.node_outages.push_back({kDataCenter, 0, start + kLost, start + sim::seconds(40), how});
}

void check_books(const audit::Findings& findings) {
  const audit::Ledger& ledger = findings.ledger;
  CHECK(ledger.sent == ledger.answered + ledger.timed_out + ledger.in_flight);
  CHECK(ledger.answered == ledger.answered_in_journal);
  CHECK(ledger.timed_out == ledger.timed_out_in_journal);
}

using Decided = std::tuple<std::int64_t, domain::NodeId, domain::TokenId, Outcome>;

std::vector<Decided> decisions_of(const Run& run) {
  std::vector<Decided> all;
  for_each_decision(run, [&](const sim::Record& record, const domain::RequestDecided& decision) {
    all.emplace_back(record.time.ns, decision.node, decision.token, decision.outcome);
  });
  return all;
}

/// When the calls were sent that got no good answer, since the node was lost.
std::vector<double> failures_of(const Run& run) {
  std::vector<double> sent;
  for_each<RequestFinished>(run.journal, RecordKind::kRequestFinished,
                            [&](const sim::Record&, const RequestFinished& call) {
                              if (call.outcome != Outcome::kUnavailable) return;
                              sent.push_back(static_cast<double>((call.sent - sim::VirtualTime{} - kLost).ns) / 1e9);
                            });
  std::sort(sent.begin(), sent.end());
  return sent;
}

}  // namespace

// Between balancer and nodes no time passes, and all nodes are good at every check: it takes the same turns.
TEST_CASE("as long as nothing is lost it does what a balancer does that sees all") {
  for (const auto persistence : {health::Persistence::kNone, health::Persistence::kSourceTable}) {
    world::WorldConfig config = behind_haproxy(3, 5);
    config.sites[0].checked_balancer->persistence = persistence;
    config.sites[0].balancer.persistence = persistence;
    const Run checked = run(config);
    config.sites[0].checked_balancer.reset();
    const Run seeing = run(config);
    CHECK(checked.findings.ledger.sent == seeing.findings.ledger.sent);
    CHECK(checked.findings.latency_p99 == seeing.findings.latency_p99);
    CHECK(decisions_of(checked) == decisions_of(seeing));
    CHECK(decisions_of(checked).size() > 2500);
  }
}

// Refused at once, three times more a second apart, and 503: every other call from the loss until it is noticed, after
// (F - 1) I + U(0, I) = 4 to 6 s. A call that is 5 ms away when the node is lost meets it too. 25 calls a second go
// there, so the last failure is within a second of the detection.
TEST_CASE("a killed node costs every other call until the checks have noticed") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    world::WorldConfig config = behind_haproxy(2, seed);
    lose_node(config, HostLoss::kProcess);
    const Run result = run(config);
    const std::vector<double> failures = failures_of(result);
    REQUIRE(failures.size() > 70);
    CHECK(failures.front() >= -0.02);
    CHECK(failures.back() > 4 - 1);
    CHECK(failures.back() < 6.01);
    CHECK(failures.size() < 200);
    check_books(result.findings);
  }
}

// F T = 6 s more, as each check waits for its time-out.
TEST_CASE("a silent node costs them for as much longer as its checks wait") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    world::WorldConfig config = behind_haproxy(2, seed);
    lose_node(config, HostLoss::kPower);
    const Run result = run(config);
    const std::vector<double> failures = failures_of(result);
    REQUIRE(failures.size() > 180);
    CHECK(failures.front() >= -0.02);
    CHECK(failures.back() > 10 - 1);
    CHECK(failures.back() < 12.01);
    check_books(result.findings);
  }
}

// Whom the killed node refuses the other one serves at once; a call that it had in hand is broken.
TEST_CASE("with redispatch a killed node costs nobody his answer but those whose call it had") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    health::HaproxyOptions options;
    options.redispatch = health::Redispatch::kEveryRetry;
    world::WorldConfig config = behind_haproxy(3, seed, options);
    lose_node(config, HostLoss::kProcess);
    const Run result = run(config);
    CHECK(failures_of(result).size() <= 2);
    CHECK(result.findings.ledger.timed_out == 0);
    check_books(result.findings);
  }
}

TEST_CASE("a node that is back is used again after two good checks") {
  world::WorldConfig config = behind_haproxy(2, 1);
  lose_node(config, HostLoss::kProcess);
  const Run result = run(config);
  // Listening from 41 s on; (R - 1) I + U(0, I) later, 43 to 45 s; the next call for it within a second.
  sim::VirtualTime last_before{};
  sim::VirtualTime first_after = sim::kNever;
  for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& decision) {
    if (decision.node != domain::NodeId{0}) return;
    if (record.time < sim::VirtualTime{} + sim::seconds(40)) last_before = record.time;
    if (record.time > sim::VirtualTime{} + sim::seconds(40)) first_after = std::min(first_after, record.time);
  });
  CHECK(last_before < sim::VirtualTime{} + kLost);
  CHECK(first_after > sim::VirtualTime{} + sim::seconds(43));
  CHECK(first_after < sim::VirtualTime{} + sim::seconds(46));
}

// Everything of the site is gone with its power, calls in hand too; then it goes on.
TEST_CASE("a balancer that loses its own power comes back") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    world::WorldConfig config = behind_haproxy(2, seed);
    config.populations[0].timeout = sim::seconds(2);
    const sim::VirtualTime from = sim::VirtualTime{} + kLost;
    const sim::VirtualTime until = from + sim::seconds(10);
    config.site_outages.push_back({kDataCenter, from, until, world::Disk::kKept});
    for (std::uint32_t link = 0; link < 2; ++link) {
      config.outages.push_back({static_cast<sim::LinkId>(link), from, until, 0});
    }
    config.stage_of_fault = {domain::Stage::kSiteDown};
    const Run result = run(config);
    check_books(result.findings);
    std::size_t late = 0;
    for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided&) {
      late += record.time > until + sim::seconds(10);
    });
    CHECK(late > 1000);  // 50 a second for 30 s
    for (const double sent : failures_of(result)) CHECK(sent < 20);
  }
}

// Requests for tokens take the same way: sessions renew theirs every 10 s.
TEST_CASE("tokens are issued through the balancer, whoever issues them") {
  world::WorldConfig config = behind_haproxy(3, 2);
  config.sites[0].node.token_validity = sim::seconds(10);
  config.catalog.token_validity = sim::seconds(10);
  using runtime::Part;
  const runtime::PartSet gateway{Part::kGateway, Part::kTrafficManager};
  config.sites[0].parts = {gateway, gateway, {Part::kKeyManager, Part::kControlPlane}};
  const Run result = run(config);
  check_books(result.findings);
  CHECK(failures_of(result).empty());
  std::size_t issued = 0;
  for_each<domain::ChangeAcknowledged>(result.journal, RecordKind::kChangeAcknowledged,
                                       [&](const sim::Record&, const domain::ChangeAcknowledged& change) {
                                         if (change.change != domain::ChangeKind::kTokenIssued) return;
                                         ++issued;
                                         CHECK(change.writer == domain::NodeId{2});
                                       });
  CHECK(issued > 100);  // 30 sessions, five or six times each
}

}  // namespace parallax::test
