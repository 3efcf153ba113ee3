// Topologies with faults of every kind, drawn by rapidcheck.
#pragma once

#include <string>
#include <vector>

#include "sim/simulation.h"
#include "tests/support/checked_property.h"

namespace parallax::sim::testing {

using parallax::testing::pick;

inline VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }

inline SiteId any_site(std::size_t sites) { return static_cast<SiteId>(pick<std::size_t>(0, sites)); }

inline LinkId any_link(const SimulationSpec& spec) {
  return static_cast<LinkId>(pick<std::size_t>(0, spec.links.size()));
}

/// Whole milliseconds, or spread; these keep sites apart.
inline Distribution far_delay() {
  const auto ms = milliseconds(pick<std::int64_t>(1, 20));
  switch (pick(0, 4)) {
    case 0:
      return Distribution::uniform(ms, 2 * ms);
    case 1:
      return Distribution::shifted_lognormal(2 * ms, 3 * ms, ms);
    default:
      return Distribution::constant(ms);
  }
}

/// None, or next to none, or an exponential one, whose least is none: these make sites near, but for the microsecond.
inline Distribution near_delay() {
  switch (pick(0, 4)) {
    case 0:
      return Distribution{};
    case 1:
      return Distribution::constant(nanoseconds(999));
    case 2:
      return Distribution::constant(microseconds(1));
    default:
      return Distribution::exponential(milliseconds(pick<std::int64_t>(1, 20)));
  }
}

/// Takes all links from some sites to the others away for a while, but not those back.
inline void cut_one_way(SimulationSpec& spec) {
  const std::uint32_t fault = spec.faults++;
  std::vector<bool> is_inside;
  for (std::size_t i = 0; i < spec.sites.size(); ++i) is_inside.push_back(pick(0, 2) == 0);
  const auto from = pick<std::int64_t>(0, 150);
  const auto until = from + pick<std::int64_t>(1, 100);
  for (std::size_t i = 0; i < spec.links.size(); ++i) {
    if (!is_inside[index(spec.links[i].from)] || is_inside[index(spec.links[i].to)]) continue;
    spec.outages.push_back({static_cast<LinkId>(i), at_ms(from), at_ms(until), fault});
  }
}

inline void add_faults(SimulationSpec& spec) {
  for (int outages = pick(0, 4); outages > 0; --outages) {
    const auto from = pick<std::int64_t>(0, 150);
    spec.outages.push_back({any_link(spec), at_ms(from), at_ms(from + pick<std::int64_t>(1, 100)), spec.faults++});
  }
  for (int partitions = pick(0, 3); partitions > 0; --partitions) cut_one_way(spec);
  for (int conditions = pick(0, 4); conditions > 0; --conditions) {
    const std::uint32_t fault = spec.faults++;
    for (int links = pick(1, 4); links > 0; --links) spec.conditional_outages.push_back({any_link(spec), fault});
  }
}

/// In half of the worlds some sites are near to each other, in the others none are.
inline SimulationSpec any_world() {
  SimulationSpec spec;
  spec.seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto sites = pick<std::size_t>(1, 6);
  for (std::size_t i = 0; i < sites; ++i) spec.sites.push_back("site-" + std::to_string(i));
  const bool has_near_sites = pick(0, 2) == 0;
  const auto links = pick<std::size_t>(0, 4 * sites);
  for (std::size_t i = 0; i < links; ++i) {
    const SiteId from = any_site(sites);
    const SiteId to = any_site(sites);
    if (from == to) continue;
    const double loss = *rc::gen::element(0.0, 0.0, 0.1, 1.0);
    spec.links.push_back({from, to, has_near_sites && pick(0, 3) == 0 ? near_delay() : far_delay(), loss});
  }
  if (pick(0, 4) == 0) spec.end_sites.push_back(any_site(sites));
  if (!spec.links.empty()) add_faults(spec);
  return spec;
}

}  // namespace parallax::sim::testing
