// Authorization codes (RFC 6749 section 4.1.2): good once, for 300 s (WSO2's default; the RFC recommends 600 s at
// most), for the client and the redirection URI they were made for. A second use is refused and takes back the token
// that the first one brought, for it shows that the code leaked (also RFC 6819 section 4.4.1.1), whoever makes it and
// however late; also if that token was refreshed since, or is being issued at this very moment.
//
// So a used code is kept as long as a token of it may live. Life of a record:
//   add -> redeem (-> bind -> renewed ...) -> sweep
// An attempt with the wrong client or URI is refused and does not use the code up.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/logic/caches/digest.h"
#include "models/logic/tokens/access_token.h"
#include "models/logic/tokens/oauth.h"
#include "models/logic/tokens/scope_sets.h"

namespace parallax::logic::tokens {

/// What the resource owner allowed.
struct CodeGrant {
  domain::ClientId client{};
  caches::Digest redirect_uri;
  domain::UserId user{};
  ScopeSetId scopes{kNoScopes};
  friend constexpr bool operator==(const CodeGrant&, const CodeGrant&) = default;
};

struct Redemption {
  OAuthError error{OAuthError::kNone};  ///< else kInvalidGrant
  std::optional<CodeGrant> grant;       ///< if there is no error
  domain::TokenId to_revoke{kNoToken};  ///< of a second use
};

/// kRevokeIt: while the token was on its way the code was used again.
enum class Binding : std::uint8_t { kBound, kRevokeIt };

class AuthorizationCodes {
 public:
  struct Options {
    sim::Duration validity{sim::seconds(300)};  ///< > 0
    sim::Duration kept_used{
        sim::minutes(24 * 60)};  ///< after the use or the last renewal; the refresh token's validity
  };

  AuthorizationCodes() : AuthorizationCodes(Options{}) {}
  explicit AuthorizationCodes(const Options& options) : options_{options} {}

  /// Requires: a code that is not there.
  void add(caches::Digest code, const CodeGrant& grant, sim::VirtualTime now);

  Redemption redeem(caches::Digest code, domain::ClientId client, caches::Digest redirect_uri, sim::VirtualTime now);

  /// The token that the redeemed code brought.
  Binding bind(caches::Digest code, domain::TokenId token);

  /// A refresh put `fresh` in the place of `old`.
  void renewed(domain::TokenId old, domain::TokenId fresh, sim::VirtualTime now);

  /// Forgets codes that can no longer matter. Returns how many.
  std::size_t sweep(sim::VirtualTime now);

  std::size_t size() const { return codes_.size(); }

 private:
  /// A token and what refreshes made of it. Codes may share one: the same opaque token can come to several.
  enum class FamilyId : std::uint64_t {};
  static constexpr FamilyId kNoFamily{0};
  struct Family {
    domain::TokenId latest{kNoToken};
    sim::VirtualTime until;  ///< first instant at which it is forgotten
  };
  enum class Uses : std::uint8_t { kNone, kOnce, kMore };
  struct Record {
    CodeGrant grant;
    sim::VirtualTime until;  ///< first instant at which an unused one is too old, a used one without family forgotten
    Uses uses{Uses::kNone};
    FamilyId family{kNoFamily};
  };

  Options options_;
  // Looked up and swept, which leaves the same in any order.
  boost::unordered_flat_map<caches::Digest, Record> codes_;
  boost::unordered_flat_map<domain::TokenId, FamilyId> family_of_;  ///< of the latest tokens
  boost::unordered_flat_map<FamilyId, Family> families_;
  std::uint64_t families_made_{0};
};

}  // namespace parallax::logic::tokens
