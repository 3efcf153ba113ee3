#include "reports/truth/truth_page.h"

#include <fmt/format.h>

#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/truth/truth_mark.h"
#include "reports/truth/truth_words.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string figure_cell(const schema::TruthReportFigure& figure) {
  const std::string_view style = figure.within() ? "" : " class=\"miss\"";
  return fmt::format("{}<small><b{}>{}</b></small>", truth_figure(figure.measured()), style,
                     truth_figure(figure.predicted()));
}

std::string name_cell(const schema::TruthReportRow& row) {
  return two_lines(isolated(row.setting()), fmt::format("{}, {}", isolated(row.quantity()), escaped(row.unit())));
}

// Of the rows that somebody will want to look at.
std::string commands(const schema::TruthReportGroup& group) {
  std::string out;
  for (const schema::TruthReportRow& row : group.rows()) {
    const std::string command = truth_command(group, row);
    if (row.within() || command.empty()) continue;
    out += fmt::format("<p class=\"how\">{}: <code>{}</code></p>\n", isolated(row.setting()), isolated(command));
  }
  return out;
}

std::string distance_cell(const schema::TruthReportRow& row) {
  const std::string distance = fmt::format("{:.2f}", row.ks_distance());
  return distance + (row.has_ks_critical() ? fmt::format("<small>1\u00A0%: {:.2f}</small>", row.ks_critical()) : "");
}

std::string verdict_cell(const schema::TruthReportRow& row) {
  if (row.within()) return glyph("tick") + "within";
  std::string out = glyph("cross") + "<b class=\"miss\">outside</b>";
  for (const std::string& finding : truth_findings(row)) out += "<small>" + isolated(finding) + "</small>";
  return out;
}

void add_row(Table& table, const schema::TruthReportRow& row) {
  std::vector<std::string> cells{name_cell(row)};
  if (row.predicted_n() == 0) {
    cells.insert(cells.end(), 7, missing("nothing simulated"));
  } else {
    cells.push_back(escaped(sample_words(row)) +
                    fmt::format("<small><b>{}</b></small>", count_words(row.predicted_n())));
    for (const schema::TruthReportFigure& figure : row.figures()) cells.push_back(figure_cell(figure));
    cells.push_back(truth_mark(row));
    cells.push_back(distance_cell(row));
  }
  cells.push_back(verdict_cell(row));
  table.row(cells);
}

std::string group_section(const schema::TruthReportGroup& group) {
  using Kind = Column::Kind;
  Table table(group.title(),
              {{"Setting"},
               {"Values", Kind::kNumber},
               {"Mean", Kind::kNumber},
               {"Median", Kind::kNumber},
               {"95\u00A0% within", Kind::kNumber},
               {"Greatest", Kind::kNumber},
               {"Measured and predicted", Kind::kChart},
               {"KS distance", Kind::kNumber},
               {"Verdict"}},
              "truth");
  for (const schema::TruthReportRow& row : group.rows()) add_row(table, row);
  const std::string how = fmt::format("{}, measured {}. {} {} Simulated: the {} <code>{}</code>.",
                                      isolated(group.software()), isolated(group.date()), isolated(group.setup()),
                                      isolated(group.statistics()), escaped(group.kind()), isolated(group.model()));
  return section(fmt::format("{}: {}", isolated(group.title()), isolated(group.mechanism())), how,
                 table.html() + commands(group));
}

constexpr std::string_view kRule =
    "Upper figure: measured on real software; lower one, bold: what simulated experiments of the same size give on "
    "average. Broad band: the share of measured values (upwards) that are at most so much (to the right, without "
    "the first and last 1\u00A0% of long samples); thin line: of predicted ones. A row is within if its predicted "
    "mean, median and "
    "95\u00A0% lie in the 99\u00A0% intervals of the measured ones, widened by 5\u00A0% or 3\u00A0ms (one request), "
    "whichever is more. A greatest value, and all that was measured in one cut, is one draw, of which nobody knows how "
    "it spreads: it must lie between the least and the greatest of 199 simulated experiments, widened alike, where one "
    "more of the same kind does in 99\u00A0% of cases (198 of 200). Once it lies between those of fewer, no more are "
    "played. KS: Kolmogorov and "
    "Smirnov’s distance, good to 0.01, and what 1\u00A0% of samples of one distribution exceed; it decides nothing, "
    "and has no such value where measured values depend on each other.";

}  // namespace

std::string truth_page(const schema::TruthReport& report) {
  const std::string headline = truth_headline(report);
  std::string body =
      fmt::format("<header>\n<p><b>Parallax</b> Is it true?</p>\n</header>\n<h1>{}</h1>\n<p class=\"how\">{}</p>\n",
                  escaped(headline), kRule);
  for (const schema::TruthReportGroup& group : report.groups()) body += group_section(group);
  if (!report.command().empty()) {
    body += fmt::format("<dl class=\"evidence alone\">\n<div><dt>All again</dt><dd><code>{}</code></dd></div>\n</dl>\n",
                        isolated(report.command()));
  }
  return page("Parallax: " + plain(headline), body);
}

}  // namespace parallax::reports
