// The tiers that a fresh installation of WSO2 API Manager has (carbon-apimgt APIUtil, addDefaultSuperTenant*Policies):
// requests per minute. A profile, or a test, takes them from here; nothing else in this folder reads them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/logic/throttling/policy.h"

namespace parallax::logic::throttling {

enum class TierLevel : std::uint8_t { kSubscription, kApplication, kApiOrResource };

struct DefaultTier {
  TierLevel level;
  std::string_view name;
  std::uint32_t requests_per_minute;  ///< 0: unlimited
};

inline constexpr std::array kDefaultTiers{
    DefaultTier{TierLevel::kSubscription, "Gold", 5'000},
    DefaultTier{TierLevel::kSubscription, "Silver", 2'000},
    DefaultTier{TierLevel::kSubscription, "Bronze", 1'000},
    DefaultTier{TierLevel::kSubscription, "Unauthenticated", 500},
    DefaultTier{TierLevel::kSubscription, "Unlimited", 0},
    DefaultTier{TierLevel::kApplication, "50PerMin", 50},
    DefaultTier{TierLevel::kApplication, "20PerMin", 20},
    DefaultTier{TierLevel::kApplication, "10PerMin", 10},
    DefaultTier{TierLevel::kApplication, "Unlimited", 0},
    DefaultTier{TierLevel::kApiOrResource, "50KPerMin", 50'000},
    DefaultTier{TierLevel::kApiOrResource, "20KPerMin", 20'000},
    DefaultTier{TierLevel::kApiOrResource, "10KPerMin", 10'000},
    DefaultTier{TierLevel::kApiOrResource, "Unlimited", 0},
};

inline Policy policy_of(const DefaultTier& tier) {
  Policy policy;
  policy.name = tier.name;
  if (tier.requests_per_minute > 0) policy.quota = requests(tier.requests_per_minute, fixed_window(sim::minutes(1)));
  return policy;
}

}  // namespace parallax::logic::throttling
