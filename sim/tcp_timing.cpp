#include "sim/tcp_timing.h"

#include <algorithm>

namespace parallax::sim {

namespace {

constexpr std::int64_t kTicksOfLevel = 63;  // from 63 x 8^n ticks on a timer is in level n + 1 [LVL_START]
constexpr int kLevelShift = 3;              // each is 8 times coarser [LVL_CLK_SHIFT]

std::int64_t ceil_divide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

VirtualTime TimerWheel::expiry(VirtualTime now, Duration delay) const {
  if (tick.ns == 0) return now + delay;
  const std::int64_t ticks = ceil_divide(delay.ns, tick.ns);
  int shift = 0;
  while (ticks >= kTicksOfLevel << shift) shift += kLevelShift;
  const std::int64_t due = (now.ns + phase.ns) / tick.ns + ticks;
  const std::int64_t bucket = ((due >> shift) + 1) << shift;
  return VirtualTime{bucket * tick.ns} - phase;
}

Duration TimerWheel::whole(Duration delay) const {
  return tick.ns == 0 ? delay : ceil_divide(delay.ns, tick.ns) * tick;
}

void RoundTripTime::add(Duration sample, bool round) {
  if (!is_known()) {
    smoothed_by_8_ = std::max<std::int64_t>(8 * sample.ns, 1);
    deviation_by_4_ = 2 * sample.ns;
    variance_ = std::max(deviation_by_4_, kLeastVariance.ns);
    greatest_deviation_ = variance_;
    return;
  }
  const std::int64_t error = sample.ns - smoothed_by_8_ / 8;
  smoothed_by_8_ = std::max<std::int64_t>(smoothed_by_8_ + error, 1);
  const std::int64_t change = (error < 0 ? -error : error) - deviation_by_4_ / 4;
  deviation_by_4_ += error < 0 && change > 0 ? change / 8 : change;
  greatest_deviation_ = std::max(greatest_deviation_, deviation_by_4_);
  variance_ = std::max(variance_, greatest_deviation_);
  if (!round) return;
  variance_ -= (variance_ - greatest_deviation_) / 4;
  greatest_deviation_ = kLeastVariance.ns;
}

Duration backed_off(Duration timeout, std::uint32_t times) {
  for (; times > 0 && timeout < kGreatestTimeout; --times) timeout = 2 * timeout;
  return std::min(timeout, kGreatestTimeout);
}

Duration syn_interval(std::uint32_t sent, std::uint32_t linear) {
  return backed_off(kInitialTimeout, sent <= linear ? 0 : sent - 1 - linear);
}

}  // namespace parallax::sim
