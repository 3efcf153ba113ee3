// What each design costs, and which are beaten by another.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/beside.h"
#include "reports/compare_marks.h"
#include "reports/compare_sections.h"
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

}  // namespace

std::string plane_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  if (columns.size() < 2) return "";
  const std::vector<bool> is_dominated = dominated(comparison, columns);
  std::vector<const ComparedColumn*> axes;
  for (const ComparedColumn& column : columns) {
    const bool tells_apart = static_cast<int>(column.metric->best_size()) < comparison.designs_size();
    if (tells_apart && !column.metric->higher_is_better()) axes.push_back(&column);
  }
  if (axes.size() < 2) return "";
  std::vector<PlacedDesign> placed;
  for (std::size_t i = 0; i < is_dominated.size(); ++i) {
    const Row& x = axes[0]->rows[i];
    const Row& y = axes[1]->rows[i];
    if (!x.typical || !y.typical) continue;
    placed.push_back({comparison.designs(static_cast<int>(i)).scenario(), *x.typical, *y.typical, is_dominated[i]});
  }
  const std::string x_words = axes[0]->words.title;
  const std::string y_words = axes[1]->words.title;
  return section(
      plane_heading(comparison, is_dominated),
      fmt::format("By the first two measures that tell them apart: to the right {}, upwards {}, each from 0; "
                  "lower left is better. Grey: by the {} measures above another design is nowhere "
                  "worse, as far as can be told, and better by one.",
                  escaped(x_words), escaped(y_words), columns.size()),
      plane_mark(placed, x_words, y_words));
}

std::string costs_section(const schema::Comparison& comparison) {
  constexpr std::array<std::string_view, 4> kCosts{"wan.calls_per_request", "latency.p50", "latency.p99",
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
