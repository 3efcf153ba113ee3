#include "models/propagation/database.h"

#include "models/domain/journal.h"

namespace parallax::propagation {

using domain::Standing;
using domain::Version;

Database::Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, sim::Duration access_time)
    : site_{site}, layer_{layer}, access_time_{access_time} {
  for (const auto& token : catalog.tokens) {
    tokens_.push_back(
        {domain::initial_version(Standing::kActive), Standing::kActive, token.expires, token.application});
  }
  for (const auto& api : catalog.apis) apis_.push_back({domain::initial_version(api.initially), api.initially});
  for (const auto& s : catalog.subscriptions)
    subscriptions_.push_back({domain::initial_version(s.initially), s.initially});
}

logic::TokenFacts Database::token(domain::TokenId id) const {
  return domain::index(id) < tokens_.size() ? tokens_[domain::index(id)] : logic::TokenFacts{};
}

const logic::SubscriptionFacts& Database::subscription(domain::SubscriptionId id) const {
  static constexpr logic::SubscriptionFacts kMissing{};
  return id == domain::kNoSubscription ? kMissing : subscriptions_[domain::index(id)];
}

domain::TokenId Database::reserve_token() {
  tokens_.emplace_back();
  return static_cast<domain::TokenId>(tokens_.size() - 1);
}

void Database::insert_token(domain::TokenId id, domain::ApplicationId application, sim::VirtualTime expires,
                            sim::RecordId cause) {
  tokens_[domain::index(id)] = {Version{}.next(site_.id()), Standing::kActive, expires, application};
  record(domain::ObjectRef::of(id), tokens_[domain::index(id)].version, cause);
}

void Database::revoke_token(domain::TokenId id, sim::RecordId cause) {
  logic::TokenFacts& row = tokens_[domain::index(id)];
  row.version = row.version.next(site_.id());
  row.standing = Standing::kBlocked;
  record(domain::ObjectRef::of(id), row.version, cause);
}

void Database::publish_api(domain::ApiId id, sim::RecordId cause) {
  logic::ApiFacts& row = apis_[domain::index(id)];
  row.version = row.version.next(site_.id());
  row.standing = Standing::kActive;
  record(domain::ObjectRef::of(id), row.version, cause);
}

void Database::record(domain::ObjectRef object, Version version, sim::RecordId cause) {
  const domain::Passage passage{domain::Stage::kNone, domain::Stage::kDatabaseWrite, site_.now() - access_time_};
  site_.record(domain::EntryPut{layer_, object, 0, version, passage}.pack(), cause);
}

}  // namespace parallax::propagation
