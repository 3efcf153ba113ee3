// Who wins on what, and each design against its targets.
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

std::string target_words(const ComparedColumn& column) {
  for (const Row& row : column.rows) {
    if (!row.target) continue;
    const std::string value = value_words(*row.target, row.words.measure, Length::kChosen);
    return row.limit == Row::Limit::kAtLeast ? "target at least " + value : "target " + value;
  }
  return column.metric->higher_is_better() ? "more is better" : "less is better";
}

std::string winners(const schema::Comparison& comparison, const ComparedColumn& column) {
  const auto& best = column.metric->best();
  const auto measured_by = std::count_if(column.metric->values().begin(), column.metric->values().end(),
                                         [](const auto& values) { return values.values_size() > 0; });
  if (best.empty()) return missing("nothing measured");
  if (best.size() == measured_by && best.size() > 1) return two_lines("—", "no difference found");
  std::vector<std::size_t> places(best.begin(), best.end());
  std::string names;
  for (const std::string& name : names_of(comparison, places)) {
    names += (names.empty() ? "" : ",<br>") + breakable(name);
  }
  const Row& row = column.rows[places.front()];
  return two_lines(names, row.typical ? "typically " + measured(*row.typical, column) : "");
}

std::string worst_cell(const ComparedColumn& column, std::size_t design) {
  const Row& row = column.rows[design];
  if (!row.worst) return missing("not measured");
  const bool is_missed = row.past_target(*row.worst);
  const std::string value = (row.open_at_end ? "≥\u00A0" : "") + measured(*row.worst, column);
  const std::string zone = !row.target ? "" : row.limit == Row::Limit::kAtLeast ? "zone-left" : "zone";
  return fmt::format("<b class=\"{}\">{}{}</b>{}", is_missed ? "miss" : "", is_missed ? "✕\u00A0" : "", value,
                     chart(row_mark(row), zone));
}

}  // namespace

std::string compare_masthead(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const schema::Result& first = comparison.designs(0);
  return fmt::format(
      "<header>\n<p><b>Parallax</b> {} designs, same work, same faults, same random numbers</p>\n<p>{} of {} each</p>\n"
      "</header>\n<h1><bdi>{}</bdi></h1>\n<p class=\"lede\"><bdi>{}</bdi></p>\n",
      comparison.designs_size(), counted(comparison.seeds(), "run", "runs"),
      escaped(spelled_length(first.config().duration())), escaped(comparison_headline(comparison, columns)),
      escaped(comparison_lede(comparison, columns)));
}

std::string winners_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  return "<section class=\"winners\">\n" +
         in_bands(columns,
                  [&](const auto& band) {
                    Beside table("The best designs by each measure", heads_with(band, [](const auto&) { return ""; }));
                    table.begin_row("<b>Who wins on what</b>");
                    for (const ComparedColumn& column : band)
                      table.cell(column.words.title, winners(comparison, column));
                    table.end_row();
                    return table.html();
                  }) +
         "</section>\n";
}

std::string worst_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const auto table_of = [&](const std::vector<ComparedColumn>& band) {
    Beside table("The worst value of each design against its target", heads_with(band, target_words));
    for (int i = 0; i < comparison.designs_size(); ++i) {
      table.begin_row(design_head(comparison.designs(i)));
      for (const ComparedColumn& column : band) {
        table.cell(column.words.title, worst_cell(column, static_cast<std::size_t>(i)));
      }
      table.end_row();
    }
    return table.html();
  };
  const bool has_target = std::any_of(columns.begin(), columns.end(), [](const ComparedColumn& column) {
    return std::any_of(column.rows.begin(), column.rows.end(), [](const Row& row) { return row.target.has_value(); });
  });
  return section(has_target ? "Worst seen against target" : "Worst seen",
                 fmt::format("{}Ring: typical, the median of {}. Disc: worst seen{}. Bar: cannot exceed.",
                             has_target ? "Upright line: the target. " : "", counted(comparison.seeds(), "run", "runs"),
                             has_target ? "; a diamond is past the target" : ""),
                 in_bands(columns, table_of));
}

}  // namespace parallax::reports
