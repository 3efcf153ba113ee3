#include "models/logic/throttling/counter_store.h"

#include <algorithm>

namespace parallax::logic::throttling {

namespace {

// Counts may go on under another limit, not in another window.
bool is_comparable(const Quota& a, const Quota& b) { return a.unit == b.unit && a.window == b.window; }

bool applies(const CustomPolicy& policy, const Subject& subject) {
  return policy.api.value_or(subject.api) == subject.api &&
         policy.application.value_or(subject.application) == subject.application &&
         policy.user.value_or(subject.user) == subject.user;
}

}  // namespace

void CounterStore::set_policy(domain::TierId tier, const Policy& policy) {
  if (domain::index(tier) >= plans_.size()) plans_.resize(domain::index(tier) + 1);
  Plans& plans = plans_[domain::index(tier)];
  plans.policy = policy;
  std::vector<Quota> quotas{policy.quota};
  quotas.insert(quotas.end(), policy.condition_groups.begin(), policy.condition_groups.end());
  const std::size_t known = std::min(quotas.size(), plans.by_group.size());
  plans.by_group.erase(plans.by_group.begin() + static_cast<std::ptrdiff_t>(known), plans.by_group.end());
  for (std::size_t group = 0; group < quotas.size(); ++group) {
    if (group >= known) {
      plans.by_group.emplace_back(quotas[group], *counting_);
    } else if (is_comparable(plans.by_group[group].quota(), quotas[group])) {
      plans.by_group[group].set_amount(quotas[group].amount);
    } else {
      plans.by_group[group] = CountingPlan{quotas[group], *counting_};
    }
  }
}

void CounterStore::remove_policy(domain::TierId tier) {
  if (Plans* plans = find(tier)) *plans = {};
}

void CounterStore::set_custom_policies(const std::vector<CustomPolicy>& policies) {
  custom_.clear();
  for (const CustomPolicy& policy : policies) custom_.push_back({policy, CountingPlan{policy.quota, *counting_}});
}

CounterStore::Plans* CounterStore::find(domain::TierId tier) {
  if (domain::index(tier) >= plans_.size() || plans_[domain::index(tier)].by_group.empty()) return nullptr;
  return &plans_[domain::index(tier)];
}

template <typename Visit>
void CounterStore::for_each_plan(Visit&& visit) {
  for (Plans& plans : plans_) {
    for (CountingPlan& plan : plans.by_group) visit(plan);
  }
  for (CustomPlan& custom : custom_) visit(custom.plan);
}

void CounterStore::count(const ThrottleEvent& event, sim::VirtualTime now, Messages& out) {
  const Subject& subject = event.subject;
  count_plain(subject.application_tier, application_key(subject), event, now, out);
  count_plain(subject.subscription_tier, subscription_key(subject), event, now, out);
  count_operation(event, now, out);
  count_custom(event, now, out);
}

void CounterStore::count_plain(domain::TierId tier, ThrottleKey key, const ThrottleEvent& event, sim::VirtualTime now,
                               Messages& out) {
  if (Plans* plans = find(tier)) {
    plans->by_group.front().count({key, event.subject.message_bytes, event.at}, now, out);
  }
}

void CounterStore::count_operation(const ThrottleEvent& event, sim::VirtualTime now, Messages& out) {
  Plans* plans = find(operation_tier(event.subject));
  if (plans == nullptr) return;
  const ThrottleKey key = operation_key(event.subject, plans->policy);
  for_each_group(groups_in_force(plans->policy, event.subject.matching_groups), [&](std::uint8_t group) {
    plans->by_group[group].count({key.with_group(group), event.subject.message_bytes, event.at}, now, out);
  });
}

void CounterStore::count_custom(const ThrottleEvent& event, sim::VirtualTime now, Messages& out) {
  for (CustomPlan& custom : custom_) {
    if (!applies(custom.policy, event.subject)) continue;
    const ThrottleKey key = expand(custom.policy.key_template, event.subject, key_secret_);
    custom.plan.count({key, event.subject.message_bytes, event.at}, now, out);
  }
}

void CounterStore::expire(sim::VirtualTime now, Messages& out) {
  for_each_plan([&](CountingPlan& plan) { plan.expire(now, out); });
}

sim::VirtualTime CounterStore::next_expiry() const {
  sim::VirtualTime next = sim::kNever;
  for (const Plans& plans : plans_) {
    for (const CountingPlan& plan : plans.by_group) next = std::min(next, plan.next_expiry());
  }
  for (const CustomPlan& custom : custom_) next = std::min(next, custom.plan.next_expiry());
  return next;
}

void CounterStore::synchronise(SharedCounter& shared, Messages& out) {
  for_each_plan([&](CountingPlan& plan) { plan.synchronise(shared, out); });
}

CounterSnapshot CounterStore::snapshot() const {
  CounterSnapshot taken;
  for (std::size_t tier = 0; tier < plans_.size(); ++tier) {
    if (plans_[tier].by_group.empty()) continue;
    taken.policies.push_back({static_cast<domain::TierId>(tier), {}});
    for (const CountingPlan& plan : plans_[tier].by_group) taken.policies.back().plans.push_back(plan.snapshot());
  }
  for (const CustomPlan& custom : custom_) taken.custom.push_back(custom.plan.snapshot());
  return taken;
}

void CounterStore::restore(const CounterSnapshot& snapshot) {
  for (const PolicySnapshot& policy : snapshot.policies) {
    Plans* plans = find(policy.tier);
    if (plans == nullptr) continue;
    for (std::size_t group = 0; group < std::min(plans->by_group.size(), policy.plans.size()); ++group) {
      CountingPlan& plan = plans->by_group[group];
      if (is_comparable(plan.quota(), policy.plans[group].quota)) plan.restore(policy.plans[group]);
    }
  }
  for (std::size_t i = 0; i < std::min(custom_.size(), snapshot.custom.size()); ++i) {
    if (is_comparable(custom_[i].plan.quota(), snapshot.custom[i].quota)) custom_[i].plan.restore(snapshot.custom[i]);
  }
}

}  // namespace parallax::logic::throttling
