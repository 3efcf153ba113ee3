// Signatures by OpenSSL 3 (EVP): what a hosted gateway verifies with, and what the tests check the logic against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/logic/jwt/signatures.h"

namespace parallax::testing {

/// Keys are added at the beginning; then any number of threads may sign and verify. Adding throws std::runtime_error
/// if OpenSSL does not take the key, signing if it cannot sign with it.
class OpenSslSignatures final : public logic::jwt::Signatures {
 public:
  using Algorithm = logic::jwt::Algorithm;
  using MaterialId = logic::jwt::MaterialId;
  using SigningKey = logic::jwt::SigningKey;

  OpenSslSignatures();
  ~OpenSslSignatures() override;
  OpenSslSignatures(OpenSslSignatures&&) noexcept;
  OpenSslSignatures& operator=(OpenSslSignatures&&) noexcept;

  /// Numbers are big-endian bytes, as in a JWK (RFC 7518 section 6). RSA keys of at least 2048 bits.
  MaterialId add_rsa_public(std::string_view modulus, std::string_view exponent);
  MaterialId add_p256_public(std::string_view x, std::string_view y);
  /// At least 32 bytes (RFC 7518 section 3.2).
  MaterialId add_secret(std::string_view secret);

  /// A key pair of 2048 bits, one on P-256, or a secret of 32 bytes: from OpenSSL's generator, different each time.
  MaterialId generate(Algorithm algorithm);

  /// The public half in PEM. Requires: not a secret.
  std::string public_pem(MaterialId material) const;

  bool verify(const SigningKey& key, std::string_view signing_input, std::string_view signature) const override;
  std::string sign(const SigningKey& key, std::string_view signing_input) const override;

 private:
  struct Material;
  MaterialId add(Material material);
  const Material* find(const SigningKey& key) const;

  std::vector<Material> materials_;
};

}  // namespace parallax::testing
