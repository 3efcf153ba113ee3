// What an issuer is configured to do. Defaults are WSO2's where it has any: identity-inbound-auth-oauth
// (AbstractAuthorizationGrantHandler, AccessTokenDAOImpl, OAuthServerConfiguration); docs-apim "Multiple Active Access
// Tokens" and "Token Persistence".
#pragma once

#include <cstdint>

#include "models/logic/tokens/oauth.h"
#include "sim/time.h"

namespace parallax::logic::tokens {

/// When a new JWT is issued while the previous one is valid: revoke that, which makes a revocation event for each
/// request, or leave both (oauth.jwt.renew_token_without_revoking_existing).
enum class JwtRenewal : std::uint8_t { kRevokePrevious, kKeepPrevious };

/// Are JWTs rows of the table (oauth.token_persistence.enable)? If not, issuing one reads and writes nothing, so the
/// previous one stays valid, no key can be violated, and one token is revoked by its id alone, all of a client or a
/// user only by "issued before". A refresh token needs a row still: the token's own, with no way to find it by its jti.
/// The newest default file of product-apim says enable=false.
enum class JwtPersistence : std::uint8_t { kStored, kNotStored };

/// What follows a violation of the unique key. kByRequestedType: an opaque token is shared, a JWT made anew.
/// kIgnoringType: the latest ACTIVE row is handed out, whatever was asked for (product-apim 7901, 9924).
enum class ViolationRecovery : std::uint8_t { kByRequestedType, kIgnoringType };

/// Which row is read after a violation: the one that holds the key, or the latest ACTIVE one of the owner, as the first
/// time, which is blind to the data center. With DCID in the key that can be another row than the one in the way, and
/// then no retry helps (our reading; product-is 28440 is the like with USER_TYPE).
enum class RecoveryRead : std::uint8_t { kKeyHolder, kLatest };

/// Does a refresh come with a new refresh token, and end the old one (RFC 6749 section 6; renew_refresh_token, on by
/// default), or does the old one live on to its expiry?
enum class RefreshRotation : std::uint8_t { kNewEachTime, kKept };

struct IssuingRules {
  sim::Duration application_token_validity{sim::seconds(3'600)};  ///< > 0
  sim::Duration user_token_validity{sim::seconds(3'600)};         ///< > 0
  sim::Duration refresh_validity{sim::minutes(24 * 60)};          ///< > 0
  JwtRenewal jwt_renewal{JwtRenewal::kRevokePrevious};
  Grants keep_previous_for{Grants{}.with(Grant::kClientCredentials)};  ///< of kKeepPrevious: only with these grants
  JwtPersistence jwt_persistence{JwtPersistence::kStored};
  ViolationRecovery recovery{ViolationRecovery::kByRequestedType};
  RecoveryRead recovery_read{RecoveryRead::kKeyHolder};
  RefreshRotation rotation{RefreshRotation::kNewEachTime};
  int violation_retries_max{5};  ///< >= 0; further attempts to insert after the first was refused
};

}  // namespace parallax::logic::tokens
