// Reading a signed token in the compact serialisation (RFC 7515 section 5.2, steps 1 to 7; RFC 7519 section 7.2).
//
// In this order: size; three parts; the header's base64url, JSON, algorithm and critical extensions; the claims'
// base64url and JSON; the signature's base64url. The first flaw is told. Header parameters that would bring a key or a
// place to fetch one from (jwk, jku, x5c, x5u) are not looked at (RFC 8725 section 3.10).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "models/logic/jwt/token.h"
#include "models/logic/jwt/workspace.h"

namespace parallax::logic::jwt {

enum class Flaw : std::uint8_t {
  kOversized,        ///< longer than the workspace takes; not looked into
  kNotThreeParts,    ///< not exactly two dots, or the signature is empty
  kEncoding,         ///< not canonical base64url without padding
  kHeader,           ///< no JSON object, or alg, kid or typ is no text
  kAlgorithm,        ///< "none", unknown or absent
  kCritical,         ///< crit: an extension that must be understood, and none is (RFC 7515 section 4.1.11)
  kClaims,           ///< no JSON object, or a claim of another type than its RFC says
  kDuplicateMember,  ///< a header parameter or claim that we read is there twice
};

/// For logs: "duplicate_member".
std::string_view name_of(Flaw flaw);

/// What issuers call the claims that no RFC, or more than one, has a name for; the first that is there counts. An empty
/// name is none. Each at most kMaxNameBytes.
struct ClaimNames {
  /// OpenID Connect Core section 2, RFC 8693 section 4.3, and older WSO2 tokens.
  std::array<std::string, 3> client{"azp", "client_id", "consumerKey"};
  std::array<std::string, 2> scope{"scope", "scp"};
  std::string key_type{"keytype"};
};

/// Never throws and asks for no memory; time linear in the token's length. The Token is valid until the workspace is
/// used again, and while `token` is there.
std::variant<Token, Flaw> read(std::string_view token, const ClaimNames& names, Workspace& workspace);

}  // namespace parallax::logic::jwt
