// When faults are on: within the run, not too often, and nothing loses its power twice at once.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/fault_times.h"
#include "scenarios/lost_nodes.h"
#include "scenarios/sense.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using sim::Duration;

/// What a fault takes the power of: a site, or nodes as "site/node"; nothing if it is on a link. A process that stands
/// still counts too: one that is lost meanwhile would have nothing to go on with.
std::vector<std::string> loses(const schema::Scenario& scenario, const schema::Fault& fault) {
  if (fault.has_site_down()) return {fault.site_down().site()};
  if (fault.has_node_frozen()) return {fault.node_frozen().site() + "/" + fault.node_frozen().node()};
  if (!loses_nodes(fault)) return {};
  const LostNodes lost = lost_nodes(scenario, fault);
  std::vector<std::string> names;
  for (const std::string& node : lost.nodes) names.push_back(lost.site + "/" + node);
  return names;
}

/// When it is on is known only once a seed is.
bool is_unforeseen(const schema::Fault& fault) { return fault.has_random() || fault.has_when(); }

bool is_within(const std::string& part, const std::string& whole) {
  return part == whole || part.starts_with(whole + "/");
}

/// The first of what `a` takes that `b` takes too, or a part of which, or the whole; empty: there is none.
std::string common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (const std::string& one : a) {
    for (const std::string& other : b) {
      if (is_within(one, other) || is_within(other, one)) return one;
    }
  }
  return {};
}

void check_given(const schema::Fault& fault, Reporter& reporter) {
  const bool has_at = !fault.at().empty();
  const bool has_lasts = !fault.lasts().empty();
  if (fault.has_when() && (has_at || fault.has_random())) {
    reporter.report(fault, has_at ? "at" : "random",
                    fmt::format("fault {} waits for something and has {}; expected when and lasts, or {} without when",
                                quoted(fault.name()), has_at ? "at" : "random", has_at ? "at" : "random"));
    return;
  }
  if (!fault.has_random()) {
    const auto miss = [&](const char* field) {
      reporter.report(fault, field,
                      fmt::format("faults[{0}].{1} is missing; expected {1}: \"...\", a duration, or random {{ rate: "
                                  "\"...\" mean_duration: \"...\" }} instead of at and lasts, or when {{ ... }} "
                                  "instead of at",
                                  fault.name(), field));
    };
    if (!has_at && !fault.has_when()) miss("at");
    if (!has_lasts) miss("lasts");
  } else if (has_at || has_lasts || fault.has_repeats()) {
    const char* field = has_at ? "at" : has_lasts ? "lasts" : "repeats";
    reporter.report(fault, field,
                    fmt::format("fault {} is random and has {}; expected random alone, or at and lasts with or without "
                                "repeats",
                                quoted(fault.name()), field));
  }
}

/// Of a fault that is on its schedule: what it says by itself.
void check_once(const schema::Fault& fault, Duration at, Duration lasts, const schema::Scenario& scenario,
                Reporter& reporter) {
  const Duration end = *duration_in(scenario.duration());
  if (at >= end) {
    reporter.report(fault, "at",
                    fmt::format("fault {} starts at {}, outside the run; expected less than its duration {}",
                                quoted(fault.name()), quoted(fault.at()), quoted(scenario.duration())));
  } else if (at + lasts > end) {
    reporter.report(
        fault, "lasts",
        fmt::format("fault {} starts at {} and lasts {}, beyond the run; expected an end within its "
                    "duration {}",
                    quoted(fault.name()), quoted(fault.at()), quoted(fault.lasts()), quoted(scenario.duration())));
  }
}

std::string too_often(const schema::Fault& fault, std::int64_t times) {
  return fmt::format("fault {} would be on {} times; expected at most {} in a run", quoted(fault.name()), times,
                     kTimesMax);
}

void check_repeats(const schema::Fault& fault, Duration lasts, Duration end, Reporter& reporter) {
  const schema::Repeats& repeats = fault.repeats();
  const auto every = duration_in(repeats.every());
  if (!every || every->ns < 1) return;
  if (*every <= lasts) {
    reporter.report(repeats, "every",
                    fmt::format("fault {} begins again every {} and lasts {}, so it never ends; expected every to be "
                                "more than lasts",
                                quoted(fault.name()), quoted(repeats.every()), quoted(fault.lasts())));
    return;
  }
  const std::int64_t times = times_within(fault, end);
  if (repeats.has_times() && times < repeats.times()) {
    reporter.report(repeats, "times",
                    fmt::format("fault {} is on {} times, the last of them beyond the run; expected at most {} times",
                                quoted(fault.name()), repeats.times(), times));
  } else if (times > kTimesMax) {
    reporter.report(repeats, "every", too_often(fault, times));
  }
}

