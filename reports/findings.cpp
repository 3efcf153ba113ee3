#include "reports/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/words.h"

namespace parallax::reports {
namespace {

// What whoever decides asks first comes first.
constexpr std::array<std::string_view, 10> kHeadlineMetrics{
    "recovery.time_s",           "availability.api.unavailable_s",
    "window.token_revoked.max",  "throttle.over_admission.ratio_max",
    "recovery.lost_writes",      "window.api_published.max",
    "window.token_issued.max",   "decision.wrong_allow.count",
    "decision.wrong_deny.count", "session.token_refused_elsewhere.count"};

// With more rows page one leaves its sheet. Targets are all told.
constexpr std::size_t kRows = 7;

// Of interest where there is more than one data center.
bool is_between_sites(std::string_view metric) {
  return metric.starts_with("recovery.") || metric.starts_with("session.");
}

// A stage under this part of its window is left to the tables: in a sentence it hides the cause.
constexpr std::int64_t kNegligible = 10'000;

void take_figures(Row& row, const schema::Metric& metric) {
  if (metric.has_estimate()) row.typical = metric.estimate();
  if (metric.has_low()) row.low = metric.low();
  if (metric.has_high()) row.high = metric.high();
  if (metric.has_worst()) row.worst = metric.worst();
  if (metric.has_bound()) row.bound = metric.bound();
  if (metric.has_bound_undisturbed()) row.undisturbed = metric.bound_undisturbed();
  row.unbounded = metric.unbounded();
  if (metric.has_worst_seed()) row.worst_seed = metric.worst_seed();
  row.seeds = metric.n();
  row.typical_open = metric.estimate_open();
  row.high_open = metric.high_open();
  row.open_at_end = metric.worst_open();
}

// Where the worst value was seen. Only for the greatest window: a quantile belongs to no single place.
void take_place(Row& row, const schema::Result& result) {
  if (row.metric == "throttle.over_admission.ratio_max") {
    if (const auto* window = worst_limit_window(result)) row.where = window->tier();
    return;
  }
  if (row.metric == "recovery.time_s") {
    if (const auto* outage = worst_outage(result))
      row.where = fmt::format("{} after the loss of {}", outage->population(), outage->site());
    return;
  }
  if (row.words.change.empty() || !row.metric.ends_with(".max")) return;
  const auto* window = longest_window(result, row.words.change);
  if (window == nullptr || window->length_ns() == 0) return;
  row.where = node_name(result, window->observer());
  row.open_at_end = row.open_at_end || window->ending() == "censored";
}

Row make_row(const schema::Result& result, const std::string& name) {
  const schema::Metric* metric = find_metric(result, name);
  Row row;
  row.metric = name;
  row.words = metric_words(name, metric == nullptr ? "" : metric->unit());
  if (metric != nullptr) take_figures(row, *metric);
  take_place(row, result);
  return row;
}

// Then who was locked out, and for how long, is told already.
bool tells_recovery(const std::vector<Row>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.metric == "recovery.time_s"; });
}

// Those that have no row yet, as far as there is room.
void add_headline_rows(std::vector<Row>& rows, const schema::Result& result) {
  for (const std::string_view name : kHeadlineMetrics) {
    if (rows.size() >= kRows) return;
    const auto same = [&](const Row& row) { return row.metric == name; };
    if (std::any_of(rows.begin(), rows.end(), same) || find_metric(result, name) == nullptr) continue;
    if (is_between_sites(name) && !spans_sites(result)) continue;
    if (name == "availability.api.unavailable_s" && tells_recovery(rows)) continue;
    rows.push_back(make_row(result, std::string(name)));
  }
}

Outcome outcome_of(std::string_view verdict) {
  if (verdict == "pass") return Outcome::kMet;
  return verdict == "fail" ? Outcome::kMissed : Outcome::kUndecided;
}

std::size_t count_of(const std::vector<Row>& rows, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.outcome == outcome; }));
}

