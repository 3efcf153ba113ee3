// Linux's timers against its rules, worked out by hand, and against what a Linux 6.18 host did.
#include "sim/tcp_timing.h"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/checked_property.h"

namespace parallax::sim {
namespace {

using parallax::testing::check;
using parallax::testing::pick;

constexpr Duration kTick = milliseconds(4);

VirtualTime at_tick(std::int64_t tick) { return VirtualTime{} + tick * kTick; }

// (due >> shift) + 1 buckets of 2^shift ticks; shift is 0, 3, 6, 9 from 0, 63, 504, 4032 ticks on.
TEST_CASE("the further away, the coarser is a timer") {
  const TimerWheel wheel{kTick, {}};
  const auto expiry = [&](std::int64_t now, std::int64_t ticks) { return wheel.expiry(at_tick(now), ticks * kTick); };
  CHECK(expiry(0, 0) == at_tick(1));
  CHECK(expiry(0, 62) == at_tick(63));
  CHECK(expiry(0, 63) == at_tick(64));
  CHECK(expiry(1, 63) == at_tick(72));
  CHECK(expiry(0, 503) == at_tick(504));
  CHECK(expiry(0, 504) == at_tick(512));
  CHECK(expiry(8, 504) == at_tick(576));
  CHECK(expiry(0, 4'032) == at_tick(4'096));
  CHECK(expiry(64, 4'032) == at_tick(4'608));
}

// On Linux 6.18 with an RTO of 292 ms = 73 ticks retransmissions followed each other after 608, 1184, 2560, 4864, 9472
// ms = 152, 296, 640, 1216, 2368 ticks, where 73 times 2, 4, 8, 16, 32 are 146, 292, 584, 1168, 2336.
TEST_CASE("retransmissions of a real host fall where the wheel puts them") {
  const TimerWheel wheel{kTick, {}};
  std::vector<std::int64_t> intervals;
  VirtualTime now = at_tick(6'400 - 152 - 296);  // the wheel of 64 ticks turns at the end of these two
  for (int doublings = 1; doublings <= 5; ++doublings) {
    const VirtualTime next = wheel.expiry(now, (73 << doublings) * kTick);
    intervals.push_back((next - now) / kTick);
    now = next;
  }
  CHECK(intervals == std::vector<std::int64_t>{152, 296, 640, 1'216, 2'368});
}

TEST_CASE("a timer is never early, nor late by more than one step of its level") {
  check("the wheel's bounds", 1'000, [] {
    const TimerWheel wheel{kTick, {pick<std::int64_t>(0, 512 * kTick.ns)}};
    const VirtualTime now{pick<std::int64_t>(0, seconds(1'000).ns)};
    const Duration delay{pick<std::int64_t>(0, seconds(120).ns)};
    const std::int64_t ticks = (delay.ns + kTick.ns - 1) / kTick.ns;
    const std::int64_t step = ticks < 63 ? 1 : ticks < 504 ? 8 : ticks < 4'032 ? 64 : 512;
    const Duration late = wheel.expiry(now, delay) - now - delay;
    RC_ASSERT(late.ns >= 0);
    RC_ASSERT(late <= (step + 1) * kTick);
    RC_ASSERT((TimerWheel{{}, {}}.expiry(now, delay) == now + delay));
  });
}

// First: SRTT = R, 4 deviations = 4 R / 2. With R = 80 ms that is 160 < 200 ms; with R = 300 ms 600 ms.
TEST_CASE("the time-out is SRTT and 200 ms, or more where round trips spread") {
  RoundTripTime steady;
  CHECK(steady.timeout() == seconds(1));
  steady.add(milliseconds(80), true);
  CHECK(steady.smoothed() == milliseconds(80));
  CHECK(steady.timeout() == milliseconds(280));
  RoundTripTime slow;
  slow.add(milliseconds(300), true);
  CHECK(slow.timeout() == milliseconds(900));
  for (int i = 0; i < 200; ++i) slow.add(milliseconds(300), true);
  CHECK(slow.timeout() >= milliseconds(500));
  CHECK(slow.timeout() <= milliseconds(501));
}

// One eighth of the error each time: after n samples of 160 instead of 80, 160 - 80 (7/8)^n.
TEST_CASE("SRTT follows by an eighth") {
  RoundTripTime time;
  time.add(milliseconds(80), true);
  time.add(milliseconds(160), true);
  CHECK(time.smoothed() == milliseconds(90));
  time.add(milliseconds(160), true);
  CHECK(time.smoothed() == microseconds(98'750));
}

TEST_CASE("a round trip without length counts as measured") {
  RoundTripTime time;
  time.add(Duration{}, true);
  CHECK(time.is_known());
  CHECK(time.timeout() == milliseconds(200));
}

TEST_CASE("time-outs double up to two minutes") {
  CHECK(backed_off(milliseconds(280), 0) == milliseconds(280));
  CHECK(backed_off(milliseconds(280), 5) == milliseconds(8'960));
  CHECK(backed_off(milliseconds(280), 9) == seconds(120));
  CHECK(backed_off(milliseconds(280), 4'000'000'000) == seconds(120));
}

}  // namespace
}  // namespace parallax::sim
