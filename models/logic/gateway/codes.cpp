#include "models/logic/gateway/codes.h"

namespace parallax::logic::gateway {

using domain::Outcome;

Outcome as_reported(Outcome outcome, const CodeOptions& options) {
  const bool is_folded = outcome == Outcome::kTokenExpired && options.expired == CodeOptions::Expired::kInvalid;
  return is_folded ? Outcome::kTokenInvalid : outcome;
}

domain::Answer answer_of(Outcome outcome, const CodeOptions& options) {
  domain::Answer answer = domain::answer_of(as_reported(outcome, options));
  if (outcome == Outcome::kRequestBlocked) answer.http = options.blocked_request_status;
  if (outcome == Outcome::kBackendUnreachable) answer.http = options.backend_unreachable_status;
  if (outcome == Outcome::kBackendTimeout) answer.http = options.backend_timeout_status;
  return answer;
}

}  // namespace parallax::logic::gateway
