// The signature algorithms that this gateway knows (RFC 7518 section 3.1). Every other name, "none" in any spelling
// among them, is no algorithm at all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace parallax::logic::jwt {

enum class Algorithm : std::uint8_t {
  kRs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 bits or more
  kEs256,  ///< ECDSA on P-256 with SHA-256, the signature as r || s in 64 bytes; not deterministic
  kHs256,  ///< HMAC with SHA-256, a shared secret of 32 bytes or more
};

inline constexpr std::array kAlgorithms{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kHs256};

/// As in the header: "RS256".
std::string_view name_of(Algorithm algorithm);

/// Names are case-sensitive (RFC 7515 section 4.1.1).
std::optional<Algorithm> algorithm_of(std::string_view name);

class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) {
    for (const Algorithm algorithm : algorithms) bits_ |= bit(algorithm);
  }
  constexpr bool contains(Algorithm algorithm) const { return (bits_ & bit(algorithm)) != 0; }
  friend constexpr bool operator==(AlgorithmSet, AlgorithmSet) = default;

 private:
  static constexpr unsigned bit(Algorithm algorithm) { return 1u << static_cast<unsigned>(algorithm); }
  unsigned bits_{0};
};

}  // namespace parallax::logic::jwt
