// What key validation found out about one token for one resource: the answer of a key manager, and what a gateway
// caches of it (carbon-apimgt APIKeyValidationInfoDTO).
#pragma once

#include "models/domain/outcome.h"
#include "models/logic/gateway/authorise.h"

namespace parallax::logic::gateway {

struct Validation {
  TokenFacts token;
  domain::SubscriptionId subscription{domain::kNoSubscription};
  SubscriptionFacts subscription_facts;
  domain::TierId application_tier{domain::kUnlimited};
  domain::TenantId application_tenant{};
  domain::KeyType key_type{domain::KeyType::kProduction};
  domain::Outcome outcome{domain::Outcome::kTokenInvalid};  ///< as it was when validated
  domain::Version api_version{};                            ///< of the API in the key manager's own data
  bool lacks_api{false};                                    ///< it is not in them, whatever the gateway has deployed
};

/// The key manager's part of a decision: the token, what lies between its key and the API, the scopes of the resource.
Validation validate(const AccessFacts& facts, domain::SubscriptionId subscription, const ResourceFacts& resource,
                    const tokens::ScopeSets& scope_sets, sim::VirtualTime now, sim::Duration skew = {});

}  // namespace parallax::logic::gateway
