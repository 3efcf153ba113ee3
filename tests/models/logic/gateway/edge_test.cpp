// From bytes to a decision: routes, CORS, opaque tokens and signed ones, with real signatures.
#include "models/logic/gateway/edge.h"

#include <catch2/catch.hpp>
#include <string>

#include "models/logic/jwt/encode.h"
#include "tests/models/logic/jwt/openssl_signatures.h"
#include "tests/support/allocations.h"
#include "under_test.h"

namespace parallax::logic::gateway {
namespace {

using namespace testing;
using domain::Outcome;
using domain::Standing;

constexpr const char* kIssuer = "https://issuer.example";
constexpr caches::DigestSecret kSecret{7};

jwt::Policy trusting() {
  jwt::Policy policy;
  policy.issuers = {kIssuer};
  policy.skew = {};
  return policy;
}

// A gateway that reads text, with an issuer whose key it has fetched.
class Host {
 public:
  Host() {
    using routing::Verb;
    REQUIRE(
        routes_
            .add({kPizza, "/pizza", "1.0.0", {}, {{"/menu", Verb::kGet, kMenu}, {"/order/{id}", Verb::kPost, kOrder}}})
            .is_good());
    keys_.fetched(jwt::IssuerId{0}, {kVersion, {key_}}, kNow);
  }

  std::string jwt(const std::string& scope = "ordering", sim::VirtualTime expires = kNow + sim::seconds(60)) const {
    jwt::Claims claims;
    claims.issuer = kIssuer;
    claims.id = "id-1";
    claims.client = "consumer";
    claims.subject = "somebody";
    claims.issued = kNow;
    claims.expires = expires;
    claims.scopes = {scope};
    return jwt::encode(claims, key_, signatures_);
  }

  Reading read(std::string_view method, std::string_view target, std::string_view authorization) {
    Request request;
    request.head.method = method;
    request.head.target = target;
    request.head.origin = "https://shop.example";
    request.head.requested_method = method == "OPTIONS" ? "POST" : "";
    request.authorization = authorization;
    return gateway::read(request, routes_, cors_, kSecret);
  }

  Decision send(std::string_view method, std::string_view target, std::string_view authorization,
                sim::VirtualTime now = kNow) {
    Reading reading = read(method, target, authorization);
    Step step = under_test_.pipeline.decide(reading.call, now);
    if (step.next == Step::Next::kVerifyToken) {
      reading.call.credential = verify(reading.jwt, now);
      step = under_test_.pipeline.decide(reading.call, now);
    }
    CHECK(step.next == Step::Next::kDecided);
    return step.decision;
  }

  Credential verify(std::string_view token, sim::VirtualTime now) {
    const auto resolve = [this](const jwt::Token& read, jwt::IssuerId) {
      const bool may_order = read.scopes.contains("ordering");
      return jwt::Principal{kClient, kUser, may_order ? static_cast<std::uint32_t>(under_test_.ordering) : 0};
    };
    return credential_of(verified_.verify(token, workspace_, keys_, now, resolve, [](const auto&) {}));
  }

  UnderTest& under_test() { return under_test_; }
  caches::Digest id_of(std::string_view jti) const { return verified_.digest_of(jti); }

