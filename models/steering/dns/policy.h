// Which data centers an authority names in its answer. Each policy tries targets in an order of its own and takes the
// first that are healthy:
//
//  * failover: the order of the list, for everybody;
//  * weighted: drawn anew for each answer, by weight; weight 0 only when no other is healthy, such ones alike;
//  * geo: the order that the asker's location has; a location without one, where there is no default, gets no data;
//  * latency: by the delay from the asker's location, as the provider has measured it, whatever it is today.
//
// With none healthy there are three ways: all count as healthy (Route 53: "treats all the records as healthy"; its
// failover records give the primary, which comes to the same), an empty answer, or the last of the order as a last
// resort.
//
// Source: Amazon Route 53 Developer Guide, "Choosing a routing policy" and "How Amazon Route 53 chooses records when
// health checking is configured".
#pragma once

#include <cstdint>
#include <vector>

#include "models/steering/dns/answer.h"
#include "models/steering/dns/spec.h"
#include "sim/random.h"

namespace parallax::steering::dns {

class Policy {
 public:
  /// Requires: targets, and an order or a latency for each location that will ask where the routing needs one.
  explicit Policy(PolicySpec spec);

  const PolicySpec& spec() const { return spec_; }

  /// `is_healthy`, `is_listed`: by site; who is not listed is no target at all, unless none is. `draws`: of weighted
  /// routing only. Without an address the answer is kNoData, and its TTL the caller's to fill in.
  Answer answer(sim::SiteId location, const std::vector<std::uint8_t>& is_healthy,
                const std::vector<std::uint8_t>& is_listed, sim::Stream& draws) const;

 private:
  const Order& order_for(sim::SiteId location) const;
  Order draw_order(const Order& listed, const std::vector<std::uint8_t>& is_healthy, sim::Stream& draws) const;
  Order listed(Order order, const std::vector<std::uint8_t>& is_listed) const;
  bool is_up(std::uint32_t target, const std::vector<std::uint8_t>& is_healthy) const;

  PolicySpec spec_;
  Order as_listed_{};
  std::vector<Order> by_location_{};
};

}  // namespace parallax::steering::dns
