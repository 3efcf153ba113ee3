// Issues of the product that these parts reproduce: each once as it happened and once cured.
#include <catch2/catch.hpp>

#include "models/logic/throttling/check.h"
#include "models/logic/throttling/counter_store.h"
#include "models/logic/throttling/event_publisher.h"
#include "models/logic/throttling/startup_pull.h"
#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using domain::Outcome;
using testing::at;
using testing::at_ms;
using testing::per_minute;
using testing::subscriber;

// One gateway and two counter stores, with no delay between them.
struct Deployment {
  explicit Deployment(const PublisherOptions& options) : publisher{options, at(0)}, gateway{{}, nullptr} {
    gateway.policies.set(testing::kSubscriptionTier, per_minute(10));
    for (CounterStore& store : stores) store.set_policy(testing::kSubscriptionTier, per_minute(10));
  }

  // How many of `times` calls at `now` get through.
  int admit(int times, const Subject& subject, sim::VirtualTime now) {
    int admitted = 0;
    for (int i = 0; i < times; ++i) {
      const CheckResult result = check(gateway, subject, now);
      admitted += result.outcome == Outcome::kAdmitted ? 1 : 0;
      if (result.publish == Publish::kYes) publisher.put({subject, now});
      deliver(now);
    }
    return admitted;
  }

  void deliver(sim::VirtualTime now) {
    CounterStore::Messages decisions;
    publisher.drain([&](StoreId id, std::span<const ThrottleEvent> events) {
      for (const ThrottleEvent& event : events) stores[static_cast<std::size_t>(id)].count(event, now, decisions);
      return Sent::kYes;
    });
    testing::apply(gateway.decisions, decisions);
  }

  EventPublisher publisher;
  Limits gateway;
  std::array<CounterStore, 2> stores{CounterStore{{}}, CounterStore{{}}};
};

// Of a limit of 10, each store sees every other call. The first has seen 10 with the 19th: 19 of them, not 10.
TEST_CASE("pa#11462, two round-robin TMs: limit doubled") {
  Deployment deployment{{.groups = {{{StoreId{0}, StoreId{1}}, Spread::kRoundRobin}}}};
  CHECK(deployment.admit(100, subscriber(), at(0)) == 19);
}

TEST_CASE("pa#11462 cured: each counter store gets a copy") {
  Deployment deployment{{.groups = {{{StoreId{0}}}, {{StoreId{1}}}}}};
  CHECK(deployment.admit(100, subscriber(), at(0)) == 10);
}

// The gateway sends 9 calls at 30 s into an outage that ends at 60 s; the limit is 10.
int admitted_after_backlog(LateEvents late_events) {
  Deployment deployment{{.groups = {{{StoreId{0}}}}}};
  CounterStoreOptions options;
  options.counting.late_events = late_events;
  deployment.stores[0] = CounterStore{options};  // restarted
  deployment.stores[0].set_policy(testing::kSubscriptionTier, per_minute(10));
  deployment.publisher.mark_down(StoreId{0});
  deployment.admit(9, subscriber(), at(30));
  deployment.publisher.check_connections(at(60), [](StoreId) { return true; });
  deployment.deliver(at(60));
  return deployment.admit(100, subscriber(), at(61));
}

TEST_CASE("am#3322, backlog counted in TM's first window: early 429") {
  CHECK(admitted_after_backlog(LateEvents::kCountOnArrival) == 1);
}

TEST_CASE("am#3322 cured: what predates the window is dropped") {
  CHECK(admitted_after_backlog(LateEvents::kDrop) == 10);
}

constexpr KeyTemplate kPerUser{TemplateId{1}, {Variable::kUserId}};