// As often as it is on in the mean.
void check_random(const schema::Fault& fault, Duration end, Reporter& reporter) {
  const auto starts = parse_rate(fault.random().rate()).value;
  const auto length = duration_in(fault.random().mean_duration());
  if (!starts || !length || starts->count < 1 || length->ns < 1) return;
  const std::int64_t times = end.ns / (starts->per.ns / starts->count + length->ns);
  if (times > kTimesMax) reporter.report(fault.random(), "rate", too_often(fault, times));
}

/// Whether spells_of says when it is on, of a fault on a schedule.
bool has_schedule(const schema::Fault& fault, Duration end) {
  const auto at = duration_in(fault.at());
  const auto lasts = duration_in(fault.lasts());
  if (is_unforeseen(fault) || !at || !lasts || at->ns < 0 || lasts->ns < 1) return false;
  if (!fault.has_repeats()) return true;
  const auto every = duration_in(fault.repeats().every());
  return every && *every > *lasts && times_within(fault, end) <= kTimesMax;
}

struct Losing {
  const schema::Fault* fault;
  std::vector<std::string> what;
};

struct Loss {
  std::size_t fault;  ///< its place among those that are compared
  sim::Spell spell;
};

/// In order of their starts; of equal ones as the faults are given.
std::vector<Loss> losses_of(const std::vector<Losing>& faults, Duration end) {
  std::vector<Loss> losses;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    for (const sim::Spell& spell : spells_of(*faults[i].fault, end, 0)) losses.push_back({i, spell});
  }
  std::stable_sort(losses.begin(), losses.end(),
                   [](const Loss& a, const Loss& b) { return a.spell.from < b.spell.from; });
  return losses;
}

// By start; a fault is reported once, against the one that began last before it.
void check_scheduled_losses(const std::vector<Losing>& faults, Duration end, Reporter& reporter) {
  const std::vector<Loss> losses = losses_of(faults, end);
  std::vector<const sim::Spell*> last(faults.size());
  std::vector<bool> is_reported(faults.size());
  for (const Loss& loss : losses) {
    const schema::Fault& fault = *faults[loss.fault].fault;
    const Losing* before = nullptr;
    const sim::Spell* latest = nullptr;
    for (std::size_t other = 0; other < faults.size(); ++other) {
      const bool is_over = last[other] == nullptr || loss.spell.from > last[other]->until;
      if (is_over || (latest != nullptr && last[other]->from < latest->from)) continue;
      if (common(faults[loss.fault].what, faults[other].what).empty()) continue;
      before = &faults[other];
      latest = last[other];
    }
    last[loss.fault] = &loss.spell;
    if (before == nullptr || is_reported[loss.fault]) continue;
    is_reported[loss.fault] = true;
    reporter.report(fault, "at",
                    fmt::format("fault {} loses {} before {} has ended; expected a later start", quoted(fault.name()),
                                quoted(common(faults[loss.fault].what, before->what)), quoted(before->fault->name())));
  }
}

void check_random_losses(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (!is_unforeseen(fault)) continue;
    const std::vector<std::string> what = loses(scenario, fault);
    for (const schema::Fault& other : scenario.faults()) {
      const std::vector<std::string> others = loses(scenario, other);
      if (&other == &fault || common(what, others).empty()) continue;
      reporter.report(
          fault, fault.has_random() ? "random" : "when",
          fmt::format("fault {} loses {} {}, and {} loses {} as well; expected no other fault beside {} there",
                      quoted(fault.name()), quoted(common(what, others)),
                      fault.has_random() ? "at random" : "when something has happened", quoted(other.name()),
                      quoted(common(others, what)), fault.has_random() ? "a random one" : "one that waits"));
      break;
    }
  }
}

}  // namespace

// What is without power cannot lose it.
void check_fault_overlaps(const schema::Scenario& scenario, Reporter& reporter) {
  check_random_losses(scenario, reporter);
  const auto end = duration_in(scenario.duration());
  if (!end) return;
  std::vector<Losing> faults;
  for (const schema::Fault& fault : scenario.faults()) {
    std::vector<std::string> what = loses(scenario, fault);
    if (!what.empty() && has_schedule(fault, *end)) faults.push_back({&fault, std::move(what)});
  }
  check_scheduled_losses(faults, *end, reporter);
}

void check_fault_schedules(const schema::Scenario& scenario, Reporter& reporter) {
  const auto end = duration_in(scenario.duration());
  for (const schema::Fault& fault : scenario.faults()) {
    check_given(fault, reporter);
    if (end && fault.has_random()) check_random(fault, *end, reporter);
    const auto at = duration_in(fault.at());
    const auto lasts = duration_in(fault.lasts());
    if (!end || fault.has_random() || !at || !lasts) continue;
    check_once(fault, *at, *lasts, scenario, reporter);
    if (fault.has_repeats() && *at + *lasts <= *end) check_repeats(fault, *lasts, *end, reporter);
  }
}

}  // namespace parallax::scenarios
