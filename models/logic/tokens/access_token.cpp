#include "models/logic/tokens/access_token.h"

#include <boost/container_hash/hash.hpp>

namespace parallax::logic::tokens {

std::size_t hash_value(const TokenKey& key) {
  std::size_t seed = hash_value(key.scope_hash);
  boost::hash_combine(seed, domain::index(key.client));
  boost::hash_combine(seed, domain::index(key.user));
  boost::hash_combine(seed, domain::index(key.tenant));
  boost::hash_combine(seed, domain::index(key.user_type));
  boost::hash_combine(seed, domain::index(key.binding));
  return seed;
}

}  // namespace parallax::logic::tokens
