#include "scenarios/bounds/single_fault.h"

#include <algorithm>

#include "scenarios/bounds/bounds.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using sim::SiteId;
using enum PropagationGraph::Extreme;

namespace {

struct Fault {
  SiteId one;
  SiteId other;  ///< the same: that site is lost

  bool touches(const Exposure& exposure) const {
    if (one == other) return exposure.from == one || exposure.to == one;
    return (exposure.from == one && exposure.to == other) || (exposure.from == other && exposure.to == one);
  }
};

bool is_center(const world::WorldConfig& config, std::size_t site) { return !config.sites[site].nodes.empty(); }

// A way over a third data center, where links lead only there, ends with that.
std::vector<Fault> single_faults(const world::WorldConfig& config) {
  std::vector<Fault> faults;
  for (std::size_t one = 0; one < config.sites.size(); ++one) {
    for (std::size_t other = one; other < config.sites.size(); ++other) {
      if (is_center(config, one) && is_center(config, other)) {
        faults.push_back({static_cast<SiteId>(one), static_cast<SiteId>(other)});
      }
    }
  }
  return faults;
}

std::string words(const Fault& fault, const world::WorldConfig& config) {
  const auto name = [&](SiteId site) { return config.sites[sim::index(site)].name; };
  if (fault.one == fault.other) return name(fault.one) + " lost";
  return name(fault.one) + " and " + name(fault.other) + " cut off";
}

}  // namespace

std::vector<AnyFault> bounds_under_any_fault(const world::WorldConfig& scenario) {
  const world::WorldConfig config = without_faults(scenario);
  const Map map{config};
  const auto life = longest_life(config);
  std::vector<AnyFault> all;
  for (const ChangeKind change : domain::kChangeKinds) {
    std::optional<AnyFault> worst;
    const bool is_of_token = change == ChangeKind::kTokenIssued || change == ChangeKind::kTokenRevoked;
    for (const MapNode* writer : map.writers(change)) {
      const Spreading spreading{map, change, *writer};
      for (const Fault& fault : single_faults(config)) {
        // Who is lost neither writes nor decides; what it has written may still be under way.
        const auto takes = [&](const PropagationGraph::Leg& leg) -> std::optional<sim::Duration> {
          if (fault.touches(leg.exposure) || (leg.exposure.only_undisturbed && fault.one != fault.other))
            return std::nullopt;
          return greatest_of(leg);
        };
        const bool is_writer_lost = fault.one == fault.other && fault.one == writer->place.site;
        const auto arrivals = spreading.graph().arrivals(starts(spreading, kLatest), kLatest, takes);
        for (const MapNode* observer : map.observers(change)) {
          if (fault.one == fault.other && observer->place.site == fault.one) continue;
          std::optional<sim::Duration> at = arrivals[spreading.obeyed_by(observer->id)].at;
          if (is_writer_lost && observer->place.site == writer->place.site) continue;
          const bool is_capped = is_of_token && life && (!at || *at > *life);
          if (is_capped) at = life;
          const bool is_worse = !worst || (worst->greatest && (!at || *at > *worst->greatest));
          if (!is_worse) continue;
          worst = AnyFault{change, at, is_capped, words(fault, config), writer->name, observer->name};
        }
      }
    }
    if (worst) all.push_back(*worst);
  }
  return all;
}

}  // namespace parallax::bounds
