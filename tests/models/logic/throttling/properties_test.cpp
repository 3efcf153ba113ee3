#include <catch2/catch.hpp>
#include <deque>
#include <map>

#include "models/logic/throttling/anchored_limiter.h"
#include "models/logic/throttling/counter_store.h"
#include "models/logic/throttling/event_ring.h"
#include "tests/models/logic/throttling/worlds.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::throttling {
namespace {

using parallax::testing::check;
using parallax::testing::pick;
using testing::at;
using testing::subscriber;

TEST_CASE("a fixed window never admits more than its limit when one counter sees everything at once") {
  check("admitted <= limit in each window, and = limit if refused", 300, [] {
    const auto limit = pick<std::uint64_t>(1, 30);
    const sim::Duration window = sim::milliseconds(pick<std::int64_t>(1, 2'000));
    Policy policy;
    policy.quota = requests(limit, fixed_window(window));
    CounterStore store{{}};
    store.set_policy(testing::kSubscriptionTier, policy);
    DecisionTable decisions;
    std::map<std::int64_t, std::uint64_t> admitted;  // by window
    sim::VirtualTime now = at(pick<std::int64_t>(0, 100));
    const ThrottleKey key = subscription_key(subscriber());
    for (int i = 0; i < 400; ++i) {
      now = now + sim::microseconds(pick<std::int64_t>(0, 40'000));
      CounterStore::Messages out;
      store.expire(now, out);
      testing::apply(decisions, out);
      std::uint64_t& in_window = admitted[sim::floor_to(now, window).ns];
      if (decisions.throttled_until(key, now) >= now) {
        RC_ASSERT(in_window == limit);  // nobody is refused before the limit either
        continue;
      }
      RC_ASSERT(++in_window <= limit);
      out.clear();
      store.count({subscriber(), now}, now, out);
      testing::apply(decisions, out);
    }
  });
}

TEST_CASE("the ring never loses an event unless it is full") {
  check("ring = queue of bounded length", 300, [] {
    const auto capacity = pick<std::uint32_t>(1, 20);
    EventRing ring{capacity};
    std::deque<std::uint64_t> queue;
    std::uint64_t dropped = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
      if (pick<int>(0, 5) < 3) {
        ThrottleEvent event;
        event.subject.message_bytes = i;
        const bool is_full = queue.size() == capacity;
        RC_ASSERT((ring.put(event) == EventRing::Put::kDropped) == is_full);
        dropped += is_full ? 1 : 0;
        if (!is_full) queue.push_back(i);
      } else if (!queue.empty()) {
        RC_ASSERT(ring.front().subject.message_bytes == queue.front());
        ring.pop();
        queue.pop_front();
      }
      RC_ASSERT(ring.size() == queue.size());
      RC_ASSERT(ring.dropped() == dropped);
    }
  });
}

TEST_CASE("the burst limiter never admits more than its limit within a window that its first request opened") {
  check("admitted <= limit in each anchored window, and = limit if refused", 300, [] {
    const Burst limit{pick<std::uint32_t>(1, 20), pick<int>(0, 2) == 0 ? sim::seconds(1) : sim::seconds(60)};
    AnchoredLimiter limiter{{}, nullptr};
    const ThrottleKey key = subscription_key(subscriber());
    sim::VirtualTime now = at(pick<std::int64_t>(0, 100));
    sim::VirtualTime end = at(-1);
    std::uint32_t admitted = 0;
    for (int i = 0; i < 400; ++i) {
      now = now + sim::microseconds(pick<std::int64_t>(0, limit.per.ns / 1'000 / 5));
      if (now >= end) {
        end = now + limit.per;
        admitted = 0;
      }
      const auto verdict = limiter.admit(0, key, limit, now);
      RC_ASSERT(verdict.is_admitted == (admitted < limit.requests));
      RC_ASSERT(verdict.window_end == end);
      admitted += verdict.is_admitted ? 1U : 0U;
    }
  });
}

TEST_CASE("hybrid bursts with the word passed on at once never admit more than the limit in all") {
  check("admitted by all gateways <= limit", 200, [] {
    const auto count = pick<std::uint32_t>(1, 5);
    const Burst limit{pick<std::uint32_t>(1, 60), sim::seconds(1)};
    InMemorySharedCounter shared;
    std::vector<AnchoredLimiter> gateways(
        count, AnchoredLimiter{
                   {.scope = LimitScope::kHybrid, .reserve_percent = pick<std::uint32_t>(0, 101), .gateways = count},
                   &shared});
    const ThrottleKey key = subscription_key(subscriber());
    std::uint32_t admitted = 0;
    for (int i = 0; i < 300; ++i) {
      const auto asked = pick<std::size_t>(0, count);
      const auto verdict = gateways[asked].admit(0, key, limit, at(0));
      admitted += verdict.is_admitted ? 1U : 0U;
      if (!verdict.went_synchronous) continue;
      for (AnchoredLimiter& other : gateways) other.go_synchronous(0, key, limit, at(0));
    }
    RC_ASSERT(admitted <= limit.requests);
  });
}

// Two stores see the same; at a random instant one is replaced by a new one that restores its snapshot.
TEST_CASE("restore(snapshot) equals never having restarted") {
  check("what a restored store says = what the old one would have said", 200, [] {
    CounterStoreOptions options;
    options.counting.scope = pick<int>(0, 2) == 0 ? CounterScope::kStore : CounterScope::kDistributed;
    Policy policy;
    policy.quota = requests(pick<std::uint64_t>(1, 20), fixed_window(sim::seconds(pick<std::int64_t>(1, 10))));
    policy.condition_groups = {bytes(pick<std::uint64_t>(1, 2'000), fixed_window(sim::seconds(3)))};
    CustomPolicy custom;
    custom.key_template = {TemplateId{1}, {Variable::kUserId}};
    custom.quota = requests(pick<std::uint64_t>(1, 20), calendar_month());
    const auto fresh = [&] {
      CounterStore store{options};
      store.set_policy(testing::kSubscriptionTier, policy);
      store.set_policy(testing::kApiTier, policy);
      store.set_custom_policies({custom});
      return store;
    };
    CounterStore steady = fresh();
    CounterStore restarted = fresh();
    InMemorySharedCounter steady_shared;
    InMemorySharedCounter restarted_shared;
    const int restart = pick<int>(0, 200);
    sim::VirtualTime now = at(0);
    for (int i = 0; i < 200; ++i) {
      if (i == restart) {
        const CounterSnapshot snapshot = restarted.snapshot();
        restarted = fresh();
        restarted.restore(snapshot);
        RC_ASSERT(restarted.snapshot() == snapshot);
      }
      now = now + sim::milliseconds(pick<std::int64_t>(0, 300));
      Subject subject = subscriber();
      subject.user = domain::UserId{pick<std::uint32_t>(0, 4)};
      subject.api_tier = testing::kApiTier;
      subject.matching_groups = pick<ConditionMask>(0, 4);
      const ThrottleEvent event{subject, now - sim::milliseconds(pick<std::int64_t>(0, 100))};
      CounterStore::Messages said;
      CounterStore::Messages said_after_restart;
      steady.count(event, now, said);
      restarted.count(event, now, said_after_restart);
      if (i % 10 == 0) {
        steady.synchronise(steady_shared, said);
        restarted.synchronise(restarted_shared, said_after_restart);
        steady.expire(now, said);
        restarted.expire(now, said_after_restart);
      }
      RC_ASSERT(said == said_after_restart);
      RC_ASSERT(steady.next_expiry() == restarted.next_expiry());
    }
    RC_ASSERT(steady.snapshot() == restarted.snapshot());
  });
}

}  // namespace
}  // namespace parallax::logic::throttling
