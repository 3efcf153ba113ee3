#include <fmt/format.h>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string split_words(const schema::Result& result, const schema::Metric& metric) {
  std::string out;
  if (!metric.writer().empty()) out += "written in " + isolated(metric.writer());
  if (!metric.observer().empty())
    out += (out.empty() ? "" : ", ") + ("seen at " + isolated(node_name(result, metric.observer())));
  if (!metric.population().empty()) out += "of " + isolated(metric.population());
  return out;
}

std::string at_least(bool open) { return open ? "≥\u00A0" : ""; }

std::string interval(const schema::Metric& metric, Measure measure) {
  if (!metric.has_low() || !metric.has_high()) return missing("under 6 seeds");
  return fmt::format("{} to {}{}", value_words(metric.low(), measure, Length::kMeasured), at_least(metric.high_open()),
                     value_words(metric.high(), measure, Length::kMeasured));
}

std::string worst(const schema::Metric& metric, Measure measure) {
  if (!metric.has_worst()) return missing("nothing measured");
  const std::string seed = metric.has_worst_seed() ? fmt::format("<small>seed {}</small>", metric.worst_seed()) : "";
  return at_least(metric.worst_open()) + value_words(metric.worst(), measure, Length::kMeasured) + seed;
}

void add_row(Table& table, const schema::Result& result, const schema::Metric& metric) {
  const Measure measure = metric_words(metric.name(), metric.unit()).measure;
  const auto value = [&](bool present, double number, std::string_view reason) {
    return present ? value_words(number, measure, Length::kMeasured) : missing(reason);
  };
  table.row({fmt::format("<code>{}</code><small>{}</small>", escaped(metric.name()), split_words(result, metric)),
             at_least(metric.estimate_open()) + value(metric.has_estimate(), metric.estimate(), "nothing measured"),
             interval(metric, measure), worst(metric, measure),
             metric.unbounded().empty() ? value(metric.has_bound(), metric.bound(), "not computed")
                                        : two_lines("no bound", escaped(metric.unbounded())),
             count_words(metric.n()), count_words(metric.count())});
}

std::string sentences(const schema::Result& result) {
  std::string items;
  for (const auto& expectation : result.expectations()) {
    if (!expectation.text().empty()) items += fmt::format("<li><span>{}</span></li>\n", isolated(expectation.text()));
  }
  return items.empty() ? "" : "<ul class=\"points\">\n" + items + "</ul>\n";
}

}  // namespace

std::string metrics_section(const schema::Result& result) {
  if (result.metrics_size() == 0 && result.expectations_size() == 0) return "";
  using Kind = Column::Kind;
  Table table("Every metric",
              {{"Metric"},
               {"Typical", Kind::kNumber},
               {"95\u00A0% interval", Kind::kNumber},
               {"Worst", Kind::kNumber},
               {"Cannot exceed", Kind::kNumber},
               {"Seeds", Kind::kNumber},
               {"Cases", Kind::kNumber}},
              "metrics");
  for (const auto& metric : result.metrics()) add_row(table, result, metric);
  const std::string summary = counted(static_cast<std::uint64_t>(result.metrics_size()), "metric", "metrics") +
                              " and each target in a sentence";
  return section(
      "Every figure, by the name that a scenario uses",
      "Typical: median over the seeds. ≥: what was still open when a run ended hides the rest. Cases: windows "
      "or requests behind it.",
      folded(summary, sentences(result) + (table.empty() ? "" : table.html())));
}

}  // namespace parallax::reports
