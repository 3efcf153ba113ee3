// A node's part in telling others: its message broker, what it passes on to brokers of other nodes, and the
// subscriptions of its gateway and its traffic manager. A gateway obeys what it hears: of a revoked token it removes
// what it has cached, and traffic managers' decisions replace those that it knows. Traffic managers hear of policies.
//
// Stages: event_batching, broker, link_down, reconnect_wait, event_waiting: see propagation/broker.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/topic.h"
#include "models/propagation/artifacts/artifact_puller.h"
#include "models/propagation/broker/bridge.h"
#include "models/propagation/broker/broker.h"
#include "models/propagation/broker/sender.h"
#include "models/propagation/broker/subscriber.h"
#include "models/runtime/gateway.h"
#include "models/runtime/spec.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class EventDesk final {
 public:
  EventDesk(sim::Site& site, const sim::Power& power, Gateway& gateway, const std::string& path,
            const propagation::broker::StagesOfFaults& stage_of_fault);

  propagation::broker::Broker& broker() { return broker_; }

  /// What is published here goes to these brokers too. Before the run.
  void pass_on(const propagation::broker::BridgeSpec& bridge, const propagation::broker::SenderSpec& sender,
               const std::vector<propagation::broker::Broker*>& targets);

  /// The gateway subscribes to the first of these brokers that it reaches. Before the run.
  void listen(const propagation::broker::SubscriberSpec& spec, const std::vector<propagation::broker::Broker*>& urls);
  void set_on_reconnect(OnReconnect what) { on_reconnect_ = what; }
  /// Who deploys what the gateway hears of APIs. Without, it has them from elsewhere.
  void deploy_by(propagation::artifacts::ArtifactPuller& puller) { puller_ = &puller; }
  /// Who counts by policies at this node. Before the run.
  void tell_of_policies(TrafficManager& manager) { manager_ = &manager; }

  /// At its site.
  void start();

  void publish(const Revocation& revoked, sim::RecordId cause);
  void publish(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause);
  void publish(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts, sim::RecordId cause);
  void publish(domain::TierId changed, const logic::gateway::PolicyFacts& facts, sim::RecordId cause);
  void publish(const logic::throttling::DecisionMessage& decision, domain::SubscriptionId subscription);

  // What happens to its node, told after its power knows.
  void lost(propagation::broker::HostLoss how);
  void restored();

 private:
  /// What a subscription brings.
  class Ear final : public propagation::broker::SubscriberHost {
   public:
    explicit Ear(EventDesk& desk) : desk_{desk} {}
    void act_on(const propagation::broker::Event& event) override { desk_.act_on(event); }
    void connected(const propagation::broker::Absence&) override {
      if (std::exchange(has_been_connected_, true)) desk_.connected_again();
    }
    void lost() { has_been_connected_ = false; }

   private:
    EventDesk& desk_;
    bool has_been_connected_{false};  ///< since its node has started: what the gateway knew then it had just loaded
  };

  void act_on(const propagation::broker::Event& event);
  void connected_again();
  void notify(domain::ObjectRef object, domain::Version version, domain::Standing standing, sim::RecordId cause);
  void act_on_notification(const propagation::broker::Event& event);
  propagation::broker::Event next_event(domain::Topic topic);

  sim::Site& site_;
  const sim::Power& power_;
  Gateway& gateway_;
  TrafficManager* manager_{nullptr};
  std::string path_;
  propagation::broker::Broker broker_;
  propagation::broker::EventNumbers numbers_;
  OnReconnect on_reconnect_{};
  propagation::artifacts::ArtifactPuller* puller_{nullptr};
  std::vector<std::unique_ptr<propagation::broker::Sender>> senders_;
  std::vector<std::unique_ptr<propagation::broker::Bridge>> bridges_;
  std::vector<std::unique_ptr<Ear>> ears_;  ///< of each subscriber
  std::vector<std::unique_ptr<propagation::broker::Subscriber>> subscribers_;
};

}  // namespace parallax::runtime
