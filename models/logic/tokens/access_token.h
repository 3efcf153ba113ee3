// A row of the access-token table and the key that must be unique in it (CON_APP_KEY): CONSUMER_KEY_ID, AUTHZ_USER,
// TENANT_ID, USER_DOMAIN, USER_TYPE, TOKEN_SCOPE_HASH, TOKEN_STATE, TOKEN_STATE_ID, IDP_ID, later TOKEN_BINDING_REF;
// multi-data-center scripts append DCID. USER_DOMAIN and IDP_ID are part of who a UserId is.
//
// TOKEN_STATE_ID is what lets history pile up beside one ACTIVE row: it is the same for all ACTIVE rows and differs
// between all others, for which a random UUID is taken; here the row's own id, which is as unique and needs no luck.
#pragma once

#include <compare>
#include <cstdint>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"
#include "models/logic/tokens/scope_sets.h"
#include "sim/time.h"

namespace parallax::logic::tokens {

inline constexpr domain::TokenId kNoToken{0xffff'ffff};

/// Of a text that is not there: no refresh token, say.
inline constexpr caches::Digest kNoDigest{};

/// INACTIVE: its refresh token was used or moved to its successor. EXPIRED: replaced because it was, or because another
/// node needed the key.
enum class TokenState : std::uint8_t { kActive, kInactive, kExpired, kRevoked };
inline constexpr int kTokenStates = 4;

/// Opaque: a random text that only the issuer understands. JWT: self-contained; the table keeps its id (jti) alone, so
/// that it can never be handed out again.
enum class TokenType : std::uint8_t { kOpaque, kJwt };

/// Whom it speaks for: the application itself, or a user of it.
enum class UserType : std::uint8_t { kApplication, kApplicationUser };

/// Tells apart tokens that would otherwise be one: 'NONE' for most, else the id of the token.
enum class BindingRef : std::uint32_t {};
inline constexpr BindingRef kUnbound{0xffff'ffff};

enum class TokenStateId : std::uint32_t {};
inline constexpr TokenStateId kActiveStateId{0xffff'ffff};  ///< 'NONE'

/// Whose token: the unique key without state and data center. What "the latest token of" is asked by, for the
/// statements that read it do not look at the data center.
struct TokenKey {
  domain::ClientId client{};
  domain::UserId user{};
  domain::TenantId tenant{};
  UserType user_type{UserType::kApplication};
  BindingRef binding{kUnbound};
  caches::Digest scope_hash;
  friend constexpr auto operator<=>(const TokenKey&, const TokenKey&) = default;
};

std::size_t hash_value(const TokenKey& key);

struct AccessToken {
  domain::TokenId id{kNoToken};  ///< unique over all data centers
  TokenKey key;
  ScopeSetId scopes{kNoScopes};
  TokenType type{TokenType::kOpaque};
  TokenState state{TokenState::kActive};
  domain::SiteId data_center{};  ///< where it was inserted
  caches::Digest token;          ///< of the opaque text or of the jti
  caches::Digest refresh;        ///< kNoDigest: none was given
  sim::VirtualTime issued;
  sim::VirtualTime expires;          ///< first instant at which it is no longer valid
  sim::VirtualTime refresh_expires;  ///< likewise
  friend constexpr bool operator==(const AccessToken&, const AccessToken&) = default;
};

constexpr TokenStateId state_id(const AccessToken& row) {
  return row.state == TokenState::kActive ? kActiveStateId : TokenStateId{static_cast<std::uint32_t>(row.id)};
}

/// Active, and before its expiry to the nanosecond.
constexpr bool is_valid(const AccessToken& row, sim::VirtualTime now) {
  return row.state == TokenState::kActive && now < row.expires;
}

/// The refresh token may still be used: the row was neither refreshed nor revoked, and its time has not come.
constexpr bool can_refresh(const AccessToken& row, sim::VirtualTime now) {
  const bool is_open = row.state == TokenState::kActive || row.state == TokenState::kExpired;
  return is_open && row.refresh != kNoDigest && now < row.refresh_expires;
}

/// The order of "latest": by instant of issue; rows of one instant by id, where SQL leaves it open.
constexpr bool is_later(const AccessToken& a, const AccessToken& b) {
  return a.issued != b.issued ? a.issued > b.issued : a.id > b.id;
}

}  // namespace parallax::logic::tokens
