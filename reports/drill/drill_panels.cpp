#include "reports/drill/drill_panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "reports/clock.h"
#include "reports/drill/backtest_words.h"
#include "reports/escape.h"
#include "reports/page.h"
#include "reports/panel.h"
#include "reports/table.h"
#include "reports/track.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

/// Several buckets as one: the band as wide as in any of them, the drill where it was worst.
struct Group {
  std::int64_t from_ns;
  std::int64_t until_ns;
  double observed{-1};
  double low{-1};
  double typical{-1};
  double high{-1};

  bool has_band() const { return high >= 0; }
  bool is_outside() const { return observed >= 0 && has_band() && (observed > high || observed < low); }
};

void add(const schema::BacktestLine& line, int bucket, Group& group) {
  group.observed = std::max(group.observed, line.observed(bucket));
  if (line.high(bucket) < 0) return;
  group.low = group.has_band() ? std::min(group.low, line.low(bucket)) : line.low(bucket);
  group.typical = std::max(group.typical, line.typical(bucket));
  group.high = std::max(group.high, line.high(bucket));
}

/// The stretch in which any line has been observed.
struct Stretch {
  std::int64_t from_ns{INT64_MAX};
  std::int64_t until_ns{INT64_MIN};
};

Stretch stretch_of(const schema::Backtest& backtest) {
  Stretch stretch;
  for (const auto& line : backtest.lines()) {
    for (int i = 0; i < line.observed_size(); ++i) {
      if (line.observed(i) < 0) continue;
      stretch.from_ns = std::min(stretch.from_ns, line.first_ns() + i * line.width_ns());
      stretch.until_ns = std::max(stretch.until_ns, line.first_ns() + (i + 1) * line.width_ns());
    }
  }
  return stretch;
}

std::vector<Group> groups_of(const schema::BacktestLine& line, const Stretch& stretch, std::size_t most) {
  const auto buckets = static_cast<std::size_t>((stretch.until_ns - stretch.from_ns) / line.width_ns() + 1);
  const std::size_t size = (buckets + most - 1) / most;
  std::vector<Group> groups;
  std::size_t taken = 0;
  for (int i = 0; i < line.observed_size(); ++i) {
    const std::int64_t from = line.first_ns() + i * line.width_ns();
    if (from < stretch.from_ns || from + line.width_ns() > stretch.until_ns) continue;
    if (taken++ % size == 0) groups.push_back({from, from});
    groups.back().until_ns = from + line.width_ns();
    add(line, i, groups.back());
  }
  return groups;
}

/// Steps through what `value` gives, broken where it is below 0.
template <typename Value>
std::string steps(const std::vector<Group>& groups, const Stretch& stretch, const Value& value) {
  const double scale = 1000.0 / static_cast<double>(stretch.until_ns - stretch.from_ns);
  std::string path;
  bool is_open = false;
  for (const Group& group : groups) {
    const double share = value(group);
    if (share < 0) {
      is_open = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", is_open ? "L" : "M",
                        static_cast<double>(group.from_ns - stretch.from_ns) * scale, panel_height(share),
                        static_cast<double>(group.until_ns - stretch.from_ns) * scale);
    is_open = true;
  }
  return path;
}

/// A box for each group: the band, or from the band to a drill that is outside it.
std::string band(const std::vector<Group>& groups, const Stretch& stretch) {
  const double scale = 1000.0 / static_cast<double>(stretch.until_ns - stretch.from_ns);
  std::string inside;
  std::string outside;
  const auto box = [&](const Group& group, double from, double to) {
    return fmt::format("M{:.1f} {:.1f}H{:.1f}V{:.1f}H{:.1f}Z",
                       static_cast<double>(group.from_ns - stretch.from_ns) * scale, panel_height(to),
                       static_cast<double>(group.until_ns - stretch.from_ns) * scale, panel_height(from),
                       static_cast<double>(group.from_ns - stretch.from_ns) * scale);
  };
  for (const Group& group : groups) {
    if (!group.has_band()) continue;
    // A band without height would not be seen.
    inside += box(group, std::max(group.low - 0.012, 0.0), std::min(group.high + 0.012, 1.0));
    if (!group.is_outside()) continue;
    outside +=
        group.observed > group.high ? box(group, group.high, group.observed) : box(group, group.observed, group.low);
  }
  return fmt::format(R"(<path class="band" d="{}"/><path class="gone" d="{}"/>)", inside, outside);
}

