#include "reports/comparison/compare_page.h"

#include "reports/comparison/compare_sections.h"
#include "reports/page.h"

namespace parallax::reports {

namespace {

std::string answers(const schema::Comparison& comparison, const ComparedColumns& columns) {
  return winners_section(comparison, columns) + worst_section(comparison, columns) +
         differences_section(comparison, columns);
}

std::string further_answers(const schema::Comparison& comparison, const ComparedColumns& columns) {
  if (columns.empty()) return "";
  return section("What else the trial asks about", "As above, for its other questions.", "") +
         answers(comparison, columns);
}

}  // namespace

std::string compare_page(const schema::Comparison& comparison) {
  const ComparedColumns columns = columns_of(comparison);
  const auto after = columns.begin() + static_cast<std::ptrdiff_t>(first_columns(comparison, columns));
  std::string body = compare_masthead(comparison, columns);
  if (!columns.empty()) {
    body += answers(comparison, {columns.begin(), after}) + costs_section(comparison) + latency_section(comparison) +
            further_answers(comparison, {after, columns.end()}) + plane_section(comparison, columns) +
            curves_section(comparison, columns) + seeds_section(comparison, columns);
  }
  body += designs_section(comparison) + compared_metrics_section(comparison);
  return page(comparison_headline(comparison, columns) + " – Parallax", body);
}

}  // namespace parallax::reports
