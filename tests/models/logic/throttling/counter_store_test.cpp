#include "models/logic/throttling/counter_store.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::at;
using testing::count;
using testing::per_minute;
using testing::subscriber;
using Messages = CounterStore::Messages;

CounterStore store_of(const Policy& policy, CountingOptions counting = {}) {
  CounterStore store{{counting, {}}};
  store.set_policy(testing::kSubscriptionTier, policy);
  return store;
}

ThrottleKey key() { return subscription_key(subscriber()); }

TEST_CASE("count >= limit gives isThrottled, so the Nth counted request raises it") {
  CounterStore store = store_of(per_minute(20));
  CHECK(count(store, 19, subscriber(), at(70)).empty());
  // The window that holds 80 s is [60 s, 120 s).
  CHECK(count(store, 1, subscriber(), at(80)) == Messages{{key(), at(120), true}});
}

TEST_CASE("sent on state change and again for each counted event while throttled") {
  CounterStore store = store_of(per_minute(20));
  count(store, 20, subscriber(), at(0));
  CHECK(count(store, 3, subscriber(), at(59)) == Messages(3, {key(), at(60), true}));
}

TEST_CASE("at window end the batch expires and isThrottled=false is sent") {
  CounterStore store = store_of(per_minute(2));
  CHECK(store.next_expiry() == sim::kNever);
  count(store, 1, subscriber(), at(0));
  CHECK(store.next_expiry() == sim::kNever);  // nobody is throttled: nothing to say
  count(store, 1, subscriber(), at(1));
  CHECK(store.next_expiry() == at(60));
  Messages out;
  store.expire(at(60) - sim::nanoseconds(1), out);
  CHECK(out.empty());
  store.expire(at(60), out);
  CHECK(out == Messages{{key(), at(60), false}});
  CHECK(count(store, 1, subscriber(), at(60)).empty());
  // A host that is late gets the false before what the next window says.
  count(store, 1, subscriber(), at(61));
  CHECK(count(store, 2, subscriber(), at(130)) == Messages{{key(), at(120), false}, {key(), at(180), true}});
}

// 19 in the last nanosecond before the edge and 19 at the edge: two windows of 19, not one of 38.
TEST_CASE("tumbling, epoch-aligned on the counter store's clock") {
  CounterStore store = store_of(per_minute(20));
  CHECK(count(store, 19, subscriber(), at(60) - sim::nanoseconds(1)).empty());
  CHECK(count(store, 19, subscriber(), at(60)).empty());
  CHECK(count(store, 1, subscriber(), at(120) - sim::nanoseconds(1)).size() == 1);
}

TEST_CASE("newer builds drop what predates the window start; older builds count by arrival") {
  for (const auto& [late, raised] : {std::pair{LateEvents::kDrop, 0U}, std::pair{LateEvents::kCountOnArrival, 1U}}) {
    CounterStore store = store_of(per_minute(20), {.late_events = late});
    count(store, 19, subscriber(), at(60));
    Messages out;
    store.count({subscriber(), at(60) - sim::nanoseconds(1)}, at(61), out);
    CHECK(out.size() == raised);
    store.count({subscriber(), at(60)}, at(61), out);
    CHECK(out.size() == raised + 1);
  }
}

// The gateway's clock is 5 s behind: of a minute's events those of its first 5 s are lost.
TEST_CASE("gateway-to-store clock skew loses counts") {
  CounterStore store = store_of(per_minute(60));
  Messages out;
  for (int second = 60; second < 120; ++second) store.count({subscriber(), at(second - 5)}, at(second), out);
  CHECK(out.empty());
  CHECK(store.snapshot().policies[0].plans[0].counts[0].amount == 55);
}

TEST_CASE("counts are grouped by key, at every level at once") {
  CounterStore store{{}};
  for (const domain::TierId tier : {testing::kApplicationTier, testing::kSubscriptionTier, testing::kApiTier}) {
    store.set_policy(tier, per_minute(2));
  }
  store.set_policy(testing::kResourceTier, per_minute(1));
  Subject another = testing::tiered_caller();
  another.user = domain::UserId{41};
  CHECK(count(store, 1, testing::tiered_caller(), at(0)).empty());  // the resource does not count: there is an API tier
  // The second call is of another user: the application's key is new, the others are reached.
  CHECK(count(store, 1, another, at(0)) ==
        Messages{{key(), at(60), true}, {ThrottleKey::api(domain::ApiId{20}, 0), at(60), true}});
  another.api_tier = domain::kUnlimited;
  CHECK(count(store, 1, another, at(0)) == Messages{{application_key(another), at(60), true},
                                                    {key(), at(60), true},
                                                    {ThrottleKey::resource(domain::ResourceId{21}, 0), at(60), true}});
}

