// Sites and links of the small networks that tests of the network are about.
#pragma once

#include "sim/distribution.h"
#include "sim/network.h"
#include "sim/time.h"

namespace parallax::sim {

inline constexpr SiteId a{0};
inline constexpr SiteId b{1};
inline constexpr SiteId c{2};

inline VirtualTime at(Duration since_start) { return VirtualTime{} + since_start; }

inline LinkSpec link(SiteId from, SiteId to, Duration delay, double loss = 0) {
  return {from, to, Distribution::constant(delay), loss};
}

}  // namespace parallax::sim
