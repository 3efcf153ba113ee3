#include "scenarios/expect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/cut_short.h"
#include "scenarios/metrics.h"
#include "scenarios/statistics.h"
#include "scenarios/unfired.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

constexpr std::string_view kPass = "pass";
constexpr std::string_view kFail = "fail";
constexpr std::string_view kInconclusive = "inconclusive";
constexpr std::string_view kCensored = "censored";

enum class Side { kAtMost, kAtLeast };

struct Target {
  Side side;
  double limit;
};

Target target_of(const schema::Expectation& expectation) {
  const MetricUnit unit = find_metric(expectation.metric())->unit;
  const Side side = expectation.at_most().empty() ? Side::kAtLeast : Side::kAtMost;
  const std::string& text = side == Side::kAtMost ? expectation.at_most() : expectation.at_least();
  return {side, *parse_limit(unit, text).value};
}

bool meets(double value, const Target& target) {
  return target.side == Side::kAtMost ? value <= target.limit : value >= target.limit;
}

struct Judged {
  std::string_view verdict;
  std::string_view reason;  ///< of an inconclusive one
  std::string evidence;
  const schema::Timer* timer{nullptr};  ///< that might have made another verdict of it
};

// The seed that comes nearest to a miss.
std::size_t worst_of(const std::vector<double>& values, const Target& target) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return static_cast<std::size_t>((target.side == Side::kAtMost ? greatest : least) - values.begin());
}

// A value lies between what was seen and `greatest`. It misses for certain if even the better of the two does.
Judged judge_each(const SeedValues& values, const Target& target) {
  const std::vector<double> greatest = values.greatest();
  const bool up = target.side == Side::kAtMost;
  const std::vector<double>& best = up ? values.values : greatest;
  const std::vector<double>& worst = up ? greatest : values.values;
  const auto evidence = [&](std::size_t seed) {
    return fmt::format("{}{:.6g} in seed {}", std::isinf(greatest[seed]) ? "at least " : "", values.values[seed],
                       values.seeds[seed]);
  };
  const std::size_t missing = worst_of(best, target);
  if (!meets(best[missing], target)) return {kFail, {}, evidence(missing)};
  const std::size_t nearest = worst_of(worst, target);
  if (meets(worst[nearest], target)) return {kPass, {}, evidence(nearest)};
  return {kInconclusive, kCensored, evidence(nearest)};
}

Judged judge_median(const Interval& seen, const Interval& greatest, const Target& target) {
  const char* const open = std::isinf(greatest.high) ? "at least " : "";
  std::string evidence = fmt::format("median in {:.6g} to {}{:.6g} (95 %)", seen.low, open, seen.high);
  const bool low = meets(seen.low, target);
  if (low == meets(greatest.high, target)) return {low ? kPass : kFail, {}, std::move(evidence)};
  const bool is_open = low == meets(seen.high, target);  // what was seen would have decided
  return {kInconclusive, is_open ? kCensored : "straddles", std::move(evidence)};
}

Judged judge_values(const SeedValues& values, const Target& target) {
  if (values.values.empty()) return {kInconclusive, "vacuous", "nothing to measure"};
  const auto interval = median_interval(values.values);
  return interval ? judge_median(*interval, *median_interval(values.greatest()), target) : judge_each(values, target);
}

const schema::Timer* unfired(const std::string& metric, Side side, const schema::Result& result) {
  return side == Side::kAtMost ? unfired_behind(metric, result) : unfired_below(metric, result);
}

// A quantile of windows that is known stays so, whatever becomes of the open ones.
bool is_known(std::string_view metric) {
  if (!metric.starts_with("window.")) return false;
  const std::string_view statistic = metric.substr(metric.rfind('.') + 1);
  return statistic.starts_with('p') || statistic == "max";
}

// Had the timer had the time to fire, what passes might have missed. Of what is open anyway it says why.
void weigh(const std::string& metric, const schema::Timer& timer, Judged& judged) {
  const bool is_hollow = judged.verdict == kPass && !is_known(metric);
  if (!is_hollow && judged.reason != kCensored) return;
  judged.verdict = kInconclusive;
  judged.timer = &timer;
  judged.evidence += fmt::format("; {} ({}) never fired", timer.path(), format_duration({timer.length_ns()}));
}

std::string known_miss_words(const schema::Expectation& expectation, std::string_view verdict) {
  if (expectation.known_miss().empty()) return {};
  return fmt::format("; {}: {}", verdict == kPass ? "it was known to be missed" : "known to be missed",
                     expectation.known_miss());
}

void add_reason(std::string_view reason, schema::Result& result) {
  const auto& reasons = result.reasons();
  if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) result.add_reasons(std::string{reason});
}

// What had no time to happen proves nothing, neither way.
std::string_view verdict_of(const schema::Result& result) {
  if (is_cut_short(result)) return kInconclusive;
  const auto is_failed = [](const auto& outcome) { return outcome.verdict() == kFail; };
  if (std::any_of(result.expectations().begin(), result.expectations().end(), is_failed)) return kFail;
  return result.reasons().empty() ? kPass : kInconclusive;
}

}  // namespace

std::vector<double> SeedValues::greatest() const {
  std::vector<double> all = values;
  for (const std::size_t place : open) all[place] = std::numeric_limits<double>::infinity();
  return all;
}

void judge(const schema::Scenario& scenario, const std::map<std::string, SeedValues>& values, schema::Result& result) {
  for (const schema::Expectation& expectation : scenario.expectations()) {
    const Target target = target_of(expectation);
    const auto found = values.find(expectation.metric());
    Judged judged = judge_values(found == values.end() ? SeedValues{} : found->second, target);
    const schema::Timer* timer = unfired(expectation.metric(), target.side, result);
    if (timer != nullptr) weigh(expectation.metric(), *timer, judged);
    const std::string_view side = target.side == Side::kAtMost ? "at_most" : "at_least";
    const std::string& limit = target.side == Side::kAtMost ? expectation.at_most() : expectation.at_least();
    schema::ExpectationOutcome& outcome = *result.add_expectations();
    outcome.set_metric(expectation.metric());
    outcome.set_operator_(std::string{side});
    outcome.set_limit(target.limit);
    outcome.set_known_miss(expectation.known_miss());
    outcome.set_verdict(std::string{judged.verdict});
    outcome.set_text(fmt::format("{}: {} {} {}, found {}", judged.verdict, expectation.metric(),
                                 side == "at_most" ? "at most" : "at least", limit, judged.evidence) +
                     known_miss_words(expectation, judged.verdict));
    if (!judged.reason.empty()) add_reason(judged.reason, result);
    if (judged.timer != nullptr) add_reason("timer_never_fired", result);
  }
  if (is_cut_short(result)) add_reason("limit_hit", result);
  for (const schema::FaultOutcome& fault : result.faults()) {
    if (fault.touched() == 0 && !fault.called_off()) add_reason("vacuous", result);
  }
  result.set_verdict(std::string{verdict_of(result)});
}

}  // namespace parallax::scenarios
