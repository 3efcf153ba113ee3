// What an issuer tells the gateways when it takes tokens back (stream token.revocation).
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"
#include "sim/time.h"

namespace parallax::logic::tokens {

/// One token by its jti or its text; or a rule about tokens issued before the instant: all of a client, those that
/// speak for the client itself, all of a user.
enum class RevocationKind : std::uint8_t { kJwt, kOpaque, kClient, kClientItself, kUser };

struct RevocationEvent {
  RevocationKind kind{RevocationKind::kJwt};
  caches::Digest token;       ///< kJwt, kOpaque
  domain::ClientId client{};  ///< of the token, or of kClient and kClientItself
  domain::UserId user{};      ///< of the token, or of kUser
  sim::VirtualTime revoked;
  sim::VirtualTime expires;  ///< kJwt, kOpaque: the token's own
  friend constexpr bool operator==(const RevocationEvent&, const RevocationEvent&) = default;
};

constexpr bool is_rule(RevocationKind kind) { return kind != RevocationKind::kJwt && kind != RevocationKind::kOpaque; }

}  // namespace parallax::logic::tokens
