#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

struct Lane {
  std::string name;
  std::string value;  // of its worst case, in clock words
  std::string where;
  std::optional<Bar> whole;  // from the first to the last case: the pale line
  std::vector<Bar> bars;     // in order of time
  enum class State { kFine, kMissed } state{State::kFine};
  bool open{false};     // the worst case was not over at the end
  std::string nothing;  // said instead of bars
};

bool is_missed(const schema::Result& result, std::string_view prefix) {
  return std::any_of(result.expectations().begin(), result.expectations().end(),
                     [&](const auto& e) { return e.verdict() == "fail" && e.metric().starts_with(prefix); });
}

// In the order of the rows above, then whatever else was measured.
std::vector<std::string> changes_of(const schema::Result& result) {
  std::vector<std::string> seen;
  std::vector<std::string> ordered;
  const auto add_once = [](std::vector<std::string>& to, const std::string& change) {
    if (std::find(to.begin(), to.end(), change) == to.end()) to.push_back(change);
  };
  for (const auto& c : result.window_classes()) add_once(seen, c.change());
  for (const Row& row : rows_of(result)) {
    if (std::find(seen.begin(), seen.end(), row.words.change) != seen.end()) add_once(ordered, row.words.change);
  }
  for (const std::string& change : seen) add_once(ordered, change);
  return ordered;
}

std::optional<Bar> whole_of(const schema::Result& result, std::string_view change) {
  std::optional<Bar> whole;
  for (const auto& c : result.window_classes()) {
    if (c.change() != change || !c.has_first_start_ns() || !c.has_last_end_ns()) continue;
    if (!whole) whole = Bar{c.first_start_ns(), c.last_end_ns()};
    whole = Bar{std::min(whole->start_ns, c.first_start_ns()), std::max(whole->end_ns, c.last_end_ns())};
  }
  return whole;
}

Lane window_lane(const schema::Result& result, const std::string& change) {
  Lane lane;
  lane.name = change_words(change).harm;
  lane.whole = whole_of(result, change);
  const schema::Window* window = longest_window(result, change);
  if (window == nullptr || window->length_ns() == 0) {
    lane.nothing = "never: every node was in step at once";
    return lane;
  }
  lane.bars.push_back({window->start_ns(), window->start_ns() + window->length_ns()});
  lane.open = window->ending() == "censored";
  lane.value = (lane.open ? "≥\u00A0" : "") + clock_words(window->length_ns());
  lane.where = fmt::format("{} · seed\u00A0{}", isolated(node_name(result, window->observer())), window->seed());
  lane.state = is_missed(result, "window." + change + ".") ? Lane::State::kMissed : Lane::State::kFine;
  return lane;
}

// Bars: what the worst hit population saw in its worst run.
std::optional<Lane> outage_lane(const schema::Result& result) {
  const schema::OutageSeen* worst = worst_outage(result);
  if (worst == nullptr) return std::nullopt;
  Lane lane;
  lane.name = "Customers locked out";
  for (const auto& outage : result.outages()) {
    if (outage.seed() != worst->seed() || outage.population() != worst->population() || outage.unavailable_ns() == 0)
      continue;
    lane.bars.push_back({outage.start_ns(), outage.start_ns() + outage.unavailable_ns()});
  }
  std::sort(lane.bars.begin(), lane.bars.end(), [](const Bar& a, const Bar& b) { return a.start_ns < b.start_ns; });
  lane.open = worst->open();
  lane.value = outage_words(*worst);
  lane.where = fmt::format("{} · seed\u00A0{}", isolated(worst->population()), worst->seed());
  lane.state = is_missed(result, "recovery.time_s") || is_missed(result, "availability.") ? Lane::State::kMissed
                                                                                          : Lane::State::kFine;
  return lane;
}

// Bars: the listed limit windows of the seed that holds the worst one; pale: of all seeds.
std::optional<Lane> quota_lane(const schema::Result& result) {
  const schema::LimitWindow* worst = worst_limit_window(result);
  if (worst == nullptr) return std::nullopt;
  Lane lane;
  lane.name = "Quota given away";
  for (const auto& window : result.limit_windows()) {
    if (window.over() == 0) continue;
    const Bar bar{window.start_ns(), window.start_ns() + window.width_ns()};
    const Bar whole = lane.whole.value_or(bar);
    lane.whole = Bar{std::min(whole.start_ns, bar.start_ns), std::max(whole.end_ns, bar.end_ns)};
    if (window.seed() == worst->seed()) lane.bars.push_back(bar);
  }
  std::sort(lane.bars.begin(), lane.bars.end(), [](const Bar& a, const Bar& b) { return a.start_ns < b.start_ns; });
  lane.value = fmt::format("{} for {}", counted(worst->admitted(), "call", "calls"), count_words(worst->limit()));
  lane.where = fmt::format("{} · seed\u00A0{}", isolated(worst->tier()), worst->seed());
  lane.state = is_missed(result, "throttle.over_admission.") ? Lane::State::kMissed : Lane::State::kFine;
  return lane;
}

