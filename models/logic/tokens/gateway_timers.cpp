#include "models/logic/tokens/gateway_timers.h"

namespace parallax::logic::tokens {

using sim::VirtualTime;

VirtualTime next_cleaning(const CleanerOptions& options, VirtualTime started, VirtualTime now) {
  const VirtualTime first = started + options.first;
  if (now < first) return first;
  return first + options.period * ((now - first) / options.period + 1);
}

// A pull that is due anyway, before now or after, is the same pull.
void PullTimer::on_reconnected(VirtualTime now) {
  if (options_.on_reconnect == OnReconnect::kPullAgain && !due_) due_ = now;
}

}  // namespace parallax::logic::tokens
