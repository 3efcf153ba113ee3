#include "models/logic/caches/digest.h"

#include <sodium/crypto_shorthash_siphash24.h>

#include <bit>

namespace parallax::logic::caches {

static_assert(sizeof(DigestSecret) == crypto_shorthash_siphashx24_KEYBYTES);

namespace {

// The digest's bytes are little-endian words on every machine.
std::uint64_t word(const unsigned char* bytes) {
  std::uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | bytes[i];
  return word;
}

}  // namespace

Digest digest(std::string_view text, const DigestSecret& secret) {
  std::array<unsigned char, crypto_shorthash_siphashx24_BYTES> bytes;
  crypto_shorthash_siphashx24(bytes.data(), std::bit_cast<const unsigned char*>(text.data()), text.size(),
                              secret.data());
  return {word(bytes.data() + 8), word(bytes.data())};
}

}  // namespace parallax::logic::caches
