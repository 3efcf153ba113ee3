#include "models/runtime/traffic_manager.h"

#include "models/runtime/gateway.h"

namespace parallax::runtime {

using logic::throttling::DecisionMessage;

logic::throttling::CounterStore TrafficManager::new_store() const {
  logic::throttling::CounterStore store{{}};
  for (std::size_t tier = 0; tier < catalog_.tiers.size(); ++tier) {
    const std::optional<domain::Limit>& limit = catalog_.tiers[tier].limit;
    if (!limit) continue;
    logic::throttling::Policy policy;
    policy.quota = logic::throttling::requests(limit->requests, logic::throttling::fixed_window(limit->window));
    store.set_policy(static_cast<domain::TierId>(tier), policy);
  }
  return store;
}

void TrafficManager::count(domain::SubscriptionId subscription, sim::VirtualTime decided) {
  if (!power_.is_on()) return;
  const domain::Subscription& of = catalog_.subscriptions[domain::index(subscription)];
  logic::throttling::ThrottleEvent event;
  event.subject.subscription = subscription;
  event.subject.application = of.application;
  event.subject.api = of.api;
  event.subject.subscription_tier = of.tier;
  event.at = decided;
  counters_.count(event, site_.now(), messages_);
  push();
  expire_when_due();
}

// At the end of a window in which somebody was throttled.
void TrafficManager::expire_when_due() {
  const sim::VirtualTime due = counters_.next_expiry();
  if (due == expiry_scheduled_) return;
  expiry_scheduled_ = due;
  if (due == sim::kNever) return;
  site_.at(due, [this, due] {
    if (due != expiry_scheduled_) return;
    counters_.expire(due, messages_);
    push();
    expire_when_due();
  });
}

void TrafficManager::push() {
  for (const DecisionMessage& message : messages_) {
    const auto deliver = [this, message] {
      for (Gateway* gateway : listeners_) gateway->hear(message);
    };
    if (push_delay_.ns == 0) {
      deliver();
    } else {
      site_.after(push_delay_, [this, deliver, life = power_.life()] {
        if (!power_.outlived(life)) deliver();
      });
    }
  }
  messages_.clear();
}

}  // namespace parallax::runtime
