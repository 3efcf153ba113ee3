// Where senders at other nodes bring their events: a broker, or whoever else takes them in.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/spec.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

/// What waits for each fault is charged to a stage, by the fault's number.
using StagesOfFaults = std::vector<domain::Stage>;

void lose(sim::ConnectionEnd& end, HostLoss how);
void restore(sim::ConnectionEnd& end);

class Intake {
 public:
  Intake(sim::Site& site, const sim::Power& power, domain::NodeId node, const StagesOfFaults& stage_of_fault)
      : site_{site}, power_{power}, node_{node}, stage_of_fault_{stage_of_fault} {}
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  sim::Site& site() const { return site_; }
  domain::NodeId node() const { return node_; }
  const StagesOfFaults& stage_of_fault() const { return stage_of_fault_; }

  /// An event that another node has sent here.
  virtual void take_in(const Event& event) = 0;

  /// Over which a publisher at another node sends. Before the run.
  void add_inlet(sim::ConnectionEnd& end) {
    inlets_.push_back(&end);
    end.belongs_to(power_.standstill());
  }

 protected:
  ~Intake() = default;

  void lose_inlets(HostLoss how) {
    for (sim::ConnectionEnd* inlet : inlets_) broker::lose(*inlet, how);
  }
  void restore_inlets() {
    for (sim::ConnectionEnd* inlet : inlets_) broker::restore(*inlet);
  }

  sim::Site& site_;
  const sim::Power& power_;
  domain::NodeId node_;
  StagesOfFaults stage_of_fault_;

 private:
  std::vector<sim::ConnectionEnd*> inlets_;
};

}  // namespace parallax::propagation::broker
