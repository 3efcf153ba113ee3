#include <catch2/catch.hpp>
#include <string>

#include "models/logic/throttling/default_tiers.h"
#include "models/logic/throttling/policy_table.h"
#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::at;

TEST_CASE(
    "default tiers: Gold 5000, Silver 2000, Bronze 1000, Unauthenticated 500, Unlimited per minute; app "
    "50/20/10PerMin; API and resource 50K/20K/10KPerMin") {
  struct Row {
    TierLevel level;
    std::string name;
    std::uint64_t per_minute;
  };
  const std::vector<Row> rows{
      {TierLevel::kSubscription, "Gold", 5'000},        {TierLevel::kSubscription, "Silver", 2'000},
      {TierLevel::kSubscription, "Bronze", 1'000},      {TierLevel::kSubscription, "Unauthenticated", 500},
      {TierLevel::kSubscription, "Unlimited", 0},       {TierLevel::kApplication, "50PerMin", 50},
      {TierLevel::kApplication, "20PerMin", 20},        {TierLevel::kApplication, "10PerMin", 10},
      {TierLevel::kApiOrResource, "50KPerMin", 50'000}, {TierLevel::kApiOrResource, "20KPerMin", 20'000},
      {TierLevel::kApiOrResource, "10KPerMin", 10'000}};
  for (const Row& row : rows) {
    INFO(row.name);
    const auto* found = std::find_if(kDefaultTiers.begin(), kDefaultTiers.end(), [&](const DefaultTier& tier) {
      return tier.level == row.level && tier.name == row.name;
    });
    REQUIRE(found != kDefaultTiers.end());
    const Policy policy = policy_of(*found);
    CHECK(policy.quota.amount == row.per_minute);
    CHECK((policy.quota.unit == Quota::Unit::kUnlimited) == (row.per_minute == 0));
    CHECK(policy.quota.window == fixed_window(sim::minutes(1)));
    CHECK(policy.on_quota == OnQuota::kStop);
  }
}

TEST_CASE("a tier that the node has not been told of has no policy") {
  PolicyTable policies;
  CHECK(policies.find(domain::TierId{3}) == nullptr);
  policies.set(domain::TierId{3}, testing::per_minute(5));
  REQUIRE(policies.find(domain::TierId{3}) != nullptr);
  CHECK(policies.find(domain::TierId{3})->quota.amount == 5);
  CHECK(policies.find(domain::TierId{2}) == nullptr);
  CHECK(policies.find(domain::kUnlimited) == nullptr);
  policies.remove(domain::TierId{3});
  CHECK(policies.find(domain::TierId{3}) == nullptr);
}

TEST_CASE("a call that matches no group of the policy is in _default") {
  Policy policy;
  CHECK(groups_in_force(policy, 0) == kDefaultGroup);
  CHECK(groups_in_force(policy, 0b10) == kDefaultGroup);  // the policy has no _condition_1
  policy.condition_groups.resize(2);
  CHECK(groups_in_force(policy, 0) == kDefaultGroup);
  CHECK(groups_in_force(policy, 0b010) == 0b010);
  CHECK(groups_in_force(policy, 0b110) == 0b110);
  CHECK(groups_in_force(policy, 0b1000) == kDefaultGroup);
  policy.condition_groups.resize(kConditionGroupsMax);
  CHECK(groups_in_force(policy, 0x8000'0000) == 0x8000'0000);
}

TEST_CASE("windows: end = now + (T - now mod T)") {
  const WindowLength minute = fixed_window(sim::minutes(1));
  CHECK(window_at(minute, at(0)) == Window{at(0), at(60)});
  CHECK(window_at(minute, at(59)) == Window{at(0), at(60)});
  CHECK(window_at(minute, at(60)) == Window{at(60), at(120)});
  CHECK(window_at(minute, at(-1)) == Window{at(-60), at(0)});  // a clock that lags at the start of a run
  CHECK(window_at(hours(1), at(3'599)) == Window{at(0), at(3'600)});
  CHECK(window_at(days(1), at(86'400)) == Window{at(86'400), at(172'800)});
}

// Days since 1970-01-01: 2024-02-01 is 19,754, 2024-03-01 29 days later; 2025-12-01 is 20,423, 2026-01-01 20,454.
TEST_CASE("a month is the calendar's, in UTC") {
  constexpr std::int64_t kDay = 86'400;
  const auto month_at = [](std::int64_t seconds) { return window_at(calendar_month(), at(seconds)); };
  CHECK(month_at(0) == Window{at(0), at(31 * kDay)});
  CHECK(month_at(31 * kDay - 1) == Window{at(0), at(31 * kDay)});
  CHECK(month_at(31 * kDay) == Window{at(31 * kDay), at(59 * kDay)});
  CHECK(month_at(19'754 * kDay + 12'345) == Window{at(19'754 * kDay), at((19'754 + 29) * kDay)});  // leap year
  CHECK(month_at(20'430 * kDay) == Window{at(20'423 * kDay), at(20'454 * kDay)});
  CHECK(month_at(-1) == Window{at(-31 * kDay), at(0)});
  CHECK(window_at(days(30), at(31 * kDay)) == Window{at(30 * kDay), at(60 * kDay)});  // the other reading
}

}  // namespace
}  // namespace parallax::logic::throttling
