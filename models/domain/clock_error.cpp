#include "models/domain/clock_error.h"

#include <algorithm>

namespace parallax::domain {

const ClockError::Spell* ClockError::spell_at(const Fault& fault, sim::VirtualTime now) {
  const auto after = std::upper_bound(fault.spells.begin(), fault.spells.end(), now,
                                      [](sim::VirtualTime t, const Spell& spell) { return t < spell.from; });
  if (after == fault.spells.begin()) return nullptr;
  const Spell& last = *(after - 1);
  return now < last.until ? &last : nullptr;
}

// Whole seconds and the rest apart, so that nothing overflows in the 292 years of virtual time; the rest is rounded
// towards zero, to the nanosecond.
sim::Duration ClockError::gained(std::int64_t drift, sim::Duration since) {
  constexpr std::int64_t kSecond = sim::seconds(1).ns;
  return {since.ns / kSecond * drift + since.ns % kSecond * drift / kSecond};
}

}  // namespace parallax::domain
