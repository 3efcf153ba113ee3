// Nodes whose clocks are off: which tokens they take and which limits they keep, from the arrival instants in the
// journal, by hand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "models/world/world.h"
#include "sim/random.h"
#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

using audit::DecisionError;
using audit::Why;
using domain::Outcome;
using domain::Stage;
using runtime::Part;
using sim::Duration;
using sim::VirtualTime;

// The gateway's node is the first.
constexpr std::uint32_t kGateway = 0;
constexpr std::uint32_t kOther = 1;

void put_off(world::WorldConfig& config, std::optional<std::uint32_t> node, Duration offset, std::int64_t drift = 0) {
  const auto number = static_cast<std::uint32_t>(config.stage_of_fault.size());
  config.stage_of_fault.push_back(Stage::kSiteDown);
  config.clock_faults.push_back(
      {kDataCenter, node, offset, drift, number, {{VirtualTime{}, VirtualTime{} + config.duration}}});
}

using Wrong = std::map<std::tuple<DecisionError, Why, Stage>, std::uint64_t>;

Wrong wrong_of(const audit::Findings& findings) {
  Wrong wrong;
  for (const auto& [key, count] : findings.wrong) {
    wrong[{std::get<DecisionError>(key), std::get<Why>(key), std::get<Stage>(key)}] += count;
  }
  return wrong;
}

void count(Wrong& wrong, DecisionError error, Why why) { ++wrong[{error, why, Stage::kClockSkew}]; }

// A gateway and a key manager, ways of 20 s: a call sent just before its token expires arrives up to 20 s after.
// Tokens of 100 s, six sessions, 15 minutes. The tokens of the start carry the right time.
world::WorldConfig issuing(logic::tokens::TokenType type, std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  config.duration = sim::minutes(15);
  config.sites[0].parts = {{Part::kGateway, Part::kTrafficManager}, {Part::kKeyManager, Part::kControlPlane}};
  config.sites[0].node.gateway.tokens = type;
  config.sites[0].node.token_validity = sim::seconds(100);
  config.catalog.token_validity = sim::seconds(100);
  config.catalog.tokens = 6;
  for (sim::LinkSpec& link : config.links) link.delay = sim::Distribution::constant(sim::seconds(20));
  add_callers(config, sim::milliseconds(100));
  config.populations[0].timeout = sim::minutes(2);
  return config;
}

struct Validity {
  VirtualTime ends;  ///< really
  bool is_issued;
};

std::map<domain::TokenId, Validity> validities_of(const Run& run) {
  std::map<domain::TokenId, Validity> validities;
  for (std::uint32_t id = 0; id < run.catalog.tokens.size(); ++id) {
    validities[domain::TokenId{id}] = {run.catalog.tokens[id].expires, false};
  }
  for_each<domain::ChangeAcknowledged>(run.journal, domain::RecordKind::kChangeAcknowledged,
                                       [&](const auto&, const domain::ChangeAcknowledged& change) {
                                         validities[domain::TokenId{change.object.id()}] = {change.expires, true};
                                       });
  return validities;
}

}  // namespace

