#include "reports/run/run_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "reports/findings.h"
#include "reports/plain_text.h"
#include "reports/run/fragility.h"
#include "reports/run/guarantees.h"
#include "reports/run/outage_parts.h"
#include "reports/run/storm.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr int kStops = 6;  // told one by one

std::string outcome_word(const Row& row) {
  switch (row.outcome) {
    case Outcome::kMet:
      return row.met_in_the_middle() ? "met*" : "met";
    case Outcome::kMissed:
      return "MISSED";
    case Outcome::kUndecided:
      return "undecided";
    case Outcome::kNoTarget:
      break;
  }
  return "-";
}

std::string value_or_dash(const std::optional<double>& value, const Row& row, Length length) {
  return value ? value_words(*value, row.words.measure, length) : "-";
}

std::string target_words(const Row& row) {
  if (!row.target) return "-";
  return (row.limit == Row::Limit::kAtMost ? "" : ">= ") + value_or_dash(row.target, row, Length::kChosen);
}

// What "met*" says.
std::string middle_note(const std::vector<Row>& rows) {
  const auto row = std::find_if(rows.begin(), rows.end(), [](const Row& one) { return one.met_in_the_middle(); });
  if (row == rows.end()) return "";
  return fmt::format("  * met in the middle of {} runs, not in every one\n", row->seeds);
}

std::string targets(const schema::Result& result) {
  const std::vector<Row> rows = rows_of(result);
  if (rows.empty()) return "";
  Columns columns({0, 1});
  columns.row({"", "", "limit", "typical", "worst"});
  for (const Row& row : rows) {
    columns.row({outcome_word(row), row.words.title, target_words(row),
                 (row.typical_open ? "≥" : "") + value_or_dash(row.typical, row, Length::kMeasured),
                 (row.open_at_end ? "≥" : "") + value_or_dash(row.worst, row, Length::kMeasured)});
  }
  std::string known;
  for (const std::string& sentence : known_misses(rows)) known += wrapped("  " + safe(plain(sentence)), 4);
  return "\nTargets\n" + columns.text() + middle_note(rows) + known;
}

// The longest window of each kind and node.
std::vector<const schema::Window*> longest_by_kind_and_node(const schema::Result& result) {
  std::vector<const schema::Window*> longest;
  for (const auto& window : result.windows()) {
    const auto same = std::find_if(longest.begin(), longest.end(), [&](const auto* other) {
      return other->change() == window.change() && other->observer() == window.observer();
    });
    if (same == longest.end()) {
      longest.push_back(&window);
    } else if (window.length_ns() > (*same)->length_ns()) {
      *same = &window;
    }
  }
  return longest;
}

std::string windows(const schema::Result& result) {
  std::string out;
  for (const auto* window : longest_by_kind_and_node(result)) {
    const std::string length = (window->ending() == "censored" ? "≥\u00A0" : "") + clock_words(window->length_ns());
    const std::string stages = stages_in_words(*window);
    const std::string line = fmt::format("  {} at {}: {}{}{} [{}, {}]", change_words(window->change()).name,
                                         node_name(result, window->observer()), length, stages.empty() ? "" : ": ",
                                         stages, window->object(), window->id());
    out += wrapped(safe(plain(line)), 4);
  }
  return out.empty() ? "" : "\nLongest windows\n" + out;
}

// The worst loss of a data center.
std::string outage(const schema::Result& result) {
  const schema::OutageSeen* worst = worst_outage(result);
  if (worst == nullptr) return "";
  const std::vector<std::string> lengths = parts_in_words(parts_of(*worst), worst->unavailable_ns());
  const auto names = part_words(result, *worst);
  std::string parts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", lengths[i], names[i]);
  }
  const std::string line = fmt::format("  {} after the loss of {}: {}: {} [seed {}]", worst->population(),
                                       worst->site(), outage_words(*worst), parts, worst->seed());
  return "\nLocked out\n" + wrapped(safe(plain(line)), 4);
}

// The waves of an outage, where clients try again.
std::string storm(const schema::Result& result) {
  const std::optional<Storm> storm = storm_of(result);
  if (!storm) return "";
  std::string out = "\nTried again\n";
  if (storm->first) out += wrapped(safe(plain("  first peak: " + peak_words(*storm, *storm->first))), 4);
  if (storm->second) {
    out += wrapped(safe(plain(fmt::format("  second peak, after {}: {}", second_cause(*storm),
                                          peak_words(*storm, *storm->second)))),
                   4);
  }
  return out;
}

