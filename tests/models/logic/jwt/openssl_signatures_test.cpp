#include "tests/models/logic/jwt/openssl_signatures.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/models/logic/jwt/issuing.h"

namespace parallax::logic::jwt {
namespace {

TEST_CASE("each algorithm verifies what it signed, and nothing else") {
  const TestKeys& keys = test_keys();
  for (const SigningKey* key : {&keys.rs, &keys.es, &keys.hs}) {
    INFO(name_of(key->algorithm));
    const std::string signature = keys.signatures.sign(*key, "input");
    CHECK(keys.signatures.verify(*key, "input", signature));
    CHECK_FALSE(keys.signatures.verify(*key, "inpuT", signature));
    CHECK_FALSE(keys.signatures.verify(*key, "input", signature.substr(1)));
    CHECK_FALSE(keys.signatures.verify(*key, "input", signature + '\0'));
    CHECK_FALSE(keys.signatures.verify(*key, "input", ""));
  }
}

TEST_CASE("ES256 signatures have 64 bytes and differ each time") {
  const TestKeys& keys = test_keys();
  const std::string first = keys.signatures.sign(keys.es, "input");
  CHECK(first.size() == 64);
  CHECK(keys.signatures.sign(keys.es, "input") != first);
}

TEST_CASE("an ES256 signature of zeros is none (CVE-2022-21449)") {
  const TestKeys& keys = test_keys();
  CHECK_FALSE(keys.signatures.verify(keys.es, "input", std::string(64, '\0')));
}

TEST_CASE("a key said to be for another algorithm verifies nothing and signs nothing") {
  const TestKeys& keys = test_keys();
  SigningKey confused = keys.rs;
  confused.algorithm = Algorithm::kHs256;
  CHECK_FALSE(keys.signatures.verify(confused, "input", keys.signatures.sign(keys.rs, "input")));
  CHECK_THROWS_AS(keys.signatures.sign(confused, "input"), std::runtime_error);
}

TEST_CASE("keys that are too short, or no keys, are not taken") {
  testing::OpenSslSignatures signatures;
  CHECK_THROWS_AS(signatures.add_secret(std::string(31, 'x')), std::runtime_error);
  CHECK_THROWS_AS(signatures.add_rsa_public(std::string(128, '\xff'), "\x01\x00\x01"), std::runtime_error);
  CHECK_THROWS_AS(signatures.add_p256_public(std::string(32, '\x01'), std::string(32, '\x01')), std::runtime_error);
}

}  // namespace
}  // namespace parallax::logic::jwt
