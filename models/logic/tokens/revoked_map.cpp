#include "models/logic/tokens/revoked_map.h"

namespace parallax::logic::tokens {

using sim::VirtualTime;

namespace {

template <typename Map, typename Key>
void raise(Map& map, Key key, VirtualTime time) {
  const auto [entry, is_new] = map.try_emplace(key, time);
  if (!is_new && entry->second < time) entry->second = time;
}

template <typename Rules, typename Id>
bool refuses(const Rules& rules, Id id, VirtualTime issued) {
  if (rules.empty()) return false;
  const auto rule = rules.find(id);
  return rule != rules.end() && issued < rule->second;
}

}  // namespace

void RevokedMap::add_token(caches::Digest jti, VirtualTime expires) { raise(tokens_, jti, expires); }
void RevokedMap::add_client(domain::ClientId client, VirtualTime revoked) { raise(clients_, client, revoked); }
void RevokedMap::add_client_itself(domain::ClientId client, VirtualTime revoked) {
  raise(clients_themselves_, client, revoked);
}
void RevokedMap::add_user(domain::UserId user, VirtualTime revoked) { raise(users_, user, revoked); }

RevokedBy RevokedMap::revoked_by(const Claims& claims) const {
  if (has_token(claims.jti)) return RevokedBy::kToken;
  if (refuses(clients_, claims.client, claims.issued)) return RevokedBy::kClient;
  if (claims.user_type == UserType::kApplication) {
    return refuses(clients_themselves_, claims.client, claims.issued) ? RevokedBy::kClientItself : RevokedBy::kNone;
  }
  return refuses(users_, claims.user, claims.issued) ? RevokedBy::kUser : RevokedBy::kNone;
}

// Which entries go does not depend on the order in which they are seen.
std::size_t RevokedMap::clean(VirtualTime now) {
  return erase_if(tokens_, [&](const auto& entry) { return entry.second < now - options_.kept_past_expiry; });
}

}  // namespace parallax::logic::tokens
