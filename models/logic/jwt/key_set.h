// What an issuer publishes (JWKS, RFC 7517 section 5), as a value.
#pragma once

#include <string_view>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/jwt/signatures.h"

namespace parallax::logic::jwt {

struct KeySet {
  domain::Version version;
  std::vector<SigningKey> keys;

  /// The key with this kid; a token without one means the only key there is. Null if there is none.
  const SigningKey* find(std::string_view id) const {
    if (id.empty()) return keys.size() == 1 ? &keys.front() : nullptr;
    for (const SigningKey& key : keys) {
      if (key.id == id) return &key;
    }
    return nullptr;
  }
  friend bool operator==(const KeySet&, const KeySet&) = default;
};

}  // namespace parallax::logic::jwt