std::string fault_band(const schema::Backtest& backtest, const Stretch& stretch) {
  const TimeAxis axis{stretch.until_ns - stretch.from_ns};
  const double from = axis.percent(-stretch.from_ns);
  const double to =
      backtest.has_outage_ns() ? axis.percent(std::min(backtest.outage_ns() - stretch.from_ns, axis.end_ns)) : 100;
  if (from >= 100 || to <= from) return "";
  constexpr double kSeen = 0.2;  // a fault of milliseconds is a line
  return fmt::format(R"(<rect class="fault-band" x="{:.2f}%" y="0" width="{:.2f}%" height="100%"/>)", from,
                     std::max(to - from, kSeen));
}

std::string panel(const schema::Backtest& backtest, const schema::BacktestLine& line, const Stretch& stretch) {
  const std::vector<Group> groups = groups_of(line, stretch, kPanelColumns);
  const std::string svg = fmt::format(
      R"(<svg class="lane" aria-hidden="true">{}<svg width="100%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="grid" d="M0 {:.0f}H1000M0 {:.0f}H1000"/>{}<path class="line" d="{}"/></svg>{}</svg>)",
      fault_band(backtest, stretch), kPanelTop, kPanelBottom, band(groups, stretch),
      steps(groups, stretch, [](const Group& group) { return group.observed; }),
      R"(<text class="scale" x="0" dx="-6" y="14%" dy="5">100 %</text><text class="scale" x="0" dx="-6" y="88%" dy="4">0 %</text>)");
  const std::string where =
      line.worst_ns_size() > 0 ? "farthest " + from_zero_words(line.worst_ns(0)) : "never outside";
  return clock_row(
      "panel-row",
      capitalised(escaped(line_words(line))) + "<small>share, each " + round_clock_words(line.width_ns()) + "</small>",
      svg, percent_words(line.outside()) + " outside", where, Track{});
}

/// Ticks count from time zero on, to both sides.
std::string zero_axis(const Stretch& stretch) {
  const TimeAxis axis{stretch.until_ns - stretch.from_ns};
  const std::int64_t step = axis.step_ns();
  std::string ticks;
  for (std::int64_t t = stretch.from_ns / step * step; t <= stretch.until_ns; t += step) {
    if (t < stretch.from_ns) continue;
    const double x = axis.percent(t - stretch.from_ns);
    const std::string words = t == 0 ? "fault" : (t < 0 ? "\u2212" : "") + round_clock_words(std::abs(t));
    ticks += fmt::format(
        R"(<line class="tick" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="5"/><text class="{1}" x="{0:.2f}%" y="19">{2}</text>)",
        x,
        x < 3    ? "start"
        : x > 97 ? "end"
                 : "mid",
        words);
  }
  return fmt::format(
      "<tr class=\"axis-row\" aria-hidden=\"true\"><td></td><td class=\"chart\"><svg class=\"ticks\">{}</svg></td>"
      "<td></td></tr>\n",
      ticks);
}

std::string figures(const schema::BacktestLine& line, const Stretch& stretch) {
  Table table(capitalised(line_words(line)),
              {{"From"},
               {"Drill", Column::Kind::kNumber},
               {"5 % of seeds", Column::Kind::kNumber},
               {"Typical", Column::Kind::kNumber},
               {"95 % of seeds", Column::Kind::kNumber}},
              "figures");
  const auto words = [](double share) { return share < 0 ? std::string("—") : percent_words(share); };
  for (const Group& group : groups_of(line, stretch, kPanelRows)) {
    table.row({from_zero_words(group.from_ns), words(group.observed), words(group.low), words(group.typical),
               words(group.high)});
  }
  return "<h3>" + capitalised(escaped(line_words(line))) + "</h3>" +
         scrolled(capitalised(line_words(line)), table.html());
}

}  // namespace

std::string drill_panels(const schema::Backtest& backtest) {
  const Stretch stretch = stretch_of(backtest);
  std::string rows;
  std::string all_figures;
  for (const auto& line : backtest.lines()) {
    rows += panel(backtest, line, stretch);
    all_figures += figures(line, stretch);
  }
  return "<table class=\"clock\">\n<caption>The drill over the seeds</caption>\n<tbody>\n" + rows + zero_axis(stretch) +
         "</tbody>\n</table>\n" + folded("The same in figures", all_figures);
}

}  // namespace parallax::reports
