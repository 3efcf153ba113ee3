// Each design minus the baseline, run by run, and the runs behind that.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/comparison/beside.h"
#include "reports/comparison/compare_marks.h"
#include "reports/comparison/compare_sections.h"
#include "reports/escape.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

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

double middle_of(std::vector<double> sorted) {
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// "0.71 (−0.10 to 0.98)": of all differences, not of the one that looks best.
std::string spread_words(const std::vector<double>& values, std::string_view unit, int decimals) {
  const auto words = [&](double value) {
    return fmt::format("{}{:.{}f}", value < 0 ? "−" : "", std::abs(value), decimals);
  };
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{}{} ({} to {})", words(middle_of(values)), unit, words(*least), words(*greatest));
}

// What common random numbers are worth. Of values that never vary there is nothing to say.
std::string gain_of_pairing(const std::vector<ComparedColumn>& columns) {
  std::vector<double> correlations;
  std::vector<double> gains;
  for (const ComparedColumn& column : columns) {
    for (const schema::Difference& difference : column.metric->differences()) {
      if (!difference.has_gain()) continue;
      correlations.push_back(difference.correlation());
      gains.push_back(difference.gain());
    }
  }
  if (gains.empty()) return "";
  return fmt::format(
      " Same random numbers: in the median of {} the values of two designs correlate with {}, and unpaired {} as many "
      "runs would be needed.",
      counted(gains.size(), "difference that varies", "differences that vary"), spread_words(correlations, "", 2),
      spread_words(gains, " times", 1));
}

std::string evidence_of_pairing(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  return fmt::format(
             "Taken all together, {} of {} differences are certain by a sign test at 5\u00A0%, with Holm’s "
             "correction{}. One that is certain is the same all the same if it is too small to matter.",
             comparison.proven(), comparison.differences(),
             comparison.proven() < comparison.differences() ? "; more runs may show more" : "") +
         gain_of_pairing(columns);
}

std::string range_words(const schema::DesignValues& values, const ComparedColumn& column) {
  if (values.values().empty()) return "";
  const auto [least, greatest] = std::minmax_element(values.values().begin(), values.values().end());
  if (*least == *greatest) return measured(*least, column) + " in every run";
  return measured(*least, column) + " to " + measured(*greatest, column);
}

}  // namespace

std::string differences_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const auto baseline = static_cast<int>(comparison.baseline());
  const std::string& name = comparison.designs(baseline).scenario();
  const auto table_of = [&](const std::vector<ComparedColumn>& band) {
    Beside table("Each design minus the baseline", heads_with(band, [](const ComparedColumn& column) {
                   const std::string end = measured(greatest_of(column), column);
                   return column.metric->higher_is_better() ? fmt::format("worse −{0} … +{0} better", end)
                                                            : fmt::format("better −{0} … +{0} worse", end);
                 }));
    for (int i = 0; i < comparison.designs_size(); ++i) {
      if (i == baseline) continue;
      table.begin_row(fmt::format("<b>{}</b> minus {}", isolated(comparison.designs(i).scenario()), isolated(name)));
      for (const ComparedColumn& column : band) table.cell(column.words.title, difference_cell(column, i));
      table.end_row();
    }
    return table.html();
  };
  return section(
      fmt::format("Difference from {}, run by run", isolated(name)),
      "Each run’s value minus that of the same run of the baseline: median and 95\u00A0% interval. Grey strip: too "
      "small to matter, 5\u00A0% of the target or of the baseline’s own; of shares near 1, of what they lack of it. "
      "Disc: better, the interval lies outside the strip and the tests of all targets together hold; diamond: worse; "
      "small and grey: the same, it lies inside; ring: unclear, more runs would tell.",
      in_bands(columns, table_of));
}

std::string seeds_section(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const auto greatest = [](const ComparedColumn& column) {
    double value = 0;
    for (const auto& values : column.metric->values()) {
      for (const double one : values.values()) value = std::max(value, one);
    }
    return value;
  };
  const auto table_of = [&](const std::vector<ComparedColumn>& band) {
    Beside table("The value of every run", heads_with(band, [&](const ComparedColumn& column) {
                   return "0 … " + measured(greatest(column), column);
                 }));
    for (int i = 0; i < comparison.designs_size(); ++i) {
      table.begin_row("<b>" + isolated(comparison.designs(i).scenario()) + "</b>");
      for (const ComparedColumn& column : band) {
        const schema::DesignValues& values = column.metric->values(i);
        const std::string words = range_words(values, column);
        table.cell(column.words.title,
                   words.empty() ? missing("not measured")
                                 : "<b class=\"quiet\">" + words + "</b>" +
                                       chart(seeds_mark(values, greatest(column), column.words.title + ": " + words)));
      }
      table.end_row();
    }
    return table.html();
  };
  return section(
      "Every run of every design", "A tick for each run, all designs of a column on one axis.",
      in_bands(columns, table_of) + fmt::format("<p class=\"how\">{}</p>\n", evidence_of_pairing(comparison, columns)));
}

}  // namespace parallax::reports
