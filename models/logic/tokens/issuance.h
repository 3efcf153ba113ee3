// Issuing one token, as a machine that says what to do with the access-token table and is told what came of it. It
// waits for nothing, so a host may put a database's delays between the steps, and other nodes' steps with them:
//
//   begin -> ReadLatest -> on_read -> Issued (the same token again)
//                                  -> InsertRow | ReplaceRow -> on_inserted  -> Issued
//                                                            -> on_violation -> ReadKeyHolder -> on_read ... | Refused
//   begin -> MarkRow (a refresh) -> on_marked -> InsertRow ... | Refused
//
// Opaque: the same ACTIVE token comes back to the same owner and scopes while it is valid. JWT: the previous token is
// revoked and a new one issued each time. After a violation, which means that another node was faster, opaque shares
// that node's token if it is valid; JWT marks it EXPIRED and inserts, without a revocation event, so the other node's
// JWT stays good at gateways until its expiry (our reading). A token that ran out hands its refresh token on to its
// successor, if that is still good.
//
// At most `violation_retries_max` retries, so every sequence ends: after 2 (retries + 1) steps on the table at the
// most. A refresh marks the old row first: of two nodes with one refresh token only one finds it open. If the machine
// is refused after that, or its host dies, the refresh token is gone; it never works twice.
#pragma once

#include <optional>
#include <variant>

#include "models/logic/tokens/access_token.h"
#include "models/logic/tokens/issuing_rules.h"
#include "models/logic/tokens/token_table.h"

namespace parallax::logic::tokens {

/// What a new row will be known by, if one comes about; made before it is known whether it will.
struct FreshToken {
  domain::TokenId id{kNoToken};
  caches::Digest token;
  caches::Digest refresh;  ///< kNoDigest: none wanted
};

/// Admitted by the rules of its grant (grants.h).
struct IssueRequest {
  TokenKey key;
  ScopeSetId scopes{kNoScopes};
  TokenType type{TokenType::kOpaque};
  Grant grant{Grant::kClientCredentials};
  domain::SiteId data_center{};
  FreshToken fresh;
  std::optional<AccessToken> refreshed;  ///< of Grant::kRefreshToken: the row whose refresh token was presented
};

/// The latest ACTIVE row of the key.
struct ReadLatest {
  TokenKey key;
};

/// The row in the way of the key (TokenTable::key_holder).
struct ReadKeyHolder {
  TokenKey key;
  domain::SiteId data_center;
};

struct InsertRow {
  AccessToken row;
};

/// In one transaction (TokenTable::replace).
struct ReplaceRow {
  domain::TokenId old;
  TokenState old_becomes;
  AccessToken row;
};

struct MarkRow {
  domain::TokenId id;
  TokenState becomes;
};

enum class IssuedFrom : std::uint8_t { kNewRow, kExistingRow, kNoRow };

struct Issued {
  AccessToken row;
  IssuedFrom from;
  TokenType handed_out;  ///< not the row's type if the text kept for a JWT, its jti, went out in its place
  std::optional<AccessToken> revoked;  ///< the previous token, taken back while still valid: tell the gateways
};

struct Refused {
  OAuthError error;
};

using Step = std::variant<ReadLatest, ReadKeyHolder, InsertRow, ReplaceRow, MarkRow, Issued, Refused>;

class Issuance {
 public:
  /// Requires: fresh.id is unique; `refreshed` if and only if the grant is kRefreshToken.
  Issuance(const IssuingRules& rules, const IssueRequest& request) : rules_{rules}, request_{request} {}

  Step begin(sim::VirtualTime now);

  /// After ReadLatest and ReadKeyHolder.
  Step on_read(const std::optional<AccessToken>& latest, sim::VirtualTime now);

  /// After MarkRow: `found` it open, or somebody else was faster.
  Step on_marked(Marking found, sim::VirtualTime now);

  /// After InsertRow or ReplaceRow: done, or refused for whatever reason.
  Step on_inserted() const;
  Step on_violation();

  int violations() const { return violations_; }

 private:
  bool is_unbound_jwt() const;
  bool may_share(const AccessToken& latest) const;
  Step take_over(const AccessToken& latest, sim::VirtualTime now);
  Step insert(sim::VirtualTime now);
  void make_row(sim::VirtualTime now);
  void keep_refresh_of(const AccessToken& old);

  IssuingRules rules_;
  IssueRequest request_;
  AccessToken row_{};  ///< as offered to the table last
  std::optional<AccessToken> revoked_;
  int violations_{0};
};

}  // namespace parallax::logic::tokens
