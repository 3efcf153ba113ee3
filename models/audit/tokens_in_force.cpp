#include "models/audit/tokens_in_force.h"

namespace parallax::audit {

using domain::ChangeKind;

TokensInForce::TokensInForce(const domain::Catalog& catalog) {
  for (const domain::Token& token : catalog.tokens) {
    add({}, 1);
    add(token.expires, -1);
  }
}

// What happens within a step shows at its end.
void TokensInForce::add(sim::VirtualTime from, std::int64_t tokens) {
  const std::int64_t step = from.ns / kTokenStep.ns + (from.ns % kTokenStep.ns == 0 ? 0 : 1);
  changes_[step] += tokens;
}

// Two sites may each revoke the same token.
void TokensInForce::acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  if (change.change != ChangeKind::kTokenIssued && change.change != ChangeKind::kTokenRevoked) return;
  if (change.expires <= now) return;
  if (change.change == ChangeKind::kTokenRevoked && !revoked_.insert(change.object.id()).second) return;
  const std::int64_t tokens = change.change == ChangeKind::kTokenIssued ? 1 : -1;
  add(now, tokens);
  add(change.expires, -tokens);
}

void TokensInForce::finish(sim::VirtualTime end, Findings& findings) const {
  std::int64_t in_force = 0;
  auto next = changes_.begin();
  for (std::int64_t step = 0; step <= end.ns / kTokenStep.ns; ++step) {
    for (; next != changes_.end() && next->first <= step; ++next) in_force += next->second;
    findings.tokens_in_force.push_back(in_force);
  }
}

}  // namespace parallax::audit
