// Admitted requests on their way to traffic managers of other sites, which count them besides the site's own, or in
// their place: WSO2's documentation of 2.1 has gateways publish to the traffic managers of both data centers; with one
// for all, each request of the far site is counted a way later, or not at all while the way is cut.
//
// A gateway keeps one connection to each (carbon-analytics-common, data bridge agent): a ring of events in front of it,
// and what does not fit is dropped.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/intake.h"
#include "models/propagation/broker/sender.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class TrafficManager;

/// Where requests decided at other sites come to be counted.
class CountingIntake final : public propagation::broker::Intake {
 public:
  CountingIntake(sim::Site& site, const sim::Power& power, domain::NodeId node,
                 const propagation::broker::StagesOfFaults& stage_of_fault, TrafficManager& manager)
      : Intake{site, power, node, stage_of_fault}, manager_{manager} {}

  void take_in(const propagation::broker::Event& event) override;

  // What happens to its node, told after its power knows.
  void lost(propagation::broker::HostLoss how) { lose_inlets(how); }
  void restored() { restore_inlets(); }

 private:
  TrafficManager& manager_;
};

/// The publishers of one gateway.
class CountingWays {
 public:
  CountingWays(sim::Site& site, const sim::Power& power, domain::NodeId node, std::string path)
      : site_{site}, power_{power}, node_{node}, path_{std::move(path)}, numbers_{node} {}

  /// Before the run.
  void lead_to(CountingIntake& target);

  void start();

  /// To all of them: decided now, by a clock that is so far ahead.
  void publish(domain::SubscriptionId subscription, sim::Duration ahead);

  // What happens to its node, told after its power knows.
  void lost(propagation::broker::HostLoss how);
  void restored();

 private:
  sim::Site& site_;
  const sim::Power& power_;
  domain::NodeId node_;
  std::string path_;
  propagation::broker::EventNumbers numbers_;
  std::vector<std::unique_ptr<propagation::broker::Sender>> senders_;
};

}  // namespace parallax::runtime
