#include "reports/clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"

namespace parallax::reports {
namespace {

struct Gap {
  double from;
  double to;
};

// The widest stretch without a bar, the last of equals; bars in order of time.
Gap widest_gap(const std::vector<Bar>& bars, const TimeAxis& axis) {
  Gap widest{0, axis.percent(bars.front().start_ns)};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double to = i + 1 < bars.size() ? axis.percent(bars[i + 1].start_ns) : 100;
    const Gap gap{axis.percent(bars[i].end_ns), to};
    if (gap.to - gap.from >= widest.to - widest.from) widest = gap;
  }
  return widest;
}

std::string tick_mark(const TimeAxis& axis, std::int64_t t) {
  const double x = axis.percent(t);
  return fmt::format(
      R"(<line class="tick" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="5"/><text class="{1}" x="{0:.2f}%" y="19">{2}</text>)",
      x,
      t == 0   ? "start"
      : x > 97 ? "end"
               : "mid",
      axis.tick_words(t));
}

std::string axis_row(const TimeAxis& axis) {
  std::string ticks;
  for (std::int64_t t = 0; t <= axis.end_ns; t += axis.step_ns()) ticks += tick_mark(axis, t);
  return fmt::format(
      "<tr class=\"axis-row\" aria-hidden=\"true\"><td></td><td class=\"chart\"><svg class=\"ticks\">{}</svg></td>"
      "<td></td></tr>\n",
      ticks);
}

}  // namespace

std::int64_t end_of(const schema::Result& result) {
  std::int64_t end = 1;
  for (const auto& series : result.series()) end = std::max(end, series.step_ns() * series.values_size());
  for (const auto& c : result.window_classes()) end = std::max(end, c.last_end_ns());
  for (const auto& window : result.windows()) end = std::max(end, window.start_ns() + window.length_ns());
  for (const auto& window : result.limit_windows()) end = std::max(end, window.start_ns() + window.width_ns());
  for (const auto& outage : result.outages()) end = std::max(end, outage.start_ns() + outage.unavailable_ns());
  for (const auto& moment : result.moments()) end = std::max(end, moment.time_ns());
  for (const auto& fault : result.faults()) end = std::max(end, fault.end_ns());
  for (const auto& conflict : result.first_conflicts()) end = std::max(end, conflict.time_ns());
  for (const auto& stop : result.stream_stops()) end = std::max({end, stop.begin_ns(), stop.end_ns()});
  return end;
}

std::string fault_bands(const schema::Result& result, const TimeAxis& axis) {
  std::string out;
  for (const auto& fault : result.faults()) {
    const double from = axis.percent(fault.start_ns());
    const double to = axis.percent(fault.end_ns());
    out += fmt::format(
        R"(<rect class="fault-band" x="{0:.2f}%" y="0" width="{1:.2f}%" height="100%"/><line class="fault-edge" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="100%"/><line class="fault-edge" x1="{2:.2f}%" x2="{2:.2f}%" y1="0" y2="100%"/>)",
        from, to - from, to);
  }
  return out;
}

// Behind the last bar if there is room, else in the widest gap, else across the bars. Room is what the longest words
// need in the narrowest lane that shows them.
std::string bar_label(const std::vector<Bar>& bars, const TimeAxis& axis, std::string_view style,
                      std::string_view words) {
  constexpr double kRoom = 26;
  const double last = axis.percent(bars.back().end_ns);
  const Gap gap = 100 - last >= kRoom ? Gap{last, 100} : widest_gap(bars, axis);
  if (gap.to - gap.from < kRoom) return fmt::format(R"(<text class="on mid {}" x="50%" y="5">{}</text>)", style, words);
  if (gap.from > 0) {
    return fmt::format(R"(<text class="on {}" x="{:.2f}%" dx="12" y="5">{}</text>)", style, gap.from, words);
  }
  return fmt::format(R"(<text class="on end {}" x="{:.2f}%" dx="-8" y="5">{}</text>)", style, gap.to, words);
}

std::string lane_svg(std::string_view bands, std::string_view marks) {
  return fmt::format(
      R"(<svg class="lane" aria-hidden="true">{}<svg class="marks" y="50%" overflow="visible"><g>{}</g></svg></svg>)",
      bands, marks);
}

std::string clock_row(std::string_view style, std::string_view name, std::string_view svg, std::string_view value,
                      std::string_view where, const Track& track) {
  return fmt::format(
      "<tr class=\"{}\"><th scope=\"row\">{}</th><td class=\"chart\"{}>{}</td><td class=\"where\"><b>{}</b> "
      "<span>{}</span></td></tr>\n",
      style, name, track.attribute(), svg, value, where);
}

std::string clock_table(std::string_view style, std::string_view caption, std::string_view rows, const TimeAxis& axis) {
  return fmt::format("<table class=\"{}\"{}>\n<caption>{}</caption>\n<tbody>\n{}{}</tbody>\n</table>\n", style,
                     axis_attribute(axis), escaped(caption), rows, axis_row(axis));
}

std::string axis_attribute(const TimeAxis& axis) {
  return fmt::format(R"( data-end="{}")", std::max<std::int64_t>(axis.end_ns / 1'000'000, 1));
}

}  // namespace parallax::reports
