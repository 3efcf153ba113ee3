#include "scenarios/bounds/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <tuple>

#include "scenarios/bounds/left_out.h"
#include "scenarios/bounds/outages.h"

namespace parallax::bounds {

using audit::Piece;
using audit::WindowFinding;
using domain::Stage;

namespace {

using Of = std::tuple<domain::ChangeKind, domain::NodeId, domain::NodeId>;

// What a window is charged with only if something fails.
bool is_of_outage(Stage stage) {
  switch (stage) {
    case Stage::kLinkDown:
    case Stage::kSiteDown:
    case Stage::kRetryWait:
    case Stage::kGivenUp:
    case Stage::kDatabaseUnreachable:
    case Stage::kClockSkew:
    case Stage::kCertificate:
    case Stage::kDiskFull:
    case Stage::kFrozen:
      return true;
    default:
      return false;
  }
}

template <typename Excluded>
sim::Duration without(const WindowFinding& window, const Excluded& is_excluded) {
  sim::Duration sum{};
  for (const Piece& piece : window.pieces) {
    if (!is_excluded(piece.stage)) sum += piece.length;
  }
  return sum;
}

class Inspection {
 public:
  Inspection(const world::WorldConfig& config, const std::vector<Bound>& bounds, const audit::Findings& findings,
             const std::vector<std::string>& node_names)
      : findings_{findings},
        names_{node_names},
        is_disturbed_{has_outages(config)},
        was_anybody_away_{!findings.starts.empty() || !findings.moments.empty()} {
    for (const Bound& bound : bounds) bounds_.emplace(Of{bound.change, bound.writer, bound.observer}, &bound);
    for (const WindowFinding& window : findings.windows) {
      History& history = histories_.try_emplace(window.object.packed, History{window.id.site()}).first->second;
      history.last = std::max(history.last, window.start);
      history.is_of_one_site &= history.site == window.id.site();
    }
  }

  Checked all() && {
    for (const WindowFinding& window : findings_.windows) {
      if (window.length.ns == 0) continue;
      ++checked_.windows;
      const auto found = bounds_.find({window.change, window.writer, window.observer});
      if (found != bounds_.end()) inspect(window, *found->second);
    }
    return std::move(checked_);
  }

 private:
  /// Of the changes of one object.
  struct History {
    sim::SiteId site;  ///< where one of them was written
    sim::VirtualTime last{};
    bool is_of_one_site{true};
  };

  void inspect(const WindowFinding& window, const Bound& bound) {
    // What has not come may be waiting behind others, as far as anybody knows.
    const auto is_no_part = [this, &bound](Stage stage) {
      return is_left_out(stage) ||
             ((stage == Stage::kPending || stage == Stage::kStaleRecache) && (is_disturbed_ || bound.may_queue));
    };
    const auto is_no_part_undisturbed = [&](Stage stage) { return is_no_part(stage) || is_of_outage(stage); };
    if (!may_have_lost(window) && came_as_bounded(window, bound) && (bound.checked || bound.checked_with_outages)) {
      ++checked_.bounded;
      if (!compare(window, without(window, is_no_part_undisturbed), bound.checked)) return;
      if (!compare(window, without(window, is_no_part), bound.checked_with_outages)) return;
    }
    if (is_seen_by_itself(window) && window.length < bound.least) say(window, window.length, "shorter", bound.least);
  }

  /// False if it is outside.
  bool compare(const WindowFinding& window, sim::Duration length, const std::optional<sim::Duration>& greatest) {
    if (!greatest || length <= *greatest) return true;
    say(window, length, "longer", *greatest);
    return false;
  }

  // Where conflicts are settled the older row may win: there and then, or the change has come nowhere before another.
  // Where a stream stands still because of one, so do the rows that have not been sent.
  bool may_have_lost(const WindowFinding& window) const {
    if (window.taken_back) return true;
    if (is_during_stop(window)) return true;
    if (findings_.replication.conflicts.empty() || window.object.kind() == domain::ObjectKind::kApi) return false;
    return window.ending != audit::Ending::kVisible || histories_.at(window.object.packed).last != window.start;
  }

  // Where a message would have been there first, and it came another way, the message has been lost.
  static bool came_as_bounded(const WindowFinding& window, const Bound& bound) {
    const auto of_message = [](const auto& part) {
      return part.stage == Stage::kBroker || part.stage == Stage::kEventBatching ||
             part.stage == Stage::kEventWaiting || part.stage == Stage::kClusterMessage;
    };
    return std::none_of(bound.way.begin(), bound.way.end(), of_message) ||
           std::any_of(window.pieces.begin(), window.pieces.end(), of_message);
  }

  bool is_during_stop(const WindowFinding& window) const {
    const auto& stops = findings_.replication.stops;
    return std::any_of(stops.begin(), stops.end(), [&](const audit::StopFinding& stop) {
      return window.start < stop.ended && window.start + window.length > stop.began;
    });
  }

  // A change that another one has taken the place of may have been seen with that one, which came another way; and
  // nobody is behind while he is away.
  bool is_seen_by_itself(const WindowFinding& window) const {
    const History& history = histories_.at(window.object.packed);
    const bool is_last = history.is_of_one_site && history.last == window.start;
    return !was_anybody_away_ && is_last && window.ending == audit::Ending::kVisible;
  }

  void say(const WindowFinding& window, sim::Duration length, std::string_view which, sim::Duration bound) {
    if (checked_.outside.size() >= kMostOutside) return;
    std::string stages;
    for (const Piece& piece : window.pieces) {
      stages += fmt::format(" {} {}", domain::name_of(piece.stage), piece.length.ns);
    }
    checked_.outside.push_back(fmt::format(
        "the {} window of record {}/{}, written at {}, observed at {}, takes {} ns, {} than its bound of {} ns ({} )",
        domain::name_of(window.change), sim::index(window.id.site()), window.id.number(),
        names_[domain::index(window.writer)], names_[domain::index(window.observer)], length.ns, which, bound.ns,
        stages));
  }

  const audit::Findings& findings_;
  const std::vector<std::string>& names_;
  bool is_disturbed_;
  bool was_anybody_away_;
  std::map<Of, const Bound*> bounds_;
  boost::unordered_flat_map<std::uint32_t, History> histories_;  ///< by object; looked up, never iterated
  Checked checked_;
};

}  // namespace

Checked check(const world::WorldConfig& config, const std::vector<Bound>& bounds, const audit::Findings& findings,
              const std::vector<std::string>& node_names) {
  return Inspection{config, bounds, findings, node_names}.all();
}

}  // namespace parallax::bounds