// The row that the headline is about: the first missed (or undecided) window, since a window has a cause to tell; else
// the first missed of any kind, in the scenario's order.
const Row* headline_row(const std::vector<Row>& rows, Outcome outcome) {
  const Row* first = nullptr;
  for (const Row& row : rows) {
    if (row.outcome != outcome || !row.worst) continue;
    if (!row.words.change.empty()) return &row;
    if (first == nullptr) first = &row;
  }
  return first;
}

// Of the windows that met their target the one that came nearest to it.
const Row* nearest_row(const std::vector<Row>& rows) {
  const auto used = [](const Row& row) { return *row.target > 0 ? *row.worst / *row.target : 0; };
  const Row* nearest = nullptr;
  for (const Row& row : rows) {
    if (row.outcome != Outcome::kMet || row.words.change.empty() || !row.worst || !row.target) continue;
    if (nearest == nullptr || used(row) > used(*nearest)) nearest = &row;
  }
  return nearest;
}

// A target that is met in the middle of the seeds may lie behind in one of them. Of those a window, if any is.
const Row* past_row(const std::vector<Row>& rows) {
  const Row* first = nullptr;
  for (const Row& row : rows) {
    if (!row.met_in_the_middle()) continue;
    if (!row.words.change.empty()) return &row;
    if (first == nullptr) first = &row;
  }
  return first;
}

// The headline tells of a missed row; if there is none of an undecided one; else of a met one that some run missed, and
// else of the one that came nearest.
const Row* told_row(const std::vector<Row>& rows) {
  for (const Outcome outcome : {Outcome::kMissed, Outcome::kUndecided}) {
    if (count_of(rows, outcome) > 0) return headline_row(rows, outcome);
  }
  if (const Row* past = past_row(rows)) return past;
  const Row* nearest = nearest_row(rows);
  return nearest != nullptr ? nearest : headline_row(rows, Outcome::kMet);
}

std::string clause_of(const Row& row) {
  const std::string value =
      (row.open_at_end ? "over " : "") + value_words(*row.worst, row.words.measure, Length::kMeasured);
  std::string out = row.words.clause.empty() ? value : row.words.clause + ' ' + value;
  if (!row.words.after.empty()) out += ' ' + row.words.after;
  if (!row.words.change.empty() && !row.where.empty()) out += " at " + row.where;
  return out;
}

// What a met target says: of one that asks for at least so much, that it was so, for it need not be good news.
// The verdict is about the middle of the seeds, and says so where one of them lies past the target.
std::string lead_in(const Row& row) {
  if (row.met_in_the_middle()) return fmt::format(" in the middle of {} runs, though at worst ", row.seeds);
  return row.limit == Row::Limit::kAtLeast ? ": as expected, " : ": at worst ";
}

// The title as the subject of a sentence: what follows a comma in it is closed by another one.
std::string subject_of(const schema::Result& result) {
  const std::string title = title_of(result);
  return title.find(", ") == std::string::npos || title.ends_with(',') ? title : title + ",";
}

std::string of_targets(std::size_t some, std::size_t all) {
  if (all == 1) return "its only target";
  if (some == all) return all == 2 ? "both targets" : fmt::format("all {} targets", all);
  return fmt::format("{} of {} targets", some, all);
}

std::string longest_stage_words(const schema::Window& window) {
  const auto shorter = [](const auto& a, const auto& b) { return a.length_ns() < b.length_ns(); };
  return stage_words(std::max_element(window.stages().begin(), window.stages().end(), shorter)->name());
}

std::string longest_clause(const schema::Result& result) {
  const schema::Window* window = longest_window(result, "");
  if (window == nullptr) return "";
  if (window->length_ns() == 0) return "no node was ever behind";
  return fmt::format("{} {} at {}", change_words(window->change()).clause, clock_words(window->length_ns()),
                     node_name(result, window->observer()));
}

std::string without_targets(const schema::Result& result) {
  const std::string clause = longest_clause(result);
  if (!clause.empty()) return " has no targets: " + clause;
  return result.requests() == 0 ? " was not run: there is nothing to judge" : " has no targets, and nothing changed";
}

