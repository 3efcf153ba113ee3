#include "models/logic/jwt/verifier.h"

#include <catch2/catch.hpp>
#include <string>

#include "models/logic/jwt/numeric_date.h"
#include "models/logic/jwt/table_signatures.h"
#include "tests/models/logic/jwt/issuing.h"
#include "tests/support/allocations.h"

namespace parallax::logic::jwt {
namespace {

constexpr sim::Duration kNanosecond = sim::nanoseconds(1);

TEST_CASE("a good token of each algorithm is valid") {
  Gateway gateway;
  const TestKeys& keys = test_keys();
  for (const SigningKey* key : {&keys.rs, &keys.es, &keys.hs}) {
    INFO(key->id);
    const Verdict verdict = gateway.verify(encode(test_claims(), *key, keys.signatures));
    CHECK(verdict.validity == Validity::kValid);
    CHECK(verdict.issuer == IssuerId{1});
    CHECK(verdict.algorithm == key->algorithm);
    CHECK(verdict.keys == keys.set().version);
    CHECK(verdict.fetch == KeyLookUp::Fetch::kNo);
    CHECK(verdict.token->subject == "alice@carbon.super");
  }
}

TEST_CASE("a token is valid from its nbf to before its exp, to the nanosecond") {
  Gateway gateway;
  const std::string token = encoded(test_claims());
  CHECK(gateway.validity(token, kNow - kNanosecond) == Validity::kNotYetValid);
  CHECK(gateway.validity(token, kNow) == Validity::kValid);
  // The keys are fresh for five minutes; a set that does not age leaves the token's own end.
  const sim::VirtualTime end = at(sim::seconds(3600));
  gateway.keys.fetched(IssuerId{1}, test_keys().set(), end - kNanosecond);
  CHECK(gateway.validity(token, end - kNanosecond) == Validity::kValid);
  CHECK(gateway.validity(token, end) == Validity::kExpired);
}

TEST_CASE("skew widens both ends, to the nanosecond") {
  Policy policy = test_policy();
  policy.skew = sim::seconds(300);
  Gateway gateway{policy};
  const std::string token = encoded(test_claims());
  const sim::VirtualTime begin = at(sim::seconds(-300));
  CHECK(gateway.validity(token, begin - kNanosecond) == Validity::kNotYetValid);
  CHECK(gateway.validity(token, begin) == Validity::kValid);
  const sim::VirtualTime end = at(sim::seconds(3900));
  gateway.keys.fetched(IssuerId{1}, test_keys().set(), end - kNanosecond);
  CHECK(gateway.validity(token, end - kNanosecond) == Validity::kValid);
  CHECK(gateway.validity(token, end) == Validity::kExpired);
}

TEST_CASE("dates at the ends of time neither overflow nor wrap") {
  Policy policy = test_policy();
  policy.skew = sim::seconds(86'400);
  Gateway gateway{policy};
  Claims claims = test_claims();
  claims.expires = sim::kNever;
  CHECK(gateway.validity(encoded(claims)) == Validity::kValid);
  claims.expires = kAlways;
  CHECK(gateway.validity(encoded(claims)) == Validity::kExpired);
  claims = test_claims();
  claims.not_before = sim::kNever;
  CHECK(gateway.validity(encoded(claims)) == Validity::kNotYetValid);
  claims.not_before = kAlways;
  CHECK(gateway.validity(encoded(claims)) == Validity::kValid);
}

TEST_CASE("the default skew is five minutes, and the default algorithms are not shared secrets") {
  CHECK(Policy{}.skew == sim::seconds(300));
  CHECK(Policy{}.algorithms == AlgorithmSet{Algorithm::kRs256, Algorithm::kEs256});
}

TEST_CASE("a token of an issuer that nobody trusts, or of none, is refused before any key is looked for") {
  Gateway gateway;
  Claims claims = test_claims();
  std::string with_slash{kIssuer};
  with_slash += '/';
  for (const std::string& issuer : {std::string{}, with_slash, std::string{"HTTPS://other.example/"}}) {
    claims.issuer = issuer;
    const Verdict verdict = gateway.verify(encoded(claims));
    CHECK(verdict.validity == Validity::kWrongIssuer);
    CHECK(verdict.issuer == std::nullopt);
    CHECK(verdict.algorithm == std::nullopt);
  }
}

TEST_CASE("a token without an issuer is nobody's, even if the policy names nobody") {
  Policy policy = test_policy();
  policy.issuers = {""};
  Claims claims = test_claims();
  claims.issuer = "";
  CHECK(Gateway{policy}.validity(encoded(claims)) == Validity::kWrongIssuer);
}

TEST_CASE("one trusted issuer cannot sign for another") {
  Gateway gateway;
  KeySet others = test_keys().set();
  others.keys = {test_keys().rs};
  gateway.keys.fetched(IssuerId{1}, others, kNow);
  Claims claims = test_claims();
  claims.issuer = "https://other.example/";
  CHECK(gateway.validity(encoded(claims)) == Validity::kValid);
  CHECK(gateway.validity(encoded(test_claims())) == Validity::kKeyPending);  // "es" is no key of kIssuer's now
}

TEST_CASE("audience: one of ours must be among the token's, if the policy asks") {
  Policy policy = test_policy();
  policy.audiences = {"gateway", "other"};
  Gateway gateway{policy};
  Claims claims = test_claims();
  CHECK(gateway.validity(encoded(claims)) == Validity::kValid);
  claims.audience = {"portal"};
  CHECK(gateway.validity(encoded(claims)) == Validity::kWrongAudience);
  claims.audience = {"gateway2", "GATEWAY", "gate"};
  CHECK(gateway.validity(encoded(claims)) == Validity::kWrongAudience);
  claims.audience = {};
  CHECK(gateway.validity(encoded(claims)) == Validity::kWrongAudience);
  CHECK(Gateway{}.validity(encoded(claims)) == Validity::kValid);
}

TEST_CASE("claims that the policy requires must be there") {
  const auto lacking = [](auto member, RequiredClaim required) {
    Claims claims = test_claims();
    claims.*member = {};
    Policy policy = test_policy();
    policy.required = {};
    CHECK(Gateway{policy}.validity(encoded(claims)) == Validity::kValid);
    policy.required = {required};
    CHECK(Gateway{policy}.validity(encoded(test_claims())) == Validity::kValid);
    CHECK(Gateway{policy}.validity(encoded(claims)) == Validity::kMissingClaim);
  };
  lacking(&Claims::subject, RequiredClaim::kSubject);
  lacking(&Claims::id, RequiredClaim::kId);
  lacking(&Claims::client, RequiredClaim::kClient);
  lacking(&Claims::expires, RequiredClaim::kExpires);
  lacking(&Claims::issued, RequiredClaim::kIssued);
}

TEST_CASE("types are compared as media types are, if the policy names any") {
  Policy policy = test_policy();
  policy.types = {"at+jwt"};
  Gateway gateway{policy};
  const auto validity = [&](std::string_view type) {
    return gateway.validity(encode(test_claims(), test_keys().es, test_keys().signatures, type));
  };
  CHECK(validity("at+jwt") == Validity::kValid);
  CHECK(validity("application/AT+JWT") == Validity::kValid);
  CHECK(validity("JWT") == Validity::kWrongType);
  CHECK(validity("application/") == Validity::kWrongType);
  CHECK(validity("") == Validity::kWrongType);
}

TEST_CASE("algorithm confusion: an RSA key's public half is no HMAC secret") {
  const TestKeys& keys = test_keys();
  testing::OpenSslSignatures attacker;
  const std::string pem = keys.signatures.public_pem(keys.rs.material);
  const SigningKey forger{"rs", Algorithm::kHs256, attacker.add_secret(pem)};
  const std::string token = encode(test_claims(), forger, attacker);
  const Verdict verdict = Gateway{}.verify(token);
  CHECK(verdict.validity == Validity::kAlgorithmRefused);
  CHECK(verdict.algorithm == std::nullopt);  // no signature was looked at
}

TEST_CASE("an algorithm that the policy does not allow is refused, good signature or not") {
  Policy policy = test_policy();
  policy.algorithms = {Algorithm::kRs256};
  CHECK(Gateway{policy}.validity(encoded(test_claims())) == Validity::kAlgorithmRefused);
}

TEST_CASE("a kid of another key of the same issuer does not verify") {
  const TestKeys& keys = test_keys();
  testing::OpenSslSignatures other;
  const SigningKey forger{"es", Algorithm::kEs256, other.generate(Algorithm::kEs256)};
  const Verdict verdict = Gateway{}.verify(encode(test_claims(), forger, other));
  CHECK(verdict.validity == Validity::kBadSignature);
  CHECK(verdict.algorithm == Algorithm::kEs256);
  SigningKey renamed = keys.es;
  renamed.id = "rs";
  CHECK(Gateway{}.validity(encode(test_claims(), renamed, keys.signatures)) == Validity::kAlgorithmRefused);
}

TEST_CASE("an unknown kid asks for a fetch, and is refused when the fetch did not bring it") {
  const TestKeys& keys = test_keys();
  SigningKey rotated = keys.es;
  rotated.id = "es-2";
  const std::string token = encode(test_claims(), rotated, keys.signatures);
  Gateway gateway;
  const Verdict first = gateway.verify(token);
  CHECK(first.validity == Validity::kKeyPending);
  CHECK(first.fetch == KeyLookUp::Fetch::kBegin);
  CHECK(first.issuer == IssuerId{1});
  CHECK(gateway.verify(token).fetch == KeyLookUp::Fetch::kNo);
  gateway.keys.fetched(IssuerId{1}, keys.set(), kNow);
  CHECK(gateway.validity(token) == Validity::kUnknownKey);
  KeySet next = keys.set();
  next.keys.push_back(rotated);
  gateway.keys.fetched(IssuerId{1}, next, kNow);
  CHECK(gateway.validity(token) == Validity::kValid);
}

TEST_CASE("while an issuer's keys cannot be had, its tokens cannot be judged") {
  Gateway gateway;
  const std::string token = encoded(test_claims());
  const sim::VirtualTime stale = at(sim::minutes(5));
  CHECK(gateway.validity(token, stale) == Validity::kKeyPending);
  gateway.keys.fetch_failed(IssuerId{1});
  CHECK(gateway.validity(token, stale) == Validity::kKeyUnavailable);
}

TEST_CASE("the order of the checks: nothing that a token says is told before its signature is good") {
  Policy policy = test_policy();
  policy.audiences = {"nobody"};
  Gateway gateway{policy};
  Claims claims = test_claims();
  claims.expires = at(sim::seconds(-1));
  std::string token = encoded(claims);
  CHECK(gateway.validity(token) == Validity::kExpired);
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(gateway.validity(token) == Validity::kBadSignature);
}

TEST_CASE("each verdict has an answer and a name") {
  using domain::Outcome;
  CHECK(outcome_of(Validity::kValid) == Outcome::kAdmitted);
  CHECK(outcome_of(Validity::kExpired) == Outcome::kTokenExpired);
  CHECK(outcome_of(Validity::kKeyPending) == Outcome::kValidationUnavailable);
  CHECK(outcome_of(Validity::kKeyUnavailable) == Outcome::kValidationUnavailable);
  for (const Validity validity :
       {Validity::kOversized, Validity::kMalformed, Validity::kAlgorithmRefused, Validity::kWrongType,
        Validity::kWrongIssuer, Validity::kUnknownKey, Validity::kBadSignature, Validity::kMissingClaim,
        Validity::kNotYetValid, Validity::kWrongAudience}) {
    CHECK(outcome_of(validity) == Outcome::kTokenInvalid);
  }
  CHECK(name_of(Validity::kValid) == "valid");
  CHECK(name_of(Validity::kExpired) == "expired");
  CHECK(name_of(Validity::kWrongAudience) == "wrong_audience");
}

TEST_CASE("with a table for signatures, a whole verification asks for no memory") {
  const TableSignatures table;
  const SigningKey key{"sim", Algorithm::kEs256, MaterialId{7}};
  KeyCache keys{2, {}, {}};
  keys.fetched(IssuerId{1}, {{}, {key}}, kNow);
  const Verifier verifier{test_policy(), table};
  Workspace workspace;
  const std::string token = encode(test_claims(), key, table);
  const std::uint64_t before = testing::allocations();
  const Verdict verdict = verifier.verify(token, workspace, keys, kNow);
  CHECK(testing::allocations() == before);
  CHECK(verdict.validity == Validity::kValid);
}

}  // namespace
}  // namespace parallax::logic::jwt
