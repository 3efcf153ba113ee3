// The rows on gateway caches: what is cached where, for how long, and what a revocation does to it.
#include "models/logic/gateway/token_caches.h"

#include <catch2/catch.hpp>
#include <vector>

#include "under_test.h"

namespace parallax::logic::gateway {
namespace {

using namespace testing;
using domain::Outcome;
using domain::Standing;

constexpr auto kIgnore = [](const TokenCaches::Entry&) {};

AccessFacts revoked(const UnderTest& gateway) {
  AccessFacts facts = gateway.facts();
  facts.token.standing = Standing::kBlocked;
  facts.token.version = domain::Version::of(2, sim::SiteId{0});
  return facts;
}

PipelineOptions on_revocation(OnRevocation what) {
  PipelineOptions options;
  options.cache.on_revocation = what;
  return options;
}

// The cache's own look-up and the key manager's answer are told apart by what the key manager would say now: revoked.
bool is_cached(UnderTest& gateway, domain::ResourceId resource = kMenu, sim::VirtualTime now = kNow) {
  return gateway.pipeline.decide(gateway.opaque(resource), now).next == Step::Next::kDecided;
}

TEST_CASE("tokens are cached for 900 s from the write, and until the sweeper comes") {
  UnderTest gateway;
  CHECK(gateway.decide(gateway.opaque()).outcome == Outcome::kAdmitted);
  const sim::VirtualTime due = kNow + sim::seconds(900);
  TokenCaches& caches = gateway.pipeline.token_caches();
  caches.sweep(due - sim::nanoseconds(1), kIgnore);
  CHECK(is_cached(gateway, kMenu, due - sim::nanoseconds(1)));
  // A sweeper every 30 s whose phase is unlucky comes 930 s after the write; no look-up before it tests the age.
  CHECK(is_cached(gateway, kMenu, due + sim::seconds(30) - sim::nanoseconds(1)));
  caches.sweep(due + sim::seconds(30), kIgnore);
  CHECK_FALSE(is_cached(gateway, kMenu, due + sim::seconds(30)));
}

TEST_CASE("a use does not renew an entry: age from write is the bound") {
  UnderTest gateway;
  gateway.decide(gateway.opaque());
  for (int i = 1; i < 10; ++i) gateway.pipeline.decide(gateway.opaque(), kNow + sim::seconds(i * 90));
  gateway.pipeline.token_caches().sweep(kNow + sim::seconds(900), kIgnore);
  CHECK_FALSE(is_cached(gateway));
}

TEST_CASE("capacity 10,000 for each cache; the entry too many evicts itself and a quarter of them") {
  TokenCaches caches{{}};
  const Validation good{{}, {}, {}, {}, {}, {}, Outcome::kAdmitted};
  std::size_t evicted = 0;
  for (std::uint64_t token = 0; token < 10'000; ++token) {
    caches.remember({{0, token}, 0}, {good}, kNow, [&](const auto&) { ++evicted; });
  }
  CHECK(evicted == 0);
  caches.remember({{0, 10'000}, 0}, {good}, kNow, [&](const auto&) { ++evicted; });
  CHECK(evicted == 2'501);
  CHECK(caches.find({{0, 10'000}, 0}) != nullptr);
  CHECK(caches.find({{0, 0}, 0}) == nullptr);  // used longest ago
}

TEST_CASE("a key is made of token, resource, verb and scheme") {
  UnderTest gateway;
  gateway.decide(gateway.opaque(kMenu));
  CHECK(is_cached(gateway, kMenu));
  CHECK_FALSE(is_cached(gateway, kOrder));
  Call plain = gateway.opaque(kMenu);
  plain.scheme = Scheme::kHttp;
  CHECK(gateway.pipeline.decide(plain, kNow).next == Step::Next::kValidateKey);
  Call other = gateway.opaque(kMenu);
  other.credential.id.high ^= 1;
  CHECK(gateway.pipeline.decide(other, kNow).next == Step::Next::kValidateKey);
}

TEST_CASE("who refuses an API that its key manager lacks says so, from the cache too") {
  UnderTest gateway;
  AccessFacts without_api = gateway.facts();
  without_api.api = {};
  for (const sim::Duration later : {sim::seconds(0), sim::seconds(899)}) {
    const Decision decision = gateway.decide(gateway.opaque(), without_api, kNow + later);
    CHECK(decision.outcome == Outcome::kSubscriptionMissing);
    CHECK(decision.api_version == domain::Version{});
  }
  // What is refused for something else was decided on the API as it is deployed.
  UnderTest another;
  AccessFacts unsubscribed = another.facts();
  unsubscribed.subscription = {};
  CHECK(another.decide(another.opaque(), unsubscribed).api_version == kVersion);
}

TEST_CASE("every result except 900901 is cached beside the admissions, even 900908") {
  UnderTest gateway;
  AccessFacts unsubscribed = gateway.facts();
  unsubscribed.subscription = {};
  CHECK(gateway.decide(gateway.opaque(), unsubscribed).outcome == Outcome::kSubscriptionMissing);
  // The application subscribes; the gateway goes on refusing until the entry is swept.
  CHECK(gateway.decide(gateway.opaque(), gateway.facts(), kNow + sim::seconds(899)).outcome ==
        Outcome::kSubscriptionMissing);
  gateway.pipeline.token_caches().sweep(kNow + sim::seconds(900), kIgnore);
  CHECK(gateway.decide(gateway.opaque(), gateway.facts(), kNow + sim::seconds(900)).outcome == Outcome::kAdmitted);
}

TEST_CASE("a 900901 goes to the invalid-token cache for 900 s") {
  UnderTest gateway;
  CHECK(gateway.decide(gateway.opaque(), revoked(gateway)).outcome == Outcome::kTokenInvalid);
  // Even a key manager that thinks otherwise is not asked.
  CHECK(gateway.decide(gateway.opaque(), gateway.facts()).outcome == Outcome::kTokenInvalid);
}

TEST_CASE("junk in the invalid-token cache pushes out no good entry") {
  PipelineOptions options;
  options.cache.capacity = 4;
  UnderTest gateway{options};
  gateway.decide(gateway.opaque());
  for (std::uint64_t junk = 0; junk < 100; ++junk) {
    Call call = gateway.opaque();
    call.credential.id = {99, junk};
    gateway.decide(call, revoked(gateway));
  }
  CHECK(is_cached(gateway));
}

TEST_CASE("an expiry is tested on every hit") {
  UnderTest gateway;
  AccessFacts facts = gateway.facts();
  facts.token.expires = kNow + sim::seconds(10);
  CHECK(gateway.decide(gateway.opaque(), facts, kNow).outcome == Outcome::kAdmitted);
  CHECK(gateway.decide(gateway.opaque(), facts, kNow + sim::seconds(10)).outcome == Outcome::kTokenInvalid);
}

TEST_CASE("opaque, cached: a revocation moves the token to the invalid-token cache") {
  UnderTest gateway{on_revocation(OnRevocation::kRefuse)};
  gateway.decide(gateway.opaque(kMenu));
  gateway.decide(gateway.opaque(kOrder));
  int dropped = 0;
  TokenCaches& caches = gateway.pipeline.token_caches();
  CHECK(caches.revoke({kToken, 0}, 77, kNow, [&](const auto&) { ++dropped; }));
  CHECK(dropped == 2);
  CHECK(caches.size() == 1);
  // Refused at every resource without asking, even where the key manager's replica does not know yet.
  CHECK(gateway.decide(gateway.opaque(kMenu), gateway.facts()).outcome == Outcome::kTokenInvalid);
  CHECK(gateway.decide(gateway.opaque(kOrder), gateway.facts()).outcome == Outcome::kTokenInvalid);
  CHECK(caches.at({kToken, TokenCaches::kEverywhere})->note == 77);
}

// The race of a revocation with its own row: the event overtakes the row, nothing is cached, nothing is recorded; the
// next call asks a replica that does not know yet and its answer is valid for 900 s.
TEST_CASE("opaque, not cached: nothing is recorded, and a stale replica's answer is cached for 900 s") {
  UnderTest gateway;
  CHECK_FALSE(gateway.pipeline.token_caches().revoke({kToken, 0}, 0, kNow, kIgnore));
  CHECK(gateway.decide(gateway.opaque(), gateway.facts()).outcome == Outcome::kAdmitted);
  CHECK(gateway.decide(gateway.opaque(), revoked(gateway), kNow + sim::seconds(899)).outcome == Outcome::kAdmitted);
}

// wso2/product-apim#2931: entries are per resource, and a revocation noticed at one resource left the others alone.
TEST_CASE("pa#2931: a token revoked at one resource was still valid on another") {
  UnderTest gateway{on_revocation(OnRevocation::kForgetVariant)};
  gateway.decide(gateway.opaque(kMenu));
  gateway.decide(gateway.opaque(kOrder));
  gateway.pipeline.token_caches().revoke({kToken, cache_variant(gateway.opaque(kMenu))}, 0, kNow, kIgnore);
  CHECK(gateway.decide(gateway.opaque(kMenu), revoked(gateway)).outcome == Outcome::kTokenInvalid);
  CHECK(gateway.decide(gateway.opaque(kOrder), revoked(gateway)).outcome == Outcome::kAdmitted);
}

TEST_CASE("pa#2931, cured: a revocation takes the entries of all resources") {
  for (const OnRevocation cure : {OnRevocation::kForget, OnRevocation::kRefuse}) {
    UnderTest gateway{on_revocation(cure)};
    gateway.decide(gateway.opaque(kMenu));
    gateway.decide(gateway.opaque(kOrder));
    gateway.pipeline.token_caches().revoke({kToken, cache_variant(gateway.opaque(kMenu))}, 0, kNow, kIgnore);
    CHECK(gateway.decide(gateway.opaque(kMenu), revoked(gateway)).outcome == Outcome::kTokenInvalid);
    CHECK(gateway.decide(gateway.opaque(kOrder), revoked(gateway)).outcome == Outcome::kTokenInvalid);
  }
}

TEST_CASE("with the gateway's token cache off every call is validated") {
  PipelineOptions options;
  options.caching = TokenCaching::kOff;
  UnderTest gateway{options};
  gateway.decide(gateway.opaque());
  CHECK(gateway.decide(gateway.opaque(), revoked(gateway)).outcome == Outcome::kTokenInvalid);
}

TEST_CASE("a token refused at one resource is refused at all, unless another one knows it as good") {
  UnderTest gateway;
  // Nothing is known of it: one refusal speaks for all resources.
  CHECK(gateway.decide(gateway.opaque(kMenu), revoked(gateway)).outcome == Outcome::kTokenInvalid);
  CHECK(gateway.decide(gateway.opaque(kOrder), gateway.facts()).outcome == Outcome::kTokenInvalid);
  // Known as good at one resource, it is asked about at another, and its refusal there leaves the first alone.
  UnderTest other;
  CHECK(other.decide(other.opaque(kMenu), other.facts()).outcome == Outcome::kAdmitted);
  CHECK(other.decide(other.opaque(kOrder), revoked(other)).outcome == Outcome::kTokenInvalid);
  CHECK(other.decide(other.opaque(kMenu), revoked(other)).outcome == Outcome::kAdmitted);
  CHECK(other.pipeline.decide(other.opaque(kOrder), kNow).next == Step::Next::kValidateKey);
}

TEST_CASE("of two answers under way about one key the later one counts, a refusal too") {
  TokenCaches caches{{}};
  const TokenCaches::Key key{kToken, 7};
  const Validation good{{}, {}, {}, {}, {}, {}, Outcome::kAdmitted};
  const Validation bad{{}, {}, {}, {}, {}, {}, Outcome::kTokenInvalid};
  for (const Validation& later : {good, bad, good, bad}) {
    caches.remember(key, {later}, kNow, kIgnore);
    CHECK(caches.find(key)->validation.outcome == later.outcome);
  }
}

}  // namespace
}  // namespace parallax::logic::gateway