// What the window that the headline speaks of was spent on; it is named again where the headline gave another figure.
std::string cause_in_words(const schema::Result& result) {
  const std::vector<Row> rows = rows_of(result);
  const Row* row = told_row(rows);
  const bool told = row == nullptr ? result.expectations_size() == 0 : row->metric.ends_with(".max");
  const schema::Window* window = longest_window(result, row == nullptr ? "" : row->words.change);
  if (window == nullptr || window->length_ns() == 0 || window->stages_size() == 0) return "";
  const std::string length = clock_words(window->length_ns());
  if (told) return fmt::format("Of the {}, {}.", length, stages_in_words(*window));
  return fmt::format("The longest window ({}) is {} at {}: {}.", change_words(window->change()).name, length,
                     node_name(result, window->observer()), stages_in_words(*window));
}

std::string outage_in_words(const schema::Result& result) {
  const schema::OutageSeen* outage = worst_outage(result);
  if (outage == nullptr) return "";
  return fmt::format("The loss of {} locks {} out for {}{}.", outage->site(), outage->population(),
                     outage->open() ? "at least " : "", clock_words(outage->unavailable_ns()));
}

std::string cost_in_words(const schema::Result& result) {
  const std::uint64_t allowed = wrong_decisions(result, "wrong_allow");
  const std::uint64_t denied = wrong_decisions(result, "wrong_deny");
  if (allowed + denied == 0) return "";
  return fmt::format("{} let {} through that should have been refused, and refused {} that were in order.",
                     result.seeds() == 1 ? "The run" : fmt::format("The {} runs together", result.seeds()),
                     counted(allowed, "request", "requests"), count_words(denied));
}

}  // namespace

bool Row::past_target(double value) const {
  return target && (limit == Limit::kAtMost ? value > *target : value < *target);
}

// With an interval of the median: of too few seeds for one each has to meet the target.
bool Row::met_in_the_middle() const { return outcome == Outcome::kMet && low && worst && past_target(*worst); }

bool Row::cannot_miss() const { return outcome == Outcome::kMet && bound && !past_target(*bound); }

std::vector<Row> rows_of(const schema::Result& result) {
  std::vector<Row> rows;
  for (const auto& expectation : result.expectations()) {
    Row row = make_row(result, expectation.metric());
    row.outcome = outcome_of(expectation.verdict());
    row.limit = expectation.operator_() == "at_least" ? Row::Limit::kAtLeast : Row::Limit::kAtMost;
    if (expectation.has_limit()) row.target = expectation.limit();
    row.known_miss = expectation.known_miss();
    rows.push_back(std::move(row));
  }
  add_headline_rows(rows, result);
  return rows;
}

std::vector<std::string> known_misses(const std::vector<Row>& rows) {
  std::vector<std::string> sentences;
  for (const Row& row : rows) {
    if (row.known_miss.empty()) continue;
    const char* const since =
        row.outcome == Outcome::kMet ? "was known to be missed, and is met" : "known to be missed";
    sentences.push_back(fmt::format("{}: {}: {}", row.words.title, since, row.known_miss));
  }
  return sentences;
}

Row row_of(const schema::Result& result, const std::string& metric) {
  for (Row& row : rows_of(result)) {
    if (row.metric == metric) return std::move(row);
  }
  return make_row(result, metric);
}

bool spans_sites(const schema::Result& result) { return result.config().sites_size() > 1; }

std::string node_name(const schema::Result& result, std::string_view node) {
  const std::size_t slash = node.find('/');
  if (spans_sites(result) || slash == std::string_view::npos) return std::string(node);
  return std::string(node.substr(slash + 1));
}

std::string site_of(std::string_view node) { return std::string(node.substr(0, node.find('/'))); }

bool is_open(const schema::WindowClass& of, double quantile) {
  // As in the estimate: a share of a millionth window is none.
  const auto count = static_cast<double>(of.count());
  return of.has_reached() && quantile * count - 1e-6 > of.reached() * count;
}

std::optional<double> target_ns(const schema::Result& result, std::string_view change) {
  const std::string metric = fmt::format("window.{}.max", change);
  for (const auto& expectation : result.expectations()) {
    if (expectation.metric() == metric && expectation.has_limit()) return expectation.limit() * 1e9;
  }
  return std::nullopt;
}

