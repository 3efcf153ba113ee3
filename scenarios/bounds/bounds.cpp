#include "scenarios/bounds/bounds.h"

#include <algorithm>
#include <functional>

#include "scenarios/bounds/left_out.h"
#include "scenarios/bounds/outages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using domain::DeclaredStage;
using Arrivals = std::vector<PropagationGraph::Arrival>;
using Leg = PropagationGraph::Leg;
using Place = PropagationGraph::Place;

namespace {

// A window that starts with 10 packets doubles in each round trip (tcp_timing.h): after so many it holds more than any
// scenario sends at once.
constexpr std::int64_t kSlowStart = 10;

constexpr std::string_view kNoWay = "nothing that is written there leads here";

/// All arrivals of one kind of change by one writer.
class Worst {
 public:
  Worst(const Map& map, const Outages& outages, const Spreading& spreading)
      : map_{map},
        outages_{outages},
        spreading_{spreading},
        earliest_{spreading.graph().arrivals(earliest_starts(spreading), least_of)},
        undisturbed_{latest_arrivals(greatest_of)},
        greatest_{latest_arrivals([&](const Leg& leg) { return with_outages(leg, greatest_of(leg)); })},
        checked_{checked_arrivals([&](const Leg& leg) { return between_outages(leg); })},
        checked_with_outages_{checked_arrivals([&](const Leg& leg) { return with_outages(leg, in_stride(leg)); })} {}

  Bound bound(ChangeKind change, const MapNode& writer, const MapNode& observer) const {
    const Place obeys = spreading_.obeyed_by(observer.id);
    Bound bound{change, writer.id, observer.id};
    bound.least = std::max(earliest_[obeys].at.value_or(sim::Duration{}), sim::Duration{});
    bound.undisturbed = from_acknowledgement(undisturbed_, obeys);
    bound.greatest = from_acknowledgement(greatest_, obeys);
    bound.may_queue = may_queue(obeys);
    if (is_published_again(change)) {
      bound.least = {};
    } else {
      bound.checked = from_acknowledgement(checked_, obeys);
      bound.checked_with_outages = from_acknowledgement(checked_with_outages_, obeys);
    }
    if (!bound.undisturbed) {
      bound.why = why_endless(obeys, undisturbed_, [](const Leg& leg) { return endless_stage(leg); });
    } else if (!bound.greatest) {
      bound.why = why_endless(obeys, greatest_, [&](const Leg& leg) { return outages_.on(leg.exposure).why; });
    }
    if (bound.undisturbed) add_way(obeys, bound);
    return bound;
  }

 private:
  // What the one has published may come behind what the other has, and take its place for a while.
  bool is_published_again(ChangeKind change) const {
    const bool is_of_api = change == ChangeKind::kApiPublished || change == ChangeKind::kApiRetired;
    const auto& writes = map_.config().api_writes;
    return is_of_api && std::any_of(writes.begin(), writes.end(),
                                    [](const world::ApiWritesConfig& write) { return write.again.has_value(); });
  }

  bool may_queue(Place obeys) const {
    const auto legs = spreading_.graph().legs_to(obeys);
    return std::any_of(legs.begin(), legs.end(), [&](std::size_t number) {
      const auto& stages = spreading_.graph().leg(number).stages;
      return std::any_of(stages.begin(), stages.end(), [](const DeclaredStage& stage) { return stage.queues; });
    });
  }

  Arrivals latest_arrivals(const PropagationGraph::Takes& takes) const {
    return spreading_.graph().arrivals(latest_starts(spreading_), takes);
  }

  // What is left out of a window may be what it was spent on before the acknowledgement: then that was no head start.
  Arrivals checked_arrivals(const PropagationGraph::Takes& takes) const {
    return spreading_.graph().arrivals({{spreading_.committed(), {}}, {spreading_.acknowledged(), {}}}, takes);
  }

  static std::optional<sim::Duration> from_acknowledgement(const Arrivals& arrivals, Place place) {
    const auto& at = arrivals[place].at;
    return at ? std::optional{std::max(*at, sim::Duration{})} : std::nullopt;
  }

  std::optional<sim::Duration> with_outages(const Leg& leg, std::optional<sim::Duration> takes) const {
    const Outages::Allowance more = outages_.on(leg.exposure);
    if (!takes || !more.most) return std::nullopt;
    return *takes + *more.most;
  }

  /// What an outage adds is left out of the window; a leg that is another one in an outage does not count, nor does a
  /// wait for the next look, which begins anew after it.
  std::optional<sim::Duration> between_outages(const Leg& leg) const {
    const Outages::Allowance more = outages_.on(leg.exposure);
    const bool begins_anew = leg.exposure.over == Exposure::Over::kQuestion && more.most && more.most->ns > 0;
    return more.most && !begins_anew && !more.is_untold ? in_stride(leg) : std::nullopt;
  }

