#include "reports/run/site_lanes.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// Short of this share of the axis no words fit into a bar.
constexpr double kRoomForWords = 14;
constexpr double kRoomOnPhone = 32;

std::optional<std::int64_t> moment(const schema::Result& result, std::string_view site, std::string_view event,
                                   std::string_view seen_from, std::int64_t from_ns) {
  for (const auto& m : result.moments()) {
    if (m.site() == site && m.event() == event && m.seen_from() == seen_from && m.time_ns() >= from_ns)
      return m.time_ns();
  }
  return std::nullopt;
}

std::string bar(std::string_view style, const Bar& bar, const TimeAxis& axis, std::string_view words) {
  const double from = axis.percent(bar.start_ns);
  const double width = std::max(axis.percent(bar.end_ns) - from, 0.4);
  std::string out =
      fmt::format(R"(<rect class="{}" x="{:.2f}%" y="-9" width="{:.2f}%" height="18"/>)", style, from, width);
  if (width >= kRoomForWords) {
    out += fmt::format(R"(<text class="in {}{}" x="{:.2f}%" dx="7" y="4.5">{}</text>)", style,
                       width < kRoomOnPhone ? " roomy" : "", from, words);
  }
  return out;
}

std::string loss_marks(const Loss& loss, const TimeAxis& axis) {
  const std::int64_t powered = loss.powered_ns.value_or(axis.end_ns);
  std::string out = bar("lost", {loss.lost_ns, powered}, axis, "no power");
  if (!loss.powered_ns) return out;
  const std::int64_t ready = loss.ready_ns.value_or(axis.end_ns);
  if (ready == powered) return out;
  return out + bar("starting", {powered, ready}, axis, "") +
         bar_label({{loss.lost_ns, ready}}, axis, "", "starting " + round_clock_words(ready - powered));
}

std::string down_words(const std::vector<Loss>& losses) {
  std::string out;
  for (const Loss& loss : losses) {
    out += fmt::format("{}{} {}", out.empty() ? "" : "; ", "lost at", round_clock_words(loss.lost_ns));
    out += loss.ready_ns ? ", answers again at " + round_clock_words(*loss.ready_ns) : ", not back at the end";
  }
  return out;
}

Track life_track(const std::vector<Loss>& losses) {
  Track track;
  track.add(0, "up");
  for (const Loss& loss : losses) {
    track.add(loss.lost_ns, "no power");
    if (loss.powered_ns) track.add(*loss.powered_ns, "starting");
    if (loss.ready_ns) track.add(*loss.ready_ns, "up");
  }
  return track;
}

std::string site_lane(const Clock& clock, const std::string& site) {
  const std::vector<Loss> losses = losses_of(clock.result, site);
  std::string marks = R"(<line class="up" x1="0" x2="100%" y1="0" y2="0"/>)";
  for (const Loss& loss : losses) marks += loss_marks(loss, clock.axis);
  const Track track = life_track(losses);
  return losses.empty() ? clock_row("site", isolated(site), lane_svg(clock.bands, marks), "up", "all the time", track)
                        : clock_row("site missed", isolated(site), lane_svg(clock.bands, marks),
                                    "down for " + clock_words(down_ns(losses, clock.axis)), down_words(losses), track);
}

std::string dns_lane(const Clock& clock, const std::string& region, const std::vector<Absence>& absences) {
  std::string marks;
  std::string where;
  std::int64_t sum = 0;
  Track track;
  track.add(0, "leads here");
  for (const Absence& absence : absences) {
    track.add(absence.down_ns, "sends elsewhere");
    if (absence.up_ns) track.add(*absence.up_ns, "leads here");
    const std::int64_t end = absence.up_ns.value_or(clock.axis.end_ns);
    marks += bar("away", {absence.down_ns, end}, clock.axis, "sent elsewhere");
    where += (where.empty() ? "" : "; ") + clock_words(absence.down_ns) + " to " +
             (absence.up_ns ? clock_words(end) : "the end");
    sum += end - absence.down_ns;
  }
  return clock_row("dns", "DNS of " + isolated(region), lane_svg(clock.bands, marks), clock_words(sum), where, track);
}

std::string dns_lanes(const Clock& clock, const std::string& site) {
  std::string out;
  for (const auto& region : clock.result.config().regions()) {
    const std::vector<Absence> absences = absences_of(clock.result, site, region.name());
    if (!absences.empty()) out += dns_lane(clock, region.name(), absences);
  }
  return out;
}

}  // namespace

std::vector<Loss> losses_of(const schema::Result& result, const std::string& site) {
  std::vector<Loss> losses;
  for (const auto& m : result.moments()) {
    if (m.site() != site || m.event() != "lost") continue;
    losses.push_back({m.time_ns(), moment(result, site, "powered", "", m.time_ns()),
                      moment(result, site, "ready", "", m.time_ns())});
  }
  return losses;
}

std::vector<Absence> absences_of(const schema::Result& result, const std::string& site, const std::string& region) {
  std::vector<Absence> absences;
  for (const auto& m : result.moments()) {
    if (m.site() != site || m.event() != "marked_down" || m.seen_from() != region) continue;
    absences.push_back({m.time_ns(), moment(result, site, "marked_up", region, m.time_ns())});
  }
  return absences;
}

std::int64_t down_ns(const std::vector<Loss>& losses, const TimeAxis& axis) {
  std::int64_t sum = 0;
  for (const Loss& loss : losses) sum += loss.ready_ns.value_or(axis.end_ns) - loss.lost_ns;
  return sum;
}

std::string site_lanes(const Clock& clock, const std::string& site) {
  return site_lane(clock, site) + dns_lanes(clock, site);
}

}  // namespace parallax::reports