const schema::OutageSeen* worst_outage(const schema::Result& result) {
  const schema::OutageSeen* worst = nullptr;
  for (const auto& outage : result.outages()) {
    if (outage.unavailable_ns() > (worst == nullptr ? 0 : worst->unavailable_ns())) worst = &outage;
  }
  return worst;
}

std::string outage_words(const schema::OutageSeen& outage) {
  return (outage.open() ? "≥\u00A0" : "") + clock_words(outage.unavailable_ns());
}

const schema::Metric* find_metric(const schema::Result& result, std::string_view name) {
  const schema::Metric* found = nullptr;
  for (const auto& metric : result.metrics()) {
    if (metric.name() != name) continue;
    if (metric.writer().empty() && metric.observer().empty() && metric.population().empty()) return &metric;
    if (found == nullptr || metric.worst() > found->worst()) found = &metric;
  }
  return found;
}

std::string typical_words(const schema::Metric* metric) {
  if (metric == nullptr || !metric->has_estimate()) return "";
  const std::string seed = metric->has_worst_seed() ? fmt::format(" (seed\u00A0{})", metric->worst_seed()) : "";
  return fmt::format("Typically {} in a run, at most {}{}.", number_words(metric->estimate()),
                     number_words(metric->worst()), seed);
}

const schema::Window* longest_window(const schema::Result& result, std::string_view change) {
  const schema::Window* longest = nullptr;
  for (const auto& window : result.windows()) {
    if (!change.empty() && window.change() != change) continue;
    if (longest == nullptr || window.length_ns() > longest->length_ns()) longest = &window;
  }
  return longest;
}

const schema::LimitWindow* worst_limit_window(const schema::Result& result) {
  const schema::LimitWindow* worst = nullptr;
  const auto ratio = [](const schema::LimitWindow& w) {
    return static_cast<double>(w.admitted()) / static_cast<double>(std::max<std::uint64_t>(w.limit(), 1));
  };
  for (const auto& window : result.limit_windows()) {
    if (window.over() > 0 && (worst == nullptr || ratio(window) > ratio(*worst))) worst = &window;
  }
  return worst;
}

std::string title_of(const schema::Result& result) {
  if (!result.config().title().empty()) return result.config().title();
  return result.scenario().empty() ? "This scenario" : result.scenario();
}

// The run that got least far tells how little the result rests on.
std::optional<std::string> cut_short_in_words(const schema::Result& result) {
  const schema::Run* shortest = nullptr;
  for (const auto& run : result.runs()) {
    if (run.has_limit() && (shortest == nullptr || run.ended_ns() < shortest->ended_ns())) shortest = &run;
  }
  if (shortest == nullptr) return std::nullopt;
  return "cannot be judged: its limit of " + spaced(shortest->limit()) + " ended it after " +
         round_clock_words(shortest->ended_ns()) + " of " + spelled_length(result.config().duration());
}

std::string headline(const schema::Result& result) {
  if (const auto words = cut_short_in_words(result)) return subject_of(result) + " " + *words;
  const std::vector<Row> rows = rows_of(result);
  const std::size_t targets = static_cast<std::size_t>(result.expectations_size());
  const std::size_t missed = count_of(rows, Outcome::kMissed);
  const std::size_t open = count_of(rows, Outcome::kUndecided);
  const std::string title = subject_of(result);
  if (targets == 0) return title + without_targets(result);

  const Row* row = told_row(rows);
  const std::string worst = row == nullptr ? "" : (missed + open > 0 ? ": " : lead_in(*row)) + clause_of(*row);
  if (missed > 0) return title + " misses " + of_targets(missed, targets) + worst;
  if (open > 0) return title + " cannot be judged on " + of_targets(open, targets) + worst;
  return title + " meets " + of_targets(targets, targets) + worst;
}

