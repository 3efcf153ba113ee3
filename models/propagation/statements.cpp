#include "models/propagation/statements.h"

#include <array>
#include <vector>

#include "models/logic/tokens/access_token.h"

namespace parallax::propagation {

using domain::ObjectRef;
using domain::Standing;
using logic::tokens::TokenState;
using store::Refusal;
using store::Slot;
using store::Table;
using store::TableId;
using store::Transaction;
using store::Value;

namespace {

// By a column that a unique key is on; where the table was made without it, by a scan.
Slot find_by(const Table& table, store::Column column, Value value) {
  if (!table.spec().unique.empty()) {
    std::vector<Value> probe(table.width());
    probe[column] = value;
    return table.find_unique(1, probe);
  }
  for (std::size_t i = 0; i < table.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (table.written(slot).exists && table.values(slot)[column] == value) return slot;
  }
  return store::kNoSlot;
}

Refusal set_column(Database& database, Transaction& in, TableId table, Slot slot, store::Column column, Value value,
                   domain::Version version) {
  if (slot == store::kNoSlot) return Refusal::kNoSuchRow;
  const auto old = database.rows().table(table).values(slot);
  std::vector<Value> row(old.begin(), old.end());
  row[column] = value;
  return in.update(table, slot, row, version).refusal;
}

Value number_of_api(const Database& database, domain::ApiId api) {
  const Table& apis = database.rows().table(schema::kApis);
  const Slot slot = find_by(apis, schema::api::kUuid, static_cast<Value>(api));
  return slot == store::kNoSlot ? 0 : apis.values(slot)[schema::api::kNumber];
}

}  // namespace

Refusal publish_api(Database& database, Transaction& in, domain::ApiId api) {
  const Slot slot = find_by(database.rows().table(schema::kApis), schema::api::kUuid, static_cast<Value>(api));
  return set_column(database, in, schema::kApis, slot, schema::api::kStatus, static_cast<Value>(Standing::kActive),
                    database.next_version(ObjectRef::of(api)));
}

Refusal delete_api(Database& database, Transaction& in, domain::ApiId api) {
  const Slot slot = find_by(database.rows().table(schema::kApis), schema::api::kUuid, static_cast<Value>(api));
  if (slot == store::kNoSlot) return Refusal::kNoSuchRow;
  return in.erase(schema::kApis, slot, database.next_version(ObjectRef::of(api))).refusal;
}

Refusal add_subscription(Database& database, Transaction& in, domain::SubscriptionId id, Value number) {
  const domain::Subscription& subscription = database.catalog().subscriptions[domain::index(id)];
  const std::array<Value, 6> row{number,
                                 static_cast<Value>(id),
                                 number_of_api(database, subscription.api),
                                 static_cast<Value>(subscription.application) + 1,
                                 static_cast<Value>(Standing::kActive),
                                 static_cast<Value>(subscription.tier)};
  return in.insert(schema::kSubscriptions, row, database.next_version(ObjectRef::of(id))).refusal;
}

Refusal block_subscription(Database& database, Transaction& in, domain::SubscriptionId id) {
  const Slot slot =
      find_by(database.rows().table(schema::kSubscriptions), schema::subscription::kUuid, static_cast<Value>(id));
  return set_column(database, in, schema::kSubscriptions, slot, schema::subscription::kStatus,
                    static_cast<Value>(Standing::kBlocked), database.next_version(ObjectRef::of(id)));
}

Refusal revoke_token(Database& database, Transaction& in, domain::TokenId token) {
  const Table& tokens = database.rows().table(schema::kTokens);
  const auto id = static_cast<Value>(token);
  const Slot slot = tokens.has_key() ? tokens.find(id) : find_by(tokens, schema::token::kId, id);
  if (slot == store::kNoSlot) return Refusal::kNoSuchRow;
  const auto old = tokens.values(slot);
  std::vector<Value> row(old.begin(), old.end());
  row[schema::token::kState] = static_cast<Value>(TokenState::kRevoked);
  row[schema::token::kStateId] = static_cast<Value>(token);
  const std::array<Value, 2> listed{static_cast<Value>(token), row[schema::token::kExpires]};
  const Refusal refusal = in.update(schema::kTokens, slot, row, database.next_version(ObjectRef::of(token))).refusal;
  if (refusal != Refusal::kNone) return refusal;
  const Refusal listing = in.insert(schema::kRevokedTokens, listed, in.first_version(schema::kRevokedTokens)).refusal;
  return listing == Refusal::kDuplicateKey ? Refusal::kNone : listing;  // revoked twice, by two sites
}

void clean_revoked_tokens(Database& database, Transaction& in, sim::VirtualTime now) {
  const Table& revoked = database.rows().table(schema::kRevokedTokens);
  for (std::size_t i = 0; i < revoked.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    const store::Written written = revoked.written(slot);
    if (!written.exists || revoked.values(slot)[schema::revoked_token::kExpires] >= now.ns) continue;
    in.erase(schema::kRevokedTokens, slot, written.version.next(database.site()));
  }
}

Revocation commit_revocation(Database& database, domain::TokenId token, sim::RecordId cause, sim::VirtualTime sent) {
  Transaction revoking = database.replica().begin();
  const Refusal refusal = revoke_token(database, revoking, token);
  if (refusal != Refusal::kNone) return {refusal, {}, 0};
  const store::Lsn committed = database.commit(revoking, cause, sent);
  const logic::gateway::TokenFacts row = database.token(token);
  if (database.cleans_revoked_tokens()) {
    Transaction cleaning = database.replica().begin();
    clean_revoked_tokens(database, cleaning, database.now());
    if (cleaning.size() > 0) database.commit(cleaning, cause, sent);
  }
  return {Refusal::kNone, row, committed};
}

Refusal change_policy(Database& database, Transaction& in, domain::TierId policy, std::uint32_t requests) {
  const Table& policies = database.rows().table(schema::kPolicies);
  const Slot slot = find_by(policies, schema::policy::kName, static_cast<Value>(policy));
  return set_column(database, in, schema::kPolicies, slot, schema::policy::kQuota, static_cast<Value>(requests),
                    database.next_version(ObjectRef::of(policy)));
}

Refusal add_subscriber(Database& database, Transaction& in, domain::UserId developer) {
  const Table& subscribers = database.rows().table(schema::kSubscribers);
  if (find_by(subscribers, schema::subscriber::kUser, static_cast<Value>(developer)) != store::kNoSlot) {
    return Refusal::kDuplicateKey;
  }
  const std::array<Value, 2> row{store::kDefault, static_cast<Value>(developer)};
  return in.insert(schema::kSubscribers, row, in.first_version(schema::kSubscribers)).refusal;
}

}  // namespace parallax::propagation
