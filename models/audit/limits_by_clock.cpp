#include "models/audit/limits_by_clock.h"

#include <algorithm>

namespace parallax::audit {

using domain::NodeId;
using domain::SubscriptionId;

LimitsByClock::LimitsByClock(const Setup& setup) : setup_{setup} {
  if (setup.clocks.empty()) return;
  for (const Observer& observer : setup.observers) {
    managers_.insert(managers_.end(), observer.counted_by.begin(), observer.counted_by.end());
  }
  std::sort(managers_.begin(), managers_.end());
  managers_.erase(std::unique(managers_.begin(), managers_.end()), managers_.end());
}

bool LimitsByClock::would_err_too(const Question& question, DecisionError error) const {
  if (managers_.empty()) return false;
  const auto& obeyed = setup_.observers[domain::index(question.gateway)].counted_by;
  return std::any_of(obeyed.begin(), obeyed.end(), [&](NodeId manager) {
    const bool are_right = !clock(manager).is_ever_off() && !clock(question.gateway).is_ever_off();
    return !are_right && refuses(manager, question) == (error == DecisionError::kWrongDeny);
  });
}

bool LimitsByClock::refuses(NodeId manager, const Question& question) const {
  const auto found = windows_.find(key(manager, question.subscription));
  if (found == windows_.end() || found->second.counted < question.limit) return false;
  const sim::VirtualTime end = found->second.end;
  return clock(manager).reading(question.now) < end && clock(question.gateway).reading(question.now) <= end;
}

void LimitsByClock::admitted(NodeId gateway, SubscriptionId subscription, sim::VirtualTime now) {
  for (const NodeId manager : managers_) {
    Window& window = windows_[key(manager, subscription)];
    const sim::VirtualTime reading = clock(manager).reading(now);
    if (reading >= window.end) {
      const sim::Duration width = setup_.catalog->tier_of(subscription).limit->window;
      const sim::VirtualTime start = sim::floor_to(reading, width);
      window = {start, start + width, 0};
    }
    window.counted += clock(gateway).reading(now) >= window.start;
  }
}

}  // namespace parallax::audit
