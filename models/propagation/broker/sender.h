// A node that sends events to another, to a broker mostly, over one connection: back to back and in order as long as it
// lives. What happens to events while it does not is the sender's rule; what was under way as it broke is lost, or is
// sent again and may then come twice.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/propagation/broker/dialler.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/intake.h"
#include "models/propagation/broker/spec.h"
#include "models/propagation/broker/under_way.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

class Sender final : private Dialler::Phone {
 public:
  /// `name`: of random streams, distinct among senders.
  Sender(sim::Site& site, const sim::Power& power, domain::NodeId node, const std::string& name, const SenderSpec& spec,
         Intake& target);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Connects for the first time. At its site.
  void start() { dialler_.begin(); }

  void send(const Event& event);

  bool is_connected() const { return is_connected_; }
  std::size_t waiting() const { return queue_.size() + batch_.size(); }
  domain::NodeId target() const { return inlet_.target.node(); }

  /// Tells when it is connected. Before the run.
  void on_connected(std::function<void()> listener) { on_connected_ = std::move(listener); }

  // What happens to its host, told after its power knows.
  void lost(HostLoss how = HostLoss::kPower);
  void restored();

 private:
  /// At the target's site.
  struct Inlet final : sim::ConnectionListener {
    Inlet(Intake& intake, sim::Duration delay) : target{intake}, local_delay{delay} {}
    void opened() override {}
    void closed(sim::Closed) override {}
    void receive(const Event& event);

    Intake& target;
    sim::Duration local_delay;
    sim::ConnectionEnd* end{nullptr};
  };
  class Outlet final : public sim::ConnectionListener {
   public:
    explicit Outlet(Sender& sender) : sender_{sender} {}
    void opened() override { sender_.connected(); }
    void closed(sim::Closed) override { sender_.disconnected(); }

   private:
    Sender& sender_;
  };

  void dial(std::size_t) override { connection_.client().connect(); }
  void hang_up(std::size_t) override { connection_.client().close(); }
  void connected();
  void disconnected();
  void offer(Event event);
  void wait(Event event);
  void transmit(Event event);
  void flush();
  domain::Stage why_down();

  sim::Site& site_;
  const sim::Power& power_;
  domain::NodeId node_;
  SenderSpec spec_;
  Inlet inlet_;
  Outlet outlet_{*this};
  sim::Connection connection_;
  Dialler dialler_;
  std::function<void()> on_connected_;
  bool is_connected_{false};
  std::uint32_t era_{0};     ///< of the batch; what an earlier one has left scheduled is void
  std::deque<Event> batch_;  ///< waits for others
  std::deque<Event> queue_;  ///< waits for a connection
  UnderWay under_way_;
};

}  // namespace parallax::propagation::broker
