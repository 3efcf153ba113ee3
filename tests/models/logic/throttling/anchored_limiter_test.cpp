#include "models/logic/throttling/anchored_limiter.h"

#include <catch2/catch.hpp>

#include "models/logic/throttling/hard_limits.h"
#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::at;
using testing::at_ms;

const ThrottleKey kKey = ThrottleKey::subscription(domain::ApplicationId{1}, domain::ApiId{2}, domain::TierId{3});
constexpr Burst kTenPerSecond{10, sim::seconds(1)};

// How many of `times` requests at `now` are admitted.
int admit(AnchoredLimiter& limiter, int times, sim::VirtualTime now, Burst limit = kTenPerSecond,
          ThrottleKey key = kKey) {
  int admitted = 0;
  for (int i = 0; i < times; ++i) admitted += limiter.admit(0, key, limit, now).is_admitted ? 1 : 0;
  return admitted;
}

TEST_CASE("burst: the window is anchored at the first request, not at the epoch") {
  AnchoredLimiter limiter{{}, nullptr};
  CHECK(admit(limiter, 6, at_ms(900)) == 6);
  // Aligned to the epoch, a new window would begin at 1 s. Anchored, this one ends at 1.9 s and has 4 left.
  CHECK(admit(limiter, 6, at_ms(1'100)) == 4);
  CHECK(limiter.admit(0, kKey, kTenPerSecond, at_ms(1'200)).window_end == at_ms(1'900));
  CHECK(admit(limiter, 20, at_ms(1'900) - sim::nanoseconds(1)) == 0);
  CHECK(admit(limiter, 20, at_ms(1'900)) == 10);
}

TEST_CASE("burst: refused requests do not count, and the next window begins with the next request") {
  AnchoredLimiter limiter{{}, nullptr};
  CHECK(admit(limiter, 100, at(0)) == 10);
  CHECK(admit(limiter, 1, at(5)) == 1);  // opens [5 s, 6 s)
  CHECK(admit(limiter, 100, at_ms(5'999)) == 9);
}

TEST_CASE("burst: 60 s windows, and a clock that is set back stays in the window") {
  AnchoredLimiter limiter{{}, nullptr};
  const Burst three_per_minute{3, sim::seconds(60)};
  CHECK(admit(limiter, 5, at(100), three_per_minute) == 3);
  CHECK(admit(limiter, 5, at(50), three_per_minute) == 0);
  CHECK(admit(limiter, 5, at(159), three_per_minute) == 0);
  CHECK(admit(limiter, 5, at(160), three_per_minute) == 3);
}

TEST_CASE("burst: another tier is another key") {
  AnchoredLimiter limiter{{}, nullptr};
  CHECK(admit(limiter, 20, at(0)) == 10);
  const auto silver = ThrottleKey::subscription(domain::ApplicationId{1}, domain::ApiId{2}, domain::TierId{4});
  CHECK(admit(limiter, 20, at(0), kTenPerSecond, silver) == 10);
}

TEST_CASE("hard limit: unit 1000 ms by default, apart for production and sandbox keys, in gateway") {
  HardLimits limits{{}, nullptr};
  Subject subject = testing::caller();
  CHECK(limits.admit(subject, at(0)).is_admitted);  // none is set
  limits.set(subject.api, KeyType::kProduction, {2, kHardLimitUnit});
  const auto admitted = [&](KeyType type, sim::VirtualTime now) {
    subject.key_type = type;
    int count = 0;
    for (int i = 0; i < 5; ++i) count += limits.admit(subject, now).is_admitted ? 1 : 0;
    return count;
  };
  CHECK(admitted(KeyType::kProduction, at_ms(500)) == 2);
  CHECK(admitted(KeyType::kSandbox, at_ms(500)) == 5);
  CHECK(admitted(KeyType::kProduction, at_ms(1'499)) == 0);
  CHECK(admitted(KeyType::kProduction, at_ms(1'500)) == 2);
}

TEST_CASE("global: what others admitted counts from the next report on, in one common window") {
  InMemorySharedCounter shared;
  const AnchoredLimiterOptions global{.scope = LimitScope::kGlobal};
  AnchoredLimiter first{global, &shared};
  AnchoredLimiter second{global, &shared};
  CHECK(first.options().sync_period == sim::milliseconds(50));
  CHECK(admit(first, 4, at_ms(0)) == 4);
  CHECK(admit(second, 3, at_ms(20)) == 3);
  first.synchronise();
  second.synchronise();
  // second knows 4 + 3; first knows its 4 only and learns the others with its next report.
  CHECK(admit(second, 10, at_ms(60)) == 3);
  CHECK(admit(first, 1, at_ms(60)) == 1);
  second.synchronise();
  first.synchronise();
  CHECK(admit(first, 10, at_ms(110)) == 0);  // 4 + 3 + 3 + 1 = 11: the one over is first's of the last period
  CHECK(admit(second, 10, at_ms(999)) == 0);
  CHECK(admit(second, 10, at_ms(1'000)) == 10);  // second's own window would have ended at 1.02 s
}

TEST_CASE("global: while the shared counter is down, open, closed or local") {
  struct Row {
    WhenSharedDown when;
    int admitted;
  };
  // 4 are known to the shared counter; 2 more were admitted before it was found down. Local: 10 - 6.
  for (const Row row :
       {Row{WhenSharedDown::kOpen, 20}, Row{WhenSharedDown::kClosed, 0}, Row{WhenSharedDown::kLocal, 4}}) {
    INFO(static_cast<int>(row.when));
    InMemorySharedCounter shared;
    AnchoredLimiter limiter{{.scope = LimitScope::kGlobal, .when_shared_down = row.when}, &shared};
    admit(limiter, 4, at_ms(0));
    limiter.synchronise();
    admit(limiter, 2, at_ms(10));
    shared.set_state(InMemorySharedCounter::State::kDown);
    limiter.synchronise();
    CHECK(admit(limiter, 20, at_ms(20)) == row.admitted);
    shared.set_state(InMemorySharedCounter::State::kUp);
    limiter.synchronise();
    CHECK(shared.add(kKey, {at(0), at(1)}, 0)->total == (row.when == WhenSharedDown::kLocal ? 10 : 6));
  }
}

// Local quota: (10 - 20 %) / 2 = 4 each. With the word passed on at once, exactly 10 get through.
TEST_CASE("hybrid: local quota = (limit - X%) / gateways, then synchronous") {
  InMemorySharedCounter shared;
  const AnchoredLimiterOptions hybrid{.scope = LimitScope::kHybrid, .reserve_percent = 20, .gateways = 2};
  AnchoredLimiter first{hybrid, &shared};
  AnchoredLimiter second{hybrid, &shared};
  CHECK(admit(second, 1, at_ms(0)) == 1);
  for (int i = 0; i < 4; ++i) CHECK_FALSE(first.admit(0, kKey, kTenPerSecond, at_ms(10)).has_asked_shared);
  const auto fifth = first.admit(0, kKey, kTenPerSecond, at_ms(10));
  CHECK(fifth.is_admitted);
  CHECK(fifth.has_asked_shared);
  CHECK(fifth.went_synchronous);
  second.go_synchronous(0, kKey, kTenPerSecond, at_ms(10));
  CHECK(admit(second, 3, at_ms(20)) == 3);  // 5 + 1 + 3 = 9
  const auto tenth = first.admit(0, kKey, kTenPerSecond, at_ms(30));
  CHECK(tenth.is_admitted);
  CHECK_FALSE(tenth.went_synchronous);
  CHECK(admit(first, 5, at_ms(40)) == 0);
  CHECK(admit(second, 5, at_ms(40)) == 0);
}

TEST_CASE("hybrid: without the word to the others, their local quotas come on top") {
  InMemorySharedCounter shared;
  const AnchoredLimiterOptions hybrid{.scope = LimitScope::kHybrid, .gateways = 2};
  AnchoredLimiter first{hybrid, &shared};
  AnchoredLimiter second{hybrid, &shared};
  CHECK(admit(first, 50, at_ms(0)) == 10);  // 4 locally, then the shared counter up to the limit
  CHECK(admit(second, 50, at_ms(1)) == 4);
}

TEST_CASE("hybrid: while the shared counter is down") {
  for (const auto& [when, admitted] : {std::pair{WhenSharedDown::kOpen, 20}, std::pair{WhenSharedDown::kClosed, 4},
                                       std::pair{WhenSharedDown::kLocal, 10}}) {
    InMemorySharedCounter shared;
    shared.set_state(InMemorySharedCounter::State::kDown);
    AnchoredLimiter limiter{{.scope = LimitScope::kHybrid, .when_shared_down = when, .gateways = 2}, &shared};
    CHECK(admit(limiter, 20, at_ms(0)) == admitted);
  }
}

}  // namespace
}  // namespace parallax::logic::throttling
