#include "reports/drill/drill_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr double kMoves = 0.01;        // of a share: less is no movement that a person would look for
constexpr std::int64_t kBefore = 2;    // steps that are shown before the first action
constexpr std::int64_t kAfter = 3;     // and after all is quiet
constexpr std::size_t kRowsMost = 30;  // fit a sheet of paper
constexpr double kStillFails = 0.05;   // once no seed fails any more

const schema::Population* population_of(const schema::Result& result, const std::string& name) {
  for (const auto& population : result.config().workload().populations()) {
    if (population.name() == name) return &population;
  }
  return nullptr;
}

std::string instrument_name(const schema::Result& result, const schema::Reading& reading) {
  if (reading.name() == "decided") return "calls that " + reading.of() + " decides";
  const auto* population = population_of(result, reading.of());
  const std::string kind = population == nullptr ? "api" : population->kind();
  if (kind == "token") return "token requests of " + reading.of() + " that fail";
  if (kind == "portal") return "portal calls of " + reading.of() + " that fail";
  if (kind == "publisher") return "publishing by " + reading.of() + " that fails";
  return "calls of " + reading.of() + " that fail";
}

bool moves(const schema::Reading& reading) {
  double least = 1;
  double greatest = 0;
  for (int i = 0; i < reading.high_size(); ++i) {
    if (reading.high(i) < 0) continue;
    least = std::min(least, reading.low(i));
    greatest = std::max(greatest, reading.high(i));
  }
  return greatest - least > kMoves;
}

bool is_drawn(const schema::FaultOutcome& fault) { return fault.times() > 0 && fault.fault().has_random(); }

/// Whether its instants can be planned. One that waits for something may be on in other seeds than the first alone, of
/// which they are known.
bool is_planned(const schema::FaultOutcome& fault) {
  return fault.times() > 0 && fault.end_ns() > 0 && !is_drawn(fault);
}

struct Action {
  std::int64_t at_ns;
  std::string what;
};

void add_action(std::int64_t at_ns, const std::string& what, std::vector<Action>& actions) {
  actions.push_back({at_ns, clock_words(at_ns) + ": " + what});
}

/// Each time that it is on. A result lists the first hundred; of more the end of the last one is known.
void add_fault(const schema::FaultOutcome& fault, std::vector<Action>& actions) {
  const auto add = [&](std::int64_t start_ns, std::int64_t end_ns) {
    add_action(start_ns, fmt::format("fault \"{}\" begins ({})", fault.name(), fault.target()), actions);
    add_action(end_ns, fmt::format("fault \"{}\" ends", fault.name()), actions);
  };
  if (fault.spells().empty()) return add(fault.start_ns(), fault.end_ns());
  for (const schema::Spell& spell : fault.spells()) add(spell.start_ns(), spell.end_ns());
  if (fault.spells().rbegin()->end_ns() >= fault.end_ns()) return;
  add_action(fault.end_ns(), fmt::format("fault \"{}\", which goes on as before, ends for the last time", fault.name()),
             actions);
}

/// In order of time. Of what a runbook waits for, and of health checks, the instants are those of the first seed. A
/// fault at random times is at others in each run, and so is what health checks make of it.
std::vector<Action> actions_of(const schema::Result& result) {
  std::vector<Action> actions;
  for (const auto& fault : result.faults()) {
    if (is_planned(fault)) add_fault(fault, actions);
  }
  for (const auto& runbook : result.runbooks()) {
    for (const auto& step : runbook.steps()) {
      const std::string does = step.does().empty() ? "" : " (" + step.does() + ")";
      if (step.done() > 0) {
        add_action(step.done_ns(), fmt::format("{}: step \"{}\" is done{}", runbook.name(), step.name(), does),
                   actions);
      }
    }
  }
  const bool are_known = std::none_of(result.faults().begin(), result.faults().end(), is_drawn);
  for (const auto& moment : result.moments()) {
    if (!are_known) break;
    if (moment.event() != "marked_down" && moment.event() != "marked_up") continue;
    const bool is_down = moment.event() == "marked_down";
    add_action(moment.time_ns(),
               fmt::format("about now the DNS{} {} {}", moment.seen_from().empty() ? "" : " of " + moment.seen_from(),
                           is_down ? "stops leading to" : "leads again to", moment.site()),
               actions);
  }
  std::stable_sort(actions.begin(), actions.end(), [](const Action& a, const Action& b) { return a.at_ns < b.at_ns; });
  return actions;
}

Expected reading_at(const schema::Reading& reading, std::int64_t step) {
  const auto i = static_cast<int>(step);
  if (i >= reading.high_size() || reading.high(i) < 0) return {};
  return {reading.low(i), reading.typical(i), reading.high(i)};
}

bool are_alike(const Expected& a, const Expected& b, double tolerance) {
  if ((a.high < 0) != (b.high < 0)) return false;
  return std::fabs(a.typical - b.typical) <= tolerance && std::fabs(a.high - b.high) <= 2 * tolerance &&
         std::fabs(a.low - b.low) <= 2 * tolerance;
}

/// The last step in which an instrument is away from how it ends.
std::int64_t last_movement(const std::vector<Instrument>& instruments) {
  std::int64_t last = 0;
  for (const Instrument& instrument : instruments) {
    const schema::Reading& reading = *instrument.reading;
    if (reading.name() != "failed") continue;
    for (int i = 0; i < reading.high_size(); ++i) {
      if (reading.high(i) > kMoves) last = std::max<std::int64_t>(last, i);
    }
  }
  return last;
}

