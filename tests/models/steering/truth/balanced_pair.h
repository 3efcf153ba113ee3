// A balancer in front of two servers, as in the measurements with HAProxy 2.6.12 and lighttpd 1.4.69 (2026-11): network
// namespaces joined by links of 1 ms each way. A client asks every 50 ms over a connection of its own each time. One
// server fails at any phase of its checks, and comes back later.
#pragma once

#include <cstdint>

#include "models/steering/health/balancer.h"
#include "sim/time.h"

namespace parallax::test {

enum class ServerFailure : std::uint8_t {
  kKilled,      ///< the process: connections are refused
  kBlackHoled,  ///< the way there: packets vanish
};

struct PairFailureSetting {
  steering::health::BalancerSpec balancer;
  ServerFailure failure{};
  sim::Duration one_way{sim::milliseconds(1)};
  sim::Duration period{sim::milliseconds(50)};
};

/// Milliseconds.
struct PairFailure {
  double last_failed_start{0};  ///< of a request that got no answer, from the failure; 0: none
  double longest_latency{0};    ///< of any begun after the failure
  double back_in_service{-1};   ///< from when the server could be reached again to its first answer
  std::uint32_t failed{0};
  std::uint32_t failed_after_back{0};  ///< begun after that first answer
};

PairFailure run_pair_failure(const PairFailureSetting& setting, std::uint64_t seed);

}  // namespace parallax::test
