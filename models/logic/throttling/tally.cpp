#include "models/logic/throttling/tally.h"

namespace parallax::logic::throttling {

using sim::floor_to;

bool Tally::admit(const TallySpec& spec, sim::VirtualTime now) {
  if (spec.counts == Counts::kAll) {
    add(spec, now);
    return total(spec, now) <= spec.limit;
  }
  if (total(spec, now) >= spec.limit) return false;
  add(spec, now);
  return true;
}

void Tally::add(const TallySpec& spec, sim::VirtualTime now) {
  now = floor_to(now, spec.clock_granule);
  if (spec.measure == Measure::kAligned && now < start_) return;
  if (now - start_ >= spec.period) turn(spec, now);
  ++current_;
}

// The period before counts only if it has just ended (update_freq_ctr_period): then this one begins where that ended,
// else now.
void Tally::turn(const TallySpec& spec, sim::VirtualTime now) {
  switch (spec.measure) {
    case Measure::kTwoPeriods: {
      const bool has_just_ended = now - start_ < 2 * spec.period;
      previous_ = has_just_ended ? current_ : 0;
      start_ = floor_to(has_just_ended ? start_ + spec.period : now, spec.start_granule);
      break;
    }
    case Measure::kFromFirst:
      start_ = now;
      break;
    case Measure::kAligned:
      start_ = floor_to(now, spec.period);
      break;
  }
  current_ = 0;
}

std::uint64_t Tally::total(const TallySpec& spec, sim::VirtualTime now) const {
  sim::Duration left = start_ + spec.period - floor_to(now, spec.clock_granule);
  if (spec.measure != Measure::kTwoPeriods) return left.ns > 0 ? current_ : 0;
  std::uint64_t current = current_;
  std::uint64_t previous = previous_;
  if (left.ns < 0) {
    left += spec.period;
    if (left.ns < 0) return 0;
    previous = current;
    current = 0;
  }
  // A lone request does not flicker (freq_ctr_total).
  if (current == 0 && previous <= 1) return previous;
  return current + previous * static_cast<std::uint64_t>(left.ns) / static_cast<std::uint64_t>(spec.period.ns);
}

Lesson Tally::teach(const TallySpec& spec, sim::VirtualTime now) const {
  return {floor_to(now, spec.clock_granule) - start_, current_, previous_};
}

void Tally::learn(const TallySpec& spec, const Lesson& lesson, sim::VirtualTime now) {
  start_ = floor_to(floor_to(now, spec.clock_granule) - lesson.age, spec.start_granule);
  current_ = lesson.current;
  previous_ = lesson.previous;
}

}  // namespace parallax::logic::throttling
