// A gateway with one API of two resources, one application subscribed to it, a good opaque token and a good JWT: what a
// test changes is what it is about.
#pragma once

#include "models/logic/gateway/edge.h"
#include "models/logic/gateway/pipeline.h"

namespace parallax::logic::gateway::testing {

constexpr sim::VirtualTime kNow{sim::seconds(1'000'000).ns};
constexpr domain::ApiId kPizza{3};
constexpr domain::ResourceId kMenu{7};   ///< GET /pizza/1.0.0/menu
constexpr domain::ResourceId kOrder{8};  ///< POST /pizza/1.0.0/order/{id}, with a scope
constexpr domain::ApplicationId kApplication{5};
constexpr domain::SubscriptionId kSubscription{9};
constexpr domain::ClientId kClient{4};
constexpr domain::UserId kUser{6};
constexpr domain::TierId kGold{0}, kApplicationTier{1}, kApiTier{2}, kResourceTier{3};
constexpr domain::ScopeId kOrdering{1};
constexpr caches::Digest kToken{1, 2};
constexpr domain::Version kVersion = domain::Version::of(1, sim::SiteId{0});

struct UnderTest {
  explicit UnderTest(const PipelineOptions& options = {}) : pipeline{options, scopes} {
    using domain::Standing;
    ordering = *scopes.intern(std::array{kOrdering});
    pipeline.deploy(kPizza, {kVersion, Standing::kActive});
    pipeline.deploy(kMenu, ResourceFacts{kVersion, domain::Standing::kActive});
    pipeline.deploy(kOrder, {kVersion, Standing::kActive, ordering});
    Configuration& known = pipeline.configuration();
    known.tell(kPizza, ApiFacts{kVersion, Standing::kActive});
    known.tell(kClient, {kVersion, Standing::kActive, kApplication});
    known.tell(kApplication, {kVersion, Standing::kActive, kApplicationTier});
    known.tell(kApplication, kPizza, {kSubscription, {kVersion, Standing::kActive, kGold}});
  }

  /// The facts of a good opaque token, as a key manager has them.
  AccessFacts facts() const {
    using domain::Standing;
    return {{kVersion, Standing::kActive},
            {kVersion, Standing::kActive, kNow + sim::seconds(3'600), kApplication, kUser, ordering},
            {kVersion, Standing::kActive, kApplication},
            {kVersion, Standing::kActive, kApplicationTier},
            {kVersion, Standing::kActive, kGold}};
  }

  Call opaque(domain::ResourceId resource = kMenu) const {
    Call call = anonymous(resource);
    call.credential.kind = Credential::Kind::kOpaque;
    call.credential.id = kToken;
    return call;
  }

  Call with_jwt(domain::ResourceId resource = kMenu) const {
    Call call = anonymous(resource);
    call.credential = {Credential::Kind::kSigned,          kToken, facts().token, kClient,
                       tokens::UserType::kApplicationUser, kNow};
    return call;
  }

  static Call anonymous(domain::ResourceId resource = kMenu) {
    Call call;
    call.routed = domain::Outcome::kAdmitted;
    call.api = kPizza;
    call.resource = resource;
    return call;
  }

  /// Decides, asking a key manager with these facts if need be, and remembering its answer as a host does.
  Decision decide(const Call& call, const AccessFacts& facts, sim::VirtualTime now = kNow) {
    const Step step = pipeline.decide(call, now);
    if (step.next == Step::Next::kDecided) return step.decision;
    const ResourceFacts resource{kVersion, domain::Standing::kActive,
                                 call.resource == kOrder ? ordering : tokens::kNoScopes};
    const Validation validation = validate(facts, kSubscription, resource, scopes, now, pipeline.options().skew);
    if (pipeline.options().caching == TokenCaching::kOn) {
      pipeline.token_caches().remember({call.credential.id, cache_variant(call)}, {validation}, now,
                                       [](const auto&) {});
    }
    return pipeline.resume(call, validation, now);
  }
  Decision decide(const Call& call) { return decide(call, facts()); }

  tokens::ScopeSets scopes;
  tokens::ScopeSetId ordering{};
  Pipeline pipeline;
};

}  // namespace parallax::logic::gateway::testing
