// The gateway's decision up to the quota check, as a function of facts: API deployed, token valid, subscription
// active, in this order (carbon-apimgt: API status, authentication, key validation). The gateway calls it on the facts
// that it has, the audit on those of an instantly consistent copy; that both call the same function is the point.
#pragma once

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "sim/time.h"

namespace parallax::logic {

struct ApiFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
};

struct TokenFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};  ///< blocked: revoked
  sim::VirtualTime expires;
  domain::ApplicationId application{};
};

struct SubscriptionFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
};

/// A token is valid before its expiry, to the nanosecond; clock skew is the caller's business.
bool is_valid(const TokenFacts& token, sim::VirtualTime now);

/// kAdmitted, or the first reason to refuse. A refusal does not look at the facts behind it.
domain::Outcome authorise(const ApiFacts& api, const TokenFacts& token, const SubscriptionFacts& subscription,
                          sim::VirtualTime now);

}  // namespace parallax::logic
