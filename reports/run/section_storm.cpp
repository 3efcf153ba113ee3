// Calls a second as clients send them, tries again with them, against those that are served: the waves of an outage.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/panel.h"
#include "reports/run/sections.h"
#include "reports/run/share_panels.h"
#include "reports/run/storm.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// At most so many columns, of each the greatest: a wave of one second is as wide as its column.
std::vector<double> greatest_of(const std::vector<double>& values, std::size_t columns) {
  const std::size_t group = std::max<std::size_t>((values.size() + columns - 1) / columns, 1);
  std::vector<double> out((values.size() + group - 1) / group, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) out[i / group] = std::max(out[i / group], values[i]);
  return out;
}

std::string steps(const std::vector<double>& values, double full) {
  const double width = 1000.0 / static_cast<double>(std::max<std::size_t>(values.size(), 1));
  std::string path;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double y = panel_height(values[i] / full);
    const bool goes_on = i > 0 && values[i] == values[i - 1];
    if (i == 0) path += fmt::format("M0 {:.1f}", y);
    if (i > 0 && !goes_on) path += fmt::format("H{:.1f}V{:.1f}", static_cast<double>(i) * width, y);
  }
  return path + "H1000";
}

struct Drawn {
  std::string name;
  std::vector<double> sent;
  std::vector<double> served;
};

std::string scale(double full) {
  return fmt::format(
      R"(<text class="scale" x="0" dx="-6" y="14%" dy="5">{}/s</text><text class="scale" x="0" dx="-6" y="88%" dy="2">0</text>)",
      large_count_words(static_cast<std::uint64_t>(full)));
}

Track track_of(const Drawn& one) {
  const std::vector<double> sent = greatest_of(one.sent, kPanelColumns);
  const std::vector<double> served = greatest_of(one.served, kPanelColumns);
  const std::size_t group = (one.sent.size() + kPanelColumns - 1) / kPanelColumns;
  const auto rate = [](double calls) { return count_words(static_cast<std::uint64_t>(calls + 0.5)); };
  Track track;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    track.add(static_cast<std::int64_t>(i * group) * 1'000'000'000,
              fmt::format("{}/s, {} served", rate(sent[i]), i < served.size() ? rate(served[i]) : "0"));
  }
  return track;
}

std::string row_of(const Clock& clock, const Drawn& one, double full) {
  const double greatest = *std::max_element(one.sent.begin(), one.sent.end());
  const auto at = std::max_element(one.sent.begin(), one.sent.end()) - one.sent.begin();
  const std::string sent = steps(greatest_of(one.sent, kPanelColumns), full);
  const std::string served = steps(greatest_of(one.served, kPanelColumns), full);
  const std::string svg = fmt::format(
      R"(<svg class="lane" aria-hidden="true">{0}<svg width="{1:.2f}%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="gone" d="{2}V{4:.0f}H0Z"/><path class="share" d="{3}V{4:.0f}H0Z"/><path class="line" d="{2}"/><path class="grid" d="M0 {5:.0f}H1000M0 {4:.0f}H1000"/></svg>{6}</svg>)",
      clock.bands, clock.axis.percent(static_cast<std::int64_t>(one.sent.size()) * 1'000'000'000), sent, served,
      kPanelBottom, kPanelTop, scale(full));
  return clock_row("panel-row", one.name + "<small>calls a second, with tries again</small>", svg,
                   fmt::format("up to {}/s", count_words(static_cast<std::uint64_t>(greatest))),
                   "at " + clock_words(static_cast<std::int64_t>(at) * 1'000'000'000), track_of(one));
}

std::vector<Drawn> drawn_of(const schema::Result& result) {
  std::vector<Drawn> all;
  for (const auto& series : result.series()) {
    if (series.name() != "calls_sent" || series.values_size() == 0) continue;
    all.push_back({isolated(series.node()), sent_by(result, series.node()), served_of(result, series.node())});
  }
  if (all.size() < 2) return all;
  Drawn sum{"All together", sent_by_all(result), {}};
  sum.served.resize(sum.sent.size(), 0.0);
  for (const Drawn& one : all) {
    for (std::size_t i = 0; i < one.served.size(); ++i) sum.served[i] += one.served[i];
  }
  all.insert(all.begin(), std::move(sum));
  return all;
}

std::string figures(const std::vector<Drawn>& drawn) {
  std::vector<Column> columns{{"From"}};
  std::vector<std::vector<double>> cells;
  for (const Drawn& one : drawn) {
    columns.push_back({one.name + ": sent", Column::Kind::kNumber});
    columns.push_back({"served", Column::Kind::kNumber});
    cells.push_back(greatest_of(one.sent, kPanelRows));
    cells.push_back(greatest_of(one.served, kPanelRows));
  }
  const std::size_t step = std::max<std::size_t>((drawn.front().sent.size() + kPanelRows - 1) / kPanelRows, 1);
  Table table("Calls a second: the greatest second", columns, "figures");
  for (std::size_t i = 0; i < cells.front().size(); ++i) {
    std::vector<std::string> row{round_clock_words(static_cast<std::int64_t>(i * step) * 1'000'000'000)};
    for (const auto& column : cells) {
      row.push_back(i < column.size() ? count_words(static_cast<std::uint64_t>(column[i] + 0.5)) : "—");
    }
    table.row(row);
  }
  return folded("The same in figures", scrolled("The same in figures", table.html()));
}

std::string heading(const Storm& storm) {
  if (storm.second) {
    return fmt::format("After {} a second peak: {}", second_cause(storm), peak_words(storm, *storm.second));
  }
  return fmt::format("One peak and no second: {}", peak_words(storm, *storm.first));
}

std::string first_words(const Storm& storm) {
  if (!storm.first) return "No first peak: few tried again before. ";
  return fmt::format("First peak{}: {}. ", storm.site.empty() ? "" : ", while " + isolated(storm.site) + " is silent",
                     peak_words(storm, *storm.first));
}

}  // namespace

std::string storm_section(const schema::Result& result) {
  const std::optional<Storm> storm = storm_of(result);
  if (!storm) return "";
  const std::vector<Drawn> drawn = drawn_of(result);
  double full = 1;
  for (const Drawn& one : drawn) full = std::max(full, *std::max_element(one.sent.begin(), one.sent.end()));
  const TimeAxis axis{end_of(result)};
  const Clock clock{result, axis, fault_bands(result, axis)};
  std::string rows;
  for (const Drawn& one : drawn) rows += row_of(clock, one, full);
  return section(heading(*storm),
                 first_words(*storm) +
                     "First seed; each column shows its greatest second. Blue: served; red: in vain, "
                     "and mostly tried again. All panels have one scale.",
                 clock_table("clock", "Calls a second over time", rows, axis) + figures(drawn));
}

}  // namespace parallax::reports
