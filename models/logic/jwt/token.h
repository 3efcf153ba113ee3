// What a gateway reads in a signed token (RFC 7519 section 4.1, RFC 9068, RFC 8693 for client_id). Nothing of it is
// true before the signature has been verified.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "models/logic/jwt/algorithm.h"
#include "models/logic/jwt/text_list.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

/// For which of an API's two endpoints the token is.
enum class KeyType : std::uint8_t { kNone, kProduction, kSandbox, kOther };

/// Views into the token and into the workspace that it was read in. An empty text is an absent one.
struct Token {
  std::string_view signing_input;
  std::string_view signature;  ///< its bytes

  Algorithm algorithm{};
  std::string_view key_id;  ///< kid
  std::string_view type;    ///< typ

  std::string_view issuer;
  std::string_view subject;
  std::string_view id;      ///< jti
  std::string_view client;  ///< the consumer key
  TextList audience;
  TextList scopes;
  KeyType key_type{KeyType::kNone};
  std::optional<sim::VirtualTime> expires;     ///< first instant at which it is no longer valid
  std::optional<sim::VirtualTime> not_before;  ///< first instant at which it is valid
  std::optional<sim::VirtualTime> issued;
};

}  // namespace parallax::logic::jwt
