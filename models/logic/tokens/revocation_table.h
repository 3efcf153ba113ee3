// The issuer's tables of what was revoked (AM_REVOKED_JWT, and the rules about clients and users): what gateways pull
// when they start. Tokens that have expired since are deleted in passing, on each revocation (carbon-apimgt
// ExpiredJWTCleaner, "EXPIRY_TIMESTAMP < ?"); rules stay.
//
// Where the table is replicated both ways, each data center's clean-up deletes the same rows, and a delete that arrives
// from the other one finds nothing: api-manager 3900, for which GoldenGate stops. Hence a switch,
// enable_revoke_token_cleanup, and the names of what was deleted, for whoever replicates.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/logic/tokens/revocation_event.h"

namespace parallax::logic::tokens {

class RevocationTable {
 public:
  /// A token twice is one row, of the later expiry; of two rules about one client or user the later counts.
  void insert(const RevocationEvent& event);

  /// Deletes tokens with an expiry before `now`, not at it; appends theirs to `deleted`, by expiry, then digest.
  void delete_expired(sim::VirtualTime now, std::vector<caches::Digest>& deleted);

  /// A replicated delete. kNoSuchRow: the conflict that stops replication.
  enum class Deletion : std::uint8_t { kDeleted, kNoSuchRow };
  Deletion erase(caches::Digest token);

  /// All that is revoked: tokens by expiry, then rules by kind and id.
  std::vector<RevocationEvent> list() const;

  std::size_t tokens() const { return expiry_.size(); }

 private:
  using RuleKey = std::pair<RevocationKind, std::uint32_t>;

  std::map<std::pair<sim::VirtualTime, caches::Digest>, RevocationEvent> tokens_;
  boost::unordered_flat_map<caches::Digest, sim::VirtualTime> expiry_;
  std::map<RuleKey, RevocationEvent> rules_;
};

}  // namespace parallax::logic::tokens
