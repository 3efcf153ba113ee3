// What a Comparison says, in the order and the words in which page and terminal tell it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings.h"
#include "scenarios/schema/comparison.pb.h"

namespace parallax::reports {

/// A metric that page one shows of every design.
struct ComparedColumn {
  const schema::ComparedMetric* metric;
  MetricWords words;
  std::vector<Row> rows;  ///< by design
};

/// What the trial asks about, without what is split by population, for a mix of users near and far away says nothing of
/// either (see populations_of()); else all of the designs' targets in their order, and headline metrics where these are
/// fewer than five.
std::vector<ComparedColumn> columns_of(const schema::Comparison& comparison);

/// So many of them stand on page one: of a trial's questions the first five, targets all.
std::size_t first_columns(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns);

/// These metrics, in this order, as far as some design has them.
std::vector<ComparedColumn> columns_named(const schema::Comparison& comparison,
                                          std::span<const std::string_view> metrics);

/// Those that a metric is split by, in the order of the first design that has any; none where it is not split.
std::vector<std::string> populations_of(const schema::Comparison& comparison, std::string_view metric);

/// A design's figure of one population, of all together with the empty name; null if there is none.
const schema::Metric* figure_of(const schema::Result& design, std::string_view metric, std::string_view population);

/// How many of its targets a design meets in all of its seeds' median, and of how many.
struct TargetCount {
  int met{0};
  int all{0};
};
TargetCount targets_of(const schema::Result& design);

/// The designs' names at these places.
std::vector<std::string> names_of(const schema::Comparison& comparison, const std::vector<std::size_t>& places);

/// "active_active is the only one of three designs that meets all its targets"; without targets who is best at most of
/// page one's questions.
std::string comparison_headline(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns);

/// What the others do better and worse than the baseline; a sentence each.
std::string comparison_lede(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns);

/// "+4 min 06 s", "−1.5×", "0 s".
std::string signed_words(double difference, Measure measure);

/// "same", "unclear", or the difference.
std::string difference_words(const schema::Difference& difference, Measure measure);

/// "+1 min 02 s to +3 min 10 s"; "no limit" for an end that open windows leave without one.
std::string interval_words(const schema::Difference& difference, Measure measure);

/// A value of the column's metric.
std::string measured(double value, const ComparedColumn& column);

/// Another design is nowhere proven worse and somewhere better, by the designs that are best in each column: by place.
std::vector<bool> dominated(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns);

}  // namespace parallax::reports
