// What a recursive resolver knows of one authoritative server: how long its answers take, and whether it is worth
// asking. The rules are Unbound's (1.17.1: util/rtt.c, services/cache/infra.c, iterator/iter_utils.c), in whole
// milliseconds and whole seconds as there.
//
// The time-out follows round trips like TCP's, and doubles with each one that passes in vain: of the time-out that the
// lost query had, so that many queries lost together count once. From 12 s on the server is asked by one query only,
// the probe; until that has surely timed out everybody else's queries fail at once. At 120 s not even the probe is
// sent any more, until the entry expires.
//
// So a resolver does not come back when its authority does, but when the probe's turn comes: after an outage of length
// L up to about L later.
#pragma once

#include <cstdint>

#include "models/steering/dns/spec.h"
#include "sim/time.h"

namespace parallax::steering::dns {

class ServerView {
 public:
  ServerView(const ServerViewSpec& spec, Seconds now) : spec_{spec} { forget(now); }

  /// Whether a query may be sent at all.
  bool may_be_asked(Seconds now) const;

  /// A query leaves. Returns its time-out in milliseconds.
  std::int64_t ask(Seconds now);

  /// One has had no answer within `timeout_ms`.
  void lost(std::int64_t timeout_ms, Seconds now);
  void answered(std::int64_t round_trip_ms, Seconds now);

  std::int64_t timeout_ms() const { return timeout_; }

 private:
  void forget(Seconds now);
  std::int64_t computed() const;
  bool is_probe_only() const { return timeout_ >= spec_.probed_from_ms && 4 * computed() <= timeout_; }

  ServerViewSpec spec_;
  std::int64_t smoothed_{0};
  std::int64_t deviation_{0};
  std::int64_t timeout_{0};
  std::uint32_t losses_{0};  ///< in a row, up to losses_to_block
  Seconds probe_until_{0};   ///< until then a probe is under way
  Seconds expires_{0};
};

}  // namespace parallax::steering::dns
