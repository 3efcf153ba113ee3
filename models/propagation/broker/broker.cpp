#include "models/propagation/broker/broker.h"

namespace parallax::propagation::broker {

using domain::EventLoss;
using domain::Stage;

void lose(sim::ConnectionEnd& end, HostLoss how) {
  if (how == HostLoss::kPower) return end.lose();
  end.close();
  end.stop_listening();
}

void restore(sim::ConnectionEnd& end) {
  end.restore();
  end.listen();
}

std::uint32_t Broker::publish(const Event& event) {
  Local local = Local::kAtOnce;
  if (is_up()) {
    for (const auto& bridge : bridges_) local = bridge(event, local);
  }
  return local == Local::kByBridge ? 0 : relay(event);
}

void Broker::take_in(const Event& event) {
  if (is_up()) {
    for (const auto& bridge : arrival_bridges_) bridge(event);
  }
  relay(event);
}

std::uint32_t Broker::relay(Event event) {
  if (!is_up()) {
    lose(event, site_, node_, EventLoss::kHostDown);
    return 0;
  }
  settle(event, site_, node_);
  spend(event, Stage::kBroker, site_.now());
  settle(event, site_, node_);
  std::uint32_t receivers = 0;
  for (Session* session : sessions_) {
    if (session->deliver(event)) ++receivers;
  }
  return receivers;
}

void Broker::lost(HostLoss how) {
  for (Session* session : sessions_) session->broker_lost(how);
  lose_inlets(how);
}

void Broker::restored() {
  for (Session* session : sessions_) session->broker_restored();
  restore_inlets();
}

// --- What is under way

void UnderWay::add(const Event& event, const sim::ConnectionEnd& end, sim::VirtualTime now) {
  forget_below(end.next_number() - end.unacknowledged());
  if (sent_.full()) sent_.set_capacity(2 * sent_.capacity());
  sent_.push_back({event, now, end.next_number()});
}

void UnderWay::forget_below(std::uint32_t number) {
  while (!sent_.empty() && sim::is_after(number, sent_.front().number)) sent_.pop_front();
}

// --- A subscription

Session::Session(Broker& broker, Listener& listener, domain::NodeId subscriber, sim::SiteId site, TopicSet topics,
                 Home home)
    : broker_{broker},
      listener_{listener},
      subscriber_{subscriber},
      site_{site},
      topics_{topics},
      is_home_{home == Home::kHere} {
  broker.sessions_.push_back(this);
}

void Session::join(sim::ConnectionEnd& end) {
  end_ = &end;
  end.belongs_to(broker_.power_.standstill());
}

void Session::subscribe() {
  if (!broker_.is_up() || !end_->is_open()) return;
  is_subscribed_ = is_home_ = has_been_here_ = true;
  end_->send([listener = &listener_] { listener->confirmed(); });
}

void Session::leave() {
  is_home_ = false;
  end_->close();
  end(EventLoss::kUnacknowledged);
}

void Session::ping() {
  if (broker_.is_up() && end_->is_open()) end_->send([listener = &listener_] { listener->alive(); });
}

bool Session::deliver(const Event& event) {
  if (!topics_.has(event.topic)) return false;
  if (!is_subscribed_) {
    if (is_home_) lose(event, broker_.site_, subscriber_, EventLoss::kNotSubscribed, why_absent());
    return false;
  }
  under_way_.add(event, *end_, broker_.site_.now());
  end_->send([listener = &listener_, event] { listener->receive(event); });
  return true;
}

Stage Session::why_absent() const {
  if (const auto fault = broker_.site_.fault_on_connecting_from(site_)) return broker_.stage_of_fault_[*fault];
  return has_been_here_ ? Stage::kReconnectWait : Stage::kNone;
}

Stage Session::held_back_by() const {
  if (const auto& held = end_->held_back()) return broker_.stage_of_fault_[held->fault];
  return Stage::kNone;
}

void Session::closed(sim::Closed) { end(EventLoss::kUnacknowledged); }

void Session::broker_lost(HostLoss how) {
  lose(*end_, how);
  end(EventLoss::kHostDown);
}

void Session::end(EventLoss why) {
  is_subscribed_ = false;
  const Stage by = held_back_by();
  under_way_.drain(*end_, [&](const Event& event, sim::VirtualTime sent) {
    lose_since(event, broker_.site_, subscriber_, why, by, sent);
  });
}

}  // namespace parallax::propagation::broker