 private:
  UnderTest under_test_;
  parallax::testing::OpenSslSignatures signatures_;
  jwt::SigningKey key_{"key-1", jwt::Algorithm::kEs256, signatures_.generate(jwt::Algorithm::kEs256)};
  jwt::Verifier verifier_{trusting(), signatures_};
  jwt::KeyCache keys_{1, {}, kSecret};
  jwt::VerificationCache verified_{verifier_, {}, kSecret};
  jwt::Workspace workspace_;
  routing::RouteTable routes_;
  routing::Cors cors_;
};

TEST_CASE("a signed token passes with its own scopes, and only where they reach") {
  Host host;
  CHECK(host.send("GET", "/pizza/1.0.0/menu", "Bearer " + host.jwt()).outcome == Outcome::kAdmitted);
  CHECK(host.send("POST", "/pizza/1.0.0/order/7", "Bearer " + host.jwt()).outcome == Outcome::kAdmitted);
  CHECK(host.send("POST", "/pizza/1.0.0/order/7", "Bearer " + host.jwt("other")).outcome == Outcome::kScopeMissing);
}

TEST_CASE("a token signed anew has another signature and is verified again, not refused") {
  Host host;
  const std::string first = host.jwt(), second = host.jwt();
  REQUIRE(first != second);  // ES256 draws
  CHECK(host.send("GET", "/pizza/1.0.0/menu", "Bearer " + first).outcome == Outcome::kAdmitted);
  CHECK(host.send("GET", "/pizza/1.0.0/menu", "Bearer " + second).outcome == Outcome::kAdmitted);
}

TEST_CASE("a known token with a foreign signature is refused") {
  Host host;
  const std::string good = host.jwt();
  REQUIRE(host.send("GET", "/pizza/1.0.0/menu", "Bearer " + good).outcome == Outcome::kAdmitted);
  const std::string foreign = good.substr(0, good.rfind('.')) + "." + host.jwt("other").substr(good.rfind('.') + 1);
  const Decision decision = host.send("GET", "/pizza/1.0.0/menu", "Bearer " + foreign);
  CHECK(decision.outcome == Outcome::kTokenInvalid);
}

TEST_CASE("a JWT is good before its expiry and not at it, cached or not") {
  Host host;
  const sim::VirtualTime expires = kNow + sim::seconds(60);
  const std::string bearer = "Bearer " + host.jwt("ordering", expires);
  CHECK(host.send("GET", "/pizza/1.0.0/menu", bearer, expires - sim::nanoseconds(1)).outcome == Outcome::kAdmitted);
  CHECK(host.send("GET", "/pizza/1.0.0/menu", bearer, expires).outcome == Outcome::kTokenInvalid);
  CHECK(Host{}.send("GET", "/pizza/1.0.0/menu", bearer, expires).outcome == Outcome::kTokenInvalid);
}

TEST_CASE("a revoked JWT is refused from the moment its id is in the map until it expires") {
  Host host;
  const std::string bearer = "Bearer " + host.jwt();
  REQUIRE(host.send("GET", "/pizza/1.0.0/menu", bearer).outcome == Outcome::kAdmitted);
  host.under_test().pipeline.revoked().add_token(host.id_of("id-1"), kNow + sim::seconds(60));
  for (const int second : {0, 1, 59}) {
    CHECK(host.send("GET", "/pizza/1.0.0/menu", bearer, kNow + sim::seconds(second)).outcome == Outcome::kTokenInvalid);
  }
}

TEST_CASE("a preflight is answered, with what the browser may do") {
  Host host;
  const Reading reading = host.read("OPTIONS", "/pizza/1.0.0/order/7", "");
  CHECK(reading.call.routed == Outcome::kPreflight);
  CHECK(reading.cors.allow_origin == "*");
  CHECK(host.send("OPTIONS", "/pizza/1.0.0/order/7", "").outcome == Outcome::kPreflight);
}

TEST_CASE("a JWT is verified only for a call that comes so far") {
  Host host;
  const std::string bearer = "Bearer " + host.jwt();
  const auto next = [&](std::string_view method, std::string_view target) {
    return host.under_test().pipeline.decide(host.read(method, target, bearer).call, kNow).next;
  };
  CHECK(next("GET", "/pizza/1.0.0/menu") == Step::Next::kVerifyToken);
  CHECK(next("GET", "/pasta/1.0.0/menu") == Step::Next::kDecided);
  CHECK(next("GET", "/pizza/1.0.0/drinks") == Step::Next::kDecided);
  CHECK(next("PUT", "/pizza/1.0.0/menu") == Step::Next::kDecided);
  CHECK(next("OPTIONS", "/pizza/1.0.0/order/7") == Step::Next::kDecided);
  host.under_test().pipeline.deploy(
      kMenu, {kVersion, Standing::kActive, tokens::kNoScopes, domain::kUnlimited, Authentication::kNone});
  CHECK(next("GET", "/pizza/1.0.0/menu") == Step::Next::kDecided);
  host.under_test().pipeline.deploy(kPizza, {kVersion, Standing::kBlocked});
  CHECK(next("POST", "/pizza/1.0.0/order/7") == Step::Next::kDecided);
}

TEST_CASE("what was found wrong with a JWT is what the gateway answers") {
  jwt::VerificationCache::Decision verified;
  const auto refusal = [&](jwt::Validity validity) {
    verified.verdict.validity = validity;
    UnderTest gateway;
    Call call = gateway.anonymous();
    call.credential = credential_of(verified);
    return gateway.decide(call).answer;
  };
  CHECK(refusal(jwt::Validity::kBadSignature) == domain::Answer{401, 900901});
  CHECK(refusal(jwt::Validity::kExpired) == domain::Answer{401, 900901});
  CHECK(refusal(jwt::Validity::kKeyUnavailable) == domain::Answer{500, 900900});
}

TEST_CASE("a client that nobody knows is no client: its tokens are forbidden, and good the moment it is known") {
  Host host;
  const Call call = [&] {
    Call unknown = host.under_test().anonymous();
    unknown.credential = host.under_test().with_jwt().credential;
    unknown.credential.client = domain::kNoClient;
    return unknown;
  }();
  CHECK(host.under_test().pipeline.resume_after_pull(call, kNow).outcome == Outcome::kSubscriptionMissing);
}

TEST_CASE("an opaque token is known by a digest that differs from process to process") {
  Host host;
  const Reading here = host.read("GET", "/pizza/1.0.0/menu", "Bearer 0cc1d7a1");
  CHECK(here.jwt.empty());
  CHECK(here.call.credential.id == caches::digest("0cc1d7a1", kSecret));
  CHECK(here.call.credential.id != caches::digest("0cc1d7a1", caches::DigestSecret{8}));
}

TEST_CASE("from text to decision nothing is allocated once a token is known, opaque or signed") {
  Host host;
  const std::string bearer = "Bearer " + host.jwt();
  const std::string opaque = "Bearer 0cc1d7a1-7a5b-3e46-8a5c-1f1a5f0b7a11";
  const Call call = host.read("GET", "/pizza/1.0.0/menu", opaque).call;
  host.under_test().decide(call);
  host.send("POST", "/pizza/1.0.0/order/7", bearer);
  const std::uint64_t before = parallax::testing::allocations();
  std::uint32_t admitted = 0;
  for (int i = 0; i < 1'000; ++i) {
    const Call again = host.read("GET", "/pizza/1.0.0/menu", opaque).call;
    admitted += host.under_test().pipeline.decide(again, kNow).decision.outcome == Outcome::kAdmitted;
    Reading signed_call = host.read("POST", "/pizza/1.0.0/order/7", bearer);
    signed_call.call.credential = host.verify(signed_call.jwt, kNow);
    admitted += host.under_test().pipeline.decide(signed_call.call, kNow).decision.outcome == Outcome::kAdmitted;
  }
  CHECK(parallax::testing::allocations() == before);
  CHECK(admitted == 2'000);
}

}  // namespace
}  // namespace parallax::logic::gateway
