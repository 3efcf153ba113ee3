#include "models/logic/jwt/verification_cache.h"

#include <catch2/catch.hpp>
#include <string>

#include "models/logic/jwt/table_signatures.h"
#include "tests/models/logic/jwt/issuing.h"
#include "tests/support/allocations.h"

namespace parallax::logic::jwt {
namespace {

using Source = VerificationCache::Decision::Source;

// Counts what reaches the cryptographic library.
class CountingSignatures final : public Signatures {
 public:
  bool verify(const SigningKey& key, std::string_view input, std::string_view signature) const override {
    ++verified;
    return test_keys().signatures.verify(key, input, signature);
  }
  std::string sign(const SigningKey& key, std::string_view input) const override {
    return test_keys().signatures.sign(key, input);
  }
  mutable int verified{0};
};

struct CachingGateway {
  explicit CachingGateway(const VerificationCacheOptions& options = {}, const KeyCacheOptions& key_options = {})
      : keys{2, key_options, {}}, cache{verifier, options, caches::DigestSecret{1}} {
    keys.fetched(IssuerId{1}, test_keys().set(), kNow);
  }

  VerificationCache::Decision verify(std::string_view token, sim::VirtualTime now = kNow) {
    const auto resolve = [this](const Token& read, IssuerId issuer) {
      ++resolved;
      CHECK(issuer == IssuerId{1});
      CHECK(read.client == "mobile-app");
      return Principal{domain::ClientId{7}, domain::UserId{8}, 9};
    };
    return cache.verify(token, workspace, keys, now, resolve, [this](const auto&) { ++dropped; });
  }
  Source source(std::string_view token, sim::VirtualTime now = kNow) { return verify(token, now).source; }

  CountingSignatures signatures;
  Verifier verifier{test_policy(), signatures};
  KeyCache keys;
  Workspace workspace;
  VerificationCache cache;
  int resolved{0};
  int dropped{0};
};

// Of the same token, another signature in the same form: r, n - s is as good as r, s.
std::string signed_again(const std::string& token) {
  const std::string input = token.substr(0, token.rfind('.'));
  return input + "." + base64url_encode(test_keys().signatures.sign(test_keys().es, input));
}

std::string forged(const std::string& token) {
  const std::string input = token.substr(0, token.rfind('.'));
  return input + "." + base64url_encode(std::string(64, 'x'));
}

TEST_CASE("a token is verified and resolved once, and then known") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  const auto first = gateway.verify(token);
  CHECK(first.verdict.validity == Validity::kValid);
  CHECK(first.source == Source::kVerified);
  const auto second = gateway.verify(token);
  CHECK(second.verdict.validity == Validity::kValid);
  CHECK(second.source == Source::kCache);
  CHECK(gateway.signatures.verified == 1);
  CHECK(gateway.resolved == 1);
  for (const auto& decision : {first, second}) {
    CHECK(decision.token.principal == Principal{domain::ClientId{7}, domain::UserId{8}, 9});
    CHECK(decision.token.expires == at(sim::seconds(3600)));
    CHECK(decision.token.issued == kNow);
    CHECK(decision.token.key_type == KeyType::kProduction);
    CHECK(decision.token.id == gateway.cache.digest_of(test_claims().id));
    CHECK(decision.token.keys == test_keys().set().version);
    CHECK(decision.verdict.issuer == IssuerId{1});
  }
}

TEST_CASE("tokens without a jti have ids of their own, so that one can be revoked without the others") {
  CachingGateway gateway;
  Claims claims = test_claims();
  claims.id.clear();
  const std::string one = encoded(claims);
  claims.subject = "another";
  const std::string other = encoded(claims);
  CHECK(gateway.verify(one).token.id == gateway.verify(one).token.id);
  CHECK(gateway.verify(one).token.id != gateway.verify(other).token.id);
}

TEST_CASE("a token of a client that nobody knows is not remembered: the client may be known the next time") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  domain::ClientId client = domain::kNoClient;
  const auto resolve = [&](const Token&, IssuerId) { return Principal{client}; };
  const auto verify = [&] {
    return gateway.cache.verify(token, gateway.workspace, gateway.keys, kNow, resolve, [](const auto&) {});
  };
  CHECK(verify().token.principal.client == domain::kNoClient);
  client = domain::ClientId{7};
  CHECK(verify().token.principal.client == domain::ClientId{7});
  client = domain::ClientId{8};
  CHECK(verify().token.principal.client == domain::ClientId{7});  // remembered now
}

