#include "reports/compare_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "reports/compare_marks.h"
#include "reports/compared.h"
#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using Columns = std::vector<ComparedColumn>;

// A table with a row for each design and a column for each metric; on a phone each row becomes a card.
class Beside {
 public:
  Beside(std::string_view caption, const std::vector<std::string>& heads) {
    head_ = fmt::format(
        "<table class=\"beside\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\"><span "
        "class=\"unseen\">Design</span></th>",
        escaped(caption));
    for (const std::string& head : heads) head_ += fmt::format("<th scope=\"col\">{}</th>", head);
    head_ += "</tr></thead>\n<tbody>\n";
  }

  void begin_row(std::string_view head) { body_ += fmt::format("<tr><th scope=\"row\">{}</th>", head); }
  void cell(std::string_view label, std::string_view content) {
    body_ += fmt::format("<td><span class=\"label\">{}</span>{}</td>", escaped(label), content);
  }
  void end_row() { body_ += "</tr>\n"; }

  std::string html() const { return head_ + body_ + "</tbody>\n</table>\n"; }

 private:
  std::string head_;
  std::string body_;
};

std::string chart(std::string_view mark, std::string_view style = "") {
  return fmt::format("<span class=\"chart {}\">{}</span>", style, mark);
}

std::string measured(double value, const ComparedColumn& column) {
  return value_words(value, column.words.measure, Length::kMeasured);
}

std::string tally(const schema::Result& design) {
  const TargetCount count = targets_of(design);
  return count.all == 0 ? "no targets" : fmt::format("meets {} of {}", count.met, count.all);
}

// Its name, how many targets it meets, what it is; the name leads to its own report.
std::string design_head(const schema::Result& design) {
  const std::string title = design.config().title().empty() ? "" : isolated(design.config().title());
  return fmt::format("<b><a href=\"{}\">{}</a></b> {}<small>{}</small>",
                     path_reference(design.scenario() + "/report.html"), isolated(design.scenario()), tally(design),
                     title);
}

std::string target_words(const ComparedColumn& column) {
  for (const Row& row : column.rows) {
    if (!row.target) continue;
    const std::string value = value_words(*row.target, row.words.measure, Length::kChosen);
    return row.limit == Row::Limit::kAtLeast ? "target at least " + value : "target " + value;
  }
  return "no target";
}

std::vector<std::string> heads_with(const Columns& columns,
                                    const std::function<std::string(const ComparedColumn&)>& small) {
  std::vector<std::string> heads;
  for (const ComparedColumn& column : columns) {
    heads.push_back(two_lines(escaped(column.words.title), escaped(small(column))));
  }
  return heads;
}

std::string masthead_of(const schema::Comparison& comparison, const Columns& columns) {
  const schema::Result& first = comparison.designs(0);
  return fmt::format(
      "<header>\n<p><b>Parallax</b> {} designs, same work, same faults, same random numbers</p>\n<p>{} of {} each</p>\n"
      "</header>\n<h1><bdi>{}</bdi></h1>\n<p class=\"lede\"><bdi>{}</bdi></p>\n",
      comparison.designs_size(), counted(comparison.seeds(), "run", "runs"),
      escaped(spelled_length(first.config().duration())), escaped(comparison_headline(comparison)),
      escaped(comparison_lede(comparison, columns)));
}

std::string winners(const schema::Comparison& comparison, const ComparedColumn& column) {
  const auto& best = column.metric->best();
  const auto measured_by = std::count_if(column.metric->values().begin(), column.metric->values().end(),
                                         [](const auto& values) { return values.values_size() > 0; });
  if (best.empty()) return missing("nothing measured");
  if (best.size() == measured_by && best.size() > 1) return two_lines("—", "no difference found");
  std::vector<std::size_t> places(best.begin(), best.end());
  std::string names;
  for (const std::string& name : names_of(comparison, places)) names += (names.empty() ? "" : ", ") + isolated(name);
  const Row& row = column.rows[places.front()];
  return two_lines(names, row.typical ? "typically " + measured(*row.typical, column) : "");
}

