#include "models/propagation/broker/bridge.h"

#include <algorithm>
#include <utility>

namespace parallax::propagation::broker {

using domain::EventLoss;
using domain::Stage;

Bridge::Bridge(Broker& from, const BridgeSpec& spec, std::vector<Sender*> targets)
    : from_{from}, spec_{spec}, targets_{std::move(targets)} {
  from.tap([this](const Event& event) { return pass_on(event); });
  if (spec.passes == Passes::kOfTheSite) {
    from.tap_arrivals([this](const Event& event) {
      const domain::NodeId origin = origin_of(event);
      if (origin >= spec_.first_of_site && origin <= spec_.last_of_site) pass_on(event);
    });
  }
  if (spec.dead_target == DeadTarget::kOnItsOwn) return;
  for (Sender* target : targets_) target->on_connected([this] { go_on(); });
}

bool Bridge::is_blocked() const {
  return spec_.dead_target == DeadTarget::kBlocksAll &&
         std::any_of(targets_.begin(), targets_.end(), [](const Sender* target) { return !target->is_connected(); });
}

Broker::Local Bridge::pass_on(const Event& event) {
  if (!spec_.topics.has(event.topic)) return Broker::Local::kAtOnce;
  if (waiting_.empty() && !is_blocked()) {
    send(event);
    return Broker::Local::kAtOnce;
  }
  if (waiting_.size() >= spec_.capacity) {
    for (const domain::NodeId node : receivers()) lose(event, from_.site(), node, EventLoss::kOverflow);
    return Broker::Local::kByBridge;
  }
  waiting_.push_back(event);
  settle(waiting_.back(), from_.site(), from_.node());
  spend(waiting_.back(), Stage::kReconnectWait, from_.site().now());
  return Broker::Local::kByBridge;
}

std::vector<domain::NodeId> Bridge::receivers() const {
  std::vector<domain::NodeId> nodes{from_.node()};
  for (const Sender* target : targets_) nodes.push_back(target->target());
  return nodes;
}

void Bridge::send(const Event& event) {
  for (Sender* target : targets_) target->send(event);
}

void Bridge::go_on() {
  for (; !waiting_.empty() && !is_blocked(); waiting_.pop_front()) {
    send(waiting_.front());
    from_.relay(waiting_.front());
  }
}

void Bridge::lost() {
  for (const Event& event : waiting_) {
    for (const domain::NodeId node : receivers()) {
      lose(event, from_.site(), node, EventLoss::kHostDown, Stage::kSiteDown);
    }
  }
  waiting_.clear();
}

}  // namespace parallax::propagation::broker
