// The names of what a run measures, once for expectations, the audit's statistics and `describe`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/units.h"

namespace parallax::scenarios {

enum class MetricUnit { seconds, ratio, requests, windows, rows, conflicts, events, messages, entries };

/// As results print it: s, ratio, requests, windows, ...
std::string_view to_string(MetricUnit unit);

struct MetricDefinition {
  std::string name;  ///< "window.token_revoked.p99"
  MetricUnit unit;
  std::string definition;  ///< one line
};

/// What changes; the middle of "window.<change>.<statistic>".
std::vector<std::string> change_names();

/// All metrics, in the order of results.
std::vector<MetricDefinition> all_metrics();

std::optional<MetricDefinition> find_metric(std::string_view name);

/// Whether it is of a change that no model makes yet, so that no run has data of it.
bool is_never_measured(std::string_view name);

/// Of all other metrics less is better, or neither.
bool is_better_when_higher(std::string_view name);

/// A part of a whole: from 0 to 1.
bool is_share(std::string_view name);

/// The limit of an expectation in the metric's unit: a duration ("1m" = 60) where that is seconds, else a bare number.
Parsed<double> parse_limit(MetricUnit unit, std::string_view text);

}  // namespace parallax::scenarios
