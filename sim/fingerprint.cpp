#include "sim/fingerprint.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace parallax::sim {

static_assert(std::endian::native == std::endian::little, "words are hashed as they lie in memory");

struct Hasher::State {
  XXH3_state_t xxh;
};

Hasher::Hasher() : state_{std::make_unique<State>()} { XXH3_128bits_reset(&state_->xxh); }
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(std::span<const std::uint64_t> words) {
  XXH3_128bits_update(&state_->xxh, words.data(), words.size_bytes());
}

void Hasher::add(const Record& record) {
  const std::array<std::uint64_t, 8> words{static_cast<std::uint64_t>(record.time.ns),
                                           record.id.packed,
                                           record.cause.packed,
                                           record.body[0],
                                           record.body[1],
                                           record.body[2],
                                           record.body[3],
                                           record.body[4]};
  add(words);
}

void Hasher::add(Fingerprint fingerprint) { add(std::array<std::uint64_t, 2>{fingerprint.high, fingerprint.low}); }

Fingerprint Hasher::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  return {hash.high64, hash.low64};
}

std::string to_hex(Fingerprint fingerprint) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t half : {fingerprint.high, fingerprint.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kDigits[half >> shift & 15]);
  }
  return text;
}

}  // namespace parallax::sim
