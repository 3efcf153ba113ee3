#include "models/logic/jwt/base64url.h"

#include <sodium/utils.h>

#include <bit>

namespace parallax::logic::jwt {

namespace {

// libsodium 1.0.18 takes the bytes 0xad and 0xdf for '-' and '_' where char is signed, so a token would have another
// spelling for each of them.
bool is_ascii(std::string_view text) {
  unsigned all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

std::optional<std::string_view> base64url_decode(std::string_view text, std::span<char> room) {
  if (!is_ascii(text)) return std::nullopt;
  std::size_t bytes = 0;
  const int failed = sodium_base642bin(std::bit_cast<unsigned char*>(room.data()), room.size(), text.data(),
                                       text.size(), nullptr, &bytes, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (failed != 0) return std::nullopt;
  return std::string_view{room.data(), bytes};
}

std::string base64url_encode(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), std::bit_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    kVariant);
  text.pop_back();  // the terminating NUL, which the length counts
  return text;
}

}  // namespace parallax::logic::jwt
