#include "models/steering/backoff.h"

#include <cassert>

namespace parallax::steering {

// Ends once the greatest pause is reached: at the latest after 55 doublings, as an integer of nanoseconds has 63 bits.
sim::Duration Backoff::grown(std::uint32_t failures) const {
  sim::Duration pause = spec_.first;
  if (spec_.factor == 1 || pause.ns == 0) return pause;
  for (std::uint32_t n = 1; n < failures; ++n) {
    if (pause.ns > spec_.greatest.ns / spec_.factor) return spec_.greatest;
    pause = pause * spec_.factor;
  }
  return pause;
}

sim::Duration Backoff::pause(std::uint32_t failures) {
  assert(failures > 0);
  const sim::Duration whole = grown(failures);
  if (spec_.jitter == Jitter::kNone || whole.ns == 0) return whole;
  const sim::Duration sure{spec_.jitter == Jitter::kEqual ? whole.ns / 2 : 0};
  const auto choices = static_cast<std::uint64_t>((whole - sure).ns) + 1;
  return sure + sim::Duration{static_cast<std::int64_t>(jitter_.below(choices))};
}

}  // namespace parallax::steering
