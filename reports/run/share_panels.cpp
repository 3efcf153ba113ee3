#include "reports/run/share_panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/panel.h"
#include "reports/run/availability.h"
#include "reports/run/disturbances.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

struct Shape {
  std::string line;
  std::string area;    // between the line and the full share
  std::string silent;  // stretches without a request
};

// Whether the line stays level from one column to the next.
bool goes_on(const std::optional<Extent>& before, const std::optional<Extent>& now) {
  return before && now && before->least == now->least && now->greatest == now->least;
}

// A column keeps its least value: a single bad second is as wide as its column.
Shape shape_of(const std::vector<std::optional<Extent>>& columns) {
  Shape shape;
  const double width = 1000.0 / static_cast<double>(std::max<std::size_t>(columns.size(), 1));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double from = static_cast<double>(i) * width;
    if (!columns[i]) {
      shape.silent +=
          fmt::format(R"(<rect class="silent" x="{:.1f}" y="0" width="{:.1f}" height="100"/>)", from, width);
      continue;
    }
    const double least = panel_height(columns[i]->least);
    const double greatest = panel_height(columns[i]->greatest);
    const bool begins = i == 0 || !columns[i - 1];
    if (begins) shape.line += fmt::format("M{:.1f} {:.1f}", from, greatest);
    if (!begins && !goes_on(columns[i - 1], columns[i])) shape.line += fmt::format("H{:.1f}V{:.1f}", from, greatest);
    if (greatest < least) shape.line += fmt::format("V{:.1f}", least);
    if (least > kPanelTop) {
      shape.area += fmt::format("M{:.1f} {:.0f}V{:.1f}h{:.2f}V{:.0f}Z", from, kPanelTop, least, width, kPanelTop);
    }
    if (i + 1 == columns.size() || !columns[i + 1]) shape.line += fmt::format("H{:.1f}", from + width);
  }
  return shape;
}

std::string panel_svg(const Clock& clock, double covered, const Shape& shape, std::string_view words) {
  return fmt::format(
      R"(<svg class="lane" aria-hidden="true">{}<svg width="{:.2f}%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none">{}<path class="grid" d="M0 {:.0f}H1000M0 {:.0f}H1000"/><path class="gone" d="{}"/><path class="line" d="{}"/></svg>{}<svg class="marks" y="50%" overflow="visible"><g>{}</g></svg></svg>)",
      clock.bands, covered, shape.silent, kPanelTop, kPanelBottom, shape.area, shape.line,
      R"(<text class="scale" x="0" dx="-6" y="14%" dy="5">100 %</text><text class="scale" x="0" dx="-6" y="88%" dy="4">0 %</text>)",
      words);
}

Track extent_track(const schema::Series& series, std::string_view place) {
  const auto columns = decimated(series, kPanelColumns);
  Track track{place};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    track.add(column_start_ns(series, kPanelColumns, i), columns[i] ? extent_words(*columns[i]) : "no call");
  }
  return track;
}

std::string place_of_population(const schema::Scenario& scenario, std::string_view name) {
  for (const auto& population : scenario.workload().populations()) {
    if (population.name() == name) return place_of(scenario, population.region());
  }
  return "";
}

std::string dip_words(const Dip& dip, double share) {
  const std::string length = clock_words(dip.end_ns - dip.start_ns);
  if (share <= kLockedOut) return fmt::format("under {} for {}", percent_words(share), length);
  return fmt::format("{} for {}", share_words(dip.mean), length);
}

// The longest stretch under half; if there is none, the longest in which somebody was not served.
std::optional<std::pair<Dip, double>> told_dip(const schema::Series& series) {
  for (const double share : {kLockedOut, kEveryOne}) {
    if (const auto dip = longest_dip(series, share)) return std::pair{*dip, share};
  }
  return std::nullopt;
}

// Requests of each step, of the nodes of `site` or of all of them ("").
std::vector<double> requests_of(const schema::Result& result, std::string_view site, std::int64_t& step_ns) {
  std::vector<double> sum;
  for (const auto& series : result.series()) {
    if (series.name() != "requests" || (!site.empty() && site_of(series.node()) != site)) continue;
    step_ns = series.step_ns();
    sum.resize(std::max(sum.size(), static_cast<std::size_t>(series.values_size())), 0.0);
    for (int i = 0; i < series.values_size(); ++i) {
      if (std::isfinite(series.values(i))) sum[static_cast<std::size_t>(i)] += series.values(i);
    }
  }
  return sum;
}

