// The compact serialisation of a JWS (RFC 7515 section 7.1): header.claims.signature, each in base64url.
#pragma once

#include <optional>
#include <string_view>

namespace parallax::logic::jwt {

/// Views into the token, still encoded.
struct Compact {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signing_input;  ///< header.claims: what the signature is over
};

/// Nothing unless there are exactly two dots. The parts may be empty.
std::optional<Compact> split(std::string_view token);

}  // namespace parallax::logic::jwt
