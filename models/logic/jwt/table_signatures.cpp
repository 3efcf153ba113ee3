#include "models/logic/jwt/table_signatures.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace parallax::logic::jwt {

namespace {

constexpr char kIntact = 1;
constexpr char kForged = 0;

// The number is little-endian on every machine.
std::array<char, 5> bytes_of(const SigningKey& key, char flag) {
  const auto number = static_cast<std::uint32_t>(key.material);
  const auto byte = [number](int shift) { return static_cast<char>(number >> shift & 0xff); };
  return {byte(0), byte(8), byte(16), byte(24), flag};
}

std::string text_of(const std::array<char, 5>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

bool TableSignatures::verify(const SigningKey& key, std::string_view, std::string_view signature) const {
  const auto wanted = bytes_of(key, kIntact);
  return std::equal(wanted.begin(), wanted.end(), signature.begin(), signature.end());
}

std::string TableSignatures::sign(const SigningKey& key, std::string_view) const {
  return text_of(bytes_of(key, kIntact));
}

std::string TableSignatures::forged(const SigningKey& key) { return text_of(bytes_of(key, kForged)); }

}  // namespace parallax::logic::jwt
