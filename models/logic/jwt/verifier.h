// Whether to believe a signed token: RFC 7515 section 5.2, RFC 7519 section 7.2, and the advice of RFC 8725.
//
// The order of the checks is that of Validity: what costs nothing first, and nothing that a token says about itself,
// but for its kid and issuer, before its signature. The issuer is read unverified because it names the key set; a
// forger gains nothing by it, for the signature must then verify with a key of that issuer's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/logic/jwt/key_cache.h"
#include "models/logic/jwt/verdict.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

enum class RequiredClaim : std::uint8_t { kSubject, kId, kClient, kExpires, kIssued };

struct Policy {
  std::vector<std::string> issuers;  ///< trusted; an IssuerId is a place in this list. At least one
  AlgorithmSet algorithms{Algorithm::kRs256, Algorithm::kEs256};
  std::vector<std::string> audiences;  ///< a token must be for one of them; empty: whatever it says, as WSO2 does
  std::vector<std::string> types;      ///< typ, without "application/", in any case; empty: any, and none
  std::vector<RequiredClaim> required{RequiredClaim::kExpires};
  /// What the clocks of issuer and gateway may differ by, for exp and nbf. 0 to a day. The default is OAuth
  /// component's class default; its documents advise 0 where clocks are synchronised.
  sim::Duration skew{sim::seconds(300)};
  ClaimNames names;
};

/// A token that expires at `expires` is refused from there on (RFC 7519 section 4.1.4), `skew` later.
/// Requires: `now` within 140 years of the epoch.
constexpr bool is_expired(sim::VirtualTime expires, sim::VirtualTime now, sim::Duration skew) {
  return now - skew >= expires;  // never expires + skew, which would overflow for kNever
}

/// A token is refused before its `not_before` (RFC 7519 section 4.1.5), but for the last `skew` of it.
constexpr bool is_early(sim::VirtualTime not_before, sim::VirtualTime now, sim::Duration skew) {
  return now + skew < not_before;
}

class Verifier {
 public:
  Verifier(Policy policy, const Signatures& signatures) : policy_{std::move(policy)}, signatures_{&signatures} {}

  const Policy& policy() const { return policy_; }

  /// Never throws; asks for no memory itself. The verdict's token is valid as long as read() says.
  Verdict verify(std::string_view token, Workspace& workspace, KeyCache& keys, sim::VirtualTime now) const;

 private:
  Validity check_before_key(const Token& token, std::optional<IssuerId>& issuer) const;
  Validity check_signature(const Token& token, KeyCache& keys, sim::VirtualTime now, Verdict& verdict) const;
  Validity check_claims(const Token& token, sim::VirtualTime now) const;
  bool has_required(const Token& token) const;
  bool is_for_us(const Token& token) const;

  Policy policy_;
  const Signatures* signatures_;
};

}  // namespace parallax::logic::jwt
