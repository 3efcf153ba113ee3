#include "models/logic/gateway/edge.h"

namespace parallax::logic::gateway {

Reading read(const Request& request, const routing::RouteTable& routes, const routing::Cors& cors,
             const caches::DigestSecret& secret) {
  const routing::Routed routed = routing::route(routes, cors, request.head);
  Reading reading{{routed.outcome, routed.match.api, routed.match.resource, request.scheme, {}, request.circumstances},
                  routed.cors};
  const std::optional<std::string_view> token = bearer_token(request.authorization);
  if (!token) return reading;
  if (looks_signed(*token)) {
    reading.jwt = *token;
    reading.call.credential.kind = Credential::Kind::kUnverified;
  } else {
    reading.call.credential.kind = Credential::Kind::kOpaque;
    reading.call.credential.id = caches::digest(*token, secret);
  }
  return reading;
}

Credential credential_of(const jwt::VerificationCache::Decision& verified) {
  Credential credential;
  credential.kind = Credential::Kind::kRefused;
  credential.refusal = jwt::outcome_of(verified.verdict.validity);
  if (verified.verdict.validity != jwt::Validity::kValid) return credential;
  const jwt::VerifiedToken& token = verified.token;
  credential.kind = Credential::Kind::kSigned;
  credential.id = token.id;
  credential.facts.version = token.keys;
  credential.facts.standing = domain::Standing::kActive;
  credential.facts.expires = token.expires;
  credential.facts.user = token.principal.user;
  credential.facts.scopes = static_cast<tokens::ScopeSetId>(token.principal.scope_set);
  credential.client = token.principal.client;
  credential.user_type =
      token.principal.user == domain::kNoUser ? tokens::UserType::kApplication : tokens::UserType::kApplicationUser;
  credential.issued = token.issued;
  return credential;
}

}  // namespace parallax::logic::gateway
