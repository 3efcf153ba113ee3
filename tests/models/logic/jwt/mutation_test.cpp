// A token is valid as it was signed and in no other way: whoever changes, cuts or writes it anew gets a refusal, and
// no bytes make the reader throw or read beyond its input (the address sanitizer watches).
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "models/logic/jwt/base64url.h"
#include "tests/models/logic/jwt/issuing.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::jwt {
namespace {

// A copy with nothing behind it, so that one byte too many is seen.
Validity validity_of(Gateway& gateway, const std::string& token) {
  const auto exact = std::make_unique<char[]>(token.size());
  std::copy(token.begin(), token.end(), exact.get());
  return gateway.validity({exact.get(), token.size()});
}

std::string token_by(const SigningKey& key) { return encode(test_claims(), key, test_keys().signatures); }

TEST_CASE("every bit of a valid token matters") {
  Gateway gateway;
  const TestKeys& keys = test_keys();
  for (const SigningKey* key : {&keys.rs, &keys.es, &keys.hs}) {
    const std::string token = token_by(*key);
    REQUIRE(gateway.validity(token) == Validity::kValid);
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * token.size(); ++bit) {
      std::string flipped = token;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      refused += validity_of(gateway, flipped) != Validity::kValid ? 1u : 0u;
    }
    CHECK(refused == 8 * token.size());
  }
}

TEST_CASE("a token cut off at any byte is refused, at either end") {
  Gateway gateway;
  const std::string token = token_by(test_keys().rs);
  std::size_t refused = 0;
  for (std::size_t size = 0; size < token.size(); ++size) {
    refused += validity_of(gateway, token.substr(0, size)) != Validity::kValid ? 1u : 0u;
    refused += validity_of(gateway, token.substr(token.size() - size)) != Validity::kValid ? 1u : 0u;
  }
  CHECK(refused == 2 * token.size());
}

TEST_CASE("a signature written in another way is refused, though its bytes are the same") {
  Gateway gateway;
  const std::string token = token_by(test_keys().es);  // 64 bytes are 85 characters and 2 bits, with 4 bits of zeros
  REQUIRE(gateway.validity(token) == Validity::kValid);
  CHECK(validity_of(gateway, token + "==") == Validity::kMalformed);
  CHECK(validity_of(gateway, token + "\n") == Validity::kMalformed);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string other = token;
  other.back() = kAlphabet[kAlphabet.find(token.back()) + 1];
  CHECK(validity_of(gateway, other) == Validity::kMalformed);
  std::string standard = token_by(test_keys().rs);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  CHECK(validity_of(gateway, standard) == Validity::kMalformed);
}

TEST_CASE("claims of one token under the signature of another are refused") {
  Gateway gateway;
  Claims admin = test_claims();
  admin.subject = "admin@carbon.super";
  const std::string mine = token_by(test_keys().rs);
  const std::string theirs = encode(admin, test_keys().rs, test_keys().signatures);
  const std::string swapped = theirs.substr(0, theirs.rfind('.')) + mine.substr(mine.rfind('.'));
  CHECK(validity_of(gateway, swapped) == Validity::kBadSignature);
}

TEST_CASE("any bytes at all have one of the outcomes, and it is not valid") {
  Gateway gateway;
  testing::check("any bytes", 2'000, [&] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    RC_ASSERT(validity_of(gateway, bytes) == Validity::kMalformed);
  });
}

TEST_CASE("any two texts, well signed, have one of the outcomes") {
  Gateway gateway;
  // Pieces of JSON in any order get deeper into the parser than bytes do.
  const std::vector<std::string> pieces{"{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"",
                                        "\"iss\"",
                                        "\"exp\"",
                                        "\"alg\"",
                                        "\"ES256\"",
                                        "1",
                                        "-",
                                        ".",
                                        "e9",
                                        "\\u",
                                        "d800",
                                        "0061",
                                        "null",
                                        "true",
                                        " ",
                                        "\xff",
                                        "\\",
                                        "\"aud\":[",
                                        "\"scope\":\"a b\"",
                                        "\"a\"",
                                        "\"kid\":\"es\"",
                                        "99999999999999999999",
                                        std::string(1, '\0')};
  testing::check("any JSON", 3'000, [&] {
    const auto text = [&] {
      std::string all;
      for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
        all += piece;
      }
      return all;
    };
    const std::string header = *rc::gen::arbitrary<bool>() ? R"({"alg":"ES256","kid":"es"})" : text();
    const std::string token = encoded_json(header, "{" + text(), test_keys().es);
    const Validity validity = validity_of(gateway, token);
    RC_ASSERT(validity != Validity::kValid && validity != Validity::kOversized);
  });
}

TEST_CASE("any change to a valid token is refused") {
  Gateway gateway;
  const std::string token = token_by(test_keys().es);
  testing::check("any change", 3'000, [&] {
    std::string changed = token;
    const int edits = testing::pick(1, 4);
    for (int edit = 0; edit < edits; ++edit) {
      const auto from = testing::pick<std::size_t>(0, changed.size());
      const auto size = testing::pick<std::size_t>(0, 8);
      const auto bytes = *rc::gen::container<std::string>(testing::pick<std::size_t>(0, 8), rc::gen::arbitrary<char>());
      changed.replace(from, size, bytes);
    }
    if (changed != token) RC_ASSERT(validity_of(gateway, changed) != Validity::kValid);
  });
}

}  // namespace
}  // namespace parallax::logic::jwt
