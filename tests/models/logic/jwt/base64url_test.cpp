#include "models/logic/jwt/base64url.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/support/checked_property.h"

namespace parallax::logic::jwt {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::array<char, 256> room;
  const auto bytes = base64url_decode(text, room);
  return bytes ? std::optional<std::string>{*bytes} : std::nullopt;
}

TEST_CASE("base64url has the test vectors of RFC 4648 section 10, without their padding") {
  const std::array<std::array<std::string, 2>, 7> vectors{{{"", ""},
                                                           {"f", "Zg"},
                                                           {"fo", "Zm8"},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg"},
                                                           {"fooba", "Zm9vYmE"},
                                                           {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64url_encode(bytes) == text);
    CHECK(decoded(text) == bytes);
  }
  CHECK(base64url_encode("\xfb\xff") == "-_8");
}

TEST_CASE("whatever is not canonical is refused") {
  // "Zg" is 011001 100000: the last four bits must be zero, and in Zh they are 0001.
  for (const std::string text :
       {"Zh", "Zm9", "Zg==", "Zg=", "Zm9v\n", " Zm9v", "Zm 9v", "+/8", "-/8", "Z", "Zm9vY", "Zm9v.", "Zm9\xc3\xbc"}) {
    INFO(text);
    CHECK_FALSE(decoded(text));
  }
  CHECK_FALSE(decoded(std::string("Zm9\0", 4)));
}

TEST_CASE("of the 256 bytes, the 64 of the alphabet are taken, at every place") {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < 4; ++place) {
      std::string text = "AAAA";
      text[place] = static_cast<char>(byte);
      INFO(byte << " at " << place);
      CHECK(decoded(text).has_value() == (kAlphabet.find(text[place]) != std::string_view::npos));
    }
  }
}

TEST_CASE("too little room is an error, not an overflow") {
  std::array<char, 2> room;
  CHECK_FALSE(base64url_decode("Zm9v", room));
}

TEST_CASE("a text that is read writes back to itself: no bytes have two texts") {
  testing::check("canonical", 2'000, [] {
    constexpr std::string_view kAlphabet = "ABCXYZabcxyz019-_";
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{kAlphabet}));
    const std::string start = text.substr(0, 200);
    if (const auto bytes = decoded(start)) RC_ASSERT(base64url_encode(*bytes) == start);
  });
}

}  // namespace
}  // namespace parallax::logic::jwt