std::string_view hue(const Lane& lane) { return lane.state == Lane::State::kMissed ? "miss" : "seen"; }

std::string bar_mark(const Bar& bar, const Lane& lane, const TimeAxis& axis) {
  const double from = axis.percent(bar.start_ns);
  return fmt::format(R"(<rect class="bar {}" x="{:.2f}%" y="-6" width="{:.2f}%" height="12"/>)", hue(lane), from,
                     std::max(axis.percent(bar.end_ns) - from, 0.4));
}

std::string lane_marks(const Lane& lane, const TimeAxis& axis) {
  if (lane.bars.empty()) return fmt::format(R"(<text class="none" x="0" y="5">{}</text>)", lane.nothing);
  std::string out;
  if (lane.whole) {
    out += fmt::format(R"(<line class="context" x1="{:.2f}%" x2="{:.2f}%" y1="0" y2="0"/>)",
                       axis.percent(lane.whole->start_ns), axis.percent(lane.whole->end_ns));
  }
  for (const Bar& bar : lane.bars) out += bar_mark(bar, lane, axis);
  if (lane.open) {
    out += fmt::format(R"(<svg x="{:.2f}%" overflow="visible"><path class="bar {}" d="M0-6l7 6l-7 6z"/></svg>)",
                       axis.percent(lane.bars.back().end_ns), hue(lane));
  }
  return out + bar_label(lane.bars, axis, hue(lane), lane.value);
}

// Bars of one lane may touch, and do not overlap.
Track stretches(const std::vector<Bar>& bars, std::string_view words) {
  Track track;
  track.add(0, "—");
  for (const Bar& bar : bars) {
    track.add(bar.start_ns, words);
    track.add(bar.end_ns, "—");
  }
  return track;
}

std::string lane_row(const Lane& lane, std::string_view bands, const TimeAxis& axis) {
  return clock_row(lane.state == Lane::State::kMissed ? "missed" : "met", escaped(lane.name),
                   lane_svg(bands, lane_marks(lane, axis)), lane.bars.empty() ? "never" : lane.value, lane.where,
                   stretches(lane.bars, "goes on"));
}

// Results of older versions know the first and the last time only.
std::vector<Bar> spells_of(const schema::FaultOutcome& fault) {
  std::vector<Bar> bars;
  for (const auto& spell : fault.spells()) bars.push_back({spell.start_ns(), spell.end_ns()});
  if (bars.empty() && fault.end_ns() > fault.start_ns()) bars.push_back({fault.start_ns(), fault.end_ns()});
  return bars;
}

// A fault has a line of its own above the lanes, so that names never run into each other: from the first time to the
// last.
std::string fault_row(const schema::FaultOutcome& fault, std::uint64_t seeds, std::string_view bands,
                      const TimeAxis& axis) {
  const std::string length =
      (fault.times() > seeds ? "again and again, " : "") + round_clock_words(fault.end_ns() - fault.start_ns());
  // In a picture there is no <bdi>: a first strong isolate and its end.
  const std::string words = fmt::format("\u2068{}\u2069, {}", escaped(fault.target()), length);
  const std::string marks = bar_label({{fault.start_ns(), fault.end_ns()}}, axis, "fault-words", words);
  const std::string where = fault.touched() == 0 ? "touched nothing" : "from " + round_clock_words(fault.start_ns());
  return clock_row("fault-row", isolated(fault.name()), lane_svg(bands, marks), length, where,
                   stretches(spells_of(fault), "is on"));
}

}  // namespace

std::string strip_section(const schema::Result& result) {
  std::vector<Lane> lanes;
  if (auto lane = outage_lane(result)) lanes.push_back(*std::move(lane));
  for (const std::string& change : changes_of(result)) lanes.push_back(window_lane(result, change));
  if (auto lane = quota_lane(result)) lanes.push_back(*std::move(lane));
  if (lanes.empty() && result.faults_size() == 0) return "";

  const TimeAxis axis{end_of(result)};
  const std::string bands = fault_bands(result, axis);
  std::string rows;
  for (const auto& fault : result.faults()) rows += fault_row(fault, result.seeds(), bands, axis);
  for (const Lane& lane : lanes) rows += lane_row(lane, bands, axis);
  const std::string how = fmt::format(
      "Each lane shows its own worst case{}, in time from the start. Pale line: from the first "
      "to the last case.{}",
      result.seeds() > 1 ? fmt::format(" of the {} runs", result.seeds()) : "",
      result.faults_size() > 0 ? " Hatched: what was broken." : "");
  return section("When it hurt", how, clock_table("strip", "Worst case of each kind, by time", rows, axis));
}

}  // namespace parallax::reports
