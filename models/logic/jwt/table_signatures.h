// Signatures of the simulated world: 5 bytes, the key's number and whether the signature is intact or forged. Nothing
// is computed over the signing input, so a simulated forger changes a token and marks it; what signing and verifying
// would have cost is declared here for the host to charge.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "models/logic/jwt/signatures.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

/// Deterministic, for every algorithm. The number of a key is its MaterialId, as the world gave it out.
class TableSignatures final : public Signatures {
 public:
  bool verify(const SigningKey& key, std::string_view signing_input, std::string_view signature) const override;
  std::string sign(const SigningKey& key, std::string_view signing_input) const override;

  /// A signature that names the key and does not verify.
  static std::string forged(const SigningKey& key);
};

/// CPU time of one operation on one core.
struct SignatureCost {
  sim::Duration sign;
  sim::Duration verify;
};

/// By algorithm. The defaults were measured (`make bench`, jwt_*): OpenSSL 3.0, RSA of 2048 bits, one core of an AMD
/// EPYC; rounded.
struct SignatureCosts {
  std::array<SignatureCost, kAlgorithms.size()> by_algorithm{{
      {sim::microseconds(250), sim::microseconds(20)},
      {sim::microseconds(25), sim::microseconds(65)},
      {sim::microseconds(4), sim::microseconds(4)},
  }};
  const SignatureCost& of(Algorithm algorithm) const { return by_algorithm[static_cast<std::size_t>(algorithm)]; }
};

}  // namespace parallax::logic::jwt
