// Which data centers an authority names in its answer. Each policy tries targets in an order of its own and takes the
// first that are healthy:
//
//  * failover: the order of the list, for everybody;
//  * weighted: drawn anew for each answer, by weight; weight 0 only when none of the others is healthy;
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
#include "sim/random.h"

namespace parallax::steering::dns {

enum class Routing : std::uint8_t { kFailover, kWeighted, kGeo, kLatency };

enum class NoneHealthy : std::uint8_t { kAllCountAsHealthy, kEmptyAnswer, kLastResort };

struct Target {
  sim::SiteId address{};
  std::uint32_t weight{1};
};

/// Targets by their place in the list, the best first.
using Order = std::vector<std::uint32_t>;

struct PolicySpec {
  Routing routing{Routing::kFailover};
  std::vector<Target> targets{};
  sim::Duration ttl{sim::seconds(60)};  ///< whole seconds; Route 53's alias records have 60 s
  NoneHealthy none_healthy{NoneHealthy::kAllCountAsHealthy};
  std::uint32_t addresses{1};  ///< at most so many in an answer

  // By the asker's site.
  std::vector<Order> geo{};                           ///< empty orders: see `geo_default`
  Order geo_default{};                                ///< empty: none
  std::vector<std::vector<sim::Duration>> latency{};  ///< to each target
};

class Policy {
 public:
  /// Requires: targets, and an order or a latency for each location that will ask where the routing needs one.
  explicit Policy(PolicySpec spec);

  const PolicySpec& spec() const { return spec_; }

  /// `is_healthy`: by site. `draws`: of weighted routing only. Without an address the answer is kNoData, and its TTL
  /// the caller's to fill in.
  Answer answer(sim::SiteId location, const std::vector<std::uint8_t>& is_healthy, sim::Stream& draws) const;

 private:
  const Order& order_for(sim::SiteId location) const;
  Order draw_order(const std::vector<std::uint8_t>& is_healthy, sim::Stream& draws) const;
  bool is_up(std::uint32_t target, const std::vector<std::uint8_t>& is_healthy) const;

  PolicySpec spec_;
  Order as_listed_{};
  std::vector<Order> by_location_{};
};

}  // namespace parallax::steering::dns
