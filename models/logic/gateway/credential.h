// What a call proves its rights with.
#pragma once

#include <optional>
#include <string_view>

#include "models/domain/outcome.h"
#include "models/logic/caches/digest.h"
#include "models/logic/gateway/facts.h"
#include "models/logic/tokens/access_token.h"

namespace parallax::logic::gateway {

struct Credential {
  enum class Kind : std::uint8_t {
    kNone,
    kOpaque,      ///< means nothing without whoever issued it
    kSigned,      ///< a JWT whose signature and claims have been found good
    kUnverified,  ///< one of which nobody has found out yet
    kRefused,     ///< one that has been found bad: `refusal` says how
  };
  Kind kind{Kind::kNone};
  caches::Digest id;  ///< of the opaque token's text, or of the JWT's own id

  // Of a signed one, from its claims:
  TokenFacts facts;
  domain::ClientId client{domain::kNoClient};
  tokens::UserType user_type{tokens::UserType::kApplication};
  sim::VirtualTime issued;

  domain::Outcome refusal{domain::Outcome::kTokenInvalid};  ///< of a refused one
};

/// The token of an Authorization header, "Bearer " in any case and then one token68 (RFC 6750 section 2.1, RFC 9110
/// section 11.4); nothing for another scheme, an empty token or foreign characters. Linear in the header's length.
std::optional<std::string_view> bearer_token(std::string_view authorization);

/// How a gateway tells a JWT from an opaque token: by its two dots (carbon-apimgt OAuthAuthenticator).
bool looks_signed(std::string_view token);

}  // namespace parallax::logic::gateway
