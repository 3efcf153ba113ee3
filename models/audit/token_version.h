// What a decision says of the token that it came to.
#pragma once

#include <optional>

#include "models/audit/holdings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

/// The version of the token that the decision rests on, 0 where the gateway did not know it; nothing where the decision
/// did not come to the token. A signed token bears the version that it was issued with: who refuses it for a revocation
/// has heard of that, and who refuses it without having heard of any has not looked at more than its expiry.
inline std::optional<domain::Version> token_version(const domain::RequestDecided& decision, const Setup& setup,
                                                    const Holdings& holdings) {
  const domain::Version said = decision.token_version;
  if (decision.outcome != domain::Outcome::kTokenInvalid) {
    return said == domain::Version{} ? std::nullopt : std::optional{said};
  }
  if (!setup.observers[domain::index(decision.node)].has_signed_tokens) return said;
  const domain::Version heard = holdings.version(decision.node, domain::ObjectRef::of(decision.token));
  return heard > said ? std::optional{heard} : std::nullopt;
}

}  // namespace parallax::audit