std::string winners_section(const schema::Comparison& comparison, const Columns& columns) {
  Beside table("The best designs by each measure", heads_with(columns, [](const auto&) { return ""; }));
  table.begin_row("<b>Who wins on what</b>");
  for (const ComparedColumn& column : columns) table.cell(column.words.title, winners(comparison, column));
  table.end_row();
  return "<section class=\"winners\">\n" + table.html() + "</section>\n";
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

std::string worst_section(const schema::Comparison& comparison, const Columns& columns) {
  Beside table("The worst value of each design against its target", heads_with(columns, target_words));
  for (int i = 0; i < comparison.designs_size(); ++i) {
    table.begin_row(design_head(comparison.designs(i)));
    for (const ComparedColumn& column : columns) {
      table.cell(column.words.title, worst_cell(column, static_cast<std::size_t>(i)));
    }
    table.end_row();
  }
  return section(
      "Worst seen against target",
      fmt::format("Upright line: the target. Ring: typical, the median of {}. Disc: worst seen; a diamond is "
                  "past the target. Bar: cannot exceed.",
                  counted(comparison.seeds(), "run", "runs")),
      table.html());
}

double greatest_of(const ComparedColumn& column) {
  double greatest = 0;
  for (const schema::Difference& difference : column.metric->differences()) {
    if (difference.n() == 0) continue;
    for (const double value : {difference.median(), difference.low(), difference.high(), difference.tolerance()}) {
      greatest = std::max(greatest, std::abs(value));
    }
  }
  return greatest;
}

std::string interval_words(const schema::Difference& difference, Measure measure) {
  if (!difference.has_low() && !difference.has_high()) return "no interval";
  return fmt::format("{} to {}", difference.has_low() ? signed_words(difference.low(), measure) : "no limit",
                     difference.has_high() ? signed_words(difference.high(), measure) : "no limit");
}

// Of what is known from one side alone.
std::string_view one_sided(const schema::Difference& difference, std::string_view words) {
  if (words == difference.verdict() || difference.has_low() == difference.has_high()) return "";
  return difference.has_low() ? "≥\u00A0" : "≤\u00A0";
}

std::string difference_cell(const ComparedColumn& column, int design) {
  const schema::Difference& difference = column.metric->differences(design);
  if (difference.n() == 0) return missing("not measured in both");
  const Measure measure = column.words.measure;
  const std::string words = difference_words(difference, measure);
  const std::string said =
      fmt::format("{}: {}, 95 % interval {}, {}", column.words.title, signed_words(difference.median(), measure),
                  interval_words(difference, measure), difference.verdict());
  const std::string style = difference.verdict() == "worse" ? "miss" : words == difference.verdict() ? "quiet" : "";
  return fmt::format("<b class=\"{}\">{}{}</b>{}", style, one_sided(difference, words), words,
                     chart(difference_mark(difference, greatest_of(column), said)));
}

std::string evidence_of_pairing(const schema::Comparison& comparison, const Columns& columns) {
  double greatest = 0;
  double gain = 0;
  for (const ComparedColumn& column : columns) {
    for (const schema::Difference& difference : column.metric->differences()) {
      if (!difference.has_gain() || difference.correlation() <= greatest) continue;
      greatest = difference.correlation();
      gain = difference.gain();
    }
  }
  std::string out = fmt::format(
      "Taken all together, {} of {} differences stand a sign test at 5\u00A0%, with Holm’s "
      "correction{}.",
      comparison.proven(), comparison.differences(),
      comparison.proven() < comparison.differences() ? "; more runs may show more" : "");
  if (gain > 1.05) {
    out += fmt::format(
        " Same random numbers: the values of two designs correlate with up to {:.2f}; unpaired, {:.1f} "
        "times as many runs would be needed.",
        greatest, gain);
  }
  return out;
}

std::string differences_section(const schema::Comparison& comparison, const Columns& columns) {
  const auto baseline = static_cast<int>(comparison.baseline());
  const std::string& name = comparison.designs(baseline).scenario();
  Beside table("Each design minus the baseline", heads_with(columns, [](const ComparedColumn& column) {
                 const std::string end = measured(greatest_of(column), column);
                 return column.metric->higher_is_better() ? fmt::format("worse −{0} … +{0} better", end)
                                                          : fmt::format("better −{0} … +{0} worse", end);
               }));
  for (int i = 0; i < comparison.designs_size(); ++i) {
    if (i == baseline) continue;
    table.begin_row(fmt::format("<b>{}</b> minus {}", isolated(comparison.designs(i).scenario()), isolated(name)));
    for (const ComparedColumn& column : columns) table.cell(column.words.title, difference_cell(column, i));
    table.end_row();
  }
  return section(
      fmt::format("Difference from {}, run by run", isolated(name)),
      "Each run’s value minus that of the same run of the baseline: median and 95\u00A0% interval. Grey strip: too "
      "small to matter, 5\u00A0% of the target or of the baseline’s own. Disc: better, the interval lies outside the "
      "strip and the tests of all targets together hold; diamond: worse; small and grey: the same, it lies inside; "
      "ring: unclear, more runs would tell.",
      table.html() + fmt::format("<p class=\"how\">{}</p>\n", evidence_of_pairing(comparison, columns)));
}

std::string range_words(const schema::DesignValues& values, const ComparedColumn& column) {
  if (values.values().empty()) return "";
  const auto [least, greatest] = std::minmax_element(values.values().begin(), values.values().end());
  if (*least == *greatest) return measured(*least, column) + " in every run";
  return measured(*least, column) + " to " + measured(*greatest, column);
}

std::string seeds_section(const schema::Comparison& comparison, const Columns& columns) {
  const auto greatest = [](const ComparedColumn& column) {
    double value = 0;
    for (const auto& values : column.metric->values()) {
      for (const double one : values.values()) value = std::max(value, one);
    }
    return value;
  };
  Beside table("The value of every run", heads_with(columns, [&](const ComparedColumn& column) {
                 return "0 … " + measured(greatest(column), column);
               }));
  for (int i = 0; i < comparison.designs_size(); ++i) {
    table.begin_row("<b>" + isolated(comparison.designs(i).scenario()) + "</b>");
    for (const ComparedColumn& column : columns) {
      const schema::DesignValues& values = column.metric->values(i);
      const std::string words = range_words(values, column);
      table.cell(column.words.title,
                 words.empty() ? missing("not measured")
                               : "<b class=\"quiet\">" + words + "</b>" +
                                     chart(seeds_mark(values, greatest(column), column.words.title + ": " + words)));
    }
    table.end_row();
  }
  return section("Every run of every design", "A tick for each run, all designs of a column on one axis.",
                 table.html());
}

std::string plane_heading(const schema::Comparison& comparison, const std::vector<bool>& is_dominated) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < is_dominated.size(); ++i) {
    if (!is_dominated[i]) left.push_back(i);
  }
  std::vector<std::string> names;
  for (const std::string& name : names_of(comparison, left)) names.push_back(isolated(name));
  if (left.size() == is_dominated.size()) return "Each design is a trade: none is beaten on every count";
  return joined(names) + (left.size() == 1 ? " stands alone" : " are left") +
         ": of the others another is nowhere worse and somewhere better";
}

