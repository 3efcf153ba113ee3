// Changes that collided on their way from one database to another: what happened, which row, who won, and which streams
// stood still because of it, since when.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using Kind = Column::Kind;
constexpr int kShown = 12;

std::int64_t end_of_stop(const schema::Result& result, const schema::StreamStop& stop) {
  return stop.has_end_ns() ? stop.end_ns() : std::max(end_of(result), stop.begin_ns());
}

std::int64_t length_of(const schema::Result& result, const schema::StreamStop& stop) {
  return end_of_stop(result, stop) - stop.begin_ns();
}

bool is_of_statistics(const schema::StreamStop& stop) { return stop.database_kind() == "statistics"; }

std::string stream_name(const schema::StreamStop& stop) {
  return isolated(stop.from()) + " → " + isolated(stop.database()) + (is_of_statistics(stop) ? ", statistics" : "");
}

// Who stands still: of API databases, which every data center has, the data center's name is enough.
std::string target_name(const schema::StreamStop& stop) {
  return isolated(stop.database()) + (is_of_statistics(stop) ? "’s statistics database" : "");
}

// Who won. `here`: where the change arrived; `there`: where it was made.
std::string settled(const std::string& kind, const std::string& outcome, const std::string& here,
                    const std::string& there) {
  const bool missing_row = kind.ends_with("_missing");
  if (outcome == "stopped") return "nobody won: the stream stands still";
  if (outcome == "skipped") return fmt::format("an operator dropped it: {} has it, {} has not", there, here);
  if (outcome == "discarded" && kind == "resynchronised") return "not taken over: the tables are not alike";
  if (outcome == "discarded" && missing_row) return "ignored: there was nothing to change";
  if (outcome == "discarded") return fmt::format("{}’s row stays, the change from {} is lost there", here, there);
  if (outcome == "overwritten" && kind == "resynchronised") return fmt::format("the row that {} wrote is lost", there);
  if (outcome == "overwritten" && missing_row) return "inserted";
  if (outcome == "overwritten" && kind == "delete_changed") return "deleted all the same";
  if (outcome == "overwritten") return fmt::format("the row from {} wins, {}’s is lost", there, here);
  return escaped(spaced(outcome));
}

std::string row_words(const schema::ConflictSeen& conflict) {
  constexpr std::uint64_t kHash = 1'000'000'000'000;  // beyond it no sequence counts: the row had no key
  return conflict.row() < kHash ? fmt::format("row\u00A0{}", conflict.row()) : std::string("a row without a key");
}

std::string tally_table(const schema::Result& result) {
  Table table(
      "Changes that met something they did not expect",
      {{"What happened"}, {"Table"}, {"Written in"}, {"Met in"}, {"Who won"}, {"Times, all runs", Kind::kNumber}},
      "conflicts");
  for (const auto& tally : result.conflicts()) {
    const std::string here = isolated(tally.database());
    const std::string there = isolated(tally.origin());
    const ConflictWords words = conflict_words(tally.kind());
    table.row({two_lines(escaped(words.name), escaped(words.meaning)), "<code>" + escaped(tally.table()) + "</code>",
               there, here, settled(tally.kind(), tally.outcome(), here, there), count_words(tally.count())});
  }
  return "<h3>What met what</h3>\n" + table.html();
}

// What it stood still for; null where the list of conflicts was full.
const schema::ConflictSeen* cause_of(const schema::Result& result, const schema::StreamStop& stop) {
  for (const auto& conflict : result.first_conflicts()) {
    if (conflict.seed() == stop.seed() && conflict.database() == stop.database() &&
        conflict.database_kind() == stop.database_kind() && conflict.time_ns() == stop.begin_ns() &&
        conflict.outcome() == "stopped") {
      return &conflict;
    }
  }
  return nullptr;
}

std::string cause_words(const schema::ConflictSeen* cause) {
  if (cause == nullptr) return "";
  return fmt::format("{}: <code>{}</code>, {}", escaped(conflict_words(cause->kind()).name), escaped(cause->table()),
                     row_words(*cause));
}

std::string stop_bar(const schema::StreamStop& stop, std::int64_t until, const TimeAxis& axis) {
  const double from = axis.percent(stop.begin_ns());
  return fmt::format(
      R"(<svg class="stages" aria-hidden="true"><rect class="share" width="100%" y="8" height="4"/><rect class="c0" x="{:.3f}%" y="4" width="{:.3f}%" height="12"/></svg>)",
      from, std::max(axis.percent(until) - from, 0.4));
}

