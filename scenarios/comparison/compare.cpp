#include "scenarios/comparison/compare.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "scenarios/comparison/paired.h"
#include "scenarios/metrics.h"
#include "scenarios/result.h"

namespace parallax::scenarios {

namespace {

// Differences of so small a part of the target, or where there is none of what the baseline typically has, decide
// nothing: our choice, printed with each comparison. Of a share near 1 it is what is missing that counts: from 99.9 %
// to 99.5 % five times as many go without.
constexpr double kTolerance = 0.05;

// The chance at which a difference is told that is none; of all that are asked for together.
constexpr double kProven = 0.05;

bool is_same_target(const schema::ExpectationOutcome& one, const schema::ExpectationOutcome& other) {
  return one.metric() == other.metric() && one.operator_() == other.operator_() &&
         one.has_limit() == other.has_limit() && one.limit() == other.limit();
}

// What only some designs are held against is said in their own reports.
void keep_shared_targets(std::vector<DesignRun>& designs) {
  const auto of_first = designs.front().result.expectations();
  const auto is_shared = [&](const schema::ExpectationOutcome& target) {
    return std::all_of(designs.begin(), designs.end(), [&](const DesignRun& design) {
      const auto& own = design.result.expectations();
      return std::any_of(own.begin(), own.end(), [&](const auto& each) { return is_same_target(each, target); });
    });
  };
  std::vector<schema::ExpectationOutcome> shared;
  std::copy_if(of_first.begin(), of_first.end(), std::back_inserter(shared), is_shared);
  for (DesignRun& design : designs) {
    auto& own = *design.result.mutable_expectations();
    const auto is_own_alone = [&](const schema::ExpectationOutcome& target) {
      return std::none_of(shared.begin(), shared.end(), [&](const auto& each) { return is_same_target(each, target); });
    };
    own.erase(std::remove_if(own.begin(), own.end(), is_own_alone), own.end());
  }
}

// Those that are left are a part of the trial: all designs have the same.
std::optional<double> target_of(const DesignRun& design, const std::string& metric) {
  for (const auto& expectation : design.result.expectations()) {
    if (expectation.metric() == metric && expectation.has_limit()) return expectation.limit();
  }
  return std::nullopt;
}

double tolerance_of(const std::string& metric, const std::optional<double>& target, const SeedValues& baseline) {
  const bool has_target = target && *target > 0;
  if (!has_target && baseline.values.empty()) return 0;
  const double whole = std::abs(has_target ? *target : median(baseline.values));
  return kTolerance * (is_share(metric) && whole <= 1 ? std::min(whole, 1 - whole) : whole);
}

// Beyond the tolerance with all of its interval, or within it with all; else more seeds would tell.
const char* verdict_of(const std::optional<Interval>& interval, double tolerance, bool higher_is_better) {
  if (!interval) return "unclear";
  const bool is_greater = interval->low > tolerance;
  const bool is_less = interval->high < -tolerance;
  if (is_greater || is_less) return is_greater == higher_is_better ? "better" : "worse";
  return interval->low >= -tolerance && interval->high <= tolerance ? "same" : "unclear";
}

void set_mean(const std::vector<SeedDifference>& of, schema::Difference& out) {
  double sum = 0;
  for (const SeedDifference& difference : of) sum += difference.seen;
  out.set_mean(sum / static_cast<double>(of.size()));
  if (const auto interval = mean_interval(of)) {
    out.set_mean_low(interval->low);
    out.set_mean_high(interval->high);
  }
}

schema::Difference difference_of(const SeedValues& design, const SeedValues& baseline, double tolerance,
                                 bool higher_is_better) {
  schema::Difference out;
  const std::vector<SeedDifference> all = differences(design, baseline);
  out.set_n(static_cast<std::uint32_t>(all.size()));
  if (all.empty()) return out;
  std::vector<double> seen;
  for (const SeedDifference& difference : all) {
    seen.push_back(difference.seen);
    out.set_open(out.open() || difference.least != difference.greatest);
  }
  out.set_median(median(seen));
  const auto interval = difference_interval(all);
  if (interval && std::isfinite(interval->low)) out.set_low(interval->low);
  if (interval && std::isfinite(interval->high)) out.set_high(interval->high);
  // Of values that are known from below alone there is no mean.
  if (!out.open()) set_mean(all, out);
  if (const auto pair = out.open() ? std::nullopt : pairing(design, baseline)) {
    out.set_correlation(pair->correlation);
    if (std::isfinite(pair->gain)) out.set_gain(pair->gain);
  }
  out.set_p(sign_test(all));
  out.set_tolerance(tolerance);
  out.set_verdict(verdict_of(interval, tolerance, higher_is_better));
  return out;
}

const SeedValues& values_of(const DesignRun& design, const std::string& metric) {
  static const SeedValues kNone;
  const auto found = design.values.find(metric);
  return found == design.values.end() ? kNone : found->second;
}

void add_values(const SeedValues& values, schema::DesignValues& out) {
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    out.add_values(values.values[i]);
    out.add_seeds(values.seeds[i]);
    out.add_open(std::find(values.open.begin(), values.open.end(), i) != values.open.end());
  }
}

// The design with the best median, and all that are not proven to be worse than it.
void add_best(const std::vector<DesignRun>& designs, schema::ComparedMetric& metric) {
  const auto typical = [&](const DesignRun& design) {
    const double value = median(values_of(design, metric.name()).values);
    return metric.higher_is_better() ? -value : value;
  };
  const DesignRun* best = nullptr;
  for (const DesignRun& design : designs) {
    if (values_of(design, metric.name()).values.empty()) continue;
    if (best == nullptr || typical(design) < typical(*best)) best = &design;
  }
  const SeedValues& first = values_of(*best, metric.name());
  const std::optional<double> target = metric.has_target() ? std::optional{metric.target()} : std::nullopt;
  const double tolerance = tolerance_of(metric.name(), target, first);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const SeedValues& own = values_of(designs[i], metric.name());
    if (own.values.empty()) continue;
    const auto against = difference_of(own, first, tolerance, metric.higher_is_better());
    const bool is_proven = against.p() * static_cast<double>(designs.size() - 1) < kProven;  // Bonferroni's correction
    const bool is_worse = against.n() > 0 && against.verdict() == "worse" && is_proven;
    if (&designs[i] == best || (against.n() > 0 && !is_worse)) {
      metric.add_best(static_cast<std::uint32_t>(i));
    }
  }
}

