// The designs themselves, and every metric of each.
#include <fmt/format.h>

#include "reports/comparison/beside.h"
#include "reports/comparison/compare_sections.h"
#include "reports/escape.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {

std::string designs_section(const schema::Comparison& comparison) {
  Table table("The designs", {{"Design"}, {"What it is"}, {"Verdict of its own"}, {"Fingerprint"}}, "ledger");
  for (const schema::Result& design : comparison.designs()) {
    table.row({design_head(design), isolated(design.config().description()), escaped(spaced(design.verdict())),
               "<code>" + escaped(design.fingerprint()) + "</code>"});
  }
  return section("The designs",
                 "All ran with the same duration, workload, catalog and faults, and each random number serves the same "
                 "purpose in every design.",
                 table.html()) +
         fmt::format(
             "<dl class=\"evidence\">\n<div><dt>Run it again</dt><dd><code>{}</code></dd></div>\n"
             "<div><dt>Made by</dt><dd>Parallax {}</dd></div>\n</dl>\n",
             escaped(comparison.command()), escaped(comparison.version()));
}

std::string compared_metrics_section(const schema::Comparison& comparison) {
  using Kind = Column::Kind;
  Table table("Every metric of every design",
              {{"Metric"},
               {"Design"},
               {"Runs", Kind::kNumber},
               {"Typical", Kind::kNumber},
               {"Difference", Kind::kNumber},
               {"95 % interval", Kind::kNumber},
               {"Mean difference", Kind::kNumber},
               {"Its 95 % interval", Kind::kNumber},
               {"Correlation", Kind::kNumber},
               {"p, corrected", Kind::kNumber},
               {"Verdict"}},
              "ledger");
  for (const schema::ComparedMetric& metric : comparison.metrics()) {
    const MetricWords words = metric_words(metric.name(), metric.unit());
    for (int i = 0; i < comparison.designs_size(); ++i) {
      const schema::DesignValues& values = metric.values(i);
      if (values.values().empty()) continue;
      const schema::Difference& of = metric.differences(i);
      const Row row = row_of(comparison.designs(i), metric.name());
      const auto only_if = [](bool is_there, std::string text) {
        return is_there ? std::move(text) : std::string("—");
      };
      table.row(
          {"<code>" + escaped(metric.name()) + "</code>", isolated(comparison.designs(i).scenario()),
           fmt::to_string(values.values_size()),
           only_if(row.typical.has_value(), value_words(row.typical.value_or(0), words.measure, Length::kMeasured)),
           only_if(of.n() > 0, signed_words(of.median(), words.measure)),
           only_if(of.n() > 0, interval_words(of, words.measure)),
           only_if(of.has_mean(), signed_words(of.mean(), words.measure)),
           only_if(of.has_mean_low(), fmt::format("{} to {}", signed_words(of.mean_low(), words.measure),
                                                  signed_words(of.mean_high(), words.measure))),
           only_if(of.has_correlation(), fmt::format("{:.2f}", of.correlation())),
           only_if(of.n() > 0, fmt::format("{:.3f}", of.p_holm())), only_if(of.n() > 0, escaped(of.verdict()))});
    }
  }
  return section(
      "Every metric",
      "Difference: median over the runs of the design’s value minus the baseline’s. p: sign test, with "
      "Holm’s correction over the metrics with a target, and over those without. The mean’s interval: whole runs drawn "
      "again 2\u202F000 times.",
      folded(counted(static_cast<std::uint64_t>(comparison.metrics_size()), "metric", "metrics"), table.html()));
}

}  // namespace parallax::reports