std::string plane_section(const schema::Comparison& comparison, const Columns& columns) {
  if (columns.size() < 2) return "";
  const std::vector<bool> is_dominated = dominated(comparison, columns);
  std::vector<const ComparedColumn*> axes;
  for (const ComparedColumn& column : columns) {
    const bool tells_apart = static_cast<int>(column.metric->best_size()) < comparison.designs_size();
    if (tells_apart && !column.metric->higher_is_better()) axes.push_back(&column);
  }
  if (axes.size() < 2) return "";
  std::vector<PlacedDesign> placed;
  for (std::size_t i = 0; i < is_dominated.size(); ++i) {
    const Row& x = axes[0]->rows[i];
    const Row& y = axes[1]->rows[i];
    if (!x.typical || !y.typical) continue;
    placed.push_back({comparison.designs(static_cast<int>(i)).scenario(), *x.typical, *y.typical, is_dominated[i]});
  }
  const std::string x_words = axes[0]->words.title;
  const std::string y_words = axes[1]->words.title;
  return section(
      plane_heading(comparison, is_dominated),
      fmt::format("By the first two measures that tell them apart: to the right {}, upwards {}, each from 0; "
                  "lower left is better. Grey: by the {} measures above another design is nowhere "
                  "worse, as far as can be told, and better by one.",
                  escaped(x_words), escaped(y_words), columns.size()),
      plane_mark(placed, x_words, y_words));
}

std::string costs_section(const schema::Comparison& comparison) {
  constexpr std::array<std::string_view, 4> kCosts{"wan.calls_per_request", "latency.p50", "latency.p99",
                                                   "load.database.peak_ratio"};
  std::vector<const schema::ComparedMetric*> costs;
  std::vector<std::string> heads;
  for (const std::string_view name : kCosts) {
    for (const schema::ComparedMetric& metric : comparison.metrics()) {
      if (metric.name() != name) continue;
      costs.push_back(&metric);
      const MetricWords words = metric_words(name, metric.unit());
      heads.push_back(two_lines(escaped(words.title), escaped(words.detail)));
    }
  }
  if (costs.empty()) return "";
  Beside table("What each design costs", heads);
  for (int i = 0; i < comparison.designs_size(); ++i) {
    table.begin_row("<b>" + isolated(comparison.designs(i).scenario()) + "</b>");
    for (const schema::ComparedMetric* metric : costs) {
      const MetricWords words = metric_words(metric->name(), metric->unit());
      const Row row = row_of(comparison.designs(i), metric->name());
      double greatest = 0;
      for (const schema::Result& design : comparison.designs()) {
        greatest = std::max(greatest, row_of(design, metric->name()).typical.value_or(0));
      }
      const auto share = [&](double value) { return static_cast<std::uint64_t>(value / greatest * 10'000); };
      table.cell(words.title, !row.typical ? missing("not measured")
                                           : value_words(*row.typical, words.measure, Length::kMeasured) +
                                                 (greatest > 0 ? count_bar(share(*row.typical), 10'000) : ""));
    }
    table.end_row();
  }
  return section("What each costs", "Typical values, the median over the runs.", table.html());
}

std::string metrics_table(const schema::Comparison& comparison) {
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
           only_if(of.n() > 0, signed_words(of.mean(), words.measure)),
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

}  // namespace

std::string compare_page(const schema::Comparison& comparison) {
  const Columns columns = columns_of(comparison);
  std::string body = masthead_of(comparison, columns);
  if (!columns.empty()) {
    body += winners_section(comparison, columns) + worst_section(comparison, columns) +
            differences_section(comparison, columns) + costs_section(comparison) + plane_section(comparison, columns) +
            seeds_section(comparison, columns);
  }
  body += designs_section(comparison) + metrics_table(comparison);
  return page(comparison_headline(comparison) + " – Parallax", body);
}

}  // namespace parallax::reports
