#include "models/logic/jwt/table_signatures.h"

#include <catch2/catch.hpp>

namespace parallax::logic::jwt {
namespace {

const SigningKey kOne{"one", Algorithm::kEs256, MaterialId{0x01020304}};
const SigningKey kTwo{"two", Algorithm::kEs256, MaterialId{5}};

TEST_CASE("an intact signature is the key's number and a flag, and verifies with its key alone") {
  const TableSignatures signatures;
  const std::string signature = signatures.sign(kOne, "any text");
  CHECK(signature == std::string("\x04\x03\x02\x01\x01", 5));
  CHECK(signatures.verify(kOne, "any text", signature));
  CHECK_FALSE(signatures.verify(kTwo, "any text", signature));
}

TEST_CASE("a forged one names the key and verifies with none") {
  const TableSignatures signatures;
  CHECK_FALSE(signatures.verify(kOne, "any text", TableSignatures::forged(kOne)));
  CHECK_FALSE(signatures.verify(kOne, "any text", ""));
  CHECK_FALSE(signatures.verify(kOne, "any text", signatures.sign(kOne, "") + "x"));
}

TEST_CASE("every operation has a cost, and signing with RSA the greatest") {
  const SignatureCosts costs;
  for (const Algorithm algorithm : kAlgorithms) {
    CHECK(costs.of(algorithm).sign > sim::Duration{});
    CHECK(costs.of(algorithm).verify > sim::Duration{});
    CHECK(costs.of(algorithm).sign <= costs.of(Algorithm::kRs256).sign);
  }
}

}  // namespace
}  // namespace parallax::logic::jwt
