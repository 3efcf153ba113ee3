// Instants of a periodic poll.
#pragma once

#include "sim/distribution.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::propagation {

/// The first instant phase + k * period at or after `now`; `now` itself where the period is 0.
inline sim::VirtualTime next_tick(sim::VirtualTime now, sim::Duration phase, sim::Duration period) {
  if (period.ns == 0) return now;
  const sim::VirtualTime last = sim::floor_to(now - phase, period) + phase;
  return last == now ? now : last + period;
}

/// A phase of its own for each poller, uniform over its period.
inline sim::Duration draw_phase(const sim::Site& site, const std::string& poller, sim::Duration period) {
  sim::Stream stream = site.stream(poller, "phase");
  return sim::Distribution::uniform({}, period).sample(stream);
}

}  // namespace parallax::propagation
