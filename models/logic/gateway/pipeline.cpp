#include "models/logic/gateway/pipeline.h"

#include "models/logic/gateway/authorise.h"

namespace parallax::logic::gateway {

using domain::Outcome;

namespace {

template <typename Facts, typename Id>
void place(std::vector<Facts>& table, Id id, const Facts& facts) {
  if (domain::index(id) >= table.size()) table.resize(domain::index(id) + 1);
  table[domain::index(id)] = facts;
}

template <typename Facts, typename Id>
const Facts& placed(const std::vector<Facts>& table, Id id) {
  static constexpr Facts kNothing{};
  return domain::index(id) < table.size() ? table[domain::index(id)] : kNothing;
}

TokenCaches::Key key_of(const Call& call) { return {call.credential.id, cache_variant(call)}; }

Step decided(const Decision& decision) { return {Step::Next::kDecided, decision}; }

// A pull is worth its while for a token that is good, and for facts that are not there at all.
bool is_worth_a_pull(const AccessFacts& facts, sim::VirtualTime now, sim::Duration skew) {
  const auto is_absent = [](const auto& fact) { return fact.standing == domain::Standing::kAbsent; };
  return judge_token(facts.token, now, skew) == Outcome::kAdmitted &&
         (is_absent(facts.api) || is_absent(facts.key) || is_absent(facts.application) ||
          is_absent(facts.subscription));
}

}  // namespace

void Pipeline::deploy(domain::ApiId api, const ApiFacts& facts) { place(apis_, api, facts); }

void Pipeline::deploy(domain::ResourceId resource, const ResourceFacts& facts) { place(resources_, resource, facts); }

void Pipeline::restart() {
  const auto ignore = [](const auto&) {};
  token_caches_.clear(ignore);
  resource_cache_.clear();
  pulled_.clear(ignore);
  configuration_.clear();
  revoked_ = tokens::RevokedMap{options_.revoked};
  limits_ = throttling::Limits{options_.limits, shared_};
}

void Pipeline::keep_house(sim::VirtualTime now) {
  token_caches_.sweep(now, [](const auto&) {});
  resource_cache_.sweep(now);
  throttling::sweep(limits_, now);
}

const ApiFacts& Pipeline::deployed(domain::ApiId api) const { return placed(apis_, api); }

Step Pipeline::decide(const Call& call, sim::VirtualTime now) {
  if (call.credential.kind == Credential::Kind::kOpaque) token_caches_.prefetch(key_of(call));
  if (const Outcome outcome = screen(call); outcome != Outcome::kAdmitted) return decided(refuse(call, outcome));
  const ResourceFacts resource = resource_of(call, now);
  // A route to it without its facts: the deployment is half done.
  if (resource.standing == domain::Standing::kAbsent) return decided(refuse(call, Outcome::kResourceUnknown));
  if (resource.authentication == Authentication::kNone) return decided(pass_limits(call, nobody(), resource, now));
  switch (call.credential.kind) {
    case Credential::Kind::kOpaque:
      return decide_opaque(call, resource, now);
    case Credential::Kind::kSigned:
      return decide_signed(call, resource, now, options_.on_miss);
    case Credential::Kind::kRefused:
      return decided(refuse(call, call.credential.refusal));
    case Credential::Kind::kUnverified:
      return {Step::Next::kVerifyToken};
    case Credential::Kind::kNone:
      break;
  }
  return decided(refuse(call, Outcome::kCredentialsMissing));
}

// The API's status is asked before what routing found below it: the status handler runs for every resource, but a CORS
// handler before it has already answered for those that there are not.
Outcome Pipeline::screen(const Call& call) const {
  const Outcome api = judge_api(deployed(call.api));
  if (api == Outcome::kApiUnknown) return api;
  const bool is_routing_first = call.routed != Outcome::kAdmitted && call.routed != Outcome::kResourceForbidden;
  if (is_routing_first || api == Outcome::kAdmitted) return call.routed;
  return api;
}

Step Pipeline::decide_opaque(const Call& call, const ResourceFacts& resource, sim::VirtualTime now) {
  if (options_.caching == TokenCaching::kOn) {
    const TokenCaches::Cached* cached = token_caches_.find(key_of(call));
    if (cached != nullptr) return decided(conclude(call, cached->validation, resource, now));
  }
  return {Step::Next::kValidateKey};
}

Decision Pipeline::resume(const Call& call, const Validation& validation, sim::VirtualTime now) {
  if (const Outcome outcome = screen(call); outcome != Outcome::kAdmitted)
    return decision_on(call, validation, outcome);
  return conclude(call, validation, resource_of(call, now), now);
}

// Of a cached answer the expiry is tested again.
Decision Pipeline::conclude(const Call& call, const Validation& validation, const ResourceFacts& resource,
                            sim::VirtualTime now) {
  limits_.bursts.prefetch(validation.subscription);
  if (const Outcome token = judge_token(validation.token, now, options_.skew); token != Outcome::kAdmitted) {
    return decision_on(call, validation, token);
  }
  if (validation.outcome != Outcome::kAdmitted) return decision_on(call, validation, validation.outcome);
  return pass_limits(call, validation, resource, now);
}

// A revoked id is refused before anything else is looked at; the subscription is asked for anew on every call.
Step Pipeline::decide_signed(const Call& call, const ResourceFacts& resource, sim::VirtualTime now, OnMiss on_miss) {
  AccessFacts facts;
  const domain::SubscriptionId subscription = collect(call, facts);
  if (on_miss == OnMiss::kPull && is_worth_a_pull(facts, now, options_.skew) && may_pull(call, now)) {
    return {Step::Next::kPullConfiguration};
  }
  const Validation validation = validate(facts, subscription, resource, scope_sets_, now, options_.skew);
  return decided(conclude(call, validation, resource, now));
}

// Whoever has one good token could else have a pull made with each call.
bool Pipeline::may_pull(const Call& call, sim::VirtualTime now) {
  if (options_.pull_interval.ns == 0) return true;
  const auto ignore = [](const auto&) {};
  pulled_.sweep(now, ignore);
  const std::uint64_t what = std::uint64_t{domain::index(call.credential.client)} << 32 | domain::index(call.api);
  if (pulled_.find({what, 0}) != nullptr) return false;
  pulled_.put({what, 0}, Pulled{}, now, ignore);
  return true;
}

domain::SubscriptionId Pipeline::collect(const Call& call, AccessFacts& facts) const {
  const Credential& credential = call.credential;
  facts.api = configuration_.api(call.api);
  facts.token = credential.facts;
  const tokens::Claims claims{credential.id, credential.client, credential.facts.user, credential.user_type,
                              credential.issued};
  if (revoked_.revoked_by(claims) != tokens::RevokedBy::kNone) facts.token.standing = domain::Standing::kBlocked;
  facts.key = configuration_.key(credential.client);
  facts.token.application = facts.key.application;
  facts.application = configuration_.application(facts.key.application);
  const Configuration::Subscribed subscribed = configuration_.subscription(facts.key.application, call.api);
  facts.subscription = subscribed.facts;
  return subscribed.id;
}

Decision Pipeline::resume_after_pull(const Call& call, sim::VirtualTime now) {
  if (const Outcome outcome = screen(call); outcome != Outcome::kAdmitted) return refuse(call, outcome);
  return decide_signed(call, resource_of(call, now), now, OnMiss::kRefuse).decision;
}

Decision Pipeline::resume_without_answer(const Call& call) const {
  return refuse(call, Outcome::kValidationUnavailable);
}

// Where a resource asks for no token nobody looks at the one that may be there.
Validation Pipeline::nobody() const {
  Validation validation;
  validation.subscription_facts.tier = options_.unauthenticated_tier;
  validation.outcome = Outcome::kAdmitted;
  return validation;
}

ResourceFacts Pipeline::resource_of(const Call& call, sim::VirtualTime now) {
  return resource_cache_.find(call.resource, now, [&] { return placed(resources_, call.resource); });
}

Decision Pipeline::pass_limits(const Call& call, const Validation& validation, const ResourceFacts& resource,
                               sim::VirtualTime now) {
  event_ = {subject_of(call, validation, resource), now};
  limit_result_ = throttling::check(limits_, event_.subject, now);
  Decision decision = decision_on(call, validation, limit_result_.outcome);
  decision.next_access = limit_result_.next_access;
  decision.is_counted = limit_result_.publish == throttling::Publish::kYes;
  return decision;
}

throttling::Subject Pipeline::subject_of(const Call& call, const Validation& validation,
                                         const ResourceFacts& resource) const {
  const ApiFacts& api = deployed(call.api);
  throttling::Subject subject;
  subject.api = call.api;
  subject.resource = call.resource;
  subject.subscription = validation.subscription;
  subject.application = validation.token.application;
  subject.user = validation.token.user;
  subject.api_tenant = api.tenant;
  subject.api_context = api.context;
  subject.api_version = api.url_version;
  subject.application_tenant = validation.application_tenant;
  subject.application_tier = validation.application_tier;
  subject.subscription_tier = validation.subscription_facts.tier;
  subject.api_tier = api.tier;
  subject.resource_tier = resource.tier;
  subject.matching_groups = call.circumstances.matching_groups;
  subject.client = call.circumstances.client;
  subject.message_bytes = call.circumstances.message_bytes;
  subject.key_type = validation.key_type;
  return subject;
}

Decision Pipeline::refuse(const Call& call, Outcome outcome) const { return decision_on(call, {}, outcome); }

Decision Pipeline::decision_on(const Call& call, const Validation& validation, Outcome outcome) const {
  Decision decision;
  decision.outcome = as_reported(outcome, options_.codes);
  decision.answer = answer_of(outcome, options_.codes);
  decision.api = call.api;
  decision.resource = call.resource;
  decision.application = validation.token.application;
  decision.subscription = validation.subscription;
  const bool is_for_lack_of_api = validation.lacks_api && outcome == Outcome::kSubscriptionMissing;
  decision.api_version = is_for_lack_of_api ? validation.api_version : deployed(call.api).version;
  decision.token_version = validation.token.version;
  decision.subscription_version = validation.subscription_facts.version;
  return decision;
}

}  // namespace parallax::logic::gateway
