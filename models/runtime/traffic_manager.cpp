#include "models/runtime/traffic_manager.h"

#include "models/runtime/event_desk.h"
#include "models/runtime/gateway.h"

namespace parallax::runtime {

using logic::throttling::DecisionMessage;

namespace {

// carbon-apimgt's data publishers look every 30 s whether an endpoint is there: taken for this too.
constexpr sim::Duration kAskAgain = sim::seconds(30);

}  // namespace

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

void TrafficManager::ask_for_policies(Policies policies, std::function<bool()> is_answered) {
  policies_ = policies;
  is_control_plane_there_ = std::move(is_answered);
}

void TrafficManager::lose_memory() {
  ++starts_;
  counters_ = policies_ == Policies::kKnown ? new_store() : logic::throttling::CounterStore{{}};
}

// A call over the site's own network takes no time worth telling.
void TrafficManager::ask() {
  if (policies_ == Policies::kKnown) return;
  if (is_control_plane_there_()) {
    counters_ = new_store();
  } else if (policies_ == Policies::kAsked) {
    site_.after(kAskAgain, [this, start = starts_] {
      if (start == starts_) ask();
    });
  }
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
    const auto deliver = [this, message] { tell(message); };
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

void TrafficManager::tell(const DecisionMessage& message) {
  if (desk_ == nullptr) {
    for (Gateway* gateway : listeners_) gateway->hear(message);
    return;
  }
  desk_->publish(message, catalog_.subscription(message.key.subscriber(), message.key.subscribed()));
}

}  // namespace parallax::runtime