std::string stops(const schema::Result& result) {
  if (result.stream_stops_size() == 0) return "";
  std::string out = "\nStopped streams\n";
  const int shown = std::min(result.stream_stops_size(), kStops);
  for (int i = 0; i < shown; ++i) {
    const schema::StreamStop& stop = result.stream_stops(i);
    const std::string until = stop.has_end_ns() ? "to " + clock_words(stop.end_ns()) : std::string("to the end");
    const std::string line =
        fmt::format("  {} to {}{}: from {} {}, {} [seed {}]", stop.from(), stop.database(),
                    stop.database_kind() == "statistics" ? ", statistics" : "", clock_words(stop.begin_ns()), until,
                    counted(stop.waiting(), "change waiting", "changes waiting"), stop.seed());
    out += wrapped(safe(plain(line)), 4);
  }
  if (shown < result.stream_stops_size()) out += fmt::format("  and {} more\n", result.stream_stops_size() - shown);
  return out;
}

// Nothing where nothing conflicted: most deployments have one database.
std::string conflicts(const schema::Result& result) {
  if (result.conflicts_size() == 0) return "";
  Columns columns({0, 1, 2, 3});
  for (const auto& tally : result.conflicts()) {
    columns.row({tally.kind(), tally.outcome(), tally.table(), tally.origin() + " to " + tally.database(),
                 fmt::to_string(tally.count())});
  }
  return "\nConflicts between databases\n" + columns.text() + stops(result);
}

// What clients saw that contradicts what they had done or seen.
std::string sessions(const schema::Result& result) {
  std::string out;
  for (const std::string_view guarantee : kGuarantees) {
    const schema::GuaranteeSeen* proof = shortest_proof(result, guarantee);
    if (proof == nullptr) continue;
    const std::string line =
        fmt::format("  {}, {}: {} [seed {}]", metric_words(guarantee_metric(guarantee), "").title,
                    counted(times_broken(result, guarantee), "time", "times"), proof->text(), proof->seed());
    out += wrapped(safe(plain(line)), 4);
  }
  return out.empty() ? "" : "\nSessions\n" + out;
}

std::string decisions(const schema::Result& result) {
  Columns columns({0, 1, 2, 3});
  for (const auto& tally : result.decisions()) {
    columns.row({tally.error(), tally.why(), stage_words(tally.cause()), node_name(result, tally.node()),
                 fmt::to_string(tally.count())});
  }
  const std::string body = result.decisions_size() == 0 ? "  none\n" : columns.text();
  return fmt::format("\nWrong decisions: {} allowed, {} denied\n", wrong_decisions(result, "wrong_allow"),
                     wrong_decisions(result, "wrong_deny")) +
         body;
}

std::string over_admission(const schema::Result& result) {
  const schema::LimitWindow* worst = worst_limit_window(result);
  if (worst == nullptr) return "\nOver-admission: none\n";
  const std::string line =
      fmt::format("  worst: {} admitted of a limit of {} in {} from {}, tier {}, {}, seed {}", worst->admitted(),
                  worst->limit(), round_clock_words(worst->width_ns()), round_clock_words(worst->start_ns()),
                  worst->tier(), worst->key(), worst->seed());
  return "\nOver-admission\n" + wrapped(safe(plain(line)), 4);
}

// A line for each default that decides a target, halved or doubled.
std::string fragility(const schema::Result& result) {
  if (!result.has_fragility()) return "";
  std::string out = "\nDefaults\n" + wrapped(safe(plain("  " + fragility_headline(result.fragility()))), 4);
  for (const schema::Nudge& nudge : result.fragility().nudges()) {
    const std::string line = fmt::format("  {} at {} instead of {}: {}", nudge.path(), spelled_length(nudge.to()),
                                         spelled_length(nudge.from()), flips_in_words(nudge));
    out += wrapped(safe(plain(line)), 4);
  }
  return out;
}

std::string evidence(const schema::Result& result) {
  std::string out = fmt::format("\nfingerprint  {}\n", safe(result.fingerprint()));
  for (const auto& run : result.runs()) out += fmt::format("  seed {:<6} {}\n", run.seed(), safe(run.fingerprint()));
  if (!result.command().empty()) out += fmt::format("run again    {}\n", safe(result.command()));
  return out;
}

}  // namespace

std::string summary(const schema::Result& result) {
  const std::string verdict = result.verdict().empty() ? "no verdict" : result.verdict();
  std::string out = wrapped(safe(verdict + ": " + plain(headline(result))), 6);
  const std::string cause = lede(result);
  if (!cause.empty()) out += wrapped(safe(plain(cause)), 0);
  for (const std::string& reason : result.reasons())
    out += wrapped(safe(reason + ": " + plain(reason_words(reason, result))), 4);
  return out + targets(result) + outage(result) + storm(result) + windows(result) + decisions(result) +
         sessions(result) + over_admission(result) + conflicts(result) + fragility(result) + evidence(result);
}

}  // namespace parallax::reports
