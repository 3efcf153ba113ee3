#include "models/propagation/broker/sender.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace parallax::propagation::broker {

using domain::EventLoss;
using domain::Stage;

Sender::Sender(sim::Site& site, const sim::Power& power, domain::NodeId node, const std::string& name,
               const SenderSpec& spec, Intake& target)
    : site_{site},
      power_{power},
      node_{node},
      spec_{spec},
      inlet_{target, site.id() == target.site().id() ? spec.local_delay : sim::Duration{}},
      connection_{site, target.site(), name, spec.connection, outlet_, inlet_},
      dialler_{site, spec.reconnect, 1, *this} {
  inlet_.end = &connection_.server();
  connection_.client().belongs_to(power.standstill());
  target.add_inlet(connection_.server());
}

// --- At the target

void Sender::Inlet::receive(const Event& event) {
  Event arrived = event;
  if (const auto& held = end->was_held_back()) spend(arrived, target.stage_of_fault()[held->fault], held->since);
  if (local_delay.ns > 0) {
    target.site().after(local_delay, [to = &target, arrived] { to->take_in(arrived); });
    return;
  }
  target.take_in(arrived);
}

// --- Sending

void Sender::send(const Event& event) {
  if (!power_.is_on()) return lose(event, site_, target(), EventLoss::kHostDown, Stage::kSiteDown);
  if (spec_.batch_interval.ns == 0) return offer(event);
  batch_.push_back(event);
  settle(batch_.back(), site_, node_);
  spend(batch_.back(), Stage::kEventBatching, site_.now());
  if (batch_.size() >= spec_.batch_size) return flush();
  if (batch_.size() > 1) return;
  site_.after(spec_.batch_interval, [this, era = era_] {
    if (era == era_) flush();
  });
}

void Sender::flush() {
  ++era_;
  for (; !batch_.empty(); batch_.pop_front()) offer(batch_.front());
}

void Sender::offer(Event event) {
  if (is_connected_) return transmit(event);
  if (spec_.when_down == WhenDown::kDrop) return lose(event, site_, target(), EventLoss::kNotConnected, why_down());
  settle(event, site_, node_);
  spend(event, why_down() == Stage::kNone ? Stage::kReconnectWait : why_down(), site_.now());
  wait(event);
}

void Sender::wait(Event event) {
  if (queue_.size() >= spec_.capacity) {
    if (spec_.overflow == Overflow::kDropNewest || queue_.empty()) {
      return lose(event, site_, target(), EventLoss::kOverflow, why_down());
    }
    lose(queue_.front(), site_, target(), EventLoss::kOverflow, why_down());
    queue_.pop_front();
  }
  queue_.push_back(event);
}

void Sender::transmit(Event event) {
  settle(event, site_, node_);
  spend(event, Stage::kBroker, site_.now());
  settle(event, site_, node_);
  under_way_.add(event, connection_.client(), site_.now());
  connection_.client().send([inlet = &inlet_, event] { inlet->receive(event); });
}

Stage Sender::why_down() {
  const auto fault = site_.fault_on_connecting_to(inlet_.target.site().id());
  return fault ? inlet_.target.stage_of_fault()[*fault] : Stage::kNone;
}

// --- The connection

// What has waited was kept back by the fault until the last try in vain, and by the pause from then on.
void Sender::connected() {
  dialler_.succeeded();
  is_connected_ = true;
  for (; !queue_.empty(); queue_.pop_front()) {
    Event& event = queue_.front();
    const sim::VirtualTime tried = std::max(dialler_.last_failure(), event.passage.turn);
    if (event.passage.first == Stage::kNone) spend(event, Stage::kReconnectWait, tried);
    transmit(event);
  }
  if (on_connected_) on_connected_();
}

void Sender::disconnected() {
  if (!std::exchange(is_connected_, false)) return dialler_.failed();
  Stage by = why_down();
  if (const auto& held = connection_.client().held_back()) by = inlet_.target.stage_of_fault()[held->fault];
  std::vector<Event> again;
  under_way_.drain(connection_.client(), [&](const Event& event, sim::VirtualTime sent) {
    if (spec_.when_down != WhenDown::kRetry) {
      return lose_since(event, site_, target(), EventLoss::kUnacknowledged, by, sent);
    }
    again.push_back(event);
    spend(again.back(), by == Stage::kNone ? Stage::kReconnectWait : by, sent);
  });
  queue_.insert(queue_.begin(), again.begin(), again.end());
  while (queue_.size() > spec_.capacity) {
    lose(queue_.back(), site_, target(), EventLoss::kOverflow, by);
    queue_.pop_back();
  }
  dialler_.begin();
}

// --- Power

void Sender::lost(HostLoss how) {
  ++era_;
  is_connected_ = false;
  dialler_.stop();
  broker::lose(connection_.client(), how);
  const auto gone = [this](const Event& event) {
    lose(event, site_, target(), EventLoss::kHostDown, Stage::kSiteDown);
  };
  under_way_.drain(connection_.client(), [&](const Event& event, sim::VirtualTime sent) {
    lose_since(event, site_, target(), EventLoss::kHostDown, Stage::kSiteDown, sent);
  });
  std::for_each(queue_.begin(), queue_.end(), gone);
  std::for_each(batch_.begin(), batch_.end(), gone);
  queue_.clear();
  batch_.clear();
}

void Sender::restored() {
  restore(connection_.client());
  dialler_.begin();
}

}  // namespace parallax::propagation::broker
