// What a gateway decides by itself, what it asks for, and in which order it finds reasons to refuse.
#include "models/logic/gateway/pipeline.h"

#include <catch2/catch.hpp>

#include "tests/support/allocations.h"
#include "under_test.h"

namespace parallax::logic::gateway {
namespace {

using namespace testing;
using domain::Outcome;
using domain::Standing;
using throttling::ThrottleKey;

TEST_CASE("a decision says on which versions of the facts it was taken") {
  UnderTest gateway;
  AccessFacts facts = gateway.facts();
  facts.token.version = domain::Version::of(3, sim::SiteId{0});
  facts.subscription.version = domain::Version::of(4, sim::SiteId{0});
  gateway.pipeline.deploy(kPizza, {domain::Version::of(2, sim::SiteId{0}), Standing::kActive});
  const Decision decision = gateway.decide(gateway.opaque(), facts);
  CHECK(decision.api_version.ordinal() == 2);
  CHECK(decision.token_version.ordinal() == 3);
  CHECK(decision.subscription_version.ordinal() == 4);
  CHECK(decision.subscription == kSubscription);
  CHECK(decision.application == kApplication);
  CHECK(decision.is_counted);
}

TEST_CASE("the API's status comes before authentication, and CORS before both") {
  UnderTest gateway;
  gateway.pipeline.deploy(kPizza, {kVersion, Standing::kBlocked});
  CHECK(gateway.decide(gateway.anonymous()).outcome == Outcome::kApiBlocked);
  Call call = gateway.anonymous();
  for (const Outcome by_cors : {Outcome::kPreflight, Outcome::kResourceUnknown, Outcome::kVerbUnknown}) {
    call.routed = by_cors;
    CHECK(gateway.decide(call).outcome == by_cors);
  }
  // Without a CORS handler it is authentication that misses the resource: behind the status.
  call.routed = Outcome::kResourceForbidden;
  CHECK(gateway.decide(call).outcome == Outcome::kApiBlocked);
}

TEST_CASE("a resource that asks for no token lets everybody in, whatever token they bring") {
  UnderTest gateway;
  gateway.pipeline.deploy(kMenu,
                          {kVersion, Standing::kActive, tokens::kNoScopes, domain::kUnlimited, Authentication::kNone});
  CHECK(gateway.decide(gateway.anonymous()).outcome == Outcome::kAdmitted);
  Call call = gateway.opaque();
  call.credential.kind = Credential::Kind::kRefused;
  CHECK(gateway.decide(call).outcome == Outcome::kAdmitted);
}

TEST_CASE("callers without a token share the tier for them") {
  PipelineOptions options;
  options.unauthenticated_tier = kGold;
  UnderTest gateway{options};
  gateway.pipeline.deploy(kMenu,
                          {kVersion, Standing::kActive, tokens::kNoScopes, domain::kUnlimited, Authentication::kNone});
  const ThrottleKey key = ThrottleKey::subscription(domain::kNoApplication, kPizza, kGold);
  gateway.pipeline.limits().decisions.apply({key, kNow + sim::seconds(30), true});
  CHECK(gateway.decide(gateway.anonymous()).outcome == Outcome::kQuotaExceeded);
}

TEST_CASE("a JWT is decided without asking anybody, on the configuration at hand") {
  UnderTest gateway;
  CHECK(gateway.pipeline.decide(gateway.with_jwt(), kNow).decision.outcome == Outcome::kAdmitted);
  CHECK(gateway.pipeline.decide(gateway.with_jwt(kOrder), kNow).decision.outcome == Outcome::kAdmitted);
}

TEST_CASE("JWT: the subscription is checked again on every call") {
  UnderTest gateway;
  REQUIRE(gateway.pipeline.decide(gateway.with_jwt(), kNow).decision.outcome == Outcome::kAdmitted);
  gateway.pipeline.configuration().tell(
      kApplication, kPizza, {kSubscription, {domain::Version::of(2, sim::SiteId{0}), Standing::kBlocked, kGold}});
  CHECK(gateway.pipeline.decide(gateway.with_jwt(), kNow).decision.outcome == Outcome::kSubscriptionBlocked);
}

TEST_CASE("JWT: the revoked map is tested first, and its expiry again") {
  UnderTest gateway;
  const Call call = gateway.with_jwt();
  CHECK(gateway.pipeline.decide(call, kNow + sim::seconds(3'600)).decision.outcome == Outcome::kTokenInvalid);
  gateway.pipeline.revoked().add_token(call.credential.id, call.credential.facts.expires);
  const Decision decision = gateway.pipeline.decide(call, kNow).decision;
  CHECK(decision.outcome == Outcome::kTokenInvalid);
  CHECK(decision.subscription == kSubscription);  // it is known whose call was refused
}

TEST_CASE("JWT: user and consumer-app revocations refuse what was issued before them") {
  UnderTest gateway;
  Call call = gateway.with_jwt();
  gateway.pipeline.revoked().add_user(kUser, kNow);
  CHECK(gateway.pipeline.decide(call, kNow).decision.outcome == Outcome::kAdmitted);  // issued at kNow: not before
  call.credential.issued = kNow - sim::seconds(1);
  CHECK(gateway.pipeline.decide(call, kNow).decision.outcome == Outcome::kTokenInvalid);
}

TEST_CASE("a miss on API, key mapping, application or subscription asks for a pull; a lost CREATE heals") {
  UnderTest gateway;
  gateway.pipeline.configuration().clear();
  const Call call = gateway.with_jwt();
  CHECK(gateway.pipeline.decide(call, kNow).next == Step::Next::kPullConfiguration);
  CHECK(gateway.pipeline.resume_after_pull(call, kNow).outcome == Outcome::kSubscriptionMissing);
  Configuration& known = gateway.pipeline.configuration();
  known.tell(kPizza, ApiFacts{kVersion, Standing::kActive});
  known.tell(kClient, {kVersion, Standing::kActive, kApplication});
  known.tell(kApplication, {kVersion, Standing::kActive});
  known.tell(kApplication, kPizza, {kSubscription, {kVersion, Standing::kActive}});
  CHECK(gateway.pipeline.resume_after_pull(call, kNow).outcome == Outcome::kAdmitted);
  CHECK(gateway.pipeline.decide(call, kNow).next == Step::Next::kDecided);
}

TEST_CASE("a lost UPDATE stays: what is there, old as it is, is not pulled again") {
  UnderTest gateway;
  AccessFacts blocked = gateway.facts();  // as the control plane has it; the event of the block was lost
  blocked.subscription = {domain::Version::of(2, sim::SiteId{0}), Standing::kBlocked, kGold};
  const Step step = gateway.pipeline.decide(gateway.with_jwt(), kNow);
  CHECK(step.next == Step::Next::kDecided);
  CHECK(step.decision.outcome == Outcome::kAdmitted);
  CHECK(step.decision.subscription_version < blocked.subscription.version);
}

TEST_CASE("a pull for one client and API is made once in an interval, or with every call") {
  for (const sim::Duration interval : {sim::seconds(1), sim::Duration{}}) {
    PipelineOptions options;
    options.pull_interval = interval;
    UnderTest gateway{options};
    gateway.pipeline.configuration().clear();
    const Call call = gateway.with_jwt();
    const auto pulls_at = [&](sim::VirtualTime now) {
      return gateway.pipeline.decide(call, now).next == Step::Next::kPullConfiguration;
    };
    CHECK(pulls_at(kNow));
    CHECK(pulls_at(kNow + sim::milliseconds(999)) == (interval.ns == 0));
    CHECK(pulls_at(kNow + sim::seconds(1)));
  }
}

TEST_CASE("a resource of which nobody has told is not there") {
  UnderTest gateway;
  CHECK(gateway.decide(gateway.opaque(domain::ResourceId{99})).outcome == Outcome::kResourceUnknown);
  gateway.pipeline.deploy(domain::ResourceId{99}, ResourceFacts{kVersion, Standing::kActive});
  CHECK(gateway.decide(gateway.opaque(domain::ResourceId{99})).outcome ==
        Outcome::kAdmitted);  // its absence was not cached
}

// Two APIs and a template that names the context: each has a count, and so a decision, of its own.
TEST_CASE("custom policies tell contexts and versions apart") {
  UnderTest gateway;
  const auto deploy = [&](std::uint32_t context, std::uint32_t version) {
    gateway.pipeline.deploy(kPizza, {kVersion,
                                     Standing::kActive,
                                     domain::kUnlimited,
                                     {},
                                     throttling::ContextId{context},
                                     throttling::VersionId{version}});
  };
  for (const throttling::Variable named : {throttling::Variable::kApiContext, throttling::Variable::kApiVersion}) {
    const throttling::KeyTemplate one{throttling::TemplateId{1}, {named}};
    gateway.pipeline.limits().templates.add(one);
    throttling::Subject subject;
    subject.api_context = throttling::ContextId{5};
    subject.api_version = throttling::VersionId{6};
    gateway.pipeline.limits().decisions.apply({throttling::expand(one, subject, {}), kNow + sim::seconds(30), true});
    deploy(5, 6);
    CHECK(gateway.decide(gateway.opaque()).outcome == Outcome::kCustomQuotaExceeded);
    deploy(7, 8);
    CHECK(gateway.decide(gateway.opaque()).outcome == Outcome::kAdmitted);
  }
}

TEST_CASE("what is to be published is what was checked: user, tiers and all") {
  UnderTest gateway;
  REQUIRE(gateway.decide(gateway.opaque()).is_counted);
  const throttling::ThrottleEvent& event = gateway.pipeline.event();
  CHECK(event.at == kNow);
  CHECK(event.subject.user == kUser);
  CHECK(event.subject.application == kApplication);
  CHECK(event.subject.subscription_tier == kGold);
  CHECK(event.subject.application_tier == kApplicationTier);
}

TEST_CASE("a restart loses what is in memory and keeps what is deployed") {
  UnderTest gateway;
  gateway.decide(gateway.opaque());
  gateway.pipeline.revoked().add_token(kToken, sim::kNever);
  gateway.pipeline.limits().decisions.apply(
      {ThrottleKey::subscription(kApplication, kPizza, kGold), sim::kNever, true});
  gateway.pipeline.restart();
  CHECK(gateway.pipeline.decide(gateway.opaque(), kNow).next == Step::Next::kValidateKey);
  CHECK(gateway.decide(gateway.opaque()).outcome == Outcome::kAdmitted);
  CHECK(gateway.pipeline.decide(gateway.with_jwt(), kNow).next == Step::Next::kPullConfiguration);
}

TEST_CASE("nobody can have a pull made with a token that is no good") {
  UnderTest gateway;
  gateway.pipeline.configuration().clear();
  Call call = gateway.with_jwt();
  CHECK(gateway.pipeline.decide(call, kNow + sim::seconds(3'600)).next == Step::Next::kDecided);
  gateway.pipeline.revoked().add_token(call.credential.id, call.credential.facts.expires);
  CHECK(gateway.pipeline.decide(call, kNow).next == Step::Next::kDecided);
}

TEST_CASE("older subscription events are dropped") {
  Configuration known;
  const auto version = [](std::uint32_t ordinal) { return domain::Version::of(ordinal, sim::SiteId{0}); };
  CHECK(known.tell(kApplication, kPizza, {kSubscription, {version(2), Standing::kBlocked}}) == Update::kApplied);
  CHECK(known.tell(kApplication, kPizza, {kSubscription, {version(1), Standing::kActive}}) == Update::kStale);
  CHECK(known.subscription(kApplication, kPizza).facts.standing == Standing::kBlocked);
  CHECK(known.tell(kApplication, {version(2), Standing::kAbsent}) == Update::kApplied);
  CHECK(known.tell(kApplication, {version(1), Standing::kActive}) == Update::kStale);
  CHECK(known.application(kApplication).standing == Standing::kAbsent);
}

TEST_CASE("a redeployed artifact counts, older or not") {
  UnderTest gateway;
  gateway.pipeline.deploy(kPizza, {domain::Version::of(3, sim::SiteId{0}), Standing::kActive});
  gateway.pipeline.deploy(kPizza, {kVersion, Standing::kActive});
  CHECK(gateway.decide(gateway.opaque()).api_version == kVersion);
}

TEST_CASE(
    "the resource cache: kept over a deployment it serves the old policy until it is swept, evicted it does not") {
  for (const OnDeployment what : {OnDeployment::kKeep, OnDeployment::kEvict}) {
    PipelineOptions options;
    options.resource_cache.on_deployment = what;
    UnderTest gateway{options};
    gateway.decide(gateway.opaque());
    gateway.pipeline.deploy(
        kMenu, {kVersion, Standing::kActive, tokens::kNoScopes, domain::kUnlimited, Authentication::kNone});
    const bool is_old = what == OnDeployment::kKeep;
    CHECK(gateway.decide(gateway.anonymous()).outcome == (is_old ? Outcome::kCredentialsMissing : Outcome::kAdmitted));
    gateway.pipeline.resource_cache().sweep(kNow + sim::seconds(900));
    CHECK(gateway.decide(gateway.anonymous()).outcome == Outcome::kAdmitted);
  }
}

TEST_CASE("a quota refusal says when to come back") {
  UnderTest gateway;
  const sim::VirtualTime end = kNow + sim::seconds(30);
  gateway.pipeline.limits().decisions.apply({ThrottleKey::subscription(kApplication, kPizza, kGold), end, true});
  const Decision decision = gateway.decide(gateway.opaque());
  CHECK(decision.next_access == end);
  CHECK_FALSE(decision.is_counted);
}

TEST_CASE("a cached-token decision allocates nothing, opaque or JWT") {
  UnderTest gateway;
  throttling::Policy gold;
  gold.burst = {1'000'000, sim::seconds(1)};
  gateway.pipeline.limits().policies.set(kGold, gold);
  const Call opaque = gateway.opaque();
  const Call jwt = gateway.with_jwt(kOrder);
  gateway.decide(opaque);
  gateway.pipeline.decide(jwt, kNow);
  const std::uint64_t before = parallax::testing::allocations();
  std::uint32_t admitted = 0;
  for (int i = 0; i < 10'000; ++i) {
    admitted += gateway.pipeline.decide(opaque, kNow).decision.outcome == Outcome::kAdmitted;
    admitted += gateway.pipeline.decide(jwt, kNow).decision.outcome == Outcome::kAdmitted;
  }
  CHECK(parallax::testing::allocations() == before);
  CHECK(admitted == 20'000);
}

}  // namespace
}  // namespace parallax::logic::gateway
