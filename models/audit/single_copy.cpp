#include "models/audit/single_copy.h"

#include <algorithm>

namespace parallax::audit {

using domain::ChangeKind;
using domain::ObjectKind;
using domain::Standing;

namespace {

// What a change of this kind makes of its object.
Standing standing_after(ChangeKind change) {
  switch (change) {
    case ChangeKind::kTokenIssued:
    case ChangeKind::kApiPublished:
    case ChangeKind::kSubscriptionAdded:
    case ChangeKind::kPolicyChanged:
      return Standing::kActive;
    case ChangeKind::kTokenRevoked:
    case ChangeKind::kSubscriptionBlocked:
      return Standing::kBlocked;
    case ChangeKind::kApiRetired:
      return Standing::kAbsent;
  }
  return Standing::kAbsent;
}

}  // namespace

SingleCopy::SingleCopy(const domain::Catalog& catalog) : catalog_{catalog} {
  for (const auto& token : catalog.tokens) {
    tokens_.push_back(
        {{domain::initial_version(Standing::kActive), Standing::kActive, token.expires, token.application}});
  }
  for (const auto& api : catalog.apis) apis_.push_back({{domain::initial_version(api.initially), api.initially}});
  for (const auto& s : catalog.subscriptions) {
    subscriptions_.push_back({{domain::initial_version(s.initially), s.initially}});
  }
}

SingleCopy::Held<logic::gateway::TokenFacts>& SingleCopy::token_at(std::uint32_t id) {
  if (id >= tokens_.size()) tokens_.resize(id + 1);
  return tokens_[id];
}

template <typename Visitor>
void SingleCopy::visit(domain::ObjectRef object, Visitor&& visitor) {
  switch (object.kind()) {
    case ObjectKind::kToken:
      return visitor(token_at(object.id()));
    case ObjectKind::kApi:
      return visitor(apis_[object.id()]);
    case ObjectKind::kSubscription:
      return visitor(subscriptions_[object.id()]);
    case ObjectKind::kPolicy:
      return;  // see quotas.h
  }
}

void SingleCopy::invoke(const domain::ChangeInvoked& change) {
  visit(change.object, [](auto& held) { ++held.in_flight; });
}

void SingleCopy::abandon(const domain::ChangeAbandoned& change) {
  if (change.why == domain::Abandoned::kUnknown) return;
  visit(change.object, [](auto& held) { --held.in_flight; });
}

void SingleCopy::acknowledge(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  visit(change.object, [&](auto& held) {
    --held.in_flight;
    held.acknowledged = now;
    if (change.version < held.facts.version) return;  // superseded before it was acknowledged
    held.facts.version = change.version;
    held.facts.standing = standing_after(change.change);
  });
  if (change.change == ChangeKind::kTokenIssued) {
    logic::gateway::TokenFacts& facts = token_at(change.object.id()).facts;
    facts.expires = change.expires;
    facts.application = change.application;
  }
}

bool SingleCopy::overlaps_write(const domain::RequestDecided& d, sim::VirtualTime now) const {
  const std::size_t token = domain::index(d.token);
  return (token < tokens_.size() && tokens_[token].overlaps(now)) || apis_[domain::index(d.api)].overlaps(now) ||
         (d.subscription != domain::kNoSubscription && subscriptions_[domain::index(d.subscription)].overlaps(now));
}

bool SingleCopy::same_versions(const domain::RequestDecided& d) const {
  const std::size_t token = domain::index(d.token);
  return token < tokens_.size() && d.token_version == tokens_[token].facts.version &&
         d.api_version == apis_[domain::index(d.api)].facts.version && d.subscription != domain::kNoSubscription &&
         d.subscription_version == subscriptions_[domain::index(d.subscription)].facts.version;
}

// Who lets an expired token through has not the right time, whatever it knows. Who refuses one for itself, knowing all
// that was acknowledged of it, takes it for expired, or has heard so from who did: a key manager that issues its
// successor marks the row.
bool SingleCopy::is_expiry_misread(const domain::RequestDecided& d, sim::VirtualTime now) const {
  using domain::Outcome;
  const std::size_t token = domain::index(d.token);
  if (token >= tokens_.size() || tokens_[token].facts.standing == Standing::kAbsent) return false;
  const logic::gateway::TokenFacts& facts = tokens_[token].facts;
  if (d.outcome == Outcome::kAdmitted || d.outcome == Outcome::kQuotaExceeded) return facts.expires <= now;
  const bool refuses_token = d.outcome == Outcome::kTokenInvalid || d.outcome == Outcome::kTokenExpired;
  return refuses_token && d.token_version >= facts.version && facts.standing == Standing::kActive &&
         now < facts.expires;
}

SingleCopy::Judgement SingleCopy::judge(domain::TokenId token_id, domain::ApiId api, sim::VirtualTime now) const {
  const std::size_t token = domain::index(token_id);
  const logic::gateway::TokenFacts facts = token < tokens_.size() ? tokens_[token].facts : logic::gateway::TokenFacts{};
  Judgement judgement{domain::Outcome::kAdmitted, domain::kNoSubscription};
  logic::gateway::SubscriptionFacts subscription;
  if (facts.standing != Standing::kAbsent) {
    judgement.subscription = catalog_.subscription(facts.application, api);
    if (judgement.subscription != domain::kNoSubscription) {
      subscription = subscriptions_[domain::index(judgement.subscription)].facts;
    }
  }
  judgement.outcome = logic::gateway::authorise(
      logic::gateway::with_standing_keys(apis_[domain::index(api)].facts, facts, subscription), now);
  return judgement;
}

}  // namespace parallax::audit