schema::ComparedMetric compare_metric(const MetricDefinition& definition, const std::vector<DesignRun>& designs,
                                      std::size_t baseline) {
  schema::ComparedMetric metric;
  metric.set_name(definition.name);
  metric.set_unit(std::string{to_string(definition.unit)});
  metric.set_higher_is_better(is_better_when_higher(definition.name));
  const std::optional<double> target = target_of(designs[baseline], definition.name);
  if (target) metric.set_target(*target);
  const SeedValues& held_against = values_of(designs[baseline], definition.name);
  const double tolerance = tolerance_of(definition.name, target, held_against);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const SeedValues& own = values_of(designs[i], definition.name);
    add_values(own, *metric.add_values());
    schema::Difference& difference = *metric.add_differences();
    if (i != baseline) difference = difference_of(own, held_against, tolerance, metric.higher_is_better());
  }
  add_best(designs, metric);
  return metric;
}

// Metrics that the trial names; else who sets a target asks a question, and without any all are asked about.
std::set<std::string> asked_about(const schema::Comparison& comparison) {
  std::set<std::string> names(comparison.asked().begin(), comparison.asked().end());
  for (const bool has_target : {true, false}) {
    if (!names.empty()) return names;
    for (const auto& metric : comparison.metrics()) {
      if (metric.has_target() || !has_target) names.insert(metric.name());
    }
  }
  return names;
}

// All these questions are answered together, and the rest by itself.
void correct(schema::Comparison& comparison) {
  const std::set<std::string> asked = asked_about(comparison);
  for (const bool is_asked : {true, false}) {
    std::vector<schema::Difference*> family;
    std::vector<double> p;
    for (auto& metric : *comparison.mutable_metrics()) {
      if ((asked.count(metric.name()) > 0) != is_asked) continue;
      for (auto& difference : *metric.mutable_differences()) {
        if (difference.n() == 0) continue;
        family.push_back(&difference);
        p.push_back(difference.p());
      }
    }
    const std::vector<double> corrected = holm(p);
    for (std::size_t i = 0; i < family.size(); ++i) {
      family[i]->set_p_holm(corrected[i]);
      const bool is_told = family[i]->verdict() == "better" || family[i]->verdict() == "worse";
      if (is_told && corrected[i] >= kProven) family[i]->set_verdict("unclear");
    }
    if (!is_asked) continue;
    comparison.set_differences(static_cast<std::uint32_t>(family.size()));
    comparison.set_proven(static_cast<std::uint32_t>(
        std::count_if(corrected.begin(), corrected.end(), [](double value) { return value < kProven; })));
  }
}

}  // namespace

DesignRun run_design(const Loaded& design, const RunOptions& options) {
  const std::vector<SeedRun> runs = run_seeds(design.scenario, options);
  return {draw_up_result(design, runs, options.command), values_by_metric(runs)};
}

schema::Comparison compare(std::vector<DesignRun> designs, std::size_t baseline, const std::string& command) {
  schema::Comparison comparison;
  comparison.set_version(designs.front().result.version());
  comparison.set_schema("parallax.comparison/1");
  comparison.set_seeds(designs.front().result.seeds());
  comparison.set_baseline(static_cast<std::uint32_t>(baseline));
  comparison.set_command(command);
  keep_shared_targets(designs);
  *comparison.mutable_asked() = designs.front().result.config().compared_by();
  std::set<std::string> measured;
  for (const DesignRun& design : designs) {
    for (const auto& [name, values] : design.values) measured.insert(name);
  }
  for (const MetricDefinition& definition : all_metrics()) {
    if (measured.count(definition.name) == 0) continue;
    *comparison.add_metrics() = compare_metric(definition, designs, baseline);
  }
  correct(comparison);
  for (DesignRun& design : designs) *comparison.add_designs() = std::move(design.result);
  return comparison;
}

}  // namespace parallax::scenarios