std::vector<PlanRow> single_rows(const DrillPlan& plan, const std::vector<Action>& actions) {
  const std::int64_t step_ns = plan.instruments.front().reading->step_ns();
  const std::int64_t steps = plan.instruments.front().reading->high_size();
  const std::int64_t first = std::max<std::int64_t>(0, actions.front().at_ns / step_ns - kBefore);
  const std::int64_t quiet = std::max(actions.back().at_ns / step_ns, last_movement(plan.instruments));
  std::vector<PlanRow> rows;
  for (std::int64_t step = first; step <= std::min(quiet + kAfter, steps - 1); ++step) {
    PlanRow row{step * step_ns, (step + 1) * step_ns, {}, {}};
    for (const Action& action : actions) {
      if (action.at_ns >= row.from_ns && action.at_ns < row.until_ns) row.actions.push_back(action.what);
    }
    for (const Instrument& instrument : plan.instruments) row.readings.push_back(reading_at(*instrument.reading, step));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Neighbours whose readings are alike become one where nothing is done in the later one.
std::vector<PlanRow> joined_rows(const std::vector<PlanRow>& rows, double tolerance) {
  std::vector<PlanRow> joined;
  for (const PlanRow& row : rows) {
    const bool is_alike =
        !joined.empty() && row.actions.empty() &&
        std::equal(row.readings.begin(), row.readings.end(), joined.back().readings.begin(),
                   [tolerance](const Expected& a, const Expected& b) { return are_alike(a, b, tolerance); });
    if (!is_alike) {
      joined.push_back(row);
      continue;
    }
    joined.back().until_ns = row.until_ns;
    for (std::size_t i = 0; i < row.readings.size(); ++i) {
      Expected& all = joined.back().readings[i];
      all.low = std::min(all.low, row.readings[i].low);
      all.high = std::max(all.high, row.readings[i].high);
    }
  }
  return joined;
}

/// Up to the next five percent, and one more step: what one run in twenty may still do is no reason to stop.
double alarm_above(double share) { return std::min(1.0, (std::floor(share * 20 + 1e-9) + 2) / 20); }

/// One rule for the height of what fails, one for its end; of instruments that tell of failures.
void add_stops(const Instrument& instrument, std::vector<std::string>& stops) {
  const schema::Reading& reading = *instrument.reading;
  if (reading.name() != "failed") return;
  double greatest = 0;
  std::int64_t quiet = 0;
  for (int i = 0; i < reading.high_size(); ++i) {
    greatest = std::max(greatest, reading.high(i));
    if (reading.high(i) > kMoves) quiet = i + 1;
  }
  const double alarm = alarm_above(greatest);
  if (alarm < 1) {
    stops.push_back(fmt::format("{}: over {} in any minute; expected are at most {}", instrument.name,
                                percent_words(alarm), percent_words(greatest)));
  }
  if (quiet == 0 || quiet >= reading.high_size()) return;
  stops.push_back(fmt::format("{}: still over {} after {}; expected are under {}", instrument.name,
                              percent_words(kStillFails), round_clock_words((quiet + 1) * reading.step_ns()),
                              percent_words(kMoves)));
}

}  // namespace

std::optional<std::int64_t> first_fault_ns(const schema::Result& result) {
  std::optional<std::int64_t> first;
  for (const auto& fault : result.faults()) {
    if (is_planned(fault)) first = std::min(first.value_or(fault.start_ns()), fault.start_ns());
  }
  return first;
}

DrillPlan drill_plan(const schema::Result& result) {
  DrillPlan plan;
  for (const schema::Reading& reading : result.readings()) {
    const std::string name = instrument_name(result, reading);
    if (moves(reading)) {
      plan.instruments.push_back({name, &reading});
    } else {
      plan.steady.push_back(name);
    }
  }
  for (const auto& fault : result.faults()) {
    if (is_drawn(fault)) plan.drawn.push_back(fmt::format("fault \"{}\" ({})", fault.name(), fault.target()));
  }
  const std::vector<Action> actions = actions_of(result);
  if (plan.instruments.empty() || actions.empty()) return plan;
  const std::vector<PlanRow> rows = single_rows(plan, actions);
  for (double tolerance = 0.02; plan.rows.empty() || (plan.rows.size() > kRowsMost && tolerance < 0.2);
       tolerance *= 2) {
    plan.rows = joined_rows(rows, tolerance);
  }
  for (const Instrument& instrument : plan.instruments) add_stops(instrument, plan.stops);
  for (const auto& runbook : result.runbooks()) {
    for (const auto& step : runbook.steps()) {
      if (step.longest_wait_ns() == 0) continue;
      plan.stops.push_back(fmt::format("step \"{}\" of {} has waited for over {}; in the runs it waited no longer",
                                       step.name(), runbook.name(), clock_words(step.longest_wait_ns())));
    }
  }
  return plan;
}

std::string expected_words(const Expected& expected) {
  if (expected.high < 0) return "no call";
  const auto whole = [](double share) { return static_cast<int>(std::floor(share * 100 + 0.5)); };
  if (whole(expected.low) == whole(expected.high)) return fmt::format("{}\u00A0%", whole(expected.typical));
  return fmt::format("{}\u00A0% ({}\u2013{})", whole(expected.typical), whole(expected.low), whole(expected.high));
}

std::string row_time_words(const PlanRow& row) {
  const std::int64_t minute = 60'000'000'000;
  const auto words = [&](std::int64_t ns) { return fmt::format("{}:{:02}", ns / minute / 60, ns / minute % 60); };
  return words(row.from_ns) + "\u2060\u2013\u2060" + words(row.until_ns);  // one word: it is not broken
}

}  // namespace parallax::reports
