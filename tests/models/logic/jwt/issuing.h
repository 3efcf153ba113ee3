// An issuer with real keys, and a gateway that trusts it: what most tests of this folder begin with.
#pragma once

#include <string>
#include <string_view>

#include "models/logic/jwt/base64url.h"
#include "models/logic/jwt/encode.h"
#include "models/logic/jwt/key_cache.h"
#include "models/logic/jwt/verifier.h"
#include "tests/models/logic/jwt/openssl_signatures.h"

namespace parallax::logic::jwt {

/// One key of each algorithm, with the kids "rs", "es" and "hs"; generated once for all tests.
struct TestKeys {
  testing::OpenSslSignatures signatures;
  SigningKey rs;
  SigningKey es;
  SigningKey hs;
  KeySet set() const { return {domain::Version::of(1, domain::SiteId{0}), {rs, es, hs}}; }
};
const TestKeys& test_keys();

inline constexpr std::string_view kIssuer = "https://key-manager.example/oauth2/token";
inline constexpr sim::VirtualTime kNow{1'767'225'600'000'000'000};  // 2026-01-01T00:00:00Z

sim::VirtualTime at(sim::Duration after_now);

/// Valid at kNow and for an hour, skew apart.
Claims test_claims();

/// Trusts kIssuer and every algorithm; skew 0.
Policy test_policy();

/// That has fetched `set` at kNow.
class Gateway {
 public:
  explicit Gateway(Policy policy = test_policy(), const KeySet& set = test_keys().set());
  Verdict verify(std::string_view token, sim::VirtualTime now = kNow);
  Validity validity(std::string_view token, sim::VirtualTime now = kNow) { return verify(token, now).validity; }

  Workspace workspace;
  KeyCache keys;
  Verifier verifier;
};

std::string encoded(const Claims& claims);  ///< by the key "es"

/// Of header and claims in JSON, by the key "es" unless another is named.
std::string encoded_json(std::string_view header, std::string_view claims);
std::string encoded_json(std::string_view header, std::string_view claims, const SigningKey& key);

/// Of header and claims in any text, signed by nobody.
std::string token_of(const std::string& header, const std::string& claims, const std::string& signature = "c2ln");

std::string repeated(const std::string& text, std::size_t times);

}  // namespace parallax::logic::jwt
