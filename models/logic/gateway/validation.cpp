#include "models/logic/gateway/validation.h"

#include "models/logic/gateway/authorise.h"

namespace parallax::logic::gateway {

using domain::Outcome;

namespace {

Outcome outcome_of(const AccessFacts& facts, const ResourceFacts& resource, const tokens::ScopeSets& scope_sets,
                   sim::VirtualTime now, sim::Duration skew) {
  if (const Outcome token = judge_token(facts.token, now, skew); token != Outcome::kAdmitted) return token;
  // Key validation asks for the API in its own data: one that it does not know is forbidden, not unknown.
  if (facts.api.standing == domain::Standing::kAbsent) return Outcome::kSubscriptionMissing;
  const Outcome subscription = judge_subscription(facts.key, facts.application, facts.subscription);
  return subscription == Outcome::kAdmitted ? judge_scopes(resource, facts.token, scope_sets) : subscription;
}

}  // namespace

Validation validate(const AccessFacts& facts, domain::SubscriptionId subscription, const ResourceFacts& resource,
                    const tokens::ScopeSets& scope_sets, sim::VirtualTime now, sim::Duration skew) {
  return {facts.token,
          subscription,
          facts.subscription,
          facts.application.tier,
          facts.application.tenant,
          facts.key.type,
          outcome_of(facts, resource, scope_sets, now, skew),
          facts.api.version,
          facts.api.standing == domain::Standing::kAbsent};
}

}  // namespace parallax::logic::gateway
