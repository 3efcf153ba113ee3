// What two counters let through that know nothing of each other, and what they do when they share their counts: from
// the requests of each limit window, by hand.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <tuple>
#include <vector>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

constexpr std::uint64_t kLimit = 20;
constexpr sim::Duration kWindow = sim::minutes(1);

// Requests of one subscription in one limit window that reached the quota check, in order.
struct LimitWindow {
  struct Request {
    std::size_t node;
    sim::VirtualTime time;
    bool is_admitted;
  };
  std::vector<Request> requests;

  std::vector<Request> at_node(std::size_t node) const {
    std::vector<Request> of_node;
    std::copy_if(requests.begin(), requests.end(), std::back_inserter(of_node),
                 [node](const Request& request) { return request.node == node; });
    return of_node;
  }
};

std::uint64_t admitted(const std::vector<LimitWindow::Request>& requests) {
  return static_cast<std::uint64_t>(
      std::count_if(requests.begin(), requests.end(), [](const auto& request) { return request.is_admitted; }));
}

using LimitWindows = std::map<std::tuple<domain::SubscriptionId, std::int64_t>, LimitWindow>;

// A reader of the journal of its own: nothing here comes from the audit.
LimitWindows windows_of(const Run& run) {
  LimitWindows windows;
  for_each_decision(run, [&](const sim::Record& record, const domain::RequestDecided& d) {
    const bool is_admitted = d.outcome == domain::Outcome::kAdmitted;
    if (!is_admitted && d.outcome != domain::Outcome::kQuotaExceeded) return;
    windows[{d.subscription, record.time.ns / kWindow.ns}].requests.push_back(
        {domain::index(d.node), record.time, is_admitted});
  });
  return windows;
}

// Eight subscriptions, each called with `gap` on average at each of two nodes, ten minutes.
world::WorldConfig pair_with_limit(sim::Duration gap, std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  config.duration = sim::minutes(10);
  config.catalog.applications = 8;
  config.catalog.tokens = 8;
  set_limit(config, kLimit, kWindow);
  add_callers(config, {gap.ns / 16});
  return config;
}

// A request every two seconds makes 30 a window, well above the limit; every three seconds 20, which is it, so that in
// some windows a node is offered less.
TEST_CASE("two independent counters without delays admit the limit each: exactly 2L where both are offered it") {
  std::size_t full = 0;
  std::size_t not_full = 0;
  for (const sim::Duration gap : {sim::seconds(2), sim::seconds(3)}) {
    const Run result = run(pair_with_limit(gap, 1));
    for (const auto& [key, window] : windows_of(result)) {
      const auto a = window.at_node(0);
      const auto b = window.at_node(1);
      CHECK(admitted(a) == std::min<std::uint64_t>(a.size(), kLimit));
      CHECK(admitted(b) == std::min<std::uint64_t>(b.size(), kLimit));
      const bool is_full = a.size() >= kLimit && b.size() >= kLimit;
      if (is_full) CHECK(admitted(window.requests) == 2 * kLimit);
      ++(is_full ? full : not_full);
    }
    check_invariants(result);
  }
  CHECK(full > 80);
  CHECK(not_full > 20);
}

// Without delays a node admits first and refuses from its 21st on.
TEST_CASE("a counter without delays admits the first L of its node and refuses the rest of the window") {
  const Run result = run(pair_with_limit(sim::seconds(1), 2));
  for (const auto& [key, window] : windows_of(result)) {
    for (const std::size_t node : {0U, 1U}) {
      const auto requests = window.at_node(node);
      for (std::size_t i = 0; i < requests.size(); ++i) CHECK(requests[i].is_admitted == (i < kLimit));
    }
  }
}

// `lag` is the longest time from a decision to its consequence at the same gateway. Past the limit a node lets through
// only what arrives before the consequence of its own Lth admission.
std::uint64_t between_crossing_and_decision(const std::vector<LimitWindow::Request>& requests, sim::Duration lag) {
  if (requests.size() <= kLimit) return 0;
  const sim::VirtualTime crossing = requests[kLimit - 1].time;
  return static_cast<std::uint64_t>(std::count_if(requests.begin() + kLimit, requests.end(),
                                                  [&](const auto& request) { return request.time < crossing + lag; }));
}

// Ten requests a second at each node and 0.8 s from a decision to its consequence: some 8 between.
TEST_CASE("local delays add the requests between crossing and decision at each node, and nothing else") {
  world::WorldConfig config = pair_with_limit(sim::milliseconds(100), 3);
  config.duration = sim::minutes(3);
  config.sites[0].node.event_delay = sim::milliseconds(300);
  config.sites[0].node.push_delay = sim::milliseconds(500);
  const Run result = run(config);
  std::uint64_t extra_in_all = 0;
  for (const auto& [key, window] : windows_of(result)) {
    std::uint64_t extra = 0;
    for (const std::size_t node : {0U, 1U}) {
      const auto requests = window.at_node(node);
      const std::uint64_t between = between_crossing_and_decision(requests, sim::milliseconds(800));
      CHECK(admitted(requests) == std::min<std::uint64_t>(requests.size(), kLimit) + between);
      extra += between;
    }
    CHECK(admitted(window.requests) <= 2 * kLimit + extra);
    extra_in_all += extra;
  }
  CHECK(extra_in_all > 8 * 3 * 2 * 4);  // 8 subscriptions, 3 windows, 2 nodes, half of what is expected
  check_invariants(result);
}

