// A traffic manager: hosts a counter store in virtual time. It counts what gateways publish to it and tells the
// gateways that listen to it who is over a limit. What it has no policy for it does not count. When an event tells it
// that a policy has changed it asks the site's control plane what it says now (carbon-apimgt
// ThrottlePolicyDeployerManager), and goes by the answer, however old that is (wso2/api-manager 2349).
//
// Its windows begin and end by its node's clock (clock.h): ThrottleStreamProcessor takes System.currentTimeMillis().
//
// Its layer: policies, which hold the catalog's when the run starts.
//
// Stages: decision_push [push delay, same]; database_read as the access to the database says.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/facts.h"
#include "models/logic/throttling/counter_store.h"
#include "models/propagation/access/database_access.h"
#include "models/runtime/clock.h"
#include "models/runtime/spec.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class EventDesk;
class Gateway;

class TrafficManager {
 public:
  struct Self {
    domain::NodeId node;
    domain::LayerId policies;
  };
  TrafficManager(sim::Site& site, const sim::Power& power, Clock& clock, Self self, propagation::DatabaseAccess& access,
                 sim::Duration push_delay);

  /// `gateway` hears its decisions. Before the run.
  void push_decisions_to(Gateway& gateway) { listeners_.push_back(&gateway); }

  /// Decisions are published at this desk, and pushed to nobody. Before the run.
  void announce_at(EventDesk& desk) { desk_ = &desk; }

  /// `is_answered`: whether the control plane is there to be asked. Before the run.
  void ask_for_policies(Policies policies, std::function<bool()> is_answered);

  /// An event says that a policy has this version now. Asked in vain, it is not asked for again.
  void hear(domain::TierId changed, domain::Version version, sim::RecordId cause, const domain::Passage& passage);

  /// The node has lost power: all counts are gone.
  void lose_memory();

  /// The node has started again, after its power had come back at `since`.
  void started(sim::RecordId powered, sim::VirtualTime since) {
    powered_ = powered;
    powered_since_ = since;
    ask();
  }

  /// An admitted request, decided at `decided` by its gateway's clock, has arrived here.
  void count(domain::SubscriptionId subscription, sim::VirtualTime decided);

 private:
  using Messages = logic::throttling::CounterStore::Messages;

  using Policy = logic::gateway::PolicyFacts;

  void ask();
  sim::Process ask_for_all(sim::Site& site);
  sim::Process ask_for(sim::Site& site, domain::TierId tier, domain::Version version, sim::RecordId heard);
  void give_up(domain::TierId tier, domain::Version version, sim::RecordId heard);
  void learn(domain::TierId tier, const Policy& policy, sim::RecordId cause, const domain::Passage& passage);
  void learn_all(const std::vector<Policy>& policies);
  void count_by(domain::TierId tier, const Policy& policy, logic::throttling::CounterStore& store) const;
  logic::throttling::CounterStore new_store() const;
  void expire_when_due();
  void wait_for_expiry(sim::VirtualTime due);
  void push();
  void tell(const logic::throttling::DecisionMessage& message);

  sim::Site& site_;
  const sim::Power& power_;
  Clock& clock_;
  Self self_;
  propagation::DatabaseAccess& access_;
  const domain::Catalog& catalog_;
  sim::Duration push_delay_;
  std::vector<Policy> known_;  ///< by tier, as it was last told
  logic::throttling::CounterStore counters_;
  Messages messages_;  ///< of the call at hand
  sim::VirtualTime expiry_scheduled_{sim::kNever};
  std::vector<Gateway*> listeners_;
  EventDesk* desk_{nullptr};
  Policies policies_{};
  std::function<bool()> is_control_plane_there_;
  sim::RecordId powered_;
  sim::VirtualTime powered_since_;
  std::uint32_t starts_{0};  ///< what an earlier one has left scheduled is void
};

}  // namespace parallax::runtime
