#include "models/logic/throttling/check.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using domain::Outcome;
using testing::at;
using testing::tiered_caller;

constexpr KeyTemplate kPerUser{TemplateId{5}, {Variable::kUserId}};
constexpr Burst kOnePerSecond{1, sim::seconds(1)};

// A gateway that knows a policy for each level, none of which throttles yet.
Limits limits_with_policies() {
  Limits gateway{{}, nullptr};
  for (const domain::TierId tier :
       {testing::kApplicationTier, testing::kSubscriptionTier, testing::kApiTier, testing::kResourceTier}) {
    gateway.policies.set(tier, testing::per_minute(1'000));
  }
  gateway.templates.add(kPerUser);
  return gateway;
}

void throttle(Limits& gateway, ThrottleKey key) { gateway.decisions.apply({key, at(60), true}); }

// Sets the tier's burst limit, of one call a second.
void limit_burst(Limits& gateway, domain::TierId tier) {
  Policy policy = *gateway.policies.find(tier);
  policy.burst = kOnePerSecond;
  gateway.policies.set(tier, policy);
}

void use_up_subscription_burst(Limits& gateway) {
  limit_burst(gateway, testing::kSubscriptionTier);
  gateway.bursts.admit_subscription(tiered_caller(), kOnePerSecond, at(0));
}

void use_up_application_burst(Limits& gateway) {
  limit_burst(gateway, testing::kApplicationTier);
  gateway.bursts.admit_application(tiered_caller(), kOnePerSecond, at(0));
}

void use_up_hard_limit(Limits& gateway) {
  gateway.hard_limits.set(domain::ApiId{20}, KeyType::kProduction, {1, kHardLimitUnit});
  gateway.hard_limits.admit(tiered_caller(), at(0));
}

// In the order of the checks; each makes its own level refuse tiered_caller().
struct Row {
  Outcome refusal;
  sim::VirtualTime next_access;
  void (*arm)(Limits&);
};
const std::vector<Row> kRows{
    {Outcome::kRequestBlocked, sim::kNever, [](Limits& g) { g.blocking.set(domain::UserId{40}, Switch::kOn); }},
    {Outcome::kApiQuotaExceeded, at(60), [](Limits& g) { throttle(g, ThrottleKey::api(domain::ApiId{20}, 0)); }},
    {Outcome::kQuotaExceeded, at(60), [](Limits& g) { throttle(g, subscription_key(tiered_caller())); }},
    {Outcome::kSubscriptionBurst, at(1), use_up_subscription_burst},
    {Outcome::kApplicationQuotaExceeded, at(60), [](Limits& g) { throttle(g, application_key(tiered_caller())); }},
    {Outcome::kApplicationBurst, at(1), use_up_application_burst},
    {Outcome::kCustomQuotaExceeded, at(60), [](Limits& g) { throttle(g, expand(kPerUser, tiered_caller(), {})); }},
    {Outcome::kHardLimitExceeded, at(1), use_up_hard_limit}};

TEST_CASE("each level refuses with its own outcome and next-access time, and publishes nothing") {
  for (const Row& row : kRows) {
    INFO(domain::name_of(row.refusal));
    Limits gateway = limits_with_policies();
    row.arm(gateway);
    const CheckResult result = check(gateway, tiered_caller(), at(0));
    CHECK(result.outcome == row.refusal);
    CHECK(result.publish == Publish::kNo);
    CHECK(result.next_access == row.next_access);
  }
}

TEST_CASE(
    "throttle order: blocking conditions; API policy, else resource policy; subscription quota; subscription burst; "
    "app "
    "quota; app burst; custom; hard limit") {
  for (std::size_t first = 0; first < kRows.size(); ++first) {
    for (std::size_t second = first + 1; second < kRows.size(); ++second) {
      INFO(domain::name_of(kRows[first].refusal) << " before " << domain::name_of(kRows[second].refusal));
      Limits gateway = limits_with_policies();
      kRows[second].arm(gateway);
      kRows[first].arm(gateway);
      CHECK(check(gateway, tiered_caller(), at(0)).outcome == kRows[first].refusal);
    }
  }
}

TEST_CASE("TM down: fail-open; existing entries run to expiry") {
  Limits gateway = limits_with_policies();
  throttle(gateway, subscription_key(tiered_caller()));  // the last that was heard
  CHECK(check(gateway, tiered_caller(), at(60)).outcome == Outcome::kQuotaExceeded);
  CHECK(check(gateway, tiered_caller(), at(61)).outcome == Outcome::kAdmitted);
}

TEST_CASE("then publish one event: an admitted call does, unlimited or not") {
  Limits gateway = limits_with_policies();
  for (const Subject& subject : {tiered_caller(), testing::caller()}) {
    const CheckResult result = check(gateway, subject, at(0));
    CHECK(result.outcome == Outcome::kAdmitted);
    CHECK(result.publish == Publish::kYes);
    CHECK(result.next_access == sim::kNever);
  }
}

TEST_CASE("a non-empty API tier replaces resource key and tier") {
  Limits gateway = limits_with_policies();
  throttle(gateway, ThrottleKey::resource(domain::ResourceId{21}, 0));
  CHECK(check(gateway, tiered_caller(), at(0)).outcome == Outcome::kAdmitted);
  Subject subject = tiered_caller();
  subject.api_tier = domain::kUnlimited;
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kResourceQuotaExceeded);
  subject.resource_tier = domain::kUnlimited;
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kAdmitted);
}

