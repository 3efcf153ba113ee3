#include "models/propagation/database.h"

#include <algorithm>

namespace parallax::propagation {

using domain::ObjectKind;
using domain::ObjectRef;
using domain::Standing;
using domain::Version;

Database::Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, sim::Duration access_time,
                   TokenNumbers numbers)
    : site_{site}, catalog_{catalog}, layer_{layer}, access_time_{access_time}, numbers_{numbers} {
  load_catalog();
}

void Database::load_catalog() {
  tokens_.clear();
  apis_.clear();
  subscriptions_.clear();
  for (const auto& token : catalog_.tokens) {
    tokens_.push_back(
        {domain::initial_version(Standing::kActive), Standing::kActive, token.expires, token.application});
  }
  for (const auto& api : catalog_.apis) apis_.push_back({domain::initial_version(api.initially), api.initially});
  for (const auto& s : catalog_.subscriptions) {
    subscriptions_.push_back({domain::initial_version(s.initially), s.initially, s.tier});
  }
}

logic::gateway::TokenFacts Database::token(domain::TokenId id) const {
  return domain::index(id) < tokens_.size() ? tokens_[domain::index(id)] : logic::gateway::TokenFacts{};
}

logic::gateway::TokenFacts& Database::token_row(std::size_t index) {
  if (index >= tokens_.size()) tokens_.resize(index + 1);
  return tokens_[index];
}

const logic::gateway::SubscriptionFacts& Database::subscription(domain::SubscriptionId id) const {
  static constexpr logic::gateway::SubscriptionFacts kMissing{};
  return id == domain::kNoSubscription ? kMissing : subscriptions_[domain::index(id)];
}

// Numbers are never reused, not even when the disk is lost: whoever was given one keeps it.
domain::TokenId Database::reserve_token() {
  return static_cast<domain::TokenId>(numbers_.start + numbers_.increment * reserved_++);
}

void Database::insert_token(domain::TokenId id, domain::ApplicationId application, sim::VirtualTime expires,
                            sim::RecordId cause) {
  token_row(domain::index(id)) = {Version{}.next(site_.id()), Standing::kActive, expires, application};
  commit(ObjectRef::of(id), cause);
}

void Database::set_token(domain::TokenId id, Standing standing, sim::RecordId cause) {
  logic::gateway::TokenFacts& facts = token_row(domain::index(id));
  facts.version = facts.version.next(site_.id());
  facts.standing = standing;
  commit(ObjectRef::of(id), cause);
}

void Database::set_api(domain::ApiId id, Standing standing, sim::RecordId cause) {
  logic::gateway::ApiFacts& facts = apis_[domain::index(id)];
  facts.version = facts.version.next(site_.id());
  facts.standing = standing;
  commit(ObjectRef::of(id), cause);
}

void Database::set_subscription(domain::SubscriptionId id, Standing standing, sim::RecordId cause) {
  logic::gateway::SubscriptionFacts& facts = subscriptions_[domain::index(id)];
  facts.version = facts.version.next(site_.id());
  facts.standing = standing;
  commit(ObjectRef::of(id), cause);
}

void Database::commit(ObjectRef object, sim::RecordId cause) {
  const domain::Passage passage{domain::Stage::kNone, domain::Stage::kDatabaseWrite, site_.now() - access_time_};
  const Row changed = row(object, {});
  const sim::RecordId committed =
      site_.record(domain::EntryPut{layer_, object, 0, changed.version, passage}.pack(), cause);
  for (const auto& listener : listeners_) listener(row(object, committed));
}

Row Database::row(ObjectRef object, sim::RecordId committed) const {
  switch (object.kind()) {
    case ObjectKind::kToken: {
      const logic::gateway::TokenFacts& facts = tokens_[object.id()];
      return {object, facts.version, facts.standing, facts.application, facts.expires, committed};
    }
    case ObjectKind::kApi:
      return {object, apis_[object.id()].version, apis_[object.id()].standing, {}, {}, committed};
    case ObjectKind::kSubscription:
      return {object, subscriptions_[object.id()].version, subscriptions_[object.id()].standing, {}, {}, committed};
  }
  return {};
}

void Database::apply(const Row& incoming, const domain::Passage& passage) {
  if (incoming.object.kind() == ObjectKind::kToken) token_row(incoming.object.id());
  if (incoming.version <= row(incoming.object, {}).version) return;
  store(incoming);
  site_.record(domain::EntryPut{layer_, incoming.object, 0, incoming.version, passage}.pack(), incoming.committed);
}

void Database::store(const Row& row) {
  switch (row.object.kind()) {
    case ObjectKind::kToken:
      tokens_[row.object.id()] = {row.version, row.standing, row.expires, row.application};
      return;
    case ObjectKind::kApi:
      apis_[row.object.id()] = {row.version, row.standing};
      return;
    case ObjectKind::kSubscription:
      subscriptions_[row.object.id()].version = row.version;
      subscriptions_[row.object.id()].standing = row.standing;
      return;
  }
}

std::vector<Row> Database::changed_rows() const {
  std::vector<Row> rows;
  const auto collect = [&](ObjectRef object, Version initially) {
    const Row current = row(object, {});
    if (current.version != initially) rows.push_back(current);
  };
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Standing initially = i < catalog_.tokens.size() ? Standing::kActive : Standing::kAbsent;
    collect(ObjectRef::of(static_cast<domain::TokenId>(i)), domain::initial_version(initially));
  }
  for (std::size_t i = 0; i < apis_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::ApiId>(i)), domain::initial_version(catalog_.apis[i].initially));
  }
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    collect(ObjectRef::of(static_cast<domain::SubscriptionId>(i)),
            domain::initial_version(catalog_.subscriptions[i].initially));
  }
  return rows;
}

void Database::wipe(sim::RecordId cause) {
  const std::vector<Row> lost = changed_rows();
  load_catalog();
  const domain::Passage passage{domain::Stage::kNone, domain::Stage::kSiteDown, site_.now()};
  for (const Row& row : lost) {
    site_.record(domain::EntryDropped{layer_, row.object, 0, passage}.pack(), cause);
  }
}

}  // namespace parallax::propagation
