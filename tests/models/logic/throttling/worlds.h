// A small catalog that the tests of this folder share.
#pragma once

#include <vector>

#include "models/logic/throttling/check.h"
#include "models/logic/throttling/counter_store.h"

namespace parallax::logic::throttling::testing {

inline constexpr domain::TierId kApplicationTier{1};
inline constexpr domain::TierId kSubscriptionTier{2};
inline constexpr domain::TierId kApiTier{3};
inline constexpr domain::TierId kResourceTier{4};

constexpr sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }
constexpr sim::VirtualTime at_ms(std::int64_t milliseconds) {
  return sim::VirtualTime{} + sim::milliseconds(milliseconds);
}

/// A call of user 40 through application 30 to resource 21 of API 20; unlimited at every level.
inline Subject caller() {
  Subject subject;
  subject.api = domain::ApiId{20};
  subject.resource = domain::ResourceId{21};
  subject.subscription = domain::SubscriptionId{10};
  subject.application = domain::ApplicationId{30};
  subject.user = domain::UserId{40};
  subject.api_tenant = domain::TenantId{50};
  subject.application_tenant = domain::TenantId{51};
  subject.api_context = ContextId{60};
  subject.api_version = VersionId{61};
  subject.client = ClientAddress::v4(0x0a00'0001);  // 10.0.0.1
  subject.message_bytes = 100;
  return subject;
}

/// The same with a tier at each of the four levels.
inline Subject tiered_caller() {
  Subject subject = caller();
  subject.application_tier = kApplicationTier;
  subject.subscription_tier = kSubscriptionTier;
  subject.api_tier = kApiTier;
  subject.resource_tier = kResourceTier;
  return subject;
}

inline Subject subscriber() {
  Subject subject = caller();
  subject.subscription_tier = kSubscriptionTier;
  return subject;
}

inline Policy per_minute(std::uint64_t amount) {
  Policy policy;
  policy.quota = requests(amount, fixed_window(sim::minutes(1)));
  return policy;
}

inline Policy with_burst(Burst burst) {
  Policy policy;
  policy.burst = burst;
  return policy;
}

/// Counts `times` events, decided and counted at `now`; everything that was said.
inline CounterStore::Messages count(CounterStore& store, int times, const Subject& subject, sim::VirtualTime now) {
  CounterStore::Messages out;
  for (int i = 0; i < times; ++i) store.count({subject, now}, now, out);
  return out;
}

inline void apply(DecisionTable& decisions, const CounterStore::Messages& messages) {
  for (const DecisionMessage& message : messages) decisions.apply(message);
}

}  // namespace parallax::logic::throttling::testing
