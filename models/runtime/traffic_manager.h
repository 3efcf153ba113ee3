// A traffic manager: counts what gateways publish to it and tells the gateways that listen to it who is over the limit.
//
// Stage: decision_push [push delay, same].
#pragma once

#include <vector>

#include "models/domain/catalog.h"
#include "models/logic/throttling/quota_counter.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class Gateway;

class TrafficManager {
 public:
  TrafficManager(sim::Site& site, const sim::Power& power, const domain::Catalog& catalog, sim::Duration push_delay)
      : site_{site},
        power_{power},
        catalog_{catalog},
        push_delay_{push_delay},
        counter_{catalog.subscriptions.size()} {}

  /// `gateway` hears its decisions. Before the run.
  void push_decisions_to(Gateway& gateway) { listeners_.push_back(&gateway); }

  /// The site has lost power: all counts are gone.
  void lose_memory() { counter_ = logic::QuotaCounter{catalog_.subscriptions.size()}; }

  /// An admitted request, decided at `decided`, has arrived here.
  void count(domain::SubscriptionId subscription, sim::VirtualTime decided);

 private:
  void push_throttled(domain::SubscriptionId subscription, sim::VirtualTime until);
  void push_lifted(domain::SubscriptionId subscription);
  template <typename Push>
  void after_push_delay(Push push);

  sim::Site& site_;
  const sim::Power& power_;
  const domain::Catalog& catalog_;
  sim::Duration push_delay_;
  logic::QuotaCounter counter_;
  std::vector<Gateway*> listeners_;
};

}  // namespace parallax::runtime
