// A message broker at one node, as a publish/subscribe server with non-durable subscriptions (JMS topics, Redis
// pub/sub) is: an event goes to whoever is subscribed in that instant, in order, and is then forgotten. Where the
// subscriber's connection still lives but its way is cut, TCP delivers after the heal; where the connection is given
// up, what was under way is lost, and what is published until the next subscription never leaves. The broker counts a
// subscriber whose connection is dead as a receiver until it finds out (PUBLISH of Redis: so measured).
//
// It has no memory to speak of: a broker that restarts begins with no subscriber.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/intake.h"
#include "models/propagation/broker/under_way.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

class Session;

class Broker final : public Intake {
 public:
  Broker(sim::Site& site, const sim::Power& power, domain::NodeId node, const StagesOfFaults& stage_of_fault)
      : Intake{site, power, node, stage_of_fault} {}

  bool is_up() const { return power_.is_on(); }

  /// By a publisher at this node, or one whose event has come here. Returns how many subscribers it was passed on to,
  /// as far as the broker knows; none while a bridge keeps it.
  std::uint32_t publish(const Event& event);

  /// The same for what another broker has sent: bridges leave it alone, so that two that bridge to each other do not
  /// send it in circles.
  std::uint32_t relay(Event event);

  /// When an event goes to the subscribers of this broker.
  enum class Local : std::uint8_t {
    kAtOnce,
    kByBridge,  ///< who has it now relays it
  };

  /// Gets what is published here, before the subscribers do, and what those before it have said. Before the run.
  void tap(std::function<Local(const Event&, Local)> bridge) { bridges_.push_back(std::move(bridge)); }

  /// The same of what other nodes have published and sent here. Before the run.
  void tap_arrivals(std::function<void(const Event&)> bridge) { arrival_bridges_.push_back(std::move(bridge)); }

  void take_in(const Event& event) override;

  // What happens to its host, told after its power knows.
  void lost(HostLoss how = HostLoss::kPower);
  void restored();

 private:
  friend class Session;

  std::vector<Session*> sessions_;  ///< in the order in which the world is built
  std::vector<std::function<Local(const Event&, Local)>> bridges_;
  std::vector<std::function<void(const Event&)>> arrival_bridges_;
};

/// A subscriber's end of a subscription, at the subscriber's site.
class Listener {
 public:
  virtual void confirmed() = 0;  ///< the broker has it
  virtual void alive() = 0;      ///< an answer to a sign of life
  virtual void receive(const Event& event) = 0;

 protected:
  ~Listener() = default;
};

/// The broker's end of the subscription of one subscriber.
class Session final : public sim::ConnectionListener {
 public:
  enum class Home : std::uint8_t { kHere, kElsewhere };

  /// `home`: whether what is published before its first subscription is lost to it. Before the run.
  Session(Broker& broker, Listener& listener, domain::NodeId subscriber, sim::SiteId site, TopicSet topics, Home home);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  void join(sim::ConnectionEnd& end);

  // What the subscriber says.
  void subscribe();
  void leave();  ///< for another broker: what is published from now on is not lost to it
  void ping();

  // What the broker does.

  /// False: nobody is there to receive it.
  bool deliver(const Event& event);
  void broker_lost(HostLoss how);
  void broker_restored() { restore(*end_); }

  void opened() override {}
  void closed(sim::Closed) override;

 private:
  domain::Stage why_absent() const;
  domain::Stage held_back_by() const;  ///< what a connection that has ended had under way
  void end(domain::EventLoss why);

  Broker& broker_;
  Listener& listener_;
  domain::NodeId subscriber_;
  sim::SiteId site_;
  TopicSet topics_;
  sim::ConnectionEnd* end_{nullptr};
  bool is_home_;
  bool has_been_here_{false};
  bool is_subscribed_{false};
  UnderWay under_way_;
};

}  // namespace parallax::propagation::broker