std::string share_path(const std::vector<double>& shares) {
  const double width = 1000.0 / static_cast<double>(std::max<std::size_t>(shares.size(), 1));
  std::string path;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", i == 0 ? "M" : "L", static_cast<double>(i) * width,
                        panel_height(shares[i]), static_cast<double>(i + 1) * width);
  }
  return path;
}

}  // namespace

std::string share_words(double share) {
  if (share < kEveryOne || share >= 1) return percent_words(share);
  return fmt::format("{:.1f}\u00A0%", std::floor(share * 1'000) / 10);
}

std::string extent_words(const Extent& extent) {
  return extent.least == extent.greatest
             ? percent_words(extent.least)
             : fmt::format("{} to {}", share_words(extent.least), percent_words(extent.greatest));
}

double least_served(const schema::Series& series) {
  double least = 1;
  for (const double value : series.values()) {
    if (value >= 0) least = std::min(least, value);
  }
  return least;
}

std::string population_panel(const Clock& clock, const schema::Series& series) {
  const auto told = told_dip(series);
  std::string words;
  if (told) {
    const auto& [dip, share] = *told;
    words =
        bar_label({{dip.start_ns, dip.end_ns}}, clock.axis, share <= kLockedOut ? "miss" : "", dip_words(dip, share));
  }
  const std::string where =
      told ? fmt::format("{}, from {}", dip_words(told->first, told->second), round_clock_words(told->first.start_ns))
           : "never under " + percent_words(kEveryOne);
  const double covered = clock.axis.percent(series.step_ns() * series.values_size());
  const Shape shape = shape_of(decimated(series, kPanelColumns));
  return clock_row("panel-row" + std::string(told && told->second <= kLockedOut ? " missed" : ""),
                   fmt::format("{} served<small>share of calls, each second</small>", isolated(series.node())),
                   panel_svg(clock, covered, shape, words),
                   (told ? "at worst " : "") + share_words(least_served(series)), where,
                   extent_track(series, place_of_population(clock.result.config(), series.node())));
}

std::string token_panel(const Clock& clock, const schema::Series& series) {
  if (series.values_size() == 0 || series.values(0) <= 0) return "";
  schema::Series shares = series;
  int lowest = 0;
  for (int i = 0; i < shares.values_size(); ++i) {
    shares.set_values(i, series.values(i) / series.values(0));
    if (shares.values(i) < shares.values(lowest)) lowest = i;
  }
  if (shares.values(lowest) >= kMostTokens) return "";
  const Shape shape = shape_of(decimated(shares, kPanelColumns));
  return clock_row("panel-row", "Valid access tokens<small>share of those at the start</small>",
                   panel_svg(clock, clock.axis.percent(series.step_ns() * series.values_size()), shape, ""),
                   "down to " + share_words(shares.values(lowest)),
                   "lowest at " + round_clock_words(series.step_ns() * lowest), extent_track(shares, ""));
}

std::string share_panel(const Clock& clock, const std::string& site) {
  std::int64_t step_ns = 0;
  const std::vector<double> all = requests_of(clock.result, "", step_ns);
  std::vector<double> shares = requests_of(clock.result, site, step_ns);
  if (shares.empty()) return "";
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = all[i] > 0 ? shares[i] / all[i] : 0;
  const auto [least, greatest] = std::minmax_element(shares.begin(), shares.end());
  const std::string path = share_path(shares);
  Track track;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    track.add(step_ns * static_cast<std::int64_t>(i), share_words(shares[i]));
  }
  const std::string svg = fmt::format(
      R"(<svg class="lane" aria-hidden="true">{}<svg width="{:.2f}%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="share" d="{}V{:.0f}H0Z"/><path class="line" d="{}"/><path class="grid" d="M0 {:.0f}H1000"/></svg></svg>)",
      clock.bands, clock.axis.percent(step_ns * static_cast<std::int64_t>(shares.size())), path, kPanelBottom, path,
      kPanelBottom);
  return clock_row("share-row",
                   fmt::format("{} decides<small>share of all requests, by {}</small>", isolated(site),
                               step_ns == 60'000'000'000 ? "minute" : round_clock_words(step_ns)),
                   svg, fmt::format("{} to {}", share_words(*least), share_words(*greatest)),
                   fmt::format("{} in the first", share_words(shares.front())), track);
}

}  // namespace parallax::reports
