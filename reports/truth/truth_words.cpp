#include "reports/truth/truth_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/words.h"

namespace parallax::reports {
namespace {

/// Of a further experiment: that it lies between the least and the greatest of those that are.
double held_share(const schema::TruthReportRow& row) {
  return (static_cast<double>(row.experiments()) - 1) / (static_cast<double>(row.experiments()) + 1);
}

/// Outside of fewer than decide it: it happened in no more, or more take too long.
bool is_open(const schema::TruthReportRow& row) {
  constexpr std::uint32_t kDecides = 199;
  const bool is_outside = std::any_of(row.figures().begin(), row.figures().end(), [](const auto& figure) {
    return figure.judged() == "measured" && !figure.within();
  });
  return is_outside && row.experiments() < kDecides;
}

}  // namespace

std::string truth_headline(const schema::TruthReport& report) {
  const std::uint32_t rows = report.rows_within() + report.rows_outside();
  const std::string counted_rows = counted(rows, "measured row", "measured rows");
  if (report.rows_outside() == 0) return fmt::format("{}: all within", counted_rows);
  return fmt::format("{}: {} within, {} outside", counted_rows, report.rows_within(), report.rows_outside());
}

std::string truth_figure(double value) {
  return std::abs(value) < 99.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

std::vector<std::string> truth_findings(const schema::TruthReportRow& row) {
  std::vector<std::string> findings;
  if (row.predicted_n() == 0) findings.emplace_back("nothing of it happened in any simulated run");
  for (const schema::TruthReportFigure& figure : row.figures()) {
    if (figure.within()) continue;
    findings.push_back(fmt::format("{}: {} {}, expected {} to {}", figure.name(), figure.judged(),
                                   truth_figure(figure.judged() == "measured" ? figure.measured() : figure.predicted()),
                                   truth_figure(figure.least()), truth_figure(figure.greatest())));
  }
  if (is_open(row)) {
    findings.push_back(fmt::format("only {} simulated, between which {:.0f} % of others lie",
                                   counted(row.experiments(), "experiment", "experiments"), held_share(row) * 100));
  }
  if (!findings.empty()) findings.push_back(row.reason().empty() ? "the reason is not known" : row.reason());
  return findings;
}

std::string sample_words(const schema::TruthReportRow& row) {
  const std::string values = counted(row.measured_n(), "value", "values");
  if (row.measured_draws() == row.measured_n() && row.measured_n() > 1) return values;
  if (row.measured_n() == 1) return "one draw";
  return fmt::format("{} of {}", values,
                     row.measured_draws() == 1 ? "one draw" : fmt::format("{} draws", row.measured_draws()));
}

std::string truth_command(const schema::TruthReportGroup& group, const schema::TruthReportRow& row) {
  if (group.kind() != "scenario") return "";
  std::string command = "parallax run " + group.model();
  for (const std::string& text : row.set()) command += " --set '" + text + "'";
  return command;
}

}  // namespace parallax::reports
