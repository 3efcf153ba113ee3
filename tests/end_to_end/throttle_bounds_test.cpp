// Over-admission path by path (metrology.md, section 1, "Throttling"). In a limit window the gateway i lets through
// what comes until t_i, when the counter that it obeys has been told of as many requests as the limit, or would have
// been if nothing took time; and what comes in the D_i that telling takes and the e_i until it hears so:
//
//   admitted <= sum over i of admitted_i[start, t_i] + arrivals_i(t_i, t_i + D_i + e_i]
//
// Where all are counted together, t_i is the instant at which the single copy is full and the first sums come to the
// limit: over-admission <= sum of arrivals_i(t, t + D_i + e_i]. Where each counts its own, the first sums are limits.
//
// Both sides are computed here from the journal's decisions, and from what throttle_scenarios.h says of delays.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "models/audit/audit.h"
#include "models/domain/journal.h"
#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/load.h"
#include "tests/end_to_end/books.h"
#include "tests/end_to_end/throttle_scenarios.h"

namespace parallax::test {
namespace {

struct Arrival {
  sim::VirtualTime time;
  std::size_t node;
  bool is_admitted;
};
using LimitWindow = std::pair<domain::SubscriptionId, sim::VirtualTime>;  ///< and its start
using Arrivals = std::map<LimitWindow, std::vector<Arrival>>;

// Requests that got as far as the limit, by limit window and in order.
Arrivals arrivals_of(const std::vector<sim::Record>& journal, sim::Duration window) {
  Arrivals arrivals;
  for (const sim::Record& record : journal) {
    if (domain::kind_of(record.body) != domain::RecordKind::kRequestDecided) continue;
    const auto decided = domain::RequestDecided::unpack(record.body);
    const bool is_admitted = decided.outcome == domain::Outcome::kAdmitted;
    if (!is_admitted && decided.outcome != domain::Outcome::kQuotaExceeded) continue;
    const sim::VirtualTime start{record.time.ns / window.ns * window.ns};
    arrivals[{decided.subscription, start}].push_back({record.time, domain::index(decided.node), is_admitted});
  }
  return arrivals;
}

// When those whom its counter counts have been admitted as often as the limit has it; never if they have not.
sim::VirtualTime is_full_at(const ObeyingGateway& gateway, const std::vector<Arrival>& arrivals, std::uint64_t limit) {
  std::uint64_t counted = 0;
  for (const Arrival& arrival : arrivals) {
    const auto& with = gateway.counted_with;
    counted += arrival.is_admitted && std::find(with.begin(), with.end(), arrival.node) != with.end();
    if (counted == limit) return arrival.time;
  }
  return sim::kNever;
}

/// Admissions of one gateway: up to the instant at which its counter is full, and what may follow at the most.
struct Share {
  std::uint64_t until_full{0};
  std::uint64_t late{0};
};

Share share_of(const ObeyingGateway& gateway, const std::vector<Arrival>& arrivals, std::uint64_t limit) {
  const sim::VirtualTime full = is_full_at(gateway, arrivals, limit);
  Share share;
  for (const Arrival& arrival : arrivals) {
    if (arrival.node != gateway.node) continue;
    if (arrival.time <= full) {
      share.until_full += arrival.is_admitted;
    } else {
      share.late += arrival.time <= full + gateway.event_delay + gateway.push_delay;
    }
  }
  return share;
}

struct Tally {
  std::uint64_t windows{0};
  std::uint64_t over{0};
  std::uint64_t over_windows{0};
  std::uint64_t tight{0};  ///< windows with the greatest over-admission that the bound has
};

std::uint64_t admitted(const std::vector<Arrival>& arrivals) {
  return static_cast<std::uint64_t>(
      std::count_if(arrivals.begin(), arrivals.end(), [](const Arrival& arrival) { return arrival.is_admitted; }));
}

void check_bounds(const ThrottleScenario& scenario, const Arrivals& arrivals, Tally& tally) {
  for (const auto& [window, of_it] : arrivals) {
    const std::uint64_t passed = admitted(of_it);
    const std::uint64_t over = passed > scenario.limit ? passed - scenario.limit : 0;
    tally.over += over;
    if (window.second < sim::VirtualTime{} + scenario.settled) continue;
    std::uint64_t most = 0;
    for (const ObeyingGateway& gateway : scenario.gateways) {
      const Share share = share_of(gateway, of_it, scenario.limit);
      most += share.until_full + share.late;
    }
    INFO("subscription " << domain::index(window.first) << ", window from " << window.second.ns << " ns");
    REQUIRE(passed <= most);
    ++tally.windows;
    tally.over_windows += over > 0;
    tally.tight += over > 0 && passed == most;
  }
}

struct PlayedThrottle {
  std::vector<sim::Record> journal;
  audit::Setup setup;
  domain::Catalog catalog;
  sim::VirtualTime end;
};

PlayedThrottle play_throttle(const ThrottleScenario& scenario, std::uint64_t seed) {
  const auto outcome = scenarios::load_text("throttle", scenario.text, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  world::World world{scenarios::compile(outcome.loaded->scenario, seed)};
  PlayedThrottle played;
  world.simulation().add_reader([&](std::span<const sim::Record> records) {
    played.journal.insert(played.journal.end(), records.begin(), records.end());
  });
  world.run();
  played.setup = world.audit_setup();
  played.catalog = world.catalog();
  played.end = world.simulation().now();
  return played;
}

audit::Findings findings_of(const PlayedThrottle& played, const std::vector<sim::Record>& journal) {
  audit::Setup setup = played.setup;
  setup.catalog = &played.catalog;
  audit::Audit audit{std::move(setup)};
  audit.read(journal);
  return audit.finish(played.end);
}

std::uint64_t wrong_allows_by_quota(const audit::Findings& findings) {
  std::uint64_t sum = 0;
  for (const auto& [key, count] : findings.wrong) {
    const bool is_allow = std::get<audit::DecisionError>(key) == audit::DecisionError::kWrongAllow;
    if (is_allow && std::get<audit::Why>(key) == audit::Why::kQuota) sum += count;
  }
  return sum;
}

std::uint64_t over_admission(const ThrottleScenario& scenario, const Arrivals& arrivals) {
  return std::accumulate(arrivals.begin(), arrivals.end(), std::uint64_t{0}, [&](std::uint64_t sum, const auto& of) {
    const std::uint64_t passed = admitted(of.second);
    return sum + (passed > scenario.limit ? passed - scenario.limit : 0);
  });
}

// The decisions of one limit window alone, as a journal of their own with all that is no decision.
std::vector<sim::Record> only_window(const std::vector<sim::Record>& journal, const LimitWindow& window,
                                     sim::Duration width) {
  std::vector<sim::Record> kept;
  for (const sim::Record& record : journal) {
    const bool is_decision = domain::kind_of(record.body) == domain::RecordKind::kRequestDecided;
    const bool is_within = record.time >= window.second && record.time < window.second + width;
    if (is_decision && !(is_within && domain::RequestDecided::unpack(record.body).subscription == window.first))
      continue;
    kept.push_back(record);
  }
  return kept;
}

void check_each_window(const ThrottleScenario& scenario, const PlayedThrottle& played, const Arrivals& arrivals) {
  for (const auto& [window, of_it] : arrivals) {
    const auto findings = findings_of(played, only_window(played.journal, window, scenario.window));
    REQUIRE(wrong_allows_by_quota(findings) == over_admission(scenario, {{window, of_it}}));
  }
}

Tally check_throttles(std::uint64_t first, std::uint64_t last) {
  Tally tally;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const ThrottleScenario scenario = random_throttle(seed);
    INFO("seed " << seed << "\n" << scenario.text);
    const PlayedThrottle played = play_throttle(scenario, seed);
    const Arrivals arrivals = arrivals_of(played.journal, scenario.window);
    check_bounds(scenario, arrivals, tally);
    const audit::Findings findings = findings_of(played, played.journal);
    check_books(findings);
    REQUIRE(findings.limits.over == over_admission(scenario, arrivals));
    REQUIRE(wrong_allows_by_quota(findings) == findings.limits.over);
    if (seed % 10 == 0) check_each_window(scenario, played, arrivals);
  }
  return tally;
}

}  // namespace

// Not vacuous, and not loose: some windows have all the over-admission that the bound lets them have.
TEST_CASE("in 500 throttled deployments over-admission is what comes until gateways hear, at most") {
  const Tally tally = check_throttles(1, 500);
  CHECK(tally.windows > 2'000);
  CHECK(tally.over_windows > 500);
  CHECK(tally.over > 5'000);
  CHECK(tally.tight > 200);
}

TEST_CASE("in 10,000 throttled deployments over-admission is what comes until gateways hear, at most", "[.][soak]") {
  CHECK(check_throttles(501, 10'500).over > 100'000);
}

}  // namespace parallax::test
