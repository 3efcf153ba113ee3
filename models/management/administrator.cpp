#include "models/management/administrator.h"

#include <utility>

#include "models/domain/journal.h"
#include "models/management/announce.h"

namespace parallax::management {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Standing;
using domain::SubscriptionId;

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
    case ChangeKind::kSubscriptionAdded:
      return add_next_subscription(node);
    case ChangeKind::kSubscriptionBlocked:
      return block_any_subscription(node);
    default:
      return revoke_any_token(node);
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

sim::Process Administrator::write(sim::Site& site, domain::NodeId writer, SubscriptionId id, ChangeKind kind) {
  const sim::VirtualTime invoked = site.now();
  const ObjectRef object = ObjectRef::of(id);
  const sim::RecordId cause = site.record(domain::ChangeInvoked{kind, writer, object}.pack());
  const std::uint32_t life = power_.life();
  co_await site.delay(database_.access_time());
  if (power_.outlived(life)) {
    site.record(domain::ChangeAbandoned{object}.pack(), cause);
    co_return;
  }
  const bool adds = kind == ChangeKind::kSubscriptionAdded;
  database_.set_subscription(id, adds ? Standing::kActive : Standing::kBlocked, cause);
  const domain::Version version = database_.subscription(id).version;
  co_await site.delay(database_.access_time());
  site.record(domain::ChangeAcknowledged{kind, writer, object, version, invoked, sim::kNever}.pack(), cause);
  if (!adds) co_return;
  for (steering::Population* population : audience_) announce(site, *population, id);
}

}  // namespace parallax::management
