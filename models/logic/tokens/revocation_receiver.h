// A gateway hears of revocations: by event, and by the list that it pulls (carbon-apimgt
// GatewayTokenRevocationMessageListener, RevokedJWTTokensRetriever). Both go into one map and only ever add to it, so
// they may come in any order, twice, or stale: a list from a replica that is behind takes nothing away.
#pragma once

#include <cstdint>
#include <span>

#include "models/logic/tokens/revocation_event.h"
#include "models/logic/tokens/revoked_map.h"

namespace parallax::logic::tokens {

/// Has this gateway an entry for the opaque token in its cache of valid ones?
enum class Cached : std::uint8_t { kNo, kYes };

/// What the gateway does with its token caches. kEvict: the map knows. kMoveToInvalid: out of the cache of valid
/// tokens, into that of invalid ones. kNothing: no entry is concerned; of an opaque token, then, nothing at all is
/// remembered.
enum class CacheAction : std::uint8_t { kNothing, kEvict, kMoveToInvalid };

CacheAction receive(RevokedMap& map, const RevocationEvent& event, Cached cached);

/// The pulled list: JWTs and rules go into the map. A gateway that pulls at its start has no cache to act upon; one
/// that pulls again later should receive() each event, knowing what it has cached.
void merge(RevokedMap& map, std::span<const RevocationEvent> pulled);

}  // namespace parallax::logic::tokens