TEST_CASE("a known token under another signature is verified, and a forged one leaves the good one alone") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  gateway.verify(token);
  const auto bad = gateway.verify(forged(token));
  CHECK(bad.verdict.validity == Validity::kBadSignature);
  CHECK(bad.source == Source::kVerified);
  CHECK(gateway.source(token) == Source::kCache);
  CHECK(gateway.cache.valid_size() == 1);
  CHECK(gateway.cache.invalid_size() == 1);
}

TEST_CASE("the same token signed again is verified again, and makes no second entry") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  const std::string again = signed_again(token);
  REQUIRE(again != token);
  gateway.verify(token);
  CHECK(gateway.verify(again).verdict.validity == Validity::kValid);
  CHECK(gateway.signatures.verified == 2);
  CHECK(gateway.cache.valid_size() == 1);
  CHECK(gateway.source(again) == Source::kCache);
}

TEST_CASE("a hit tests exp again, to the nanosecond") {
  CachingGateway gateway;
  Claims claims = test_claims();
  claims.expires = at(sim::seconds(10));
  const std::string token = encoded(claims);
  gateway.verify(token);
  const auto last = gateway.verify(token, at(sim::seconds(10)) - sim::nanoseconds(1));
  CHECK(last.verdict.validity == Validity::kValid);
  const auto late = gateway.verify(token, at(sim::seconds(10)));
  CHECK(late.verdict.validity == Validity::kExpired);
  CHECK(late.source == Source::kCache);
  CHECK(gateway.signatures.verified == 1);
}

TEST_CASE("a hit tests nbf again, should the clock be set back") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  gateway.verify(token);
  CHECK(gateway.verify(token, kNow - sim::nanoseconds(1)).verdict.validity == Validity::kNotYetValid);
}

TEST_CASE("a bad token is known as bad, and junk cannot push out what is good") {
  VerificationCacheOptions options;
  options.capacity = 4;
  options.invalid_capacity = 4;
  CachingGateway gateway{options};
  const std::string token = encoded(test_claims());
  gateway.verify(token);
  gateway.verify(forged(token));
  CHECK(gateway.source(forged(token)) == Source::kInvalidCache);
  CHECK(gateway.verify(forged(token)).verdict.validity == Validity::kBadSignature);
  CHECK(gateway.signatures.verified == 2);
  for (int i = 0; i < 100; ++i) {
    Claims junk = test_claims();
    junk.subject = std::to_string(i);
    gateway.verify(forged(encoded(junk)));
  }
  CHECK(gateway.cache.invalid_size() <= 4);
  CHECK(gateway.dropped > 0);
  CHECK(gateway.source(token) == Source::kCache);
}

TEST_CASE("what cost no signature, or may be good the next time, is not remembered") {
  CachingGateway gateway;
  gateway.verify("junk");
  gateway.verify("");
  gateway.verify(std::string(kMaxTokenBytes + 1, 'x'));
  Claims claims = test_claims();
  claims.issuer = "nobody";
  gateway.verify(encoded(claims));
  claims = test_claims();
  claims.not_before = at(sim::seconds(5));
  const std::string early = encoded(claims);
  CHECK(gateway.verify(early).verdict.validity == Validity::kNotYetValid);
  CHECK(gateway.cache.invalid_size() == 0);
  CHECK(gateway.verify(early, at(sim::seconds(5))).verdict.validity == Validity::kValid);
}

