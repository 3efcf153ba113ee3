#include "reports/compare_page.h"

#include "reports/compare_sections.h"
#include "reports/page.h"

namespace parallax::reports {

std::string compare_page(const schema::Comparison& comparison) {
  const ComparedColumns columns = columns_of(comparison);
  std::string body = compare_masthead(comparison, columns);
  if (!columns.empty()) {
    body += winners_section(comparison, columns) + worst_section(comparison, columns) +
            differences_section(comparison, columns) + costs_section(comparison) + plane_section(comparison, columns) +
            curves_section(comparison, columns) + seeds_section(comparison, columns);
  }
  body += designs_section(comparison) + compared_metrics_section(comparison);
  return page(comparison_headline(comparison) + " – Parallax", body);
}

}  // namespace parallax::reports
