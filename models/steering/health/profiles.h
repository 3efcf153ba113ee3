// Balancers and their checks as real products have them, as parameters. Each number has its source in profiles.cpp.
#pragma once

#include "models/steering/health/balancer.h"
#include "models/steering/health/checker.h"

namespace parallax::steering::health {

/// HAProxy 2.6 with `option httpchk`, an interval, and the time-outs that its manual asks every configuration for.
struct HaproxyOptions {
  sim::Duration inter{sim::seconds(2)};
  std::uint32_t fall{3};
  std::uint32_t rise{2};
  sim::Duration timeout_connect{sim::seconds(5)};
  sim::Duration timeout_check{};  ///< 0: not set
  sim::Duration timeout_server{sim::seconds(50)};
  std::uint32_t retries{3};
  Redispatch redispatch{Redispatch::kNever};
};
BalancerSpec haproxy(const HaproxyOptions& options = {});

}  // namespace parallax::steering::health