// Issued at t by a key manager whose clock is s ahead it says t + s + V; a gateway that is g ahead takes it while
// now + g < t + s + V, so until t + V + s - g exactly. Whom it refuses before t + V it refuses wrongly, whom it takes
// from then on it takes wrongly. Both happen only while calls are under way: clients renew at t + V.
TEST_CASE("a signed token is taken until its end plus the issuer's lead minus the gateway's, and no other is wrong") {
  struct Leads {
    std::int64_t issuer;
    std::int64_t gateway;
  };
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  for (const Leads leads : {Leads{5, -3}, Leads{-4, 6}, Leads{7, 7}, Leads{0, -9}, Leads{0, 9}, Leads{12, 0},
                            Leads{-12, 0}, Leads{-8, -8}}) {
    INFO("issuer " << leads.issuer << " s, gateway " << leads.gateway << " s");
    world::WorldConfig config = issuing(logic::tokens::TokenType::kJwt, 1);
    if (leads.issuer != 0) put_off(config, kOther, sim::seconds(leads.issuer));
    if (leads.gateway != 0) put_off(config, kGateway, sim::seconds(leads.gateway));
    const Run result = run(config);
    const auto validities = validities_of(result);
    Wrong expected;
    std::uint64_t unlike = 0;
    for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& d) {
      const Validity& token = validities.at(d.token);
      const Duration lead = sim::seconds((token.is_issued ? leads.issuer : 0) - leads.gateway);
      const bool is_taken = record.time < token.ends + lead;
      unlike += is_taken != (d.outcome == Outcome::kAdmitted);
      const bool is_good = record.time < token.ends;
      if (is_taken && !is_good) count(expected, DecisionError::kWrongAllow, Why::kTokenExpiry);
      if (!is_taken && is_good) count(expected, DecisionError::kWrongDeny, Why::kTokenExpiry);
      early += !is_taken && is_good;
      late += is_taken && !is_good;
    });
    CHECK(unlike == 0);
    CHECK((wrong_of(result.findings) == expected));
    check_invariants(result);
  }
  CHECK(early > 500);
  CHECK(late > 500);
}

// The key manager is asked with each call (no cache) and judges by its own clock, then the gateway judges again by its
// own: the one that is further ahead decides.
TEST_CASE("an opaque token is taken while both the key manager's clock and the gateway's say so") {
  for (const std::int64_t gateway : {-6, 6}) {
    for (const std::int64_t issuer : {-9, 9}) {
      INFO("issuer " << issuer << " s, gateway " << gateway << " s");
      world::WorldConfig config = issuing(logic::tokens::TokenType::kOpaque, 2);
      config.sites[0].node.gateway.pipeline.caching = logic::gateway::TokenCaching::kOff;
      config.sites[0].database.access_time = {};
      put_off(config, kOther, sim::seconds(issuer));
      put_off(config, kGateway, sim::seconds(gateway));
      const Run result = run(config);
      const auto validities = validities_of(result);
      Wrong expected;
      std::uint64_t unlike = 0;
      for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& d) {
        const Validity& token = validities.at(d.token);
        const std::int64_t stamped = token.is_issued ? issuer : 0;
        const bool is_taken = record.time < token.ends + sim::seconds(stamped - std::max(issuer, gateway));
        unlike += is_taken != (d.outcome == Outcome::kAdmitted);
        const bool is_good = record.time < token.ends;
        if (is_taken && !is_good) count(expected, DecisionError::kWrongAllow, Why::kTokenExpiry);
        if (!is_taken && is_good) count(expected, DecisionError::kWrongDeny, Why::kTokenExpiry);
      });
      CHECK(unlike == 0);
      CHECK((wrong_of(result.findings) == expected));
      check_invariants(result);
    }
  }
}

namespace {

constexpr std::uint64_t kLimit = 20;
constexpr Duration kWindow = sim::minutes(1);

// A gateway and a traffic manager without delays between them, one subscription, two requests a second and then one in
// three: windows that are used up, and some that are not.
world::WorldConfig limited(Duration manager, Duration gateway, Duration gap, std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  config.duration = sim::minutes(20);
  config.sites[0].parts = {{Part::kGateway, Part::kKeyManager}, {Part::kTrafficManager, Part::kControlPlane}};
  set_limit(config, kLimit, kWindow);
  add_callers(config, gap);
  if (manager.ns != 0) put_off(config, kOther, manager);
  if (gateway.ns != 0) put_off(config, kGateway, gateway);
  return config;
}

/// What the single copy makes of what was let through.
class TrueWindows {
 public:
  std::optional<DecisionError> judge(VirtualTime now, bool is_admitted) {
    std::uint64_t& admitted = admitted_[now.ns / kWindow.ns];
    const bool is_over = admitted >= kLimit;
    admitted += is_admitted;
    if (is_admitted == !is_over) return std::nullopt;
    return is_admitted ? DecisionError::kWrongAllow : DecisionError::kWrongDeny;
  }

