#include "models/logic/tokens/revocation_receiver.h"

namespace parallax::logic::tokens {

CacheAction receive(RevokedMap& map, const RevocationEvent& event, Cached cached) {
  switch (event.kind) {
    case RevocationKind::kJwt:
      map.add_token(event.token, event.expires);
      return CacheAction::kEvict;
    case RevocationKind::kOpaque:
      return cached == Cached::kYes ? CacheAction::kMoveToInvalid : CacheAction::kNothing;
    case RevocationKind::kClient:
      map.add_client(event.client, event.revoked);
      return CacheAction::kNothing;
    case RevocationKind::kClientItself:
      map.add_client_itself(event.client, event.revoked);
      return CacheAction::kNothing;
    case RevocationKind::kUser:
      map.add_user(event.user, event.revoked);
      return CacheAction::kNothing;
  }
  return CacheAction::kNothing;
}

void merge(RevokedMap& map, std::span<const RevocationEvent> pulled) {
  for (const RevocationEvent& event : pulled) receive(map, event, Cached::kNo);
}

}  // namespace parallax::logic::tokens
