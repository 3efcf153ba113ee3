// Deployments that throttle, drawn at random, and what is known of each without looking at the house: whose requests
// the counter of a gateway sees, how long after a request at the latest, and how long after that the gateway hears of
// it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/time.h"

namespace parallax::test {

/// A gateway, and the traffic manager that it obeys.
struct ObeyingGateway {
  std::size_t node;                       ///< its number over all sites
  std::vector<std::size_t> counted_with;  ///< gateways whose requests are counted there, this one among them
  sim::Duration event_delay;              ///< until the last of them is, D_i
  sim::Duration push_delay;               ///< from there to this gateway, e_i
};

struct ThrottleScenario {
  std::string text;
  std::uint64_t limit;
  sim::Duration window;
  sim::Duration settled;  ///< connections are open by then
  std::vector<ObeyingGateway> gateways;
};

ThrottleScenario random_throttle(std::uint64_t seed);

}  // namespace parallax::test
