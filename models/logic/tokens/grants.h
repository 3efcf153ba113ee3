// Who may have a token: the rules of the four grants of RFC 6749 (sections 4.1, 4.3, 4.4 and 6) up to issuing, and the
// error of each refusal (section 5.2), tried in this order:
//
//   1. the client is unknown, inactive or did not prove itself     invalid_client
//   2. the server does not know the grant                          unsupported_grant_type
//   3. the client may not use it                                   unauthorized_client
//   4. the resource owner's password, the code or the refresh
//      token is wrong, expired, used, revoked or another client's  invalid_grant
//   5. a scope asked for is not allowed                            invalid_scope
//
// A code is consumed by looking at it (authorization_codes.h), so the host tries 1 to 3 with check_client() before.
// Proving passwords and secrets is the host's, as is PKCE: S256 needs SHA-256, and its verdict comes in as the code's.
#pragma once

#include <cstdint>
#include <optional>

#include "models/logic/tokens/access_token.h"
#include "models/logic/tokens/authorization_codes.h"
#include "models/logic/tokens/oauth.h"
#include "models/logic/tokens/scope_sets.h"

namespace parallax::logic::tokens {

enum class ClientState : std::uint8_t { kActive, kInactive, kRevoked };

/// An OAuth client: a consumer key of an application.
struct Client {
  domain::ClientId id{};
  domain::UserId owner{};  ///< for whom tokens of the application itself are issued
  domain::TenantId tenant{};
  ClientState state{ClientState::kActive};
  Grants grants;
  ScopeSetId scopes{kNoScopes};          ///< allowed
  ScopeSetId default_scopes{kNoScopes};  ///< of a request that names none (section 3.3); allowed, too
  TokenType token_type{TokenType::kJwt};
};

enum class Proof : std::uint8_t { kGiven, kFailed };

struct GrantRequest {
  Grant grant{Grant::kClientCredentials};
  const Client* client{nullptr};  ///< null: unknown
  Proof client_proof{Proof::kFailed};
  std::optional<ScopeSetId> scopes;      ///< as asked for; kNoScopes counts as none
  domain::UserId user{};                 ///< kPassword: the resource owner
  Proof user_proof{Proof::kFailed};      ///< kPassword
  std::optional<AccessToken> refreshed;  ///< kRefreshToken: the row found by the refresh token
  std::optional<CodeGrant> code;         ///< kAuthorizationCode: what redeeming gave
};

/// To whom and for what to issue; if refused, only the error means anything.
struct Admission {
  OAuthError error{OAuthError::kNone};
  TokenKey key;
  ScopeSetId scopes{kNoScopes};
  TokenType type{TokenType::kOpaque};
  bool has_refresh{false};  ///< a refresh token goes with it: not with client credentials (section 4.4.3)
};

/// Rules 1 to 3. `supported`: what the server knows.
OAuthError check_client(const GrantRequest& request, Grants supported);

/// All rules. Requires: scopes of the request, of the client and of rows are ids of `sets`.
Admission admit(const GrantRequest& request, Grants supported, const ScopeSets& sets, sim::VirtualTime now);

}  // namespace parallax::logic::tokens
