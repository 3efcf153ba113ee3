// What a Result says, in the order and the words in which every report tells it: rows, the headline, the cause.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/vocabulary.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

enum class Outcome { kMet, kMissed, kUndecided, kNoTarget };

/// A line of the table on page one: an expectation, or a headline metric that has none.
struct Row {
  std::string metric;
  MetricWords words;
  std::string where;  ///< node or tier of the worst value, "" = unknown
  Outcome outcome{Outcome::kNoTarget};
  enum class Limit { kAtMost, kAtLeast } limit{Limit::kAtMost};
  std::optional<double> target, typical, low, high, worst, bound;
  std::optional<double> undisturbed;  ///< the bound while nothing fails
  std::string unbounded;              ///< why there is no bound, though such figures have one
  std::string known_miss;             ///< why the target is known to be missed; empty: it should be met
  std::optional<std::uint64_t> worst_seed;
  std::uint32_t seeds{0};    ///< that have a value
  bool open_at_end{false};   ///< the worst window was censored: it is at least `worst`
  bool typical_open{false};  ///< and so for the others
  bool high_open{false};

  bool past_target(double value) const;
  /// The verdict is about the middle of the seeds; in one of them the target was missed.
  bool met_in_the_middle() const;
  /// No run could miss it: the bound is on the right side too.
  bool cannot_miss() const;
};

/// Expectations in the scenario's order, then headline metrics without one while page one has room.
std::vector<Row> rows_of(const schema::Result& result);

/// Of targets that are known to be missed, one sentence each.
std::vector<std::string> known_misses(const std::vector<Row>& rows);

/// The row of one metric, as rows_of() would have it.
Row row_of(const schema::Result& result, const std::string& metric);

/// Whether there is more than one data center, so that a node needs its site to be told.
bool spans_sites(const schema::Result& result);

/// A node without its site where there is only one site.
std::string node_name(const schema::Result& result, std::string_view node);

/// "us-east" of "us-east/node-1".
std::string site_of(std::string_view node);

/// Whether windows still open at the end of a run hide this quantile: it is at least what the class says.
bool is_open(const schema::WindowClass& of, double quantile);

/// The greatest window of `change` that a target allows, in nanoseconds.
std::optional<double> target_ns(const schema::Result& result, std::string_view change);

/// What one population saw of the loss of one data center, for as long as anyone did; null if none saw any.
const schema::OutageSeen* worst_outage(const schema::Result& result);

/// How long it was: "3 min 05 s"; "≥ 3 min 05 s" where the run ended before.
std::string outage_words(const schema::OutageSeen& outage);

/// Of the whole if there is such a line, else the split line with the greatest value; null if there is none.
const schema::Metric* find_metric(const schema::Result& result, std::string_view name);

/// "Typically 394 in a run, at most 1 087 (seed 2)." of a count; empty without one.
std::string typical_words(const schema::Metric* metric);

/// The longest window of `change`, of all changes if empty; null if there is none.
const schema::Window* longest_window(const schema::Result& result, std::string_view change);

/// The limit window with the greatest admitted / limit that went over; null if none did.
const schema::LimitWindow* worst_limit_window(const schema::Result& result);

/// The scenario's title, or its name.
std::string title_of(const schema::Result& result);

/// "Stand-alone pair misses 4 of 5 targets: a revoked token goes on working for 15 min 28 s at node-b".
std::string headline(const schema::Result& result);

/// Up to three sentences after the headline: where its time goes, who was locked out, and what it cost.
std::string lede(const schema::Result& result);

/// "15 min is token-cache TTL, 28 s the sweeper’s wait"; empty without stages.
std::string stages_in_words(const schema::Window& window);

/// All seeds, by kind of error.
std::uint64_t wrong_decisions(const schema::Result& result, std::string_view error);

/// "why the verdict is open", for the tokens of Result.reasons; faults that touched nothing by their names.
std::string reason_words(std::string_view reason, const schema::Result& result);

}  // namespace parallax::reports