// A limit of 20 a second and delays of 1.5 s: every event arrives in a later window and is dropped, so nobody is
// refused.
TEST_CASE("a counter that hears of requests only after their window never refuses any") {
  world::WorldConfig config = pair_with_limit(sim::milliseconds(20), 4);
  config.duration = sim::seconds(20);
  set_limit(config, kLimit, sim::seconds(1));
  config.sites[0].node.event_delay = sim::milliseconds(1'500);
  const Run result = run(config);
  std::uint64_t refused = 0;
  for_each_decision(result, [&](const sim::Record&, const domain::RequestDecided& d) {
    refused += d.outcome == domain::Outcome::kQuotaExceeded;
  });
  CHECK(refused == 0);
  CHECK(result.findings.limits.over > 0);
  check_invariants(result);
}

TEST_CASE("a cluster without delays admits exactly L in every window that is offered it") {
  world::WorldConfig config = pair_with_limit(sim::seconds(2), 5);
  config.sites[0].cluster = propagation::ClusterSpec{};
  const Run result = run(config);
  std::size_t full = 0;
  for (const auto& [key, window] : windows_of(result)) {
    CHECK(admitted(window.requests) == std::min<std::uint64_t>(window.requests.size(), kLimit));
    full += window.requests.size() >= kLimit;
  }
  CHECK(full > 70);
  CHECK(result.findings.limits.over == 0);
  CHECK(result.findings.wrong.empty());
  check_invariants(result);
}

// Every counter sees the crossing, the Lth admission at whichever node, after 0.4 s (its own event after 0.1 s), and
// its gateway 0.2 s later: 0.6 s in all.
TEST_CASE("in a cluster with delays the excess is what arrives between the crossing and the decision at any node") {
  world::WorldConfig config = pair_with_limit(sim::milliseconds(100), 6);
  config.duration = sim::minutes(3);
  config.sites[0].cluster = propagation::ClusterSpec{sim::milliseconds(400), {}};
  config.sites[0].node.event_delay = sim::milliseconds(100);
  config.sites[0].node.push_delay = sim::milliseconds(200);
  const Run result = run(config);
  std::uint64_t over = 0;
  for (const auto& [key, window] : windows_of(result)) {
    const std::uint64_t between = between_crossing_and_decision(window.requests, sim::milliseconds(600));
    CHECK(admitted(window.requests) <= kLimit + between);
    over += admitted(window.requests) - std::min(admitted(window.requests), kLimit);
  }
  CHECK(over > 0);
  CHECK(result.findings.limits.over == over);
  check_invariants(result);
}

// Both nodes have admitted the limit by then, so an answer of 429 by one and 200 by the other are seen in turn.
TEST_CASE("near the limit of an unclustered pair the answer flips with the node that is hit") {
  const Run result = run(pair_with_limit(sim::seconds(2), 7));
  CHECK(result.findings.limits.flips > 20);
}

// One call every 20 s, limit 3. Calls at 20 s and 40 s leave the first window open; from then on the call at an edge is
// the first of its window, and the third, 40 s later, raises the decision until the next edge, where the next call
// arrives in the very nanosecond of the expiry.
world::WorldConfig calls_at_the_edges(sim::Duration push_delay) {
  world::WorldConfig config = deployment(1, 1);
  config.duration = sim::minutes(10) + sim::seconds(1);
  set_limit(config, 3, kWindow);
  add_callers(config, sim::seconds(20));
  config.populations[0].gap = sim::Distribution::constant(sim::seconds(20));
  remove_delays(config);
  config.sites[0].node.push_delay = push_delay;
  return config;
}

std::vector<std::int64_t> seconds_refused(const Run& run) {
  std::vector<std::int64_t> seconds;
  for_each_decision(run, [&](const sim::Record& record, const domain::RequestDecided& d) {
    if (d.outcome == domain::Outcome::kQuotaExceeded) seconds.push_back(record.time.ns / sim::seconds(1).ns);
  });
  return seconds;
}

// 60 s, 80 s and 100 s are admitted, 120 s is refused: throttled while the expiry is not before now. It counts nowhere,
// so 140 s and 160 s are two only, and 180 s begins a window of three again. Each is a wrong deny: a new window has
// begun.
TEST_CASE("a request at the edge of a window is refused while the decision still holds") {
  const Run result = run(calls_at_the_edges(sim::milliseconds(1)));
  CHECK(seconds_refused(result) == std::vector<std::int64_t>{120, 240, 360, 480, 600});
  CHECK(result.findings.minutes[0].at(2).wrong_deny == 1);
  check_invariants(result);
}

// The traffic manager lifts its decision at the edge, before it hears of anything else: events of one instant run in
// the order of the sites that scheduled them, and the data center comes before the users.
TEST_CASE("a decision that is lifted without delay does not outlive its window") {
  const Run result = run(calls_at_the_edges({}));
  CHECK(seconds_refused(result).empty());
  check_invariants(result);
}

}  // namespace
}  // namespace parallax::test
