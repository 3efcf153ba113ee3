#include "models/logic/gateway/authorise.h"

namespace parallax::logic {

using domain::Outcome;
using domain::Standing;

bool is_valid(const TokenFacts& token, sim::VirtualTime now) {
  return token.standing == Standing::kActive && now < token.expires;
}

Outcome authorise(const ApiFacts& api, const TokenFacts& token, const SubscriptionFacts& subscription,
                  sim::VirtualTime now) {
  if (api.standing != Standing::kActive) return Outcome::kApiUnknown;
  if (!is_valid(token, now)) return Outcome::kTokenInvalid;
  if (subscription.standing == Standing::kBlocked) return Outcome::kSubscriptionBlocked;
  if (subscription.standing == Standing::kAbsent) return Outcome::kSubscriptionMissing;
  return Outcome::kAdmitted;
}

}  // namespace parallax::logic