TEST_CASE("a call counts in each group of conditions that it matches, or else in _default") {
  Policy policy = per_minute(3);
  policy.condition_groups = {requests(1, fixed_window(sim::minutes(1))), requests(2, fixed_window(sim::seconds(10)))};
  CounterStore store{{}};
  store.set_policy(testing::kApiTier, policy);
  const ThrottleKey api = ThrottleKey::api(domain::ApiId{20}, ThrottleKey::kAnyGroup);
  Subject subject = testing::caller();
  subject.api_tier = testing::kApiTier;
  CHECK(count(store, 2, subject, at(0)).empty());
  CHECK(count(store, 1, subject, at(0)) == Messages{{api.with_group(0), at(60), true}});
  subject.matching_groups = 0b110;
  CHECK(count(store, 1, subject, at(0)) == Messages{{api.with_group(1), at(60), true}});
  CHECK(count(store, 1, subject, at(0)) ==
        Messages{{api.with_group(1), at(60), true}, {api.with_group(2), at(10), true}});
}

TEST_CASE("bandwidth quotas count bytes") {
  Policy policy;
  policy.quota = bytes(1'000, hours(1));
  CounterStore store = store_of(policy);
  CHECK(count(store, 9, subscriber(), at(0)).empty());  // 100 bytes each
  CHECK(count(store, 1, subscriber(), at(0)) == Messages{{key(), at(3'600), true}});
}

TEST_CASE("custom: Siddhi query, by the key that its template makes") {
  CounterStore store{{}};
  CustomPolicy policy;
  policy.key_template = {TemplateId{1}, {Variable::kUserId, Variable::kClientIp}};
  policy.quota = requests(2, fixed_window(sim::minutes(1)));
  policy.api = domain::ApiId{20};
  store.set_custom_policies({policy});
  Subject elsewhere = testing::caller();
  elsewhere.api = domain::ApiId{22};
  CHECK(count(store, 5, elsewhere, at(0)).empty());
  CHECK(count(store, 1, testing::caller(), at(0)).empty());
  CHECK(count(store, 1, testing::caller(), at(0)) ==
        Messages{{expand(policy.key_template, testing::caller(), {}), at(60), true}});
  Subject other_address = testing::caller();
  other_address.client = ClientAddress::v4(1);
  CHECK(count(store, 1, other_address, at(0)).empty());
}

TEST_CASE("an unlimited policy counts nothing") {
  CounterStore store = store_of({});
  CHECK(count(store, 100, subscriber(), at(0)).empty());
  CHECK(store.snapshot().policies[0].plans[0].counts.empty());
}

TEST_CASE("a new limit goes on with the counts; a new window begins anew") {
  CounterStore store = store_of(per_minute(10));
  count(store, 5, subscriber(), at(0));
  store.set_policy(testing::kSubscriptionTier, per_minute(6));
  CHECK(count(store, 1, subscriber(), at(0)).size() == 1);
  Policy hourly;
  hourly.quota = requests(6, hours(1));
  store.set_policy(testing::kSubscriptionTier, hourly);
  CHECK(count(store, 5, subscriber(), at(0)).empty());
  CHECK(count(store, 1, subscriber(), at(0)) == Messages{{key(), at(3'600), true}});
  store.remove_policy(testing::kSubscriptionTier);
  CHECK(count(store, 10, subscriber(), at(0)).empty());
}

TEST_CASE("counters are in memory per store, lost on restart: what was left of a quota is given once more") {
  CounterStore store = store_of(per_minute(10));
  count(store, 9, subscriber(), at(0));
  store = store_of(per_minute(10));
  CHECK(count(store, 9, subscriber(), at(1)).empty());
  CHECK(count(store, 1, subscriber(), at(1)).size() == 1);
}

Policy monthly(std::uint64_t amount) {
  Policy policy;
  policy.quota = requests(amount, calendar_month());
  return policy;
}
constexpr sim::VirtualTime kFebruary = at(std::int64_t{31} * 86'400);
constexpr sim::VirtualTime kMarch = at(std::int64_t{59} * 86'400);

TEST_CASE("a monthly quota lives across a restart and a failover by its snapshot") {
  CounterStore store = store_of(monthly(10));
  count(store, 9, subscriber(), kFebruary);
  CounterStore successor = store_of(monthly(10));
  successor.restore(store.snapshot());
  CHECK(count(successor, 1, subscriber(), kFebruary + sim::minutes(60)) == Messages{{key(), kMarch, true}});
}

TEST_CASE("a month that ended while the store was down is over, and its decisions are lifted") {
  CounterStore store = store_of(monthly(10));
  count(store, 10, subscriber(), kFebruary);
  CounterStore successor = store_of(monthly(10));
  successor.restore(store.snapshot());
  CHECK(successor.next_expiry() == kMarch);
  CHECK(count(successor, 1, subscriber(), kMarch + sim::minutes(1)) == Messages{{key(), kMarch, false}});
}

TEST_CASE("a successor whose clock lags keeps the month until its own clock ends it: no quota is given twice") {
  CounterStore store = store_of(monthly(10));
  count(store, 9, subscriber(), kFebruary);
  CounterStore successor = store_of(monthly(10));
  successor.restore(store.snapshot());
  // It is 1 February for the gateways and 31 January for the successor.
  const sim::VirtualTime january = kFebruary - sim::minutes(10);
  Messages out;
  successor.count({subscriber(), kFebruary + sim::seconds(1)}, january, out);
  CHECK(out == Messages{{key(), kMarch, true}});
}

TEST_CASE("a successor whose clock leads ends the month early: at most one quota more") {
  CounterStore store = store_of(monthly(10));
  count(store, 10, subscriber(), kMarch - sim::minutes(5));
  CounterStore successor = store_of(monthly(10), {.late_events = LateEvents::kCountOnArrival});
  successor.restore(store.snapshot());
  Messages out;
  successor.count({subscriber(), kMarch - sim::minutes(4)}, kMarch + sim::minutes(6), out);
  CHECK(out == Messages{{key(), kMarch, false}});  // lifted 4 minutes too soon
}

TEST_CASE("a snapshot of another window or unit is not taken over") {
  CounterStore store = store_of(monthly(10));
  count(store, 9, subscriber(), kFebruary);
  Policy thirty_days;
  thirty_days.quota = requests(10, days(30));
  CounterStore successor = store_of(thirty_days);
  successor.restore(store.snapshot());
  CHECK(count(successor, 9, subscriber(), kFebruary).empty());
}

constexpr CountingOptions kDistributed{.scope = CounterScope::kDistributed};

TEST_CASE("distributed counters: local plus unsynced delta, sync every 10 ms by default") {
  CHECK(kDistributed.sync_period == sim::milliseconds(10));
  InMemorySharedCounter shared;
  CounterStore first = store_of(per_minute(10), kDistributed);
  CounterStore second = store_of(per_minute(10), kDistributed);
  Messages out;
  CHECK(count(first, 5, subscriber(), at(0)).empty());
  CHECK(count(second, 4, subscriber(), at(0)).empty());
  first.synchronise(shared, out);
  second.synchronise(shared, out);
  CHECK(out.empty());
  CHECK(count(second, 1, subscriber(), at(1)) == Messages{{key(), at(60), true}});  // 5 + 4 + 1
  CHECK(count(first, 4, subscriber(), at(1)).empty());                              // knows of 5 + 4 only
  first.synchronise(shared, out);
  CHECK(count(first, 1, subscriber(), at(1)).size() == 1);
  CHECK(count(first, 9, subscriber(), at(60)) == Messages{{key(), at(60), false}});  // a new window, shared as well
  first.synchronise(shared, out);
  CHECK(shared.add(key(), {at(60), at(120)}, 0)->total == 9);
}

TEST_CASE("while the shared counter is down: open, closed, or local counting") {
  struct Row {
    WhenSharedDown when;
    std::size_t said_by_third;
    std::size_t said_by_tenth;
  };
  // 2 before the outage. Local raises with the 10th; closed with the first that comes, and says so each time.
  for (const Row row :
       {Row{WhenSharedDown::kOpen, 0, 0}, Row{WhenSharedDown::kClosed, 1, 8}, Row{WhenSharedDown::kLocal, 0, 1}}) {
    INFO(static_cast<int>(row.when));
    InMemorySharedCounter shared;
    shared.set_state(InMemorySharedCounter::State::kDown);
    CounterStore store = store_of(per_minute(10), {.scope = CounterScope::kDistributed, .when_shared_down = row.when});
    count(store, 2, subscriber(), at(0));
    Messages out;
    store.synchronise(shared, out);
    CHECK(out.empty());
    const std::size_t third = count(store, 1, subscriber(), at(1)).size();
    CHECK(third == row.said_by_third);
    CHECK(third + count(store, 7, subscriber(), at(1)).size() == row.said_by_tenth);
    shared.set_state(InMemorySharedCounter::State::kUp);
    store.synchronise(shared, out);
    CHECK(out.empty());  // 10 of 10: whoever is throttled stays so
    CHECK(count(store, 1, subscriber(), at(2)).size() == 1);
  }
}

TEST_CASE("a key throttled only because the shared counter was down is lifted when it is back") {
  InMemorySharedCounter shared;
  shared.set_state(InMemorySharedCounter::State::kDown);
  CounterStore store =
      store_of(per_minute(10), {.scope = CounterScope::kDistributed, .when_shared_down = WhenSharedDown::kClosed});
  Messages out;
  count(store, 1, subscriber(), at(0));
  store.synchronise(shared, out);
  CHECK(count(store, 1, subscriber(), at(1)).size() == 1);
  shared.set_state(InMemorySharedCounter::State::kUp);
  store.synchronise(shared, out);
  CHECK(out == Messages{{key(), at(60), false}});
  CHECK(count(store, 7, subscriber(), at(2)).empty());
  CHECK(count(store, 1, subscriber(), at(2)).size() == 1);
}

}  // namespace
}  // namespace parallax::logic::throttling
