// When a Linux host's TCP timers go off: the retransmission time-out and the timer wheel that rounds it. Names in
// brackets are the kernel's, as of 6.18 (net/ipv4/tcp_input.c, tcp_output.c, tcp_timer.c, kernel/time/timer.c).
// Measured on that kernel over a link that is cut for 2 to 10 s, each retransmission falls on the tick given here.
#pragma once

#include <cstdint>

#include "sim/time.h"

namespace parallax::sim {

inline constexpr Duration kInitialTimeout = seconds(1);           ///< [TCP_TIMEOUT_INIT], RFC 6298
inline constexpr Duration kGreatestTimeout = seconds(120);        ///< [TCP_RTO_MAX]
inline constexpr Duration kLeastVariance = milliseconds(200);     ///< [TCP_RTO_MIN]: of the RTO, what is not SRTT
inline constexpr Duration kProbeMargin = milliseconds(2);         ///< [TCP_TIMEOUT_MIN_US]
inline constexpr Duration kGivenUpAfter = milliseconds(924'600);  ///< [tcp_retries2 = 15], Documentation ip-sysctl.rst
inline constexpr std::uint32_t kInitialWindow = 10;               ///< packets [TCP_INIT_CWND], RFC 6928

/// A kernel timer never goes off early, and the further away, the coarser: from 63 ticks on it waits for a multiple of
/// 8 ticks, from 504 of 64, from 4,032 of 512 (the wheel of kernel/time/timer.c).
struct TimerWheel {
  Duration tick{};   ///< 4 ms with CONFIG_HZ=250; 0: timers are exact
  Duration phase{};  ///< how far the host's count of ticks is ahead of virtual time

  /// When a timer goes off that is set at `now` for `delay`. Requires: delay >= 0.
  VirtualTime expiry(VirtualTime now, Duration delay) const;

  /// In whole ticks, no less.
  Duration whole(Duration delay) const;
};

/// SRTT and RTTVAR by RFC 6298 with Linux's changes: the variance has a floor of 200 ms, rises at once, falls by a
/// quarter each round trip, and counts little when the round trip gets shorter [tcp_rtt_estimator].
class RoundTripTime {
 public:
  /// `round`: whether a round trip has passed since the last sample of which this was true. Requires: sample >= 0.
  void add(Duration sample, bool round);

  bool is_known() const { return smoothed_by_8_ != 0; }
  Duration smoothed() const { return {smoothed_by_8_ / 8}; }

  /// Before backing off: SRTT + max(200 ms, 4 deviations); 1 s before the first sample.
  Duration timeout() const { return is_known() ? smoothed() + Duration{variance_} : kInitialTimeout; }

 private:
  std::int64_t smoothed_by_8_{0};
  std::int64_t deviation_by_4_{0};
  std::int64_t greatest_deviation_{0};  ///< by 4, of this round trip
  std::int64_t variance_{0};            ///< the time-out is this much more than SRTT
};

/// `timeout` doubled so many times, 120 s at most.
Duration backed_off(Duration timeout, std::uint32_t times);

/// From sending one SYN to the next: 1 s, linear for the first `linear` of them, then doubled
/// [tcp_syn_linear_timeouts]. `sent`: SYNs so far, from 1.
Duration syn_interval(std::uint32_t sent, std::uint32_t linear);

}  // namespace parallax::sim