// A gateway that starts at 0 s while the control plane is away until 10 s, asked as `options` say; what it answers a
// user whom a custom policy throttles, at 20 s.
Outcome outcome_of_throttled_user(StartupPullOptions options) {
  Limits gateway{{}, nullptr};
  StartupPull pull{options, at(0)};
  while (pull.next_attempt() <= at(20)) {
    const sim::VirtualTime now = pull.next_attempt();
    if (now < at(10)) {
      pull.failed(now);
    } else {
      gateway.templates.add(kPerUser);
      pull.answered();
    }
  }
  gateway.decisions.apply({expand(kPerUser, testing::caller(), {}), at(60), true});
  return check(gateway, testing::caller(), at(20)).outcome;
}

TEST_CASE("am#4862, new gateway missed key templates: custom policy ignored") {
  CHECK(outcome_of_throttled_user({}) == Outcome::kAdmitted);
}

TEST_CASE("am#4862 cured: the templates are pulled again") {
  CHECK(outcome_of_throttled_user({.retry_every = sim::seconds(4)}) == Outcome::kCustomQuotaExceeded);
}

TEST_CASE("am#4862 cured: the templates are pushed") {
  Limits gateway{{}, nullptr};
  gateway.decisions.apply({expand(kPerUser, testing::caller(), {}), at(60), true});
  CHECK(check(gateway, testing::caller(), at(20)).outcome == Outcome::kAdmitted);
  gateway.templates.add(kPerUser);
  CHECK(check(gateway, testing::caller(), at(20)).outcome == Outcome::kCustomQuotaExceeded);
}

// A counter store that starts at 0 s, the control plane at 10 s; who gets through of 100 calls at 20 s, limit 10.
int admitted_by_early_store(StartupPullOptions options) {
  Deployment deployment{{.groups = {{{StoreId{0}}}}}};
  deployment.stores[0] = CounterStore{{}};
  StartupPull pull{options, at(0)};
  while (pull.next_attempt() <= at(20)) {
    const sim::VirtualTime now = pull.next_attempt();
    if (now < at(10)) {
      pull.failed(now);
    } else {
      deployment.stores[0].set_policy(testing::kSubscriptionTier, per_minute(10));
      pull.answered();
    }
  }
  CHECK(pull.is_answered() == options.retry_every.has_value());
  return deployment.admit(100, subscriber(), at(20));
}

TEST_CASE("am#1920, TM started before control plane: policies lost, no retry") {
  CHECK(admitted_by_early_store({}) == 100);
}

TEST_CASE("am#1920 cured: the pull is retried") {
  CHECK(admitted_by_early_store({.retry_every = sim::seconds(5)}) == 10);
}

// Four gateways get one call each 10 ms in turn, 25 each within the second; the burst limit is 10 a second. Global
// counters are synchronised every 50 ms.
int admitted_by_four_gateways(LimitScope scope) {
  InMemorySharedCounter shared;
  LimitOptions options;
  options.bursts.scope = scope;
  std::vector<Limits> gateways;
  for (int i = 0; i < 4; ++i) {
    gateways.emplace_back(options, &shared);
    gateways.back().policies.set(testing::kSubscriptionTier, testing::with_burst({10, sim::seconds(1)}));
  }
  int admitted = 0;
  for (int call = 0; call < 100; ++call) {
    if (call % 5 == 0) {
      for (Limits& gateway : gateways) synchronise(gateway);
    }
    Limits& gateway = gateways[static_cast<std::size_t>(call % 4)];
    admitted += check(gateway, subscriber(), at_ms(10 * call)).outcome == Outcome::kAdmitted ? 1 : 0;
  }
  return admitted;
}

TEST_CASE("pa#4884, limit grows with gateway count") { CHECK(admitted_by_four_gateways(LimitScope::kNode) == 4 * 10); }

// What remains is what three others admit between two of their reports: in 50 ms at most 2 calls each.
TEST_CASE("pa#4884 cured: the limit is global, but for what is not yet synchronised") {
  const int admitted = admitted_by_four_gateways(LimitScope::kGlobal);
  CHECK(admitted >= 10);
  CHECK(admitted <= 10 + 3 * 2);
}

}  // namespace
}  // namespace parallax::logic::throttling
