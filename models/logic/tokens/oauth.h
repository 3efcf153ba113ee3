// The words of RFC 6749 that issuing needs: grants, and what a token endpoint answers when it refuses (section 5.2).
#pragma once

#include <cstdint>

namespace parallax::logic::tokens {

enum class Grant : std::uint8_t { kClientCredentials, kPassword, kRefreshToken, kAuthorizationCode };

/// A set of grants.
struct Grants {
  std::uint8_t bits{0};
  constexpr bool has(Grant grant) const { return (bits >> static_cast<unsigned>(grant) & 1U) != 0; }
  constexpr Grants with(Grant grant) const {
    return {static_cast<std::uint8_t>(bits | 1U << static_cast<unsigned>(grant))};
  }
  friend constexpr bool operator==(Grants, Grants) = default;
};
inline constexpr Grants kAllGrants{0b1111};

/// kServerError is section 4.1.2.1's word for "not your fault": the table refused every attempt to insert.
enum class OAuthError : std::uint8_t {
  kNone,
  kInvalidClient,
  kInvalidGrant,
  kUnauthorizedClient,
  kUnsupportedGrantType,
  kInvalidScope,
  kServerError,
};

}  // namespace parallax::logic::tokens
