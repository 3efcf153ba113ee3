#include "reports/comparison/compare_text.h"

#include <fmt/format.h>

#include "reports/comparison/compared.h"
#include "reports/plain_text.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// "5 min 01 s", "15 min 30 s MISSED", "-".
std::string worst_words(const Row& row) {
  if (!row.worst) return "-";
  const std::string value = value_words(*row.worst, row.words.measure, Length::kMeasured);
  return (row.open_at_end ? "≥" : "") + value + (row.past_target(*row.worst) ? " MISSED" : "");
}

std::string against_words(const ComparedColumn& column, int design) {
  const schema::Difference& difference = column.metric->differences(design);
  if (difference.n() == 0) return "";
  const std::string words = difference_words(difference, column.words.measure);
  return words == difference.verdict() ? words : words + " " + difference.verdict();
}

}  // namespace

std::string compare_text(const schema::Comparison& comparison) {
  const std::vector<ComparedColumn> columns = columns_of(comparison);
  const std::string& baseline = comparison.designs(static_cast<int>(comparison.baseline())).scenario();
  std::string out = wrapped(safe(comparison_headline(comparison, columns)) + ".", 0);
  out += wrapped(safe(comparison_lede(comparison, columns)), 0);
  for (const ComparedColumn& column : columns) {
    out += "\n" + column.words.title + "\n";
    Columns table({0});
    table.row({"", "typical", "worst", "minus " + safe(baseline)});
    for (int i = 0; i < comparison.designs_size(); ++i) {
      const Row& row = column.rows[static_cast<std::size_t>(i)];
      const std::string typical =
          row.typical ? value_words(*row.typical, row.words.measure, Length::kMeasured) : std::string("-");
      table.row({safe(comparison.designs(i).scenario()), (row.typical_open ? "≥" : "") + typical, worst_words(row),
                 against_words(column, i)});
    }
    out += table.text();
  }
  return plain(out + "\n");
}

}  // namespace parallax::reports
