// Taking tokens back, at the issuer: mark the rows REVOKED, write down what gateways pull later, and say what they must
// be told now (carbon-apimgt AbstractKeyManagerEventHandler: table, then event, then clean-up).
//
// All of a client, or of a user, is one rule: "issued before this instant". It reaches JWTs, stored or not. Opaque
// tokens have no instant of issue that a gateway could read, so each goes with an event of its own (our reading).
// Refresh tokens end with the rows, those of expired access tokens too.
#pragma once

#include <cstdint>
#include <vector>

#include "models/logic/tokens/revocation_event.h"
#include "models/logic/tokens/revocation_table.h"
#include "models/logic/tokens/token_table.h"

namespace parallax::logic::tokens {

/// Does each revocation of a token delete the expired ones from the table (enable_revoke_token_cleanup)?
enum class RevocationCleanUp : std::uint8_t { kOn, kOff };

struct Revocations {
  std::vector<RevocationEvent> events;
  std::vector<caches::Digest> deleted;  ///< from the table of what was revoked, by the clean-up
};

struct RevokerOptions {
  RevocationCleanUp clean_up{RevocationCleanUp::kOn};
  /// >= 0; the greatest skew that a gateway grants beyond an expiry: for so long a token can still be taken back.
  sim::Duration kept_past_expiry{};
};

class Revoker {
 public:
  Revoker(TokenTable& tokens, RevocationTable& revoked, const RevokerOptions& options = {})
      : tokens_{tokens}, revoked_{revoked}, options_{options} {}

  /// A row, if it is neither refreshed nor revoked. No event if no gateway takes the access token any more.
  Revocations revoke(domain::TokenId id, sim::VirtualTime now);

  /// A token whose row issuing has marked already (Issued::revoked).
  Revocations announce(const AccessToken& row, sim::VirtualTime now);

  /// A JWT without a row.
  Revocations revoke_jwt(const RevocationEvent& event, sim::VirtualTime now);

  Revocations revoke_client(domain::ClientId client, sim::VirtualTime now);
  Revocations revoke_user(domain::UserId user, sim::VirtualTime now);

 private:
  Revocations revoke_all(const RevocationEvent& rule, const std::vector<AccessToken>& rows, sim::VirtualTime now);
  bool is_over(sim::VirtualTime expires, sim::VirtualTime now) const {
    return now - options_.kept_past_expiry >= expires;
  }
  void write_down(const RevocationEvent& event, sim::VirtualTime now, Revocations& out);

  TokenTable& tokens_;
  RevocationTable& revoked_;
  RevokerOptions options_;
};

}  // namespace parallax::logic::tokens
