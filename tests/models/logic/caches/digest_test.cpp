#include "models/logic/caches/digest.h"

#include <catch2/catch.hpp>
#include <string>

namespace parallax::logic::caches {
namespace {

// The reference implementation's test: key 00 01 ... 0f, text 00 01 ... of the length given; vectors_sip128 of
// github.com/veorq/SipHash, as little-endian words.
DigestSecret reference_secret() {
  DigestSecret secret;
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<std::uint8_t>(i);
  return secret;
}

TEST_CASE("digests are those of the reference implementation") {
  std::string text;
  CHECK(digest(text, reference_secret()) == Digest{0x930255c71472f66d, 0xe6a825ba047f81a3});
  text.push_back('\0');
  CHECK(digest(text, reference_secret()) == Digest{0x45fc229b11597634, 0x44af996bd8c187da});
}

TEST_CASE("another secret gives another digest") {
  DigestSecret other = reference_secret();
  other[15] ^= 1;
  CHECK(digest("token", reference_secret()) != digest("token", other));
}

}  // namespace
}  // namespace parallax::logic::caches
