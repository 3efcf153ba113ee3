// A traffic manager: hosts a counter store in virtual time. It counts what gateways publish to it and tells the
// gateways that listen to it who is over a limit.
//
// Stage: decision_push [push delay, same].
#pragma once

#include <vector>

#include "models/domain/catalog.h"
#include "models/logic/throttling/counter_store.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class Gateway;

class TrafficManager {
 public:
  TrafficManager(sim::Site& site, const sim::Power& power, const domain::Catalog& catalog, sim::Duration push_delay)
      : site_{site}, power_{power}, catalog_{catalog}, push_delay_{push_delay}, counters_{new_store()} {}

  /// `gateway` hears its decisions. Before the run.
  void push_decisions_to(Gateway& gateway) { listeners_.push_back(&gateway); }

  /// The site has lost power: all counts are gone.
  void lose_memory() { counters_ = new_store(); }

  /// An admitted request, decided at `decided`, has arrived here.
  void count(domain::SubscriptionId subscription, sim::VirtualTime decided);

 private:
  using Messages = logic::throttling::CounterStore::Messages;

  logic::throttling::CounterStore new_store() const;
  void expire_when_due();
  void push();

  sim::Site& site_;
  const sim::Power& power_;
  const domain::Catalog& catalog_;
  sim::Duration push_delay_;
  logic::throttling::CounterStore counters_;
  Messages messages_;  ///< of the call at hand
  sim::VirtualTime expiry_scheduled_{sim::kNever};
  std::vector<Gateway*> listeners_;
};

}  // namespace parallax::runtime
