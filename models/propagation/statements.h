// What the management side and the key managers write, each within a transaction of the caller.
#pragma once

#include "models/domain/ids.h"
#include "models/propagation/database.h"
#include "models/propagation/store/transaction.h"

namespace parallax::propagation {

// Each returns why the database refused it, kNone if it did not. A row that is not there (another replica's deletion
// has come first) is kNoSuchRow.

store::Refusal publish_api(Database& database, store::Transaction& in, domain::ApiId api);

/// With its subscriptions, by the schema's cascades or triggers.
store::Refusal delete_api(Database& database, store::Transaction& in, domain::ApiId api);

/// `number`: its key; store::kDefault: the next of this site's sequence.
store::Refusal add_subscription(Database& database, store::Transaction& in, domain::SubscriptionId subscription,
                                store::Value number);
store::Refusal block_subscription(Database& database, store::Transaction& in, domain::SubscriptionId subscription);

/// Also puts it on the list of revoked tokens until it would have expired.
store::Refusal revoke_token(Database& database, store::Transaction& in, domain::TokenId token);

/// Takes what has expired by `now` off that list, as carbon-apimgt's ExpiredJWTCleaner does at each revocation.
void clean_revoked_tokens(Database& database, store::Transaction& in, sim::VirtualTime now);

/// What a key manager commits when a token is revoked: that, and in a transaction after it the clean-up, if this
/// database does so. `sent`: when, with the record `cause`.
struct Revocation {
  store::Refusal refusal;
  logic::gateway::TokenFacts row;
  store::Lsn committed{0};  ///< of the revocation
};
Revocation commit_revocation(Database& database, domain::TokenId token, sim::RecordId cause, sim::VirtualTime sent);

/// So many requests in each window of the policy from now on.
store::Refusal change_policy(Database& database, store::Transaction& in, domain::TierId policy, std::uint32_t requests);

/// A developer signs in at a portal for the first time; kDuplicateKey: not the first time. Where subscribers have no
/// unique key the portal looks for one itself, as it does anyway.
store::Refusal add_subscriber(Database& database, store::Transaction& in, domain::UserId developer);

}  // namespace parallax::propagation
