// Of a result: how often each timer has fired, and what was waiting for it when a run ended.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "scenarios/result_tables.h"
#include "scenarios/timers.h"

namespace parallax::scenarios {

namespace {

using audit::Timer;
using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

Stage stage_of(Timer timer) {
  switch (timer) {
    case Timer::kTokenCacheTtl:
      return Stage::kTokenCacheTtl;
    case Timer::kPollInterval:
      return Stage::kPollInterval;
    case Timer::kMirrorInterval:
      return Stage::kMirrorInterval;
    case Timer::kDeploymentScan:
      return Stage::kDeploymentScan;
    default:
      return Stage::kNone;
  }
}

// Kinds of changes that a gateway may have to wait for the timer to see. Retries and reconnections come only where
// something has failed; what that was an open window does not tell.
bool may_end(Timer timer, ChangeKind change) {
  const bool is_of_api = change == ChangeKind::kApiPublished || change == ChangeKind::kApiRetired;
  switch (timer) {
    case Timer::kTokenCacheTtl:
      return !is_of_api && change != ChangeKind::kPolicyChanged;
    case Timer::kPollInterval:
    case Timer::kMirrorInterval:
    case Timer::kDeploymentScan:
      return is_of_api;
    default:
      return false;
  }
}

// All timers of a gateway that such a change may have to wait for, one after the other.
sim::Duration longest_wait(const std::vector<DeclaredTimer>& timers, int place, ChangeKind change) {
  sim::Duration sum{};
  for (const DeclaredTimer& timer : timers) {
    if (!timer.is_of_all && timer.place == place && may_end(timer.timer, change)) sum += timer.length + timer.after;
  }
  return sum;
}

class OpenWindows {
 public:
  OpenWindows(const schema::Scenario& scenario, const std::vector<DeclaredTimer>& timers, const SeedRun& run)
      : scenario_{scenario}, timers_{timers}, run_{run} {
    for (const bounds::Bound& bound : run.bounds) bounds_[{bound.change, bound.writer, bound.observer}] = &bound;
    for (const WindowFinding& window : run.findings.windows) {
      if (window.ending == audit::Ending::kCensored) open_.push_back(&window);
    }
  }

  void add_to(const DeclaredTimer& timer, schema::Timer& out) const {
    for (const WindowFinding* window : open_) {
      if (!may_wait_for(timer, *window)) continue;
      out.set_awaited(out.awaited() + 1);
      const std::string change{domain::name_of(window->change)};
      const auto& known = out.awaited_by();
      if (std::find(known.begin(), known.end(), change) == known.end()) out.add_awaited_by(change);
    }
  }

 private:
  // Either the timer is on the way that such a change takes, or a shorter way has failed. Where a fault keeps the
  // change back, or the timer should have fired long ago, it is something else.
  bool may_wait_for(const DeclaredTimer& timer, const WindowFinding& window) const {
    if (!may_end(timer.timer, window.change) || !is_at(timer.place, window.observer)) return false;
    if (window.length >= longest_wait(timers_, timer.place, window.change) || !is_unexplained(timer, window))
      return false;
    const auto found = bounds_.find({window.change, window.writer, window.observer});
    if (found == bounds_.end() || !found->second->undisturbed) return true;
    const auto& way = found->second->way;
    const bool is_on_way = std::any_of(
        way.begin(), way.end(), [&](const bounds::BoundStage& stage) { return stage.stage == stage_of(timer.timer); });
    return is_on_way || window.length > *found->second->undisturbed;
  }

  // Of an entry that keeps a window open its piece says so; of what has not come nothing does.
  static bool is_unexplained(const DeclaredTimer& timer, const WindowFinding& window) {
    if (window.pieces.empty()) return false;
    const Stage last = window.pieces.back().stage;
    if (timer.timer != Timer::kTokenCacheTtl) return last == Stage::kPending || last == stage_of(timer.timer);
    return last == Stage::kTokenCacheTtl || last == Stage::kMessageLost;
  }

  bool is_at(int place, domain::NodeId node) const {
    return run_.node_names[domain::index(node)].starts_with(scenario_.sites(place).name() + "/");
  }

  const schema::Scenario& scenario_;
  const std::vector<DeclaredTimer>& timers_;
  const SeedRun& run_;
  std::map<std::tuple<ChangeKind, domain::NodeId, domain::NodeId>, const bounds::Bound*> bounds_;
  std::vector<const WindowFinding*> open_;
};

// Gateways that had not come up yet; a ladder's first pause is its shortest.
void add_open_starts(const schema::Site& site, const SeedRun& run, const DeclaredTimer& timer, schema::Timer& out) {
  if (!site.has_startup() || timer.timer != Timer::kRetryWait) return;
  for (const audit::StartFinding& start : run.findings.starts) {
    const bool is_here = run.node_names[domain::index(start.node)].starts_with(site.name() + "/");
    if (!is_here || !start.is_open || start.ready - start.powered >= timer.length) continue;
    out.set_awaited(out.awaited() + 1);
    if (out.awaited_by().empty()) out.add_awaited_by("start");
  }
}

std::uint64_t fired(const DeclaredTimer& timer, const SeedRun& run) {
  const audit::TimersFinding& found = run.findings.timers;
  if (timer.timer == Timer::kQuotaWindow) return found.windows[static_cast<std::size_t>(timer.place)].ended;
  if (timer.is_of_all) return found.catalog_expiries;
  return found.of(static_cast<domain::SiteId>(timer.place), timer.timer);
}

void add_limit_windows(const DeclaredTimer& timer, const SeedRun& run, schema::Timer& out) {
  const std::uint64_t unfinished = run.findings.timers.windows[static_cast<std::size_t>(timer.place)].unfinished;
  out.set_awaited(out.awaited() + unfinished);
  if (unfinished > 0 && out.awaited_by().empty()) out.add_awaited_by("limit_window");
}

}  // namespace

void add_timers(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result) {
  const std::vector<DeclaredTimer> timers = timers_of(scenario);
  for (const DeclaredTimer& timer : timers) {
    schema::Timer& out = *result.add_timers();
    out.set_timer(std::string{audit::name_of(timer.timer)});
    out.set_path(timer.path);
    if (!timer.is_of_all) out.set_site(scenario.sites(timer.place).name());
    out.set_length_ns(timer.length.ns);
  }
  for (const SeedRun& run : runs) {
    const OpenWindows open{scenario, timers, run};
    for (std::size_t i = 0; i < timers.size(); ++i) {
      schema::Timer& out = *result.mutable_timers(static_cast<int>(i));
      out.set_fired(out.fired() + fired(timers[i], run));
      if (timers[i].timer == Timer::kQuotaWindow) {
        add_limit_windows(timers[i], run, out);
      } else if (!timers[i].is_of_all) {
        open.add_to(timers[i], out);
        add_open_starts(scenario.sites(timers[i].place), run, timers[i], out);
      }
    }
  }
}

}  // namespace parallax::scenarios
