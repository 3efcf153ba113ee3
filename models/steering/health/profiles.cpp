#include "models/steering/health/profiles.h"

#include <algorithm>

namespace parallax::steering::health {

// HAProxy configuration manual 2.6: inter 2 s, fall 3, rise 2 (section 5.2); retries 3, `option redispatch` off (4.2);
// the turn-around timer is "min("timeout connect", one second)", and applies to the same server only ("retries"). With
// `timeout check` a check has min(timeout connect, inter) to connect and that much again for the answer; without it the
// interval is the limit of both ("timeout check"). Time-outs of 5 and 50 s: the manual's example configuration, 2.4.
// http-reuse is "safe" since 2.0, but it says how connections are shared, not how many are kept; none are here.
BalancerSpec haproxy(const HaproxyOptions& options) {
  BalancerSpec spec;
  spec.retries = options.retries;
  spec.redispatch = options.redispatch;
  spec.connect_timeout = options.timeout_connect;
  spec.answer_timeout = options.timeout_server;
  spec.check.interval = options.inter;
  spec.check.interval_from = IntervalFrom::kEnd;
  spec.check.fall = options.fall;
  spec.check.rise = options.rise;
  spec.check.connect_timeout = options.inter;
  spec.check.answer_timeout = options.inter;
  if (options.timeout_check.ns > 0) {
    spec.check.connect_timeout = std::min(options.timeout_connect, options.inter);
    spec.check.answer_timeout = options.timeout_check;
  }
  return spec;
}

}  // namespace parallax::steering::health
