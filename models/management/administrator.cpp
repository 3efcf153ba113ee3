#include "models/management/administrator.h"

#include <utility>

#include "models/management/announce.h"
#include "models/propagation/common_sequence.h"
#include "models/propagation/statements.h"
#include "models/propagation/write.h"

namespace parallax::management {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Standing;
using domain::SubscriptionId;
using propagation::Write;
namespace store = propagation::store;

namespace {

// Something live is found within a few draws unless hardly anything is left; then this write is skipped.
constexpr int kDraws = 64;

}  // namespace

Administrator::Administrator(sim::Site& site, const sim::Power& power, AdministratorSpec spec,
                             propagation::Database& database, std::vector<runtime::Node*> nodes,
                             std::vector<steering::Population*> audience)
    : site_{site},
      power_{power},
      spec_{std::move(spec)},
      database_{database},
      nodes_{std::move(nodes)},
      audience_{std::move(audience)},
      subscriptions_{database.subscription_count()},
      gaps_{site.stream("write/" + spec_.name, "gaps")},
      choices_{site.stream("write/" + spec_.name, "choices")} {}

void Administrator::schedule_next(sim::VirtualTime from) {
  const sim::VirtualTime next = from + spec_.gap.sample(gaps_);
  if (next < spec_.until) site_.at(next, [this] { act(); });
}

void Administrator::act() {
  schedule_next(site_.now());
  runtime::Node& node = *nodes_[turn_++ % nodes_.size()];
  if (!node.is_ready()) return;
  switch (spec_.task) {
    case Task::kRevokeTokens:
      return revoke_any_token(node);
    case Task::kAddSubscriptions:
      return add_next_subscription(node);
    case Task::kBlockSubscriptions:
      return block_any_subscription(node);
    case Task::kRequestTokens:
      return request_token(node);
    case Task::kSignIn:
      sign_in(site_);
      return;
  }
}

void Administrator::revoke_any_token(runtime::Node& node) {
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto token = static_cast<domain::TokenId>(choices_.below(database_.token_count()));
    if (logic::gateway::judge_token(database_.token(token), site_.now()) == domain::Outcome::kAdmitted)
      return node.key_manager().revoke(token);
  }
}

void Administrator::add_next_subscription(runtime::Node& node) {
  if (added_ == spec_.to_add.size()) return;
  write(site_, node.id(), spec_.to_add[added_++], ChangeKind::kSubscriptionAdded);
}

void Administrator::block_any_subscription(runtime::Node& node) {
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto id = static_cast<SubscriptionId>(choices_.below(subscriptions_));
    if (database_.subscription(id).standing != Standing::kActive) continue;
    write(site_, node.id(), id, ChangeKind::kSubscriptionBlocked);
    return;
  }
}

// The crowd's users are others than the clients'.
void Administrator::request_token(runtime::Node& node) {
  const domain::Catalog& catalog = database_.catalog();
  const auto who = static_cast<std::uint32_t>(choices_.below(spec_.crowd));
  const auto application = static_cast<domain::ApplicationId>(who % catalog.applications.size());
  const auto user = static_cast<domain::UserId>(catalog.tokens.size() + who);
  node.key_manager().issue({nullptr, {}, application, user});
}

// Who has a row in this database already adds none. The crowd's developers are others than the catalog's.
sim::Process Administrator::sign_in(sim::Site& site) {
  const auto who = static_cast<std::uint32_t>(choices_.below(spec_.crowd));
  const auto developer = static_cast<domain::UserId>(database_.catalog().applications.size() + who);
  const std::uint32_t life = power_.life();
  co_await site.delay(database_.access_time());
  if (power_.outlived(life)) co_return;
  store::Transaction transaction = database_.replica().begin();
  const store::Refusal refusal = propagation::add_subscriber(database_, transaction, developer);
  if (refusal == store::Refusal::kNone) database_.commit(transaction, {});
}

sim::Process Administrator::write(sim::Site& site, domain::NodeId writer, SubscriptionId id, ChangeKind kind) {
  Write write{site, power_, kind, writer, ObjectRef::of(id)};
  co_await site.delay(database_.access_time());
  if (!write.is_alive()) co_return;
  const bool adds = kind == ChangeKind::kSubscriptionAdded;
  store::Value number = store::kDefault;
  if (adds && database_.common_sequence() != nullptr) {
    number = co_await database_.common_sequence()->next(propagation::schema::kSubscriptions);
    if (!write.is_alive()) co_return;
  }
  store::Transaction transaction = database_.replica().begin();
  const store::Refusal refusal = adds ? propagation::add_subscription(database_, transaction, id, number)
                                      : propagation::block_subscription(database_, transaction, id);
  if (refusal != store::Refusal::kNone) {
    write.abandon(domain::Abandoned::kRefused);
    co_return;
  }
  const store::Lsn committed = database_.commit(transaction, write.invocation());
  const domain::Version version = database_.subscription(id).version;
  co_await database_.replica().safe(committed);
  co_await site.delay(database_.access_time());
  write.acknowledge(version);
  if (!adds) co_return;
  for (steering::Population* population : audience_) announce(site, *population, id);
}

}  // namespace parallax::management
