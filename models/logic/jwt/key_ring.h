// An issuer's keys: one signs, others are published with it. In a rotation the next key is published at once and signs
// from an instant on, so that gateways can learn it before its first token; the last one stays published for a grace
// time, so that its tokens live on. A key that leaked is retired: it leaves the published set at that very instant, and
// gateways that hold a copy believe it until they fetch again (key_cache.h).
//
// Every change of the published set is a version of it. Calls come with `now` never going back.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/jwt/key_set.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

class KeyRing {
 public:
  /// `first` signs from the beginning. Requires: grace >= 0, at least the longest life of a token if none may die.
  KeyRing(SigningKey first, sim::Duration grace, domain::SiteId site);

  /// The key that signs; null if all were retired.
  const SigningKey* active(sim::VirtualTime now);

  /// `next` signs from `from` on and is published from `now`. A rotation that is still ahead is overtaken: its key
  /// signs until `from` if its turn comes before, or never. Requires: from >= now; no published key has its id.
  void rotate(SigningKey next, sim::VirtualTime from, sim::VirtualTime now);

  /// Removes the key at once; nothing happens if it is not published. If it was the active one, the next in line signs
  /// from `now` on; rotate first if there is none, for a key that was rotated out never comes back.
  void retire(std::string_view id, sim::VirtualTime now);

  /// What the issuer's JWKS endpoint answers.
  KeySet published(sim::VirtualTime now);

  /// When the published set changes next without a call; nothing if it does not.
  std::optional<sim::VirtualTime> next_change() const;

 private:
  struct Entry {
    SigningKey key;
    sim::VirtualTime signs_from;
    sim::VirtualTime signs_until{sim::kNever};
    sim::VirtualTime published_until{sim::kNever};
  };
  using Entries = std::vector<Entry>;

  void advance(sim::VirtualTime now);
  void bump() { version_ = version_.next(site_); }

  Entries entries_;  ///< in the order in which they sign, one after the other
  sim::Duration grace_;
  domain::SiteId site_;
  domain::Version version_;
};

}  // namespace parallax::logic::jwt
