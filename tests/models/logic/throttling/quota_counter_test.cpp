#include "models/logic/throttling/quota_counter.h"

#include <catch2/catch.hpp>

namespace parallax::logic {
namespace {

using domain::SubscriptionId;
using News = QuotaCounter::Decision::News;
using sim::VirtualTime;

constexpr SubscriptionId kGold{0};
constexpr SubscriptionId kOther{1};
constexpr domain::Limit kTwenty{20, sim::minutes(1)};

VirtualTime at(std::int64_t seconds) { return VirtualTime{} + sim::seconds(seconds); }

// Counts `times` requests, decided and counted at `now`; the last answer.
std::optional<QuotaCounter::Decision> count(QuotaCounter& counter, int times, VirtualTime now,
                                            SubscriptionId key = kGold) {
  std::optional<QuotaCounter::Decision> last;
  for (int i = 0; i < times; ++i) last = counter.count(key, kTwenty, now, now);
  return last;
}

TEST_CASE("the Nth counted request of a limit N raises the decision, until the end of its window") {
  QuotaCounter counter{2};
  CHECK_FALSE(count(counter, 19, at(70)));
  const auto raised = count(counter, 1, at(80));
  REQUIRE(raised);
  CHECK(raised->until == at(120));  // the window that holds 80 s is [60 s, 120 s)
  CHECK(raised->news == News::kFirst);
}

TEST_CASE("each further request of a throttled window repeats the decision") {
  QuotaCounter counter{2};
  count(counter, 20, at(0));
  for (int i = 0; i < 3; ++i) {
    const auto repeated = count(counter, 1, at(59));
    REQUIRE(repeated);
    CHECK(repeated->until == at(60));
    CHECK(repeated->news == News::kRepeated);
  }
}

TEST_CASE("a limit of one is reached by the first request") {
  QuotaCounter counter{1};
  const auto raised = counter.count(kGold, {1, sim::seconds(10)}, at(25), at(25));
  REQUIRE(raised);
  CHECK(raised->until == at(30));
  CHECK(raised->news == News::kFirst);
}

// 19 in the last nanosecond before the edge and 19 at the edge: two windows of 19, not one of 38.
TEST_CASE("windows are aligned to the epoch, not to the first request") {
  QuotaCounter counter{2};
  CHECK_FALSE(count(counter, 19, at(60) - sim::nanoseconds(1)));
  CHECK_FALSE(count(counter, 19, at(60)));
  const auto raised = count(counter, 1, at(120) - sim::nanoseconds(1));
  REQUIRE(raised);
  CHECK(raised->until == at(120));
  CHECK_FALSE(count(counter, 19, at(120)));
}

TEST_CASE("an event older than the window in which it arrives is dropped") {
  QuotaCounter counter{2};
  count(counter, 19, at(60));
  const VirtualTime late = at(60) - sim::nanoseconds(1);
  CHECK_FALSE(counter.count(kGold, kTwenty, late, at(61)));  // would have been the 20th
  const auto raised = counter.count(kGold, kTwenty, at(60), at(61));
  REQUIRE(raised);
  CHECK(raised->news == News::kFirst);
}

TEST_CASE("a late event of a throttled window does not repeat the decision") {
  QuotaCounter counter{2};
  count(counter, 25, at(60));
  CHECK_FALSE(counter.count(kGold, kTwenty, at(59), at(61)));
}

TEST_CASE("an event that was under way within its window counts in it") {
  QuotaCounter counter{2};
  count(counter, 19, at(5));
  CHECK(counter.count(kGold, kTwenty, at(5), at(60) - sim::nanoseconds(1)));
}

TEST_CASE("subscriptions are counted apart") {
  QuotaCounter counter{2};
  count(counter, 19, at(0), kGold);
  CHECK_FALSE(count(counter, 19, at(0), kOther));
  CHECK(count(counter, 1, at(0), kGold));
}

TEST_CASE("a gateway that has been told nothing lets everybody through") {
  const QuotaDecisions decisions{2};
  CHECK_FALSE(decisions.is_throttled(kGold, at(0)));
  CHECK_FALSE(decisions.is_throttled(kOther, at(1'000'000)));
}

TEST_CASE("a subscription is throttled while the expiry is not before now") {
  QuotaDecisions decisions{2};
  decisions.throttle(kGold, at(60));
  CHECK(decisions.is_throttled(kGold, at(59)));
  CHECK(decisions.is_throttled(kGold, at(60)));
  CHECK_FALSE(decisions.is_throttled(kGold, at(60) + sim::nanoseconds(1)));
  CHECK_FALSE(decisions.is_throttled(kOther, at(59)));
}

TEST_CASE("a lift that comes late removes the next window's decision too, until it is repeated") {
  QuotaDecisions decisions{2};
  decisions.throttle(kGold, at(60));
  decisions.throttle(kGold, at(120));  // the next window is over its limit already
  decisions.lift(kGold);               // and only now the end of the first arrives
  CHECK_FALSE(decisions.is_throttled(kGold, at(61)));
  decisions.throttle(kGold, at(120));
  CHECK(decisions.is_throttled(kGold, at(61)));
}

}  // namespace
}  // namespace parallax::logic
