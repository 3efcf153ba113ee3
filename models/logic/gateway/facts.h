// What a decision rests on. Each fact carries the version of the change that made it, so that an observer can tell a
// decision on old facts from one on new ones. Whoever has not set a fact refuses by it.
#pragma once

#include <cstdint>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/logic/throttling/subject.h"
#include "models/logic/tokens/scope_sets.h"
#include "sim/time.h"

namespace parallax::logic::gateway {

struct ApiFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};  ///< blocked: by its lifecycle
  domain::TierId tier{domain::kUnlimited};               ///< an API policy takes the place of its resources' own
  domain::TenantId tenant{};
  throttling::ContextId context{};  ///< context and version, for custom policies that name one of them
  throttling::VersionId url_version{};
};

enum class Authentication : std::uint8_t { kRequired, kNone };

struct ResourceFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  tokens::ScopeSetId scopes{};  ///< one of them is enough; the empty set asks for none
  domain::TierId tier{domain::kUnlimited};
  Authentication authentication{Authentication::kRequired};
};

struct TokenFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};  ///< blocked: revoked
  sim::VirtualTime expires;                              ///< first instant at which it is no longer valid
  domain::ApplicationId application{domain::kNoApplication};
  domain::UserId user{domain::kNoUser};
  tokens::ScopeSetId scopes{};
};

/// That a client's key belongs to an application, and for which environment it was made.
struct KeyMappingFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  domain::ApplicationId application{domain::kNoApplication};
  domain::KeyType type{domain::KeyType::kProduction};
};

struct ApplicationFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  domain::TierId tier{domain::kUnlimited};
  domain::TenantId tenant{};
};

/// Of a subscription's throttling policy.
struct PolicyFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  std::uint64_t requests{0};  ///< in each window; 0: without limit
};

struct SubscriptionFacts {
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  domain::TierId tier{domain::kUnlimited};
};

}  // namespace parallax::logic::gateway
