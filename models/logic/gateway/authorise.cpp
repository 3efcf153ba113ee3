#include "models/logic/gateway/authorise.h"

namespace parallax::logic::gateway {

using domain::Outcome;
using domain::Standing;

Outcome judge_api(const ApiFacts& api) {
  switch (api.standing) {
    case Standing::kActive:
      return Outcome::kAdmitted;
    case Standing::kBlocked:
      return Outcome::kApiBlocked;
    default:
      return Outcome::kApiUnknown;
  }
}

Outcome judge_token(const TokenFacts& token, sim::VirtualTime now, sim::Duration skew) {
  if (token.standing != Standing::kActive) return Outcome::kTokenInvalid;
  // The skew is taken from now, for an expiry may be the end of time.
  return now - skew < token.expires ? Outcome::kAdmitted : Outcome::kTokenExpired;
}

Outcome judge_subscription(const KeyMappingFacts& key, const ApplicationFacts& application,
                           const SubscriptionFacts& subscription) {
  if (key.standing != Standing::kActive || application.standing != Standing::kActive) {
    return Outcome::kSubscriptionMissing;
  }
  switch (subscription.standing) {
    case Standing::kActive:
      return Outcome::kAdmitted;
    case Standing::kAbsent:
      return Outcome::kSubscriptionMissing;
    case Standing::kBlocked:
      return Outcome::kSubscriptionBlocked;
    case Standing::kProductionBlocked:
      return key.type == domain::KeyType::kProduction ? Outcome::kSubscriptionBlocked : Outcome::kAdmitted;
    case Standing::kOnHold:
    case Standing::kRejected:
      return Outcome::kSubscriptionInactive;
  }
  return Outcome::kSubscriptionMissing;
}

Outcome judge_scopes(const ResourceFacts& resource, const TokenFacts& token, const tokens::ScopeSets& scope_sets) {
  if (resource.scopes == tokens::kNoScopes) return Outcome::kAdmitted;
  return scope_sets.has_any(token.scopes, resource.scopes) ? Outcome::kAdmitted : Outcome::kScopeMissing;
}

AccessFacts with_standing_keys(const ApiFacts& api, const TokenFacts& token, const SubscriptionFacts& subscription) {
  return {api, token, {{}, Standing::kActive}, {{}, Standing::kActive}, subscription};
}

Outcome authorise(const AccessFacts& facts, sim::VirtualTime now) {
  if (const Outcome outcome = judge_api(facts.api); outcome != Outcome::kAdmitted) return outcome;
  if (judge_token(facts.token, now) != Outcome::kAdmitted) return Outcome::kTokenInvalid;
  return judge_subscription(facts.key, facts.application, facts.subscription);
}

}  // namespace parallax::logic::gateway
