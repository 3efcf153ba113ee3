#include <catch2/catch.hpp>

#include "models/logic/throttling/check.h"
#include "models/logic/throttling/counter_store.h"
#include "models/logic/throttling/event_publisher.h"
#include "tests/models/logic/throttling/worlds.h"
#include "tests/support/allocations.h"

namespace parallax::logic::throttling {
namespace {

using testing::at_ms;

// Everything on: tiers at every level, bursts, a custom policy, a hard limit, two counter stores with distributed
// counters, decisions that come and go.
struct Deployment {
  Deployment() : gateway{options(), &bursts}, publisher{{.groups = {{{StoreId{0}}}, {{StoreId{1}}}}}, at_ms(0)} {
    Policy policy = testing::per_minute(40);
    policy.quota.window = fixed_window(sim::milliseconds(100));
    policy.burst = {30, sim::seconds(1)};
    CustomPolicy custom;
    custom.key_template = {TemplateId{1}, {Variable::kUserId, Variable::kClientIp}};
    custom.quota = requests(35, fixed_window(sim::milliseconds(100)));
    gateway.templates.add(custom.key_template);
    gateway.hard_limits.set(domain::ApiId{20}, KeyType::kProduction, {100, kHardLimitUnit});
    gateway.blocking.set(domain::UserId{77}, Switch::kOn);
    CounterStoreOptions counting;
    counting.counting.scope = CounterScope::kDistributed;
    for (int i = 0; i < 2; ++i) {
      stores.emplace_back(counting);
      stores.back().set_custom_policies({custom});
    }
    for (const domain::TierId tier :
         {testing::kApplicationTier, testing::kSubscriptionTier, testing::kApiTier, testing::kResourceTier}) {
      gateway.policies.set(tier, policy);
      for (CounterStore& store : stores) store.set_policy(tier, policy);
    }
  }

  static LimitOptions options() {
    LimitOptions global;
    global.bursts.scope = LimitScope::kGlobal;
    return global;
  }

  // Two seconds of 50 users, a call each millisecond.
  void run(std::int64_t start_ms) {
    for (std::int64_t ms = start_ms; ms < start_ms + 2'000; ++ms) {
      Subject subject = testing::tiered_caller();
      subject.user = domain::UserId{static_cast<std::uint32_t>(ms % 50)};
      gateway.bursts.prefetch(subject.subscription);
      const CheckResult result = check(gateway, subject, at_ms(ms));
      refused += result.outcome != domain::Outcome::kAdmitted ? 1 : 0;
      if (result.publish == Publish::kYes) publisher.put({subject, at_ms(ms)});
      deliver(at_ms(ms));
    }
  }

  void deliver(sim::VirtualTime now) {
    messages.clear();
    publisher.drain([&](StoreId id, std::span<const ThrottleEvent> events) {
      for (const ThrottleEvent& event : events) stores[static_cast<std::size_t>(id)].count(event, now, messages);
      return Sent::kYes;
    });
    for (CounterStore& store : stores) {
      store.expire(now, messages);
      store.synchronise(counts, messages);
    }
    synchronise(gateway);
    testing::apply(gateway.decisions, messages);
  }

  InMemorySharedCounter bursts{};
  InMemorySharedCounter counts{};
  Limits gateway;
  EventPublisher publisher;
  std::vector<CounterStore> stores{};
  CounterStore::Messages messages{};
  int refused{0};
};

TEST_CASE("in steady state nothing on the way of a call asks for memory") {
  Deployment deployment;
  deployment.run(0);
  REQUIRE(deployment.refused > 0);
  const std::uint64_t before = parallax::testing::allocations();
  deployment.run(2'000);
  CHECK(parallax::testing::allocations() == before);
  if (parallax::testing::kCountsAllocations) {
    CHECK(before > 0);
  }
}

}  // namespace
}  // namespace parallax::logic::throttling
