#include "tests/models/logic/jwt/issuing.h"

namespace parallax::logic::jwt {

const TestKeys& test_keys() {
  static const TestKeys kKeys = [] {
    TestKeys keys;
    keys.rs = {"rs", Algorithm::kRs256, keys.signatures.generate(Algorithm::kRs256)};
    keys.es = {"es", Algorithm::kEs256, keys.signatures.generate(Algorithm::kEs256)};
    keys.hs = {"hs", Algorithm::kHs256, keys.signatures.generate(Algorithm::kHs256)};
    return keys;
  }();
  return kKeys;
}

sim::VirtualTime at(sim::Duration after_now) { return kNow + after_now; }

Claims test_claims() {
  Claims claims;
  claims.issuer = kIssuer;
  claims.subject = "alice@carbon.super";
  claims.audience = {"gateway", "portal"};
  claims.expires = at(sim::seconds(3600));
  claims.not_before = kNow;
  claims.issued = kNow;
  claims.id = "0a5f3c1e-7f5b-4d7e-9a36-1f9ac9ab6c01";
  claims.client = "mobile-app";
  claims.scopes = {"orders:read", "orders:write"};
  claims.key_type = "PRODUCTION";
  return claims;
}

Policy test_policy() {
  Policy policy;
  policy.issuers = {"https://other.example/", std::string{kIssuer}};
  policy.algorithms = {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kHs256};
  policy.skew = {};
  return policy;
}

Gateway::Gateway(Policy policy, const KeySet& set)
    : keys{policy.issuers.size(), {}, caches::DigestSecret{}}, verifier{policy, test_keys().signatures} {
  for (std::size_t issuer = 0; issuer < policy.issuers.size(); ++issuer) {
    keys.fetched(static_cast<IssuerId>(issuer), set, kNow);
  }
}

Verdict Gateway::verify(std::string_view token, sim::VirtualTime now) {
  return verifier.verify(token, workspace, keys, now);
}

std::string encoded(const Claims& claims) { return encode(claims, test_keys().es, test_keys().signatures); }

std::string encoded_json(std::string_view header, std::string_view claims) {
  return encoded_json(header, claims, test_keys().es);
}
std::string encoded_json(std::string_view header, std::string_view claims, const SigningKey& key) {
  return encode_compact(header, claims, key, test_keys().signatures);
}

std::string token_of(const std::string& header, const std::string& claims, const std::string& signature) {
  return base64url_encode(header) + "." + base64url_encode(claims) + "." + signature;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace parallax::logic::jwt
