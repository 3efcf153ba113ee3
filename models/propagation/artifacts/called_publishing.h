// Publishing by web-service calls: the publisher calls the admin service of one gateway after the other and waits for
// each answer (carbon-apimgt up to 3.1, APIGatewayManager and APIGatewayAdmin; across data centers: WSO2 blog on
// multi-data-center deployment, "publishing API to gateway is done through web-service calls"). A gateway that does not
// answer in time stays as it was: the person who publishes is shown that it has failed there, and nobody calls again.
//
// Stages: artifact_copy [the calls before it + the connection's round trips + the way], or from when a cut is noticed,
// within a second, what the fault is charged to. Of one that has failed: given_up from then on.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/spec.h"
#include "models/propagation/broker/intake.h"
#include "sim/connection.h"
#include "sim/power.h"

namespace parallax::propagation::artifacts {

/// A gateway, what is deployed there, and the power of its node.
struct CalledTarget {
  Place at;
  const sim::Power* power;
  Sink* node;
};

class CalledPublishing {
 public:
  /// `at`: the publisher. `name`: of random streams.
  CalledPublishing(const Place& at, const std::string& name, const CallSpec& spec,
                   const std::vector<CalledTarget>& targets, std::vector<domain::Stage> stage_of_fault);
  CalledPublishing(const CalledPublishing&) = delete;
  CalledPublishing& operator=(const CalledPublishing&) = delete;

  /// After what was published before.
  void publish(const Parcel& parcel);

  /// What happens to the publisher's node: what it has not called yet is not called any more.
  void lost();
  void restored();

  // What happens to a target's node, by its place among the targets, at its site.
  void target_lost(std::size_t target, broker::HostLoss how) { broker::lose(calls_[target]->connection.server(), how); }
  void target_restored(std::size_t target) { broker::restore(calls_[target]->connection.server()); }

 private:
  /// To one target.
  struct Call final : sim::ConnectionListener {
    Call(CalledPublishing& publisher, const CalledTarget& target, const std::string& name);
    void opened() override { owner.send(); }
    void closed(sim::Closed) override { owner.fail(); }
    /// At the target's site.
    void receive(Parcel parcel);

    struct AtTarget final : sim::ConnectionListener {
      void opened() override {}
      void closed(sim::Closed) override {}
    };
    CalledPublishing& owner;
    CalledTarget target;
    AtTarget at_target;
    sim::Connection connection;
  };

  void call_next();
  void look();
  void send();
  void finish();
  void fail();

  Place at_;
  CallSpec spec_;
  std::vector<domain::Stage> stage_of_fault_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::deque<Parcel> waiting_;  ///< the first one is being published
  std::size_t target_{0};       ///< that is being called
  Parcel parcel_;               ///< on its way there
  bool is_held_back_{false};
  bool has_power_{true};
  std::uint32_t era_{0};  ///< counted up when a call is over; what an earlier one has left scheduled is void
};

}  // namespace parallax::propagation::artifacts
