#include "models/audit/write_orders.h"

#include <algorithm>
#include <utility>

#include "models/audit/read_operation.h"

namespace parallax::audit {

using domain::ChangeKind;
using domain::LayerId;
using domain::ObjectKind;
using domain::ObjectRef;
using domain::Version;
using Operation = SessionOperation;

namespace {

Operation wrote_of(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  Operation wrote{Operation::Kind::kWrote, now, change.object, change.version, change.writer};
  wrote.change = change.change;
  return wrote;
}

}  // namespace

WriteOrders::WriteOrders(const Setup& setup, const Holdings& holdings)
    : setup_{setup},
      holdings_{holdings},
      group_by_layer_(setup.layers),
      new_apis_(setup.catalog->apis.size()),
      new_subscriptions_(setup.catalog->subscriptions.size()),
      subscribed_(setup.catalog->applications.size()),
      seen_(setup.catalog->applications.size()) {
  for (std::size_t group = 0; group < setup.replica_groups.size(); ++group) {
    for (const LayerId layer : setup.replica_groups[group]) {
      group_by_layer_[domain::index(layer)] = static_cast<std::uint32_t>(group + 1);
    }
  }
  found_.has_replicas = !setup.replica_groups.empty();
}

const std::vector<LayerId>* WriteOrders::group_of(LayerId layer) const {
  const std::uint32_t group = group_by_layer_[domain::index(layer)];
  return group == 0 ? nullptr : &setup_.replica_groups[group - 1];
}

bool WriteOrders::is_everywhere(ObjectRef object, Version version, const std::vector<LayerId>& group) const {
  return std::all_of(group.begin(), group.end(),
                     [&](LayerId layer) { return holdings_.version_in(layer, object) >= version; });
}

bool WriteOrders::is_anywhere(ObjectRef object, Version version, const std::vector<LayerId>& group) const {
  return std::any_of(group.begin(), group.end(),
                     [&](LayerId layer) { return holdings_.version_in(layer, object) >= version; });
}

void WriteOrders::put(const domain::EntryPut& entry, sim::VirtualTime now) {
  const std::vector<LayerId>* group = group_of(entry.layer);
  if (group == nullptr) return;
  judge_before(now);
  spread(entry, *group);
  if (followers_.empty()) return;
  const auto found = followers_.find(entry.object.packed);
  if (found == followers_.end() || entry.version < found->second.wrote.version) return;
  Follower& follower = found->second;
  const auto place = std::find(follower.without.begin(), follower.without.end(), entry.layer);
  if (place == follower.without.end()) return;
  follower.without.erase(place);
  arrivals_.push_back({follower, entry.layer, now});
  if (follower.without.empty()) followers_.erase(found);
}

// What is new is so until the last database has it.
void WriteOrders::spread(const domain::EntryPut& entry, const std::vector<LayerId>& group) {
  const ObjectKind kind = entry.object.kind();
  if (kind != ObjectKind::kApi && kind != ObjectKind::kSubscription) return;
  auto& all = kind == ObjectKind::kApi ? new_apis_ : new_subscriptions_;
  Version& newest = all[entry.object.id()];
  const bool was_new = newest != Version{};
  newest = std::max(newest, entry.version);
  const bool is_old = std::all_of(group.begin(), group.end(), [&](LayerId layer) {
    const Version held = holdings_.version_in(layer, entry.object);
    return (layer == entry.layer ? std::max(held, entry.version) : held) >= newest;
  });
  if (is_old) newest = {};
  news_ += !was_new && !is_old;
  news_ -= was_new && is_old;
}

void WriteOrders::look_at(const domain::RequestDecided& d, sim::VirtualTime now) {
  const Version api = new_apis_[domain::index(d.api)];
  if (api != Version{} && d.api_version >= api) {
    note(read_operation(d, ObjectRef::of(d.api), d.api_version, now), d.subscription);
  }
  if (d.subscription == domain::kNoSubscription) return;
  const Version subscription = new_subscriptions_[domain::index(d.subscription)];
  if (subscription != Version{} && d.subscription_version >= subscription) {
    note(read_operation(d, ObjectRef::of(d.subscription), d.subscription_version, now), d.subscription);
  }
}

void WriteOrders::note(const Operation& read, domain::SubscriptionId subscription) {
  seen_by_token_.insert_or_assign(static_cast<std::uint32_t>(read.token), read);
  if (subscription == domain::kNoSubscription) return;
  seen_[domain::index(setup_.catalog->subscriptions[domain::index(subscription)].application)] = read;
}

void WriteOrders::acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  if (setup_.replica_groups.empty()) return;
  judge_before(now);
  const bool is_of_subscription = change.object.kind() == ObjectKind::kSubscription;
  if (!is_of_subscription && change.object.kind() != ObjectKind::kToken) return;
  Follower follower{wrote_of(change, now), std::nullopt, change.application, {}, {}};
  if (is_of_subscription) {
    follower.application = setup_.catalog->subscriptions[change.object.id()].application;
  } else {
    follower.token = domain::TokenId{change.object.id()};
  }
  if (domain::index(follower.application) >= subscribed_.size()) return;
  add_needs(change, follower);
  if (is_of_subscription) subscribed_[domain::index(follower.application)].push_back(follower.wrote);
  if (!follower.without.empty()) followers_.insert_or_assign(change.object.packed, std::move(follower));
}

