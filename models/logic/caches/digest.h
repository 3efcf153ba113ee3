// A keyed 128-bit digest (SipHash-2-4) under which attacker-chosen bytes are kept in tables: whoever does not know the
// secret can make neither two texts collide nor a table degrade. Aumasson, Bernstein: SipHash, a fast short-input PRF.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parallax::logic::caches {

struct Digest {
  std::uint64_t high{0};
  std::uint64_t low{0};
  friend constexpr auto operator<=>(Digest, Digest) = default;
};

/// For boost's tables, which mix it once more.
inline std::size_t hash_value(Digest digest) { return digest.low ^ digest.high * 0x9e37'79b9'7f4a'7c15; }

/// 16 random bytes, drawn once for a deployment and the same on all its nodes: digests travel in revocation events and
/// stand in tables, and a node that had another secret would match none of them. To be kept like a signing key.
using DigestSecret = std::array<std::uint8_t, 16>;

Digest digest(std::string_view text, const DigestSecret& secret);

}  // namespace parallax::logic::caches
