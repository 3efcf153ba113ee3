#include "models/logic/tokens/mint.h"

#include <cstddef>

namespace parallax::logic::tokens {

TokenText mint(RandomBytes& random) {
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  constexpr std::string_view kDigits = "0123456789abcdef";
  TokenText text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text.digits[2 * i] = kDigits[bytes[i] >> 4];
    text.digits[2 * i + 1] = kDigits[bytes[i] & 0xf];
  }
  return text;
}

}  // namespace parallax::logic::tokens
