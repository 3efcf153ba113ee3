// How long each population waits for its answers in each design.
#include <fmt/format.h>

#include <algorithm>

#include "reports/comparison/beside.h"
#include "reports/comparison/compare_sections.h"
#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::string_view kMedian = "latency.p50";
constexpr std::string_view kSlowest = "latency.p99";

std::string time_words(const schema::Metric& metric) {
  return value_words(metric.estimate(), metric_words(metric.name(), metric.unit()).measure, Length::kMeasured);
}

// Of all designs, so that bars of a column can be compared.
double greatest_of(const schema::Comparison& comparison, std::string_view population) {
  double greatest = 0;
  for (const schema::Result& design : comparison.designs()) {
    const schema::Metric* median = figure_of(design, kMedian, population);
    if (median != nullptr) greatest = std::max(greatest, median->estimate());
  }
  return greatest;
}

std::string cell_of(const schema::Result& design, std::string_view population, double greatest) {
  const schema::Metric* median = figure_of(design, kMedian, population);
  const schema::Metric* slowest = figure_of(design, kSlowest, population);
  if (median == nullptr || !median->has_estimate()) return missing("not measured");
  const std::string rest = slowest == nullptr ? "" : "99\u00A0% within " + time_words(*slowest);
  const std::string bar =
      greatest > 0 ? count_bar(static_cast<std::uint64_t>(median->estimate() / greatest * 10'000), 10'000) : "";
  return two_lines("<b>" + time_words(*median) + "</b>", rest) + bar;
}

std::string table_of(const schema::Comparison& comparison, const std::vector<std::string>& populations) {
  std::vector<std::string> heads;
  for (const std::string& population : populations) heads.push_back(isolated(population));
  Beside table("How long answers take, by population", heads);
  for (const schema::Result& design : comparison.designs()) {
    table.begin_row("<b>" + isolated(design.scenario()) + "</b>");
    for (const std::string& population : populations)
      table.cell(population, cell_of(design, population, greatest_of(comparison, population)));
    table.end_row();
  }
  return table.html();
}

}  // namespace

std::string latency_section(const schema::Comparison& comparison) {
  const std::vector<std::string> populations = populations_of(comparison, kMedian);
  const std::size_t bands = (populations.size() + kBesideMost - 1) / kBesideMost;
  std::string tables;
  for (std::size_t band = 0; band < bands; ++band) {
    const auto first = populations.begin() + static_cast<std::ptrdiff_t>(populations.size() * band / bands);
    const auto last = populations.begin() + static_cast<std::ptrdiff_t>(populations.size() * (band + 1) / bands);
    tables += table_of(comparison, {first, last});
  }
  if (tables.empty()) return "";
  return section("How long answers take",
                 "From sending to the answer, of answered calls. In bold: half come sooner, in the middle of the runs.",
                 tables);
}

}  // namespace parallax::reports
