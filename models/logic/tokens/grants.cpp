#include "models/logic/tokens/grants.h"

namespace parallax::logic::tokens {

namespace {

Admission refused(OAuthError error) {
  Admission admission;
  admission.error = error;
  return admission;
}

/// What the grant stands for: a user and the widest scopes that may be had with it.
struct Source {
  domain::UserId user;
  UserType user_type;
  ScopeSetId widest;
  ScopeSetId unasked;  ///< scopes of a request that names none
};

std::optional<Source> source_of_refresh(const GrantRequest& request, sim::VirtualTime now) {
  const auto& row = request.refreshed;
  if (!row || row->key.client != request.client->id || !can_refresh(*row, now)) return std::nullopt;
  return Source{row->key.user, row->key.user_type, row->scopes, row->scopes};
}

// Nothing: invalid_grant.
std::optional<Source> source_of(const GrantRequest& request, sim::VirtualTime now) {
  const Client& client = *request.client;
  switch (request.grant) {
    case Grant::kClientCredentials:
      return Source{client.owner, UserType::kApplication, client.scopes, client.default_scopes};
    case Grant::kPassword:
      if (request.user_proof != Proof::kGiven) return std::nullopt;
      return Source{request.user, UserType::kApplicationUser, client.scopes, client.default_scopes};
    case Grant::kRefreshToken:
      return source_of_refresh(request, now);
    case Grant::kAuthorizationCode:
      if (!request.code || request.code->client != client.id) return std::nullopt;
      return Source{request.code->user, UserType::kApplicationUser, request.code->scopes, request.code->scopes};
  }
  return std::nullopt;
}

}  // namespace

OAuthError check_client(const GrantRequest& request, Grants supported) {
  const Client* client = request.client;
  if (client == nullptr || client->state != ClientState::kActive || request.client_proof != Proof::kGiven) {
    return OAuthError::kInvalidClient;
  }
  if (!supported.has(request.grant)) return OAuthError::kUnsupportedGrantType;
  return client->grants.has(request.grant) ? OAuthError::kNone : OAuthError::kUnauthorizedClient;
}

Admission admit(const GrantRequest& request, Grants supported, const ScopeSets& sets, sim::VirtualTime now) {
  if (const OAuthError error = check_client(request, supported); error != OAuthError::kNone) return refused(error);
  const std::optional<Source> source = source_of(request, now);
  if (!source) return refused(OAuthError::kInvalidGrant);
  const ScopeSetId asked = request.scopes.value_or(kNoScopes);
  const ScopeSetId scopes = asked == kNoScopes ? source->unasked : asked;
  if (!sets.is_subset(scopes, source->widest)) return refused(OAuthError::kInvalidScope);
  Admission admission;
  admission.key = {.client = request.client->id,
                   .user = source->user,
                   .tenant = request.client->tenant,
                   .user_type = source->user_type,
                   .binding = kUnbound,
                   .scope_hash = sets.hash(scopes)};
  admission.scopes = scopes;
  admission.type = request.client->token_type;
  admission.has_refresh = request.grant != Grant::kClientCredentials;
  return admission;
}

}  // namespace parallax::logic::tokens
