// The access-token table as its issuers see it. A relational store implements it with one statement or one transaction
// for each function; an asynchronous host calls them at the instants at which its database would.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/logic/tokens/access_token.h"

namespace parallax::logic::tokens {

/// kKeyViolation: another row has the unique key (or the id). kStale: the row to replace has changed since it was read.
/// Then nothing was changed.
enum class Insertion : std::uint8_t { kInserted, kKeyViolation, kStale };

/// kNoSuchRow: there is none, or it was final, or it had that state.
enum class Marking : std::uint8_t { kMarked, kNoSuchRow };

class TokenTable {
 public:
  virtual ~TokenTable() = default;

  /// Over all data centers.
  virtual std::optional<AccessToken> latest(const TokenKey& key, TokenState state) const = 0;

  /// The ACTIVE row that keeps another of this key and data center from being inserted.
  virtual std::optional<AccessToken> key_holder(const TokenKey& key, domain::SiteId data_center) const = 0;

  virtual Insertion insert(const AccessToken& row) = 0;

  /// An ACTIVE row may become anything, an EXPIRED one INACTIVE or REVOKED; these two are final.
  virtual Marking mark(domain::TokenId id, TokenState state) = 0;

  /// mark() and insert() in one transaction: both or neither. Requires: state is not kActive.
  virtual Insertion replace(domain::TokenId old, TokenState state, const AccessToken& row) = 0;

  virtual std::optional<AccessToken> find(domain::TokenId id) const = 0;
  virtual std::optional<AccessToken> find_by_token(caches::Digest token) const = 0;

  /// Of the rows that were given this refresh token, the one inserted last.
  virtual std::optional<AccessToken> find_by_refresh(caches::Digest refresh) const = 0;

  /// Rows of a client, or of a user, whose access or refresh token may still be used; by id.
  virtual std::vector<AccessToken> open_rows_of(domain::ClientId client) const = 0;
  virtual std::vector<AccessToken> open_rows_of(domain::UserId user) const = 0;
};

/// Is this step allowed to a row?
constexpr bool may_become(TokenState from, TokenState to) {
  if (from == TokenState::kActive) return to != TokenState::kActive;
  return from == TokenState::kExpired && (to == TokenState::kInactive || to == TokenState::kRevoked);
}

}  // namespace parallax::logic::tokens
