#include "models/propagation/broker/bridge.h"

#include <algorithm>
#include <utility>

namespace parallax::propagation::broker {

using domain::EventLoss;
using domain::Stage;

Bridge::Bridge(Broker& from, const BridgeSpec& spec, std::vector<Sender*> targets)
    : from_{from}, spec_{spec}, targets_{std::move(targets)} {
  // Who keeps an event first relays it later.
  from.tap([this](const Event& event, Broker::Local so_far) {
    if (!spec_.topics.has(event.topic)) return so_far;
    if (!must_wait()) {
      send(event);
      return so_far;
    }
    keep(event, so_far);
    return Broker::Local::kByBridge;
  });
  if (spec.passes == Passes::kOfTheSite) {
    from.tap_arrivals([this](const Event& event) {
      const domain::NodeId origin = origin_of(event);
      if (origin < spec_.first_of_site || origin > spec_.last_of_site || !spec_.topics.has(event.topic)) return;
      if (must_wait()) return keep(event, Broker::Local::kByBridge);
      send(event);
    });
  }
  if (spec.dead_target == DeadTarget::kOnItsOwn) return;
  for (Sender* target : targets_) target->on_connected([this] { go_on(); });
}

bool Bridge::is_blocked() const {
  return spec_.dead_target == DeadTarget::kBlocksAll &&
         std::any_of(targets_.begin(), targets_.end(), [](const Sender* target) { return !target->is_connected(); });
}

bool Bridge::must_wait() const { return !waiting_.empty() || is_blocked(); }

void Bridge::keep(const Event& event, Broker::Local local) {
  const Waiting waiting{event, local == Broker::Local::kAtOnce};
  if (waiting_.size() >= spec_.capacity) return lose_all(waiting, EventLoss::kOverflow, Stage::kNone);
  waiting_.push_back(waiting);
  settle(waiting_.back().event, from_.site(), from_.node());
  spend(waiting_.back().event, Stage::kReconnectWait, from_.site().now());
}

void Bridge::lose_all(const Waiting& waiting, EventLoss why, Stage by) {
  if (waiting.is_relayed) lose(waiting.event, from_.site(), from_.node(), why, by);
  for (const Sender* target : targets_) lose(waiting.event, from_.site(), target->target(), why, by);
}

void Bridge::send(const Event& event) {
  for (Sender* target : targets_) target->send(event);
}

void Bridge::go_on() {
  for (; !waiting_.empty() && !is_blocked(); waiting_.pop_front()) {
    send(waiting_.front().event);
    if (waiting_.front().is_relayed) from_.relay(waiting_.front().event);
  }
}

void Bridge::lost() {
  for (const Waiting& waiting : waiting_) lose_all(waiting, EventLoss::kHostDown, Stage::kSiteDown);
  waiting_.clear();
}

}  // namespace parallax::propagation::broker
