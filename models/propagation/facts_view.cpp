#include "models/propagation/facts_view.h"

#include "models/logic/tokens/access_token.h"
#include "models/propagation/schema/api_schema.h"

namespace parallax::propagation {

using domain::ObjectKind;
using domain::ObjectRef;
using domain::Standing;
using domain::Version;
using logic::tokens::TokenState;

namespace {

Standing standing_of_token(store::Value state) {
  return static_cast<TokenState>(state) == TokenState::kActive ? Standing::kActive : Standing::kBlocked;
}

// In this world an application has one client, and the client bears its number.
domain::ApplicationId application_of(const store::Store& rows, store::Value consumer_app) {
  const store::Table& apps = rows.table(schema::kConsumerApps);
  if (!apps.has_key()) return static_cast<domain::ApplicationId>(consumer_app - 1);
  const store::Slot slot = apps.find(consumer_app);
  if (slot == store::kNoSlot) return domain::kNoApplication;
  return static_cast<domain::ApplicationId>(apps.values(slot)[schema::consumer_app::kClient]);
}

}  // namespace

FactsView::FactsView(const domain::Catalog& catalog) : catalog_{catalog} { reset(); }

void FactsView::reset() {
  tokens_.clear();
  apis_.clear();
  subscriptions_.clear();
  policies_.clear();
  for (const auto& token : catalog_.tokens) {
    tokens_.push_back(
        {domain::initial_version(Standing::kActive), Standing::kActive, token.expires, token.application});
  }
  for (const auto& api : catalog_.apis) apis_.push_back({domain::initial_version(api.initially), api.initially});
  for (const auto& s : catalog_.subscriptions) {
    subscriptions_.push_back({domain::initial_version(s.initially), s.initially, s.tier});
  }
  for (const auto& tier : catalog_.tiers) {
    policies_.push_back(
        {domain::initial_version(Standing::kActive), Standing::kActive, tier.limit ? tier.limit->requests : 0});
  }
}

logic::gateway::TokenFacts FactsView::token(domain::TokenId id) const {
  return domain::index(id) < tokens_.size() ? tokens_[domain::index(id)] : logic::gateway::TokenFacts{};
}

logic::gateway::TokenFacts& FactsView::token_at(std::size_t index) {
  if (index >= tokens_.size()) tokens_.resize(index + 1);
  return tokens_[index];
}

const logic::gateway::SubscriptionFacts& FactsView::subscription(domain::SubscriptionId id) const {
  static constexpr logic::gateway::SubscriptionFacts kMissing{};
  return id == domain::kNoSubscription ? kMissing : subscriptions_[domain::index(id)];
}

Version FactsView::version(ObjectRef object) const {
  switch (object.kind()) {
    case ObjectKind::kToken:
      return token(domain::TokenId{object.id()}).version;
    case ObjectKind::kApi:
      return apis_[object.id()].version;
    case ObjectKind::kSubscription:
      return subscriptions_[object.id()].version;
    case ObjectKind::kPolicy:
      return policies_[object.id()].version;
  }
  return {};
}

ObjectRef FactsView::object_of(store::TableId table, std::span<const store::Value> row) {
  if (table == schema::kTokens) return ObjectRef::of(static_cast<domain::TokenId>(row[schema::token::kId]));
  if (table == schema::kApis) return ObjectRef::of(static_cast<domain::ApiId>(row[schema::api::kUuid]));
  if (table == schema::kSubscriptions) {
    return ObjectRef::of(static_cast<domain::SubscriptionId>(row[schema::subscription::kUuid]));
  }
  if (table == schema::kPolicies) return ObjectRef::of(static_cast<domain::TierId>(row[schema::policy::kName]));
  return ObjectRef::nothing();
}

void FactsView::put(const store::Store& rows, store::TableId table, std::span<const store::Value> row,
                    Version version) {
  const ObjectRef object = object_of(table, row);
  switch (object.kind()) {
    case ObjectKind::kToken: {
      logic::gateway::TokenFacts& facts = token_at(object.id());
      facts.version = version;
      facts.standing = standing_of_token(row[schema::token::kState]);
      facts.expires = sim::VirtualTime{row[schema::token::kExpires]};
      facts.application = application_of(rows, row[schema::token::kConsumerApp]);
      return;
    }
    case ObjectKind::kApi:
      apis_[object.id()].version = version;
      apis_[object.id()].standing = static_cast<Standing>(row[schema::api::kStatus]);
      return;
    case ObjectKind::kSubscription:
      subscriptions_[object.id()].version = version;
      subscriptions_[object.id()].standing = static_cast<Standing>(row[schema::subscription::kStatus]);
      return;
    case ObjectKind::kPolicy:
      policies_[object.id()] = {version, Standing::kActive, static_cast<std::uint64_t>(row[schema::policy::kQuota])};
      return;
  }
}

template <typename Visitor>
void FactsView::visit(ObjectRef object, Visitor&& visitor) {
  switch (object.kind()) {
    case ObjectKind::kToken:
      return visitor(token_at(object.id()));
    case ObjectKind::kApi:
      return visitor(apis_[object.id()]);
    case ObjectKind::kSubscription:
      return visitor(subscriptions_[object.id()]);
    case ObjectKind::kPolicy:
      return visitor(policies_[object.id()]);
  }
}

void FactsView::erase(ObjectRef object, Version version) {
  visit(object, [&](auto& facts) {
    facts.version = version;
    facts.standing = Standing::kAbsent;
  });
}

void FactsView::forget(ObjectRef object) { erase(object, {}); }

std::vector<ObjectRef> FactsView::changed() const {
  std::vector<ObjectRef> objects;
  const auto collect = [&](ObjectRef object, Standing initially) {
    if (version(object) != domain::initial_version(initially)) objects.push_back(object);
  };
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::TokenId>(i)),
            i < catalog_.tokens.size() ? Standing::kActive : Standing::kAbsent);
  }
  for (std::size_t i = 0; i < apis_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::ApiId>(i)), catalog_.apis[i].initially);
  }
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::SubscriptionId>(i)), catalog_.subscriptions[i].initially);
  }
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::TierId>(i)), Standing::kActive);
  }
  return objects;
}

}  // namespace parallax::propagation
