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

struct Sent {
  sim::RecordId cause;
  sim::VirtualTime when;
};

struct Written {
  store::Refusal refusal;
  logic::gateway::SubscriptionFacts facts;
  store::Lsn committed{0};
};

Written change_subscription(propagation::Database& there, SubscriptionId id, ChangeKind kind, store::Value number,
                            const Sent& sent) {
  store::Transaction transaction = there.replica().begin();
  const store::Refusal refusal = kind == ChangeKind::kSubscriptionAdded
                                     ? propagation::add_subscription(there, transaction, id, number)
                                     : propagation::block_subscription(there, transaction, id);
  if (refusal != store::Refusal::kNone) return {refusal, {}};
  const store::Lsn committed = there.commit(transaction, sent.cause, sent.when);
  return {refusal, there.subscription(id), committed};
}

Written change_subscribers(propagation::Database& there, domain::UserId developer, sim::VirtualTime sent) {
  store::Transaction transaction = there.replica().begin();
  const store::Refusal refusal = propagation::add_subscriber(there, transaction, developer);
  return {refusal, {}, refusal == store::Refusal::kNone ? there.commit(transaction, {}, sent) : 0};
}

}  // namespace

Administrator::Administrator(sim::Site& site, AdministratorSpec spec, propagation::DatabaseAccess& access,
                             std::vector<runtime::Node*> nodes, std::vector<steering::Population*> audience)
    : site_{site},
      spec_{std::move(spec)},
      access_{access},
      nodes_{std::move(nodes)},
      audience_{std::move(audience)},
      subscriptions_{access.database().subscription_count()},
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
  const std::size_t tokens = access_.is_remote() ? access_.catalog().tokens.size() : access_.database().token_count();
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto token = static_cast<domain::TokenId>(choices_.below(tokens));
    if (!seems_live(token)) continue;
    chosen_.insert(domain::index(token));
    return node.key_manager().revoke(token);
  }
}

// A database elsewhere is not looked into; what was there at the start and has not been chosen before is tried.
bool Administrator::seems_live(domain::TokenId token) const {
  if (!access_.is_remote()) {
    return logic::gateway::judge_token(access_.database().token(token), site_.now()) == domain::Outcome::kAdmitted;
  }
  return site_.now() < access_.catalog().tokens[domain::index(token)].expires &&
         !chosen_.contains(domain::index(token));
}

bool Administrator::seems_active(SubscriptionId id) const {
  if (!access_.is_remote()) return access_.database().subscription(id).standing == Standing::kActive;
  return access_.catalog().subscriptions[domain::index(id)].initially == Standing::kActive &&
         !chosen_.contains(domain::index(id));
}

void Administrator::add_next_subscription(runtime::Node& node) {
  if (added_ == spec_.to_add.size()) return;
  write(site_, node, spec_.to_add[added_++], ChangeKind::kSubscriptionAdded);
}

void Administrator::block_any_subscription(runtime::Node& node) {
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto id = static_cast<SubscriptionId>(choices_.below(subscriptions_));
    if (!seems_active(id)) continue;
    chosen_.insert(domain::index(id));
    write(site_, node, id, ChangeKind::kSubscriptionBlocked);
    return;
  }
}

// The crowd's users are others than the clients'.
void Administrator::request_token(runtime::Node& node) {
  const domain::Catalog& catalog = access_.catalog();
  const auto who = static_cast<std::uint32_t>(choices_.below(spec_.crowd));
  const auto application = static_cast<domain::ApplicationId>(who % catalog.applications.size());
  const auto user = static_cast<domain::UserId>(catalog.tokens.size() + who);
  node.key_manager().issue({nullptr, {}, application, user});
}

// Who has a row in this database already adds none. The crowd's developers are others than the catalog's.
sim::Process Administrator::sign_in(sim::Site& site) {
  const auto who = static_cast<std::uint32_t>(choices_.below(spec_.crowd));
  const auto developer = static_cast<domain::UserId>(access_.catalog().applications.size() + who);
  co_await access_.write([developer, sent = site.now()](propagation::Database& there) {
    return change_subscribers(there, developer, sent);
  });
}

// A number of the common sequence is fetched before the row is written.
sim::Process Administrator::write(sim::Site& site, runtime::Node& writer, SubscriptionId id, ChangeKind kind) {
  Write write{site, writer.power(), kind, writer.id(), ObjectRef::of(id)};
  const bool adds = kind == ChangeKind::kSubscriptionAdded;
  store::Value number = store::kDefault;
  if (propagation::CommonSequence* sequence = access_.common_sequence(); adds && sequence != nullptr) {
    number = co_await sequence->next(propagation::schema::kSubscriptions);
    if (!write.has_power_since()) co_return write.fail();
  }
  const auto written = co_await access_.write(
      [id, kind, number, cause = write.invocation(), sent = site.now()](propagation::Database& there) {
        return change_subscription(there, id, kind, number, {cause, sent});
      });
  if (!written || !write.has_power_since()) co_return write.fail_to_commit(access_, written.has_value());
  if (written->refusal != store::Refusal::kNone) co_return write.abandon(domain::Abandoned::kRefused);
  const sim::RecordId acknowledged = write.acknowledge(written->facts.version);
  if (runtime::EventDesk* desk = writer.event_desk()) desk->publish(id, written->facts, acknowledged);
  if (!adds) co_return;
  for (steering::Population* population : audience_) announce(site, *population, id);
}

}  // namespace parallax::management
