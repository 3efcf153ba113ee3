#include "scenarios/bounds/single_fault.h"

#include <algorithm>

#include "scenarios/bounds/bounds.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using sim::SiteId;

namespace {

struct Fault {
  SiteId one;
  SiteId other;  ///< the same: that site is lost

  bool loses(SiteId site) const { return one == other && one == site; }
  bool is_cut() const { return one != other; }
  bool touches(const Exposure& exposure) const {
    if (!is_cut()) return exposure.from == one || exposure.to == one;
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
  if (!fault.is_cut()) return name(fault.one) + " lost";
  return name(fault.one) + " and " + name(fault.other) + " cut off";
}

// What who is lost has written may still be under way. A copy that is asked may be held up by a cut when the message
// comes another way; a loss holds up both.
std::vector<PropagationGraph::Arrival> arrivals_under(const Fault& fault, const Spreading& spreading) {
  return spreading.graph().arrivals(latest_starts(spreading), [&](const PropagationGraph::Leg& leg) {
    const bool is_closed = fault.touches(leg.exposure) || (leg.exposure.only_undisturbed && fault.is_cut());
    return is_closed ? std::nullopt : greatest_of(leg);
  });
}

bool is_longer(const std::optional<sim::Duration>& one, const std::optional<sim::Duration>& other) {
  return other && (!one || *one > *other);
}

/// The worst of one kind of change so far.
class WorstFault {
 public:
  WorstFault(const Map& map, ChangeKind change)
      : map_{map}, change_{change}, life_{longest_life(change, map.config())} {}

  void meet(const Fault& fault, const MapNode& writer, const Spreading& spreading) {
    const auto arrivals = arrivals_under(fault, spreading);
    for (const MapNode* observer : map_.observers(change_)) {
      if (fault.loses(observer->place.site)) continue;
      std::optional<sim::Duration> at = arrivals[spreading.obeyed_by(observer->id)].at;
      const bool ends_with_token = life_ && is_longer(at, life_);
      if (ends_with_token) at = life_;
      if (worst_ && !is_longer(at, worst_->greatest)) continue;
      worst_ = AnyFault{change_, at, ends_with_token, words(fault, map_.config()), writer.name, observer->name};
    }
  }

  const std::optional<AnyFault>& worst() const { return worst_; }

 private:
  const Map& map_;
  ChangeKind change_;
  std::optional<sim::Duration> life_;
  std::optional<AnyFault> worst_{};
};

}  // namespace

std::vector<AnyFault> bounds_under_any_fault(const world::WorldConfig& scenario) {
  const world::WorldConfig config = without_faults(scenario);
  const Map map{config};
  const std::vector<Fault> faults = single_faults(config);
  std::vector<AnyFault> all;
  for (const ChangeKind change : domain::kChangeKinds) {
    WorstFault worst{map, change};
    for (const MapNode* writer : map.writers(change)) {
      const Spreading spreading{map, change, *writer};
      for (const Fault& fault : faults) worst.meet(fault, *writer, spreading);
    }
    if (worst.worst()) all.push_back(*worst.worst());
  }
  return all;
}

}  // namespace parallax::bounds
