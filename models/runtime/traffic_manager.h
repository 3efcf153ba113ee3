// A traffic manager: hosts a counter store in virtual time. It counts what gateways publish to it and tells the
// gateways that listen to it who is over a limit. What it has no policy for it does not count.
//
// Stage: decision_push [push delay, same].
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/domain/catalog.h"
#include "models/logic/throttling/counter_store.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class EventDesk;
class Gateway;

/// Where it has its policies from.
enum class Policies : std::uint8_t {
  kKnown,      ///< on its disk
  kAskedOnce,  ///< of the control plane at its start, and never again (wso2/api-manager 1920)
  kAsked,      ///< of the control plane until it answers
};

class TrafficManager {
 public:
  TrafficManager(sim::Site& site, const sim::Power& power, const domain::Catalog& catalog, sim::Duration push_delay)
      : site_{site}, power_{power}, catalog_{catalog}, push_delay_{push_delay}, counters_{new_store()} {}

  /// `gateway` hears its decisions. Before the run.
  void push_decisions_to(Gateway& gateway) { listeners_.push_back(&gateway); }

  /// Decisions are published at this desk, and pushed to nobody. Before the run.
  void announce_at(EventDesk& desk) { desk_ = &desk; }

  /// `is_answered`: whether the control plane is there to be asked. Before the run.
  void ask_for_policies(Policies policies, std::function<bool()> is_answered);

  /// The node has lost power: all counts are gone.
  void lose_memory();

  /// The node has started again.
  void started() { ask(); }

  /// An admitted request, decided at `decided`, has arrived here.
  void count(domain::SubscriptionId subscription, sim::VirtualTime decided);

 private:
  using Messages = logic::throttling::CounterStore::Messages;

  void ask();
  logic::throttling::CounterStore new_store() const;
  void expire_when_due();
  void push();
  void tell(const logic::throttling::DecisionMessage& message);

  sim::Site& site_;
  const sim::Power& power_;
  const domain::Catalog& catalog_;
  sim::Duration push_delay_;
  logic::throttling::CounterStore counters_;
  Messages messages_;  ///< of the call at hand
  sim::VirtualTime expiry_scheduled_{sim::kNever};
  std::vector<Gateway*> listeners_;
  EventDesk* desk_{nullptr};
  Policies policies_{};
  std::function<bool()> is_control_plane_there_;
  std::uint32_t starts_{0};  ///< what an earlier one has left scheduled is void
};

}  // namespace parallax::runtime