std::string until_words(const schema::StreamStop& stop) {
  if (stop.has_end_ns()) return clock_words(stop.end_ns());
  return stop.given_up() ? "<b>given up</b><small>still at the end</small>" : "<b>still at the end</b>";
}

Table stops_table(std::string_view caption) {
  return {caption,
          {{"Stream, and what stopped it"},
           {"When, over the whole run", Kind::kChart},
           {"Stands since", Kind::kNumber},
           {"Until", Kind::kNumber},
           {"Tried again", Kind::kNumber},
           {"Changes waiting", Kind::kNumber},
           {"Seed", Kind::kNumber}},
          "stops"};
}

std::string stops_list(const schema::Result& result) {
  if (result.stream_stops_size() == 0) return "";
  const TimeAxis axis{end_of(result)};
  Table shown = stops_table("Streams of changes that stood still");
  Table rest = stops_table("Further streams that stood still");
  for (int i = 0; i < result.stream_stops_size(); ++i) {
    const schema::StreamStop& stop = result.stream_stops(i);
    (i < kShown ? shown : rest)
        .row({two_lines(stream_name(stop), cause_words(cause_of(result, stop))),
              stop_bar(stop, end_of_stop(result, stop), axis), clock_words(stop.begin_ns()), until_words(stop),
              count_words(stop.retries()), count_words(stop.waiting()), count_words(stop.seed())});
  }
  const std::string list = "<h3>Streams that stood still</h3>\n" + shown.html();
  if (rest.empty()) return list;
  return list +
         folded(counted(static_cast<std::uint64_t>(result.stream_stops_size() - kShown), "more stop", "more stops"),
                rest.html());
}

std::string ledger(const schema::Result& result) {
  if (result.first_conflicts_size() == 0) return "";
  Table table("The first conflicts one by one",
              {{"What happened"}, {"Row"}, {"Met in"}, {"Who won"}, {"At", Kind::kNumber}, {"Seed", Kind::kNumber}},
              "conflicts");
  for (const auto& conflict : result.first_conflicts()) {
    const std::string here = isolated(conflict.database());
    table.row({two_lines(escaped(conflict_words(conflict.kind()).name), "<code>" + escaped(conflict.id()) + "</code>"),
               two_lines("<code>" + escaped(conflict.table()) + "</code>", row_words(conflict)), here,
               settled(conflict.kind(), conflict.outcome(), here, isolated(conflict.origin())),
               clock_words(conflict.time_ns()), count_words(conflict.seed())});
  }
  const auto listed = static_cast<std::uint64_t>(result.first_conflicts_size());
  return folded(listed == 1 ? "The conflict" : fmt::format("The first {} conflicts one by one", count_words(listed)),
                table.html());
}

std::string stop_heading(const schema::Result& result) {
  const auto shorter = [&](const auto& a, const auto& b) { return length_of(result, a) < length_of(result, b); };
  const schema::StreamStop& longest =
      *std::max_element(result.stream_stops().begin(), result.stream_stops().end(), shorter);
  const std::string here = target_name(longest);
  const std::string there = isolated(longest.from());
  const std::string what =
      longest.has_end_ns()
          ? fmt::format("{} took nothing from {} for {}", here, there, clock_words(length_of(result, longest)))
          : fmt::format("From {} to the end {} took nothing from {}", clock_words(longest.begin_ns()), here, there);
  const schema::Metric* stops = find_metric(result, "replication.stops");
  const auto listed = static_cast<std::uint64_t>(result.stream_stops_size());
  const std::uint64_t all = std::max(listed, stops == nullptr ? 0 : stops->count());
  return all == 1 ? what : fmt::format("{}, the longest of {} stops", what, count_words(all));
}

std::string heading(const schema::Result& result) {
  if (result.stream_stops_size() > 0) return stop_heading(result);
  std::uint64_t met = 0;
  for (const auto& tally : result.conflicts()) met += tally.count();
  return fmt::format("{} met a row they did not expect; no stream stood still", counted(met, "change", "changes"));
}

}  // namespace

std::string conflicts_section(const schema::Result& result) {
  if (result.conflicts_size() == 0 && result.stream_stops_size() == 0) {
    if (result.config().replications_size() == 0) return "";
    return section("Conflicts and stopped streams: none", "", "");
  }
  return section(
      heading(result),
      "Conflicts and stopped streams. A stream carries the changes of one database to another, in order: while "
      "it stands still, everything behind the change that stopped it waits. Each try meets its conflict again "
      "and is counted.",
      stops_list(result) + tally_table(result) + ledger(result));
}

}  // namespace parallax::reports
