// What each design costs, and which are beaten by another.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/comparison/beside.h"
#include "reports/comparison/compare_marks.h"
#include "reports/comparison/compare_sections.h"
#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string plane_heading(const schema::Comparison& comparison, const std::vector<bool>& is_dominated) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < is_dominated.size(); ++i) {
    if (!is_dominated[i]) left.push_back(i);
  }
  std::vector<std::string> names;
  for (const std::string& name : names_of(comparison, left)) names.push_back(isolated(name));
  if (left.size() == is_dominated.size()) return "Each design is a trade: none is beaten on every count";
  return joined(names) + (left.size() == 1 ? " stands alone" : " are left") +
         ": of the others another is nowhere worse and somewhere better";
}

// A design that is better at one of these is often worse at another.
ComparedColumns trade_offs(const schema::Comparison& comparison, const ComparedColumns& columns) {
  constexpr std::array<std::string_view, 3> kOthers{"throttle.over_admission.ratio_max", "latency.p99",
                                                    "cost.wan_calls_per_request"};
  const auto window = std::find_if(columns.begin(), columns.end(),
                                   [](const ComparedColumn& column) { return !column.words.change.empty(); });
  ComparedColumns axes;
  if (window != columns.end()) axes.push_back(*window);
  for (ComparedColumn& column : columns_named(comparison, kOthers)) axes.push_back(std::move(column));
  return axes;
}

bool tells_apart(const schema::Comparison& comparison, const ComparedColumn& column) {
  return static_cast<int>(column.metric->best_size()) < comparison.designs_size();
}

// Where the usual ones do not tell the designs apart, the page's own measures may.
ComparedColumns axes_of(const schema::Comparison& comparison, const ComparedColumns& columns) {
  ComparedColumns axes = trade_offs(comparison, columns);
  std::erase_if(axes, [&](const ComparedColumn& column) { return !tells_apart(comparison, column); });
  if (axes.size() >= 2) return axes;
  axes.clear();
  for (const ComparedColumn& column : columns) {
    if (axes.size() < 2 && tells_apart(comparison, column) && !column.metric->higher_is_better())
      axes.push_back(column);
  }
  return axes;
}

// Another is as good by the one and better by the other.
bool is_behind(const ComparedColumn& x, const ComparedColumn& y, std::size_t design) {
  for (std::size_t other = 0; other < x.rows.size(); ++other) {
    if (!x.rows[other].typical || !y.rows[other].typical) continue;
    const double by_x = *x.rows[design].typical - *x.rows[other].typical;
    const double by_y = *y.rows[design].typical - *y.rows[other].typical;
    if (by_x >= 0 && by_y >= 0 && by_x + by_y > 0) return true;
  }
  return false;
}

std::string plane_of(const schema::Comparison& comparison, const ComparedColumn& x, const ComparedColumn& y) {
  std::vector<PlacedDesign> placed;
  for (std::size_t i = 0; i < x.rows.size(); ++i) {
    if (!x.rows[i].typical || !y.rows[i].typical) continue;
    placed.push_back({comparison.designs(static_cast<int>(i)).scenario(), *x.rows[i].typical, *y.rows[i].typical,
                      is_behind(x, y, i)});
  }
  return plane_mark(placed, x.words.title, y.words.title);
}

std::string planes_in_figures(const schema::Comparison& comparison, const ComparedColumns& axes) {
  Beside table("Each design by the measures of the planes", heads_with(axes, [](const ComparedColumn&) { return ""; }));
  for (int i = 0; i < comparison.designs_size(); ++i) {
    table.begin_row("<b>" + isolated(comparison.designs(i).scenario()) + "</b>");
    for (const ComparedColumn& axis : axes) {
      const Row& row = axis.rows[static_cast<std::size_t>(i)];
      table.cell(axis.words.title, row.typical ? (row.typical_open ? "≥\u00A0" : "") + measured(*row.typical, axis)
                                               : missing("not measured"));
    }
    table.end_row();
  }
  return folded("The same in figures", table.html());
}

}  // namespace

std::string plane_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const ComparedColumns axes = axes_of(comparison, columns);
  if (axes.size() < 2) return "";
  std::string planes;
  for (std::size_t i = 1; i < axes.size(); ++i) planes += plane_of(comparison, axes.front(), axes[i]);
  return section(
      plane_heading(comparison, dominated(comparison, columns)),
      fmt::format("So say the {} measures above, all together. Below stand typical values, each axis from 0: to "
                  "the right “{}”, upwards what it is often traded for; lower left is better. Grey: another "
                  "design is as good by the one and better by the other.",
                  columns.size(), escaped(axes.front().words.title)),
      "<div class=\"planes\">" + planes + "</div>\n" + planes_in_figures(comparison, axes));
}

std::string costs_section(const schema::Comparison& comparison) {
  constexpr std::array<std::string_view, 3> kCosts{"cost.wan_calls_per_request", "cost.database_calls_per_request",
                                                   "load.database.peak_ratio"};
  std::vector<const schema::ComparedMetric*> costs;
  std::vector<std::string> heads;
  for (const std::string_view name : kCosts) {
    for (const schema::ComparedMetric& metric : comparison.metrics()) {
      if (metric.name() != name) continue;
      costs.push_back(&metric);
      const MetricWords words = metric_words(name, metric.unit());
      heads.push_back(two_lines(escaped(words.title), escaped(words.detail)));
    }
  }
  if (costs.empty()) return "";
  Beside table("What each design costs", heads);
  for (int i = 0; i < comparison.designs_size(); ++i) {
    table.begin_row("<b>" + isolated(comparison.designs(i).scenario()) + "</b>");
    for (const schema::ComparedMetric* metric : costs) {
      const MetricWords words = metric_words(metric->name(), metric->unit());
      const Row row = row_of(comparison.designs(i), metric->name());
      double greatest = 0;
      for (const schema::Result& design : comparison.designs()) {
        greatest = std::max(greatest, row_of(design, metric->name()).typical.value_or(0));
      }
      const auto share = [&](double value) { return static_cast<std::uint64_t>(value / greatest * 10'000); };
      table.cell(words.title, !row.typical ? missing("not measured")
                                           : value_words(*row.typical, words.measure, Length::kMeasured) +
                                                 (greatest > 0 ? count_bar(share(*row.typical), 10'000) : ""));
    }
    table.end_row();
  }
  return section("What each costs", "Typical values, the median over the runs.", table.html());
}

}  // namespace parallax::reports