// A group in which it is. What every database of it has need not be looked for.
void WriteOrders::add_needs(const domain::ChangeAcknowledged& change, Follower& follower) {
  const auto group = std::find_if(setup_.replica_groups.begin(), setup_.replica_groups.end(), [&](const auto& layers) {
    return is_anywhere(change.object, change.version, layers);
  });
  if (group == setup_.replica_groups.end()) return;
  const auto add = [&](Guarantee guarantee, const Operation& before) {
    if (before.time >= change.invoked || before.object == change.object) return;
    if (is_everywhere(before.object, before.version, *group) || !is_anywhere(before.object, before.version, *group)) {
      return;
    }
    follower.needs.push_back({guarantee, before});
  };
  const auto& subscribed = subscribed_[domain::index(follower.application)];
  const auto last = std::find_if(subscribed.rbegin(), subscribed.rend(),
                                 [&](const Operation& wrote) { return wrote.time < change.invoked; });
  if (last != subscribed.rend()) add(Guarantee::kMonotonicWrites, *last);
  if (change.change == ChangeKind::kTokenRevoked) {
    const auto seen = seen_by_token_.find(change.object.id());
    if (seen != seen_by_token_.end()) add(Guarantee::kWritesFollowReads, seen->second);
  } else if (!follower.token && seen_[domain::index(follower.application)]) {
    add(Guarantee::kWritesFollowReads, *seen_[domain::index(follower.application)]);
  }
  if (follower.needs.empty()) return;
  for (const LayerId layer : *group) {
    if (holdings_.version_in(layer, change.object) < change.version) {
      follower.without.push_back(layer);
    } else {
      arrivals_.push_back({follower, layer, follower.wrote.time});
    }
  }
}

void WriteOrders::judge_before(sim::VirtualTime now) {
  if (arrivals_.empty() || arrivals_.front().time >= now) return;
  for (const Arrival& arrival : arrivals_) judge(arrival);
  arrivals_.clear();
}

void WriteOrders::judge(const Arrival& arrival) {
  const Follower& follower = arrival.follower;
  for (const Need& need : follower.needs) {
    GuaranteeFinding& found = found_.of(need.guarantee);
    ++found.looked_at;
    if (holdings_.version_in(arrival.database, need.before.object) >= need.before.version) continue;
    ++found.broken;
    Operation applied{Operation::Kind::kApplied, arrival.time, follower.wrote.object, follower.wrote.version};
    applied.site = setup_.site_of_layer[domain::index(arrival.database)];
    found.offer({follower.token, follower.application, {need.before, follower.wrote, applied}});
  }
}

void WriteOrders::finish(Findings& findings) {
  judge_before(sim::kNever);
  findings.sessions.has_replicas = found_.has_replicas;
  for (const Guarantee guarantee : {Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads}) {
    findings.sessions.of(guarantee) = found_.of(guarantee);
  }
}

}  // namespace parallax::audit