TEST_CASE("an unknown key is asked for again, or remembered as gateways do that keep every refusal") {
  SigningKey rotated = test_keys().es;
  rotated.id = "es-2";
  const std::string token = encode(test_claims(), rotated, test_keys().signatures);
  KeySet next = test_keys().set();
  next.keys.push_back(rotated);
  using OnUnknownKey = VerificationCacheOptions::OnUnknownKey;
  for (const OnUnknownKey on_unknown_key : {OnUnknownKey::kAskAgain, OnUnknownKey::kRemember}) {
    VerificationCacheOptions options;
    options.on_unknown_key = on_unknown_key;
    CachingGateway gateway{options};
    CHECK(gateway.verify(token).verdict.validity == Validity::kKeyPending);
    gateway.keys.fetched(IssuerId{1}, test_keys().set(), kNow);
    CHECK(gateway.verify(token).verdict.validity == Validity::kUnknownKey);
    gateway.keys.fetched(IssuerId{1}, next, kNow);
    const bool remembered = on_unknown_key == OnUnknownKey::kRemember;
    CHECK(gateway.verify(token).verdict.validity == (remembered ? Validity::kUnknownKey : Validity::kValid));
    gateway.cache.sweep(at(sim::seconds(900)), [](const auto&) {});
    gateway.keys.fetched(IssuerId{1}, next, at(sim::seconds(900)));
    CHECK(gateway.verify(token, at(sim::seconds(900))).verdict.validity == Validity::kValid);
  }
}

TEST_CASE("entries live from their write to the sweep that finds them due") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  gateway.verify(token);
  gateway.cache.sweep(at(sim::seconds(899)), [](const auto&) {});
  CHECK(gateway.source(token, at(sim::seconds(899))) == Source::kCache);
  CHECK(gateway.source(token, at(sim::seconds(901))) == Source::kCache);  // not yet swept
  gateway.cache.sweep(at(sim::seconds(930)), [](const auto&) {});
  CHECK(gateway.source(token, at(sim::seconds(930))) == Source::kVerified);
}

TEST_CASE("a retired key's tokens live on in the cache, unless it verifies again by new keys") {
  using OnNewKeys = VerificationCacheOptions::OnNewKeys;
  KeySet without = test_keys().set();
  without.version = without.version.next(domain::SiteId{0});
  without.keys = {test_keys().rs};
  const std::string token = encoded(test_claims());
  VerificationCacheOptions options;
  CachingGateway keeping{options};
  keeping.verify(token);
  keeping.keys.fetched(IssuerId{1}, without, kNow);
  CHECK(keeping.verify(token).verdict.validity == Validity::kValid);
  options.on_new_keys = OnNewKeys::kVerifyAgain;
  CachingGateway strict{options};
  strict.verify(token);
  CHECK(strict.source(token) == Source::kCache);
  strict.keys.fetched(IssuerId{1}, without, kNow);
  CHECK(strict.verify(token).verdict.validity == Validity::kKeyPending);
}

TEST_CASE("after a clear everything is verified again") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  gateway.verify(token);
  gateway.verify(forged(token));
  int gone = 0;
  gateway.cache.clear([&](const auto&) { ++gone; });
  CHECK(gone == 2);
  CHECK(gateway.source(token) == Source::kVerified);
  CHECK(gateway.source(forged(token)) == Source::kVerified);
}

TEST_CASE("a hit in either cache asks for no memory") {
  CachingGateway gateway;
  const std::string token = encoded(test_claims());
  const std::string bad = forged(token);
  gateway.verify(token);
  gateway.verify(bad);
  const std::uint64_t before = testing::allocations();
  const Source good = gateway.source(token);
  const Source refused = gateway.source(bad);
  CHECK(testing::allocations() == before);
  CHECK(good == Source::kCache);
  CHECK(refused == Source::kInvalidCache);
}

}  // namespace
}  // namespace parallax::logic::jwt
