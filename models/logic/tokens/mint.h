// Opaque tokens, refresh tokens and authorization codes: random texts. RFC 6749 section 10.10 wants a guess to succeed
// with a probability of at most 2^-128: 128 random bits as 32 hexadecimal digits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace parallax::logic::tokens {

/// The host's source. In production a cryptographic one; in a simulation a stream.
class RandomBytes {
 public:
  virtual ~RandomBytes() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

struct TokenText {
  std::array<char, 32> digits{};
  std::string_view view() const { return {digits.data(), digits.size()}; }
  friend constexpr bool operator==(const TokenText&, const TokenText&) = default;
};

TokenText mint(RandomBytes& random);

}  // namespace parallax::logic::tokens
