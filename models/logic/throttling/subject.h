// What a call is throttled by: all that authentication and routing found out about it. The same facts go to the counter
// stores in the event, and there the same functions make the same keys of them.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/logic/throttling/client_address.h"
#include "models/logic/throttling/policy.h"
#include "models/logic/throttling/throttle_key.h"

namespace parallax::logic::throttling {

/// Of an API's context and of its version apart: custom policies may name either. Dense, chosen by the host.
enum class ContextId : std::uint32_t {};
enum class VersionId : std::uint32_t {};

/// Tiers are kUnlimited where the level has none.
struct Subject {
  domain::ApiId api{domain::kNoApi};
  domain::ResourceId resource{domain::kNoResource};
  domain::SubscriptionId subscription{domain::kNoSubscription};
  domain::ApplicationId application{domain::kNoApplication};
  domain::UserId user{domain::kNoUser};
  domain::TenantId api_tenant{};
  domain::TenantId application_tenant{};
  ContextId api_context{};
  VersionId api_version{};
  domain::TierId application_tier{domain::kUnlimited};
  domain::TierId subscription_tier{domain::kUnlimited};
  domain::TierId api_tier{domain::kUnlimited};  ///< other than kUnlimited: replaces resource tier and key
  domain::TierId resource_tier{domain::kUnlimited};
  ConditionMask matching_groups{0};  ///< of the API policy if there is one, else of the resource policy
  ClientAddress client{};
  std::uint64_t message_bytes{0};  ///< for bandwidth quotas
  KeyType key_type{KeyType::kProduction};
};

inline ThrottleKey application_key(const Subject& subject) {
  return ThrottleKey::application(subject.application, subject.user);
}

inline ThrottleKey subscription_key(const Subject& subject) {
  return ThrottleKey::subscription(subject.application, subject.api, subject.subscription_tier);
}

/// The tier that stands for API or resource, whichever counts.
inline domain::TierId operation_tier(const Subject& subject) {
  return subject.api_tier != domain::kUnlimited ? subject.api_tier : subject.resource_tier;
}

inline Level operation_level(const Subject& subject) {
  return subject.api_tier != domain::kUnlimited ? Level::kApi : Level::kResource;
}

/// The key of API or resource, for any group. Requires: `policy` is that of operation_tier.
inline ThrottleKey operation_key(const Subject& subject, const Policy& policy) {
  const domain::UserId user = policy.scope == PolicyScope::kEachUser ? subject.user : domain::kNoUser;
  return operation_level(subject) == Level::kApi
             ? ThrottleKey::api(subject.api, ThrottleKey::kAnyGroup, user)
             : ThrottleKey::resource(subject.resource, ThrottleKey::kAnyGroup, user);
}

inline ThrottleKey hard_limit_key(const Subject& subject) {
  return ThrottleKey::hard_limit(subject.api, subject.key_type);
}

}  // namespace parallax::logic::throttling
