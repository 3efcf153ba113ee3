// A node's subscription: which broker of its list it is connected to, how it finds out that it is not any more, when it
// tries again, and what it does with what comes.
//
// What was published while it was away is lost to it. Its host is told when it is back, and may pull what its version
// pulls.
//
// Events of the topics that wait are acted upon by one thread, each after the event waiting time if there is one; so
// events that come in bulk wait for each other. Others have threads of their own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/propagation/broker/broker.h"
#include "models/propagation/broker/dialler.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/recent_ids.h"
#include "models/propagation/broker/spec.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

/// Nothing was heard from `since` on, what was published may have been lost until now.
struct Absence {
  sim::VirtualTime since;
  domain::Stage by;               ///< kNone, or what a fault is charged to
  sim::VirtualTime last_failure;  ///< of a try to connect; from then on it was the wait for the next one
};

class SubscriberHost {
 public:
  virtual void act_on(const Event& event) = 0;
  /// It is subscribed; at the start too.
  virtual void connected(const Absence& absence) = 0;

 protected:
  ~SubscriberHost() = default;
};

class Subscriber final : private Dialler::Phone {
 public:
  /// `name`: of random streams, distinct among subscribers. `urls`: in the order in which they are tried; which of them
  /// is its home until it is connected to another is the first.
  Subscriber(sim::Site& site, domain::NodeId node, const std::string& name, const SubscriberSpec& spec,
             const std::vector<Broker*>& urls, SubscriberHost& host);
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  /// The process that it is a part of. Before the run.
  void belongs_to(sim::Standstill& process) {
    for (const auto& line : lines_) line->end().belongs_to(process);
  }

  /// Connects for the first time. At its site.
  void start() { dialler_.begin(); }

  /// The broker that it is subscribed at, by its place in the list.
  const std::optional<std::size_t>& subscribed_at() const { return current_; }

  /// The thread is busy with something until then; called by the host as it acts.
  void occupy(sim::VirtualTime until) { free_ = std::max(free_, until); }

  // What happens to its host, told after its power knows.
  void lost(HostLoss how = HostLoss::kPower);
  void restored();

 private:
  /// To one broker of the list.
  class Line final : public sim::ConnectionListener, public Listener {
   public:
    Line(Subscriber& subscriber, std::size_t url, Broker& broker, const std::string& name);
    sim::ConnectionEnd& end() { return connection_.client(); }
    bool is_local() const { return is_local_; }
    domain::Stage stage_of(std::uint32_t fault) const { return broker_.stage_of_fault()[fault]; }
    sim::SiteId broker_site() const { return broker_.site().id(); }

    void connect();
    void say(void (Session::*what)());
    /// For good; the broker closes it when it knows.
    void leave();
    bool is_left() const { return is_left_; }

    void opened() override { say(&Session::subscribe); }
    void closed(sim::Closed) override { subscriber_.line_closed(url_); }
    void confirmed() override { subscriber_.subscribed(url_); }
    void alive() override { subscriber_.heard_ = subscriber_.site_.now(); }
    void receive(const Event& event) override;

   private:
    Subscriber& subscriber_;
    std::size_t url_;
    Broker& broker_;
    bool is_local_;
    bool is_left_{false};
    Session session_;
    sim::Connection connection_;
  };

  // Connecting.
  void dial(std::size_t url) override;
  void hang_up(std::size_t url) override { lines_[url]->end().close(); }
  void subscribed(std::size_t url);
  void line_closed(std::size_t url);
  void begin_absence(std::size_t url);
  void check_liveness();
  void give_up_if_silent(sim::VirtualTime since);
  void fail_back_later();
  void try_to_fail_back();

  // Receiving.
  void arrive(const Event& event);
  void arrive_locally(const Event& event);
  void take();
  void act();

  sim::Site& site_;
  domain::NodeId node_;
  SubscriberSpec spec_;
  SubscriberHost& host_;
  Dialler dialler_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::optional<std::size_t> current_;
  bool is_failing_back_{false};  ///< the first of the list is being tried besides
  std::uint32_t looks_back_{0};
  std::uint32_t stay_{0};     ///< at a broker; what an earlier one has left scheduled is void
  sim::VirtualTime heard_{};  ///< from the broker
  Absence absence_{};

  RecentIds recent_;
  std::uint32_t life_{0};       ///< of the host; likewise
  std::deque<Event> arriving_;  ///< from a broker of the same site
  std::deque<Event> queue_;     ///< for the thread
  bool is_taken_{false};        ///< the first of them
  sim::VirtualTime free_{};     ///< the thread
};

}  // namespace parallax::propagation::broker
