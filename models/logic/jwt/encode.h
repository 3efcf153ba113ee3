// Writing a signed token, for issuers and tests (RFC 7515 section 5.1, RFC 7519 section 7.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/logic/jwt/signatures.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

/// What is empty or nothing is left out. All texts in UTF-8.
struct Claims {
  std::string issuer;
  std::string subject;
  std::vector<std::string> audience;  ///< one is written as a text, several as an array
  std::optional<sim::VirtualTime> expires;
  std::optional<sim::VirtualTime> not_before;
  std::optional<sim::VirtualTime> issued;
  std::string id;                   ///< jti
  std::string client;               ///< as "azp"
  std::vector<std::string> scopes;  ///< as "scope", separated by spaces
  std::string key_type;             ///< "PRODUCTION" or "SANDBOX"
};

/// `type` is the header's typ; RFC 9068 section 2.1 wants this one of access tokens.
std::string encode(const Claims& claims, const SigningKey& key, const Signatures& signatures,
                   std::string_view type = "at+jwt");

/// Of any two texts, JSON or not.
std::string encode_compact(std::string_view header, std::string_view claims, const SigningKey& key,
                           const Signatures& signatures);

}  // namespace parallax::logic::jwt