// A stage that comes again and again, as pauses between tries do, is told once, with all of its time.
std::string stages_in_words(const schema::Window& window) {
  std::vector<std::string> names;
  std::vector<std::int64_t> parts;
  for (const auto& stage : window.stages()) {
    const auto known = std::find(names.begin(), names.end(), stage.name());
    if (known == names.end()) {
      names.push_back(stage.name());
      parts.push_back(stage.length_ns());
    } else {
      parts[static_cast<std::size_t>(known - names.begin())] += stage.length_ns();
    }
  }
  const std::vector<std::string> lengths = parts_in_words(parts, window.length_ns());
  std::vector<std::string> items;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (parts[i] <= window.length_ns() / kNegligible) continue;
    items.push_back(lengths[i] + (items.empty() ? " is " : " ") + stage_words(names[i]));
  }
  if (items.size() == 1) return (names.size() == 1 ? "all is " : "nearly all is ") + longest_stage_words(window);
  return items.size() == 2 ? items[0] + ", " + items[1] : joined(items);
}

std::uint64_t wrong_decisions(const schema::Result& result, std::string_view error) {
  std::uint64_t sum = 0;
  for (const auto& tally : result.decisions()) {
    if (tally.error() == error) sum += tally.count();
  }
  return sum;
}

std::string lede(const schema::Result& result) {
  std::string out;
  const std::string cause = cut_short_in_words(result) ? "" : cause_in_words(result);
  for (const std::string& part : {cause, outage_in_words(result), cost_in_words(result)}) {
    out += (out.empty() || part.empty() ? "" : " ") + part;
  }
  return out;
}

namespace {

bool is_measured(const schema::Result& result, const std::string& metric) {
  return std::any_of(result.metrics().begin(), result.metrics().end(),
                     [&](const auto& one) { return one.name() == metric && one.n() > 0; });
}

std::string targets_speak(const std::vector<std::string>& metrics) {
  if (metrics.empty()) return "the target speaks about";
  return fmt::format("the target{} {} about", metrics.size() == 1 ? "" : "s",
                     joined(metrics) + (metrics.size() == 1 ? " speaks" : " speak"));
}

std::string vacuous_words(const schema::Result& result) {
  std::vector<std::string> idle;
  std::vector<std::string> absent;
  for (const auto& fault : result.faults()) {
    if (fault.touched() > 0 || fault.called_off()) continue;
    (fault.times() == 0 ? absent : idle).push_back("“" + fault.name() + "”");
  }
  std::vector<std::string> unmeasured;
  for (const auto& outcome : result.expectations()) {
    if (!is_measured(result, outcome.metric())) unmeasured.push_back(outcome.metric());
  }
  std::string out;
  if (idle.size() == 1) out = "the fault " + idle.front() + " touched nothing, so what it is for was not tried";
  if (idle.size() > 1) out = "the faults " + joined(idle) + " touched nothing, so what they are for was not tried";
  if (!absent.empty()) {
    out += fmt::format("{}the fault{} {} never came, since what {} waits for did not", out.empty() ? "" : "; ",
                       absent.size() == 1 ? "" : "s", joined(absent), absent.size() == 1 ? "it" : "each");
  }
  if (unmeasured.empty() && !out.empty()) return out;
  return out + (out.empty() ? "" : "; ") + "nothing happened that " + targets_speak(unmeasured);
}

std::string never_fired_words(const schema::Result& result) {
  const auto& timers = result.timers();
  const auto silent = std::find_if(timers.begin(), timers.end(), [](const schema::Timer& timer) {
    return timer.fired() == 0 && (timer.awaited() > 0 || timer.timer() == "token_expiry");
  });
  if (silent == timers.end()) return "the run is shorter than a timer that matters";
  return fmt::format("no run lasted until {} ({}) fired, and what the target speaks about rests on it", silent->path(),
                     round_clock_words(silent->length_ns()));
}

}  // namespace

std::string reason_words(std::string_view reason, const schema::Result& result) {
  if (reason == "vacuous") return vacuous_words(result);
  if (reason == "timer_never_fired") return never_fired_words(result);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kReasons{{
      {"censored", "something was still open when a run ended: how long it lasts would take a longer run to tell"},
      {"straddles", "the 95 % interval holds the target: more seeds would settle it"},
      {"limit_hit", "a limit ended the run before its time, and what had no time to happen proves nothing"},
      {"interrupted", "the run was interrupted"},
  }};
  for (const auto& [token, words] : kReasons) {
    if (reason == token) return std::string(words);
  }
  return spaced(reason);
}

}  // namespace parallax::reports