 private:
  std::map<std::int64_t, std::uint64_t> admitted_;
};

/// Runs it, and compares each decision with what `admits` says of its instant, and the audit with both.
template <typename Admits>
std::uint64_t check_limited(const world::WorldConfig& config, Admits&& admits) {
  const Run result = run(config);
  Wrong expected;
  TrueWindows windows;
  std::uint64_t unlike = 0;
  for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& d) {
    const bool is_admitted = d.outcome == Outcome::kAdmitted;
    unlike += is_admitted != admits(record.time);
    if (const auto error = windows.judge(record.time, is_admitted)) count(expected, *error, Why::kQuota);
  });
  CHECK(unlike == 0);
  CHECK((wrong_of(result.findings) == expected));
  check_invariants(result);
  std::uint64_t errors = 0;
  for (const auto& [key, times] : expected) errors += times;
  return errors;
}

constexpr Duration kLead = sim::seconds(10);
constexpr Duration kGaps[] = {sim::milliseconds(500), sim::seconds(3)};

}  // namespace

// Of each window [E, E + T) the last 10 s are another's for one of the two: a manager that is ahead has begun its next
// window and throws away what is dated before it; a gateway that is ahead takes the decision for over. All pass there,
// and the quota counts from E on. At most the requests of those 10 s are too many.
TEST_CASE("one clock ahead of the other lets all pass at the end of each window, and nothing else is wrong") {
  std::uint64_t errors = 0;
  for (const Duration gap : kGaps) {
    for (const bool is_manager : {true, false}) {
      std::map<std::int64_t, std::uint64_t> counted;
      errors += check_limited(limited(is_manager ? kLead : Duration{}, is_manager ? Duration{} : kLead, gap, 3),
                              [&](VirtualTime now) {
                                const Duration left = kWindow - Duration{now.ns % kWindow.ns};
                                if (left < kLead) return true;
                                return counted[now.ns / kWindow.ns]++ < kLimit;
                              });
    }
  }
  CHECK(errors > 500);  // some 20 in each of 40 windows
}

// Here it is the first 10 s: the manager still has the old window, whose decisions the gateway takes for over; or the
// gateway dates its requests before the window that the manager has begun, which throws them away. Then the whole quota
// is left.
TEST_CASE("one clock behind the other lets all pass at the start of each window, and nothing else is wrong") {
  std::uint64_t errors = 0;
  const Duration behind = Duration{} - kLead;
  for (const Duration gap : kGaps) {
    for (const bool is_manager : {true, false}) {
      std::map<std::int64_t, std::uint64_t> counted;
      errors += check_limited(limited(is_manager ? behind : Duration{}, is_manager ? Duration{} : behind, gap, 4),
                              [&](VirtualTime now) {
                                if (Duration{now.ns % kWindow.ns} < kLead) return true;
                                return counted[now.ns / kWindow.ns]++ < kLimit;
                              });
    }
  }
  CHECK(errors > 500);
}

// In step with each other they keep the limit, in windows of their own: [E - 10 s, E + T - 10 s). Of the right window
// the requests of its last 10 s are too many, up to one quota; and what of the next quota they use is missing there.
TEST_CASE(
    "two clocks that are ahead together shift the windows: up to a quota too many, and as many refused too soon") {
  for (const Duration lead : {kLead, Duration{} - kLead}) {
    std::uint64_t errors = 0;
    for (const Duration gap : kGaps) {
      std::map<std::int64_t, std::uint64_t> counted;
      errors += check_limited(limited(lead, lead, gap, 5), [&](VirtualTime now) {
        return counted[sim::floor_to(now + lead, kWindow).ns]++ < kLimit;
      });
    }
    CHECK(errors > 200);
  }
}

