// Signing and verifying, as the rest sees it: hosts bring a cryptographic library, the simulated world a table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/logic/jwt/algorithm.h"

namespace parallax::logic::jwt {

/// Where an implementation keeps a key's numbers; it gave the id out, and nobody else reads it.
enum class MaterialId : std::uint32_t {};

/// A key is for one algorithm, always (RFC 8725 section 3.1): that a token names another never changes what is done
/// with it.
struct SigningKey {
  std::string id;  ///< kid
  Algorithm algorithm{};
  MaterialId material{};
  friend bool operator==(const SigningKey&, const SigningKey&) = default;
};

class Signatures {
 public:
  virtual ~Signatures() = default;

  /// By the key's own algorithm. False too if the signature has not the form that the algorithm wants. Never throws.
  virtual bool verify(const SigningKey& key, std::string_view signing_input, std::string_view signature) const = 0;

  /// The signature's bytes. Requires: the implementation has the private half of the key.
  virtual std::string sign(const SigningKey& key, std::string_view signing_input) const = 0;
};

}  // namespace parallax::logic::jwt