  std::optional<sim::Duration> in_stride(const Leg& leg) const {
    const domain::WaySpan round = map_.ways().round_trip(leg.exposure.from, leg.exposure.to);
    const auto greatest = greatest_of(leg);
    const bool hides_queue = std::any_of(leg.stages.begin(), leg.stages.end(), [](const DeclaredStage& stage) {
      return stage.queues && !is_left_out(stage.stage);
    });
    if (!greatest || hides_queue) return std::nullopt;
    return *greatest + round.greatest.value_or(sim::Duration{}) * kSlowStart;
  }

  static std::string_view endless_stage(const Leg& leg) {
    const auto endless =
        std::find_if(leg.stages.begin(), leg.stages.end(), [](const DeclaredStage& stage) { return !stage.greatest; });
    return endless == leg.stages.end() ? std::string_view{} : endless->why;
  }

  std::string why_endless(Place place, const Arrivals& arrivals,
                          const std::function<std::string_view(const Leg&)>& why) const {
    const auto ends = spreading_.graph().unreached_legs_to(place, arrivals);
    for (const auto& reason : {why, std::function<std::string_view(const Leg&)>{endless_stage}}) {
      for (const std::size_t leg : ends) {
        const std::string_view said = reason(spreading_.graph().leg(leg));
        if (!said.empty()) return std::string{said};
      }
    }
    return std::string{kNoWay};
  }

  void add_way(Place obeys, Bound& bound) const {
    for (const std::size_t number : spreading_.graph().way_to(obeys, undisturbed_)) {
      const Leg& leg = spreading_.graph().leg(number);
      for (const DeclaredStage& stage : leg.stages) {
        if (stage.greatest && stage.greatest->ns == 0) continue;
        bound.way.push_back({stage.stage, stage.least, stage.greatest, spreading_.graph().name(leg.to)});
      }
    }
  }

  const Map& map_;
  const Outages& outages_;
  const Spreading& spreading_;
  Arrivals earliest_;
  Arrivals undisturbed_;
  Arrivals greatest_;
  Arrivals checked_;
  Arrivals checked_with_outages_;
};

void end_with_token(Bound& bound, sim::Duration life) {
  const auto cap = [&](std::optional<sim::Duration>& bounded) {
    if (!bounded || *bounded > life) bounded = life;
  };
  bound.ends_with_token = !bound.greatest || *bound.greatest > life;
  cap(bound.undisturbed);
  cap(bound.greatest);
  cap(bound.checked);
  cap(bound.checked_with_outages);
  bound.least = std::min(bound.least, life);
}

}  // namespace

// Nobody accepts an expired token, whatever they know. With clocks that are off it may live longer than its issuer
// meant.
std::optional<sim::Duration> longest_life(ChangeKind change, const world::WorldConfig& config) {
  const bool is_of_token = change == ChangeKind::kTokenIssued || change == ChangeKind::kTokenRevoked;
  if (!is_of_token || !config.clock_faults.empty()) return std::nullopt;
  sim::Duration longest = config.catalog.token_validity;
  for (const world::SiteConfig& site : config.sites) longest = std::max(longest, site.node.token_validity);
  return longest;
}

world::WorldConfig without_faults(world::WorldConfig config) {
  config.outages.clear();
  config.disturbances.clear();
  config.site_outages.clear();
  config.node_outages.clear();
  config.clock_faults.clear();
  config.refusals.clear();
  config.full_disks.clear();
  config.node_freezes.clear();
  config.database_tasks.clear();
  return config;
}

namespace {

std::vector<Bound> bounds_as_disturbed(const world::WorldConfig& config) {
  const Map map{config};
  const Outages outages{map};
  std::vector<Bound> bounds;
  for (const ChangeKind change : domain::kChangeKinds) {
    const auto life = longest_life(change, config);
    const auto observers = map.observers(change);
    for (const MapNode* writer : map.writers(change)) {
      const Spreading spreading{map, change, *writer};
      const Worst worst{map, outages, spreading};
      for (const MapNode* observer : observers) {
        bounds.push_back(worst.bound(change, *writer, *observer));
        if (life) end_with_token(bounds.back(), *life);
      }
    }
  }
  return bounds;
}

}  // namespace

// Faults change more than they add: ways round them, and who is asked before whom.
std::vector<Bound> bounds_of(const world::WorldConfig& config) {
  std::vector<Bound> bounds = bounds_as_disturbed(config);
  if (!has_outages(config)) return bounds;
  std::vector<Bound> quiet = bounds_as_disturbed(without_faults(config));
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    bounds[i].undisturbed = quiet[i].undisturbed;
    bounds[i].way = std::move(quiet[i].way);
    if (!quiet[i].undisturbed) bounds[i].why = quiet[i].why;
  }
  return bounds;
}

}  // namespace parallax::bounds
