// The examples of RFC 7515 (JWS), RFC 7519 (JWT) and RFC 7520 (JOSE cookbook).
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <variant>

#include "models/logic/jwt/base64url.h"
#include "models/logic/jwt/compact.h"
#include "models/logic/jwt/read.h"
#include "models/logic/jwt/verifier.h"
#include "tests/models/logic/jwt/openssl_signatures.h"

namespace parallax::logic::jwt {
namespace {

// {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}, the claims of RFC 7515 appendix A.1 to A.5.
const std::string kJoe =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr sim::VirtualTime kJoeExpires{1'300'819'380'000'000'000};

const std::string kHs256 =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + kJoe + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kRs256 =
    "eyJhbGciOiJSUzI1NiJ9." + kJoe +
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUA"
    "r7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi"
    "12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGl"
    "UPQGe77Rw";
const std::string kEs256 = "eyJhbGciOiJFUzI1NiJ9." + kJoe +
                           ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

const std::string kHmacKey = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const std::string kRsaModulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCg"
    "NMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665"
    "xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuX"
    "poQ";
const std::string kRsaExponent = "AQAB";
const std::string kEcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const std::string kEcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

std::string bytes(std::string_view text) {
  std::array<char, 1024> room;
  return std::string{base64url_decode(text, room).value()};
}

// A gateway that trusts joe, and whose only key is the vector's own.
Verdict verify(const std::string& token, Algorithm algorithm, sim::VirtualTime now) {
  testing::OpenSslSignatures signatures;
  SigningKey key{"", algorithm, {}};
  if (algorithm == Algorithm::kHs256) key.material = signatures.add_secret(bytes(kHmacKey));
  if (algorithm == Algorithm::kRs256) key.material = signatures.add_rsa_public(bytes(kRsaModulus), bytes(kRsaExponent));
  if (algorithm == Algorithm::kEs256) key.material = signatures.add_p256_public(bytes(kEcX), bytes(kEcY));
  KeyCache keys{1, {}, {}};
  keys.fetched(IssuerId{0}, {{}, {key}}, now);
  Policy policy;
  policy.issuers = {"joe"};
  policy.algorithms = {algorithm};
  policy.skew = {};
  Workspace workspace;
  Verdict verdict = Verifier{policy, signatures}.verify(token, workspace, keys, now);
  if (verdict.token) {
    CHECK(verdict.token->issuer == "joe");
    CHECK(verdict.token->expires == kJoeExpires);
  }
  verdict.token.reset();  // it looks into what is gone
  return verdict;
}

Flaw flaw_of(const std::string& token) {
  Workspace workspace;
  return std::get<Flaw>(read(token, {}, workspace));
}

TEST_CASE("RFC 7515 appendix A.1 to A.3, and RFC 7519 section 3.1, are valid until they expire") {
  const std::array<std::pair<Algorithm, const std::string*>, 3> vectors{
      {{Algorithm::kHs256, &kHs256}, {Algorithm::kRs256, &kRs256}, {Algorithm::kEs256, &kEs256}}};
  for (const auto& [algorithm, token] : vectors) {
    INFO(name_of(algorithm));
    CHECK(verify(*token, algorithm, kJoeExpires - sim::nanoseconds(1)).validity == Validity::kValid);
    CHECK(verify(*token, algorithm, kJoeExpires).validity == Validity::kExpired);
    for (const Algorithm other : kAlgorithms) {
      if (other != algorithm) CHECK(verify(*token, other, {}).validity == Validity::kAlgorithmRefused);
    }
  }
}

TEST_CASE("RFC 7515 appendix A.4 is ES512, which is no algorithm here") {
  CHECK(
      flaw_of("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-K"
              "GDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_J"
              "n") == Flaw::kAlgorithm);
}

TEST_CASE("RFC 7515 appendix A.5 and RFC 7519 section 6.1, unsecured, are refused") {
  CHECK(flaw_of("eyJhbGciOiJub25lIn0." + kJoe + ".") == Flaw::kAlgorithm);
}

TEST_CASE("RFC 7515 appendix C: base64url of arbitrary bytes") {
  CHECK(bytes("A-z_4ME") == std::string("\x03\xec\xff\xe0\xc1", 5));
}

// RFC 7520 section 4: the payload is a sentence and no claims, so the signatures are verified by themselves.
const std::string kFrodo =
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kI"
    "GlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";

bool verifies(const std::string& token, const testing::OpenSslSignatures& signatures, const SigningKey& key) {
  const auto parts = split(token);
  REQUIRE(parts);
  return signatures.verify(key, parts->signing_input, bytes(parts->signature));
}

TEST_CASE("RFC 7520 section 4.1, RSA v1.5 signature") {
  testing::OpenSslSignatures signatures;
  const MaterialId material = signatures.add_rsa_public(
      bytes(
          "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2"
          "wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9"
          "bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUk"
          "Rz5iaiQkqgc5gHdrNP5zw"),
      bytes("AQAB"));
  const std::string token =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." + kFrodo +
      ".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBw"
      "A78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePP"
      "QdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y1"
      "8kDquDg";
  CHECK(verifies(token, signatures, {"bilbo.baggins@hobbiton.example", Algorithm::kRs256, material}));
  CHECK(flaw_of(token) == Flaw::kClaims);
}

TEST_CASE("RFC 7520 section 4.3, ECDSA on P-521, is no algorithm here") {
  CHECK(flaw_of("eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." + kFrodo +
                ".AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_s"
                "DDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2") == Flaw::kAlgorithm);
}

TEST_CASE("RFC 7520 section 4.4, HMAC") {
  testing::OpenSslSignatures signatures;
  const MaterialId material = signatures.add_secret(bytes("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"));
  const std::string token = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9." +
                            kFrodo + ".s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
  CHECK(verifies(token, signatures, {"018c0ae5-4d9b-471b-bfd6-eef314bc7037", Algorithm::kHs256, material}));
  CHECK(flaw_of(token) == Flaw::kClaims);
}

}  // namespace
}  // namespace parallax::logic::jwt
