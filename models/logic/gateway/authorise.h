// Whether a call may pass, as far as quotas have no say: functions of facts and of nothing else. A gateway and a key
// manager call them on the facts that they have, an auditor on those of an instantly consistent copy; that all call
// the same functions is the point.
//
// The order is the real one (carbon-apimgt: APIStatusHandler, then OAuthAuthenticator; AbstractKeyValidationHandler,
// validateSubscription, then validateScopes): the first fact out of order is the answer, and those behind it are not
// looked at.
#pragma once

#include "models/domain/outcome.h"
#include "models/logic/gateway/facts.h"

namespace parallax::logic::gateway {

/// kAdmitted, kApiUnknown or kApiBlocked.
domain::Outcome judge_api(const ApiFacts& api);

/// kAdmitted, kTokenInvalid or kTokenExpired. A token is valid before its expiry plus `skew`, to the nanosecond.
domain::Outcome judge_token(const TokenFacts& token, sim::VirtualTime now, sim::Duration skew = {});

/// kAdmitted, or that something between the key and the API is missing (kSubscriptionMissing) or not as it should be
/// (kSubscriptionBlocked, kSubscriptionInactive). A block for production keys alone lets sandbox keys pass.
domain::Outcome judge_subscription(const KeyMappingFacts& key, const ApplicationFacts& application,
                                   const SubscriptionFacts& subscription);

/// kAdmitted or kScopeMissing.
domain::Outcome judge_scopes(const ResourceFacts& resource, const TokenFacts& token,
                             const tokens::ScopeSets& scope_sets);

struct AccessFacts {
  ApiFacts api;
  TokenFacts token;
  KeyMappingFacts key;
  ApplicationFacts application;
  SubscriptionFacts subscription;
};
/// Where clients' keys and applications are there from the start and stay.
AccessFacts with_standing_keys(const ApiFacts& api, const TokenFacts& token, const SubscriptionFacts& subscription);

/// All but scopes, in order; an expired token is an invalid one.
domain::Outcome authorise(const AccessFacts& facts, sim::VirtualTime now);

}  // namespace parallax::logic::gateway
