#include "reports/truth/truth_text.h"

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/truth/truth_words.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string figures_line(std::string_view what, const schema::TruthReportRow& row,
                         double (*value)(const schema::TruthReportFigure&)) {
  std::string line = fmt::format("    {:<38}", what);
  for (const schema::TruthReportFigure& figure : row.figures()) {
    line += fmt::format(" {:>8}", truth_figure(value(figure)));
  }
  return line + "\n";
}

std::string distance_words(const schema::TruthReportRow& row) {
  if (!row.has_ks_critical()) return fmt::format("KS {:.2f}", row.ks_distance());
  return fmt::format("KS {:.2f} (1 %: {:.2f})", row.ks_distance(), row.ks_critical());
}

std::string row_text(const schema::TruthReportRow& row) {
  const std::string name = fmt::format("{}: {}, {}", row.setting(), row.quantity(), row.unit());
  std::string out = wrapped(safe(fmt::format("  {}  {}", row.within() ? "within " : "OUTSIDE", name)), 11);
  if (row.predicted_n() > 0) {
    out += figures_line("measured, " + plain(sample_words(row)), row,
                        [](const schema::TruthReportFigure& figure) { return figure.measured(); });
    out += figures_line(fmt::format("predicted, {}; {}", row.predicted_n(), distance_words(row)), row,
                        [](const schema::TruthReportFigure& figure) { return figure.predicted(); });
  }
  for (const std::string& finding : truth_findings(row)) out += wrapped(safe("    " + plain(finding)), 6);
  return out;
}

std::string group_text(const schema::TruthReportGroup& group) {
  std::string out = fmt::format("\n{}\n", safe(group.title()));
  out += wrapped(safe(fmt::format("{}, measured {}", group.software(), group.date())), 2);
  out += wrapped(safe(plain(group.mechanism())), 2);
  out += fmt::format("{} {}\n", group.kind(), safe(group.model()));
  out += fmt::format("{:<42} {:>8} {:>8} {:>8} {:>8}\n", "", "mean", "p50", "p95", "max");
  for (const schema::TruthReportRow& row : group.rows()) out += row_text(row);
  return out;
}

}  // namespace

std::string truth_text(const schema::TruthReport& report) {
  std::string out;
  for (const schema::TruthReportGroup& group : report.groups()) out += group_text(group);
  return out + "\n" + wrapped(safe(plain(truth_headline(report))), 2);
}

}  // namespace parallax::reports