TEST_CASE("API: then _default or _condition_n; user-level policies add the user") {
  Limits gateway = limits_with_policies();
  Policy policy = testing::per_minute(10);
  policy.scope = PolicyScope::kEachUser;
  policy.condition_groups = {requests(5, fixed_window(sim::minutes(1)))};
  gateway.policies.set(testing::kApiTier, policy);
  throttle(gateway, ThrottleKey::api(domain::ApiId{20}, 1, domain::UserId{40}));
  Subject subject = tiered_caller();
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kAdmitted);  // _default
  subject.matching_groups = 0b10;
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kApiQuotaExceeded);
  subject.user = domain::UserId{41};
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kAdmitted);
}

TEST_CASE(
    "a subscription policy that does not stop on quota lets the request through unpublished and skips the later "
    "checks") {
  Limits gateway = limits_with_policies();
  Policy policy = testing::per_minute(10);
  policy.on_quota = OnQuota::kLetThrough;
  policy.burst = kOnePerSecond;
  gateway.policies.set(testing::kSubscriptionTier, policy);
  throttle(gateway, subscription_key(tiered_caller()));
  throttle(gateway, application_key(tiered_caller()));
  for (int i = 0; i < 3; ++i) {
    const CheckResult result = check(gateway, tiered_caller(), at(0));
    CHECK(result.outcome == Outcome::kAdmitted);
    CHECK(result.publish == Publish::kNo);
  }
  // The checks before it still refuse.
  throttle(gateway, ThrottleKey::api(domain::ApiId{20}, 0));
  CHECK(check(gateway, tiered_caller(), at(0)).outcome == Outcome::kApiQuotaExceeded);
}

TEST_CASE("a tier of which the gateway has no policy has no burst limit, and stops on quota") {
  Limits gateway{{}, nullptr};
  CHECK(check(gateway, tiered_caller(), at(0)).outcome == Outcome::kAdmitted);
  throttle(gateway, subscription_key(tiered_caller()));
  CHECK(check(gateway, tiered_caller(), at(0)).outcome == Outcome::kQuotaExceeded);
}

TEST_CASE("a call without a subscription is counted by its key, but has no burst counter") {
  Limits gateway = limits_with_policies();
  gateway.policies.set(testing::kSubscriptionTier, testing::with_burst(kOnePerSecond));
  Subject subject = tiered_caller();
  subject.subscription = domain::kNoSubscription;
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kAdmitted);
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kAdmitted);
  throttle(gateway, subscription_key(subject));
  CHECK(check(gateway, subject, at(0)).outcome == Outcome::kQuotaExceeded);
}

TEST_CASE("the application burst forgets users whose window is over") {
  Limits gateway = limits_with_policies();
  gateway.policies.set(testing::kApplicationTier, testing::with_burst(kOnePerSecond));
  Subject subject = tiered_caller();
  const auto outcome = [&](std::uint32_t user, sim::VirtualTime now) {
    subject.user = domain::UserId{user};
    return check(gateway, subject, now).outcome;
  };
  CHECK(outcome(1, at(0)) == Outcome::kAdmitted);
  CHECK(outcome(2, testing::at_ms(500)) == Outcome::kAdmitted);
  sweep(gateway, at(1));  // user 1's window is over, user 2's is not
  CHECK(outcome(2, at(1)) == Outcome::kApplicationBurst);
  CHECK(outcome(3, at(1)) == Outcome::kAdmitted);  // takes over user 1's slot, not its count
  CHECK(outcome(3, at(1)) == Outcome::kApplicationBurst);
  CHECK(outcome(1, at(1)) == Outcome::kAdmitted);
  CHECK(outcome(1, at(1)) == Outcome::kApplicationBurst);
}

TEST_CASE("hybrid bursts: the gateway that used up its share tells the others of the same subject") {
  InMemorySharedCounter shared;
  LimitOptions options;
  options.bursts = {.scope = LimitScope::kHybrid, .gateways = 2};
  Limits first{options, &shared};
  Limits second{options, &shared};
  for (Limits* gateway : {&first, &second}) {
    gateway->policies.set(testing::kSubscriptionTier, testing::with_burst({10, sim::seconds(1)}));
  }
  const Subject subject = testing::subscriber();
  for (int i = 0; i < 4; ++i) CHECK(check(first, subject, at(0)).shared_calls == 0);
  const CheckResult fifth = check(first, subject, at(0));
  CHECK(fifth.shared_calls == 1);
  CHECK(fifth.went_synchronous == 1U << static_cast<unsigned>(CountedLimit::kSubscriptionBurst));
  go_synchronous(second, subject, CountedLimit::kSubscriptionBurst, at(0));
  for (int i = 0; i < 5; ++i) CHECK(check(second, subject, at(0)).outcome == Outcome::kAdmitted);
  CHECK(check(second, subject, at(0)).outcome == Outcome::kSubscriptionBurst);
  CHECK(check(first, subject, at(0)).outcome == Outcome::kSubscriptionBurst);
}

}  // namespace
}  // namespace parallax::logic::throttling
