#include "models/runtime/traffic_manager.h"

#include "models/runtime/gateway.h"

namespace parallax::runtime {

void TrafficManager::count(domain::SubscriptionId subscription, sim::VirtualTime decided) {
  if (!power_.is_on()) return;
  const domain::Limit& limit = *catalog_.tier_of(subscription).limit;
  const auto decision = counter_.count(subscription, limit, decided, site_.now());
  if (!decision) return;
  push_throttled(subscription, decision->until);
  if (decision->news == logic::QuotaCounter::Decision::News::kFirst) {
    site_.at(decision->until, [this, subscription] { push_lifted(subscription); });
  }
}

template <typename Push>
void TrafficManager::after_push_delay(Push push) {
  if (push_delay_.ns == 0) return push();
  site_.after(push_delay_, [this, push, life = power_.life()] {
    if (!power_.outlived(life)) push();
  });
}

void TrafficManager::push_throttled(domain::SubscriptionId subscription, sim::VirtualTime until) {
  after_push_delay([this, subscription, until] {
    for (Gateway* gateway : listeners_) gateway->throttle(subscription, until);
  });
}

void TrafficManager::push_lifted(domain::SubscriptionId subscription) {
  after_push_delay([this, subscription] {
    for (Gateway* gateway : listeners_) gateway->lift(subscription);
  });
}

}  // namespace parallax::runtime