// 100,000 ppm: 6 s a minute. The n-th window ends when both clocks show n minutes, at n x 60 / 1.1 s. The manager's
// timer sleeps 60 s where 54.5 would do, but the gateway's own clock tells it that the decision is over, and the first
// request that it then lets through opens the manager's next window.
TEST_CASE("a clock that gains makes windows shorter, to the nanosecond") {
  world::WorldConfig config = limited({}, {}, sim::milliseconds(500), 6);
  config.duration = sim::minutes(5);
  put_off(config, std::nullopt, {}, 100'000'000);
  const Run result = run(config);
  domain::ClockError clock;
  clock.add({0, {}, 100'000'000, {{VirtualTime{}, VirtualTime{} + config.duration}}});
  std::map<std::int64_t, std::uint64_t> counted;
  std::uint64_t unlike = 0;
  for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided& d) {
    const VirtualTime start = sim::floor_to(clock.reading(record.time), kWindow);
    const bool admits = counted[start.ns] < kLimit;
    unlike += admits != (d.outcome == Outcome::kAdmitted);
    counted[start.ns] += admits;
  });
  CHECK(unlike == 0);
  check_invariants(result);
}

// Of what is dear to the clock only differences matter: if all are off by the same whole number of windows, not one
// decision is another than with right clocks. Every token in use is one that was issued in the run: those of the start
// expire at once.
TEST_CASE("in 40 deployments clocks that are all off by the same windows change no decision") {
  std::uint64_t refused = 0;
  std::uint64_t decisions = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    world::WorldConfig config = deployment(1 + static_cast<std::uint32_t>(seed % 3), seed);
    config.duration = sim::minutes(4);
    config.catalog.applications = 4;
    config.catalog.tokens = 12;
    config.catalog.token_validity = sim::nanoseconds(1);
    config.sites[0].node.token_validity = sim::seconds(20 + static_cast<std::int64_t>(seed));
    config.sites[0].node.gateway.pipeline.cache.ttl = sim::seconds(7);
    config.sites[0].node.push_delay = sim::milliseconds(static_cast<std::int64_t>(seed % 4) * 150);
    if (seed % 2 == 0) config.sites[0].node.gateway.tokens = logic::tokens::TokenType::kJwt;
    for (sim::LinkSpec& link : config.links) link.delay = sim::Distribution::constant(sim::seconds(2));
    set_limit(config, kLimit, sim::seconds(30));
    add_callers(config, sim::milliseconds(200));
    world::WorldConfig off = config;
    // Opaque tokens: ahead only. By a clock that is behind those of the start are good, and handed out again.
    const std::int64_t behind_and_ahead = static_cast<std::int64_t>(seed % 11) - 5;
    const std::int64_t windows = seed % 2 == 0 ? behind_and_ahead : std::abs(behind_and_ahead);
    put_off(off, std::nullopt, sim::seconds(30 * (windows == 0 ? 6 : windows)));
    using Decision = std::tuple<std::int64_t, domain::NodeId, domain::TokenId, domain::ApiId, Outcome>;
    const auto decisions_of = [](const Run& run) {
      std::vector<Decision> all;
      for_each_decision(run, [&](const sim::Record& record, const domain::RequestDecided& d) {
        all.emplace_back(record.time.ns, d.node, d.token, d.api, d.outcome);
      });
      return all;
    };
    const Run right = run(config);
    const Run shifted = run(off);
    const auto expected = decisions_of(right);
    CHECK((decisions_of(shifted) == expected));
    CHECK((shifted.findings.wrong == right.findings.wrong));
    check_invariants(shifted);
    decisions += expected.size();
    refused += static_cast<std::uint64_t>(std::count_if(expected.begin(), expected.end(), [](const Decision& d) {
      return std::get<Outcome>(d) != Outcome::kAdmitted;
    }));
  }
  CHECK(decisions > 20'000);
  CHECK(refused > 1'000);
}

// Offsets of up to 20 s, drifts of up to a tenth, on one node or all, for some of the run and several at once. The
// oracle knows what is right, and of what is wrong whether an expiry, a quota or a change is to blame.
TEST_CASE("in 40 deployments with clocks that are off at random, the audit finds what the oracle finds") {
  std::uint64_t for_expiry = 0;
  std::uint64_t by_clocks = 0;
  std::uint64_t by_others = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    sim::Stream dice{seed, "clocks", "dice"};
    const auto up_to = [&dice](std::uint64_t most) { return static_cast<std::int64_t>(dice.below(most + 1)); };
    const auto nodes = static_cast<std::uint32_t>(1 + up_to(2));
    world::WorldConfig config = deployment(nodes, seed);
    config.duration = sim::minutes(4);
    config.catalog.applications = 4;
    config.catalog.tokens = 12;
    config.catalog.token_validity = sim::seconds(60);
    config.sites[0].node.token_validity = sim::seconds(60);
    config.sites[0].node.gateway.pipeline.cache.ttl = sim::seconds(9);
    config.sites[0].node.push_delay = sim::milliseconds(up_to(800));
    for (sim::LinkSpec& link : config.links) link.delay = sim::Distribution::constant(sim::seconds(5));
    set_limit(config, kLimit, sim::seconds(30));
    add_callers(config, sim::milliseconds(100));
    config.populations[0].timeout = sim::seconds(60);
    add_revocations(config, sim::seconds(20), sim::minutes(3), sim::seconds(10));
    for (int fault = 0; fault < 3; ++fault) {
      const auto node = static_cast<std::uint32_t>(up_to(nodes));
      const Duration offset = sim::milliseconds(up_to(40'000) - 20'000);
      const std::int64_t drift = up_to(1) == 0 ? 0 : up_to(200'000'000) - 100'000'000;
      put_off(config, node == nodes ? std::nullopt : std::optional{node}, offset, drift);
      const VirtualTime from = VirtualTime{} + sim::milliseconds(up_to(120'000));
      const VirtualTime until = from + sim::milliseconds(1 + up_to(119'000));
      config.clock_faults.back().spells = {{from, until}};
    }
    const Run result = run(config);
    check_invariants(result);
    for (const auto& [key, times] : result.findings.wrong) {
      for_expiry += std::get<Why>(key) == Why::kTokenExpiry ? times : 0;
      (std::get<Stage>(key) == Stage::kClockSkew ? by_clocks : by_others) += times;
    }
  }
  CHECK(for_expiry > 500);
  CHECK(by_clocks > for_expiry);
  CHECK(by_others > 500);
}

// One reading for each decision while it lasts: without a limit no request is dated. The second fault is over before
// anybody calls.
TEST_CASE("a clock fault has touched as much as its clock was read while it was on") {
  world::WorldConfig config = issuing(logic::tokens::TokenType::kJwt, 7);
  put_off(config, kGateway, sim::seconds(1));
  config.clock_faults[0].spells = {{VirtualTime{} + sim::minutes(5), VirtualTime{} + sim::minutes(10)}};
  put_off(config, kOther, sim::seconds(1));
  config.clock_faults[1].spells = {{VirtualTime{}, VirtualTime{} + sim::nanoseconds(1)}};
  world::World world{config};
  std::uint64_t decisions = 0;
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    for (const sim::Record& record : journal) {
      const bool is_on =
          record.time >= VirtualTime{} + sim::minutes(5) && record.time < VirtualTime{} + sim::minutes(10);
      decisions += is_on && domain::kind_of(record.body) == domain::RecordKind::kRequestDecided;
    }
  });
  world.run();
  CHECK(decisions > 1'000);
  CHECK((world.touched() == std::vector<std::uint64_t>{decisions, 0}));
}

}  // namespace parallax::test
