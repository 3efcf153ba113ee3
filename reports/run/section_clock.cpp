// Data centers and populations on one clock: what happened to each site, who was served, and where the requests were
// decided.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/availability.h"
#include "reports/run/sections.h"
#include "reports/run/share_panels.h"
#include "reports/run/site_lanes.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string event_words(const schema::SiteMoment& m) {
  if (m.event() == "lost") return "Lost";
  if (m.event() == "powered") return "Power is back";
  if (m.event() == "ready") return "Answers again";
  if (m.event() == "marked_down") return "Out of the DNS answers";
  if (m.event() == "marked_up") return "Back in the DNS answers";
  return escaped(capitalised(spaced(m.event())));
}

std::string moments_table(const schema::Result& result) {
  if (result.moments_size() == 0) return "";
  Table table("What happened to each data center",
              {{"When", Column::Kind::kNumber}, {"Data center"}, {"What"}, {"Seen from"}}, "moments");
  for (const auto& m : result.moments()) {
    table.row({clock_words(m.time_ns()), isolated(m.site()), event_words(m),
               m.seen_from().empty() ? "—" : isolated(m.seen_from())});
  }
  return folded(counted(static_cast<std::uint64_t>(result.moments_size()), "moment", "moments") + " as a table",
                table.html());
}

std::vector<const schema::Series*> availability_of(const schema::Result& result) {
  std::vector<const schema::Series*> found;
  for (const auto& series : result.series()) {
    if (series.name() == "availability" && series.values_size() > 0 && series.step_ns() > 0) found.push_back(&series);
  }
  return found;
}

std::string extent_cell(const std::optional<Extent>& extent) {
  return extent ? extent_words(*extent) : missing("no call");
}

std::string served_table(const std::vector<const schema::Series*>& served) {
  constexpr std::size_t kRows = 60;
  if (served.empty()) return "";
  std::vector<Column> columns{{"From"}};
  std::vector<std::vector<std::optional<Extent>>> cells;
  for (const auto* series : served) {
    columns.push_back({series->node(), Column::Kind::kNumber});
    cells.push_back(decimated(*series, kRows));
  }
  const auto size = static_cast<std::size_t>(served.front()->values_size());
  const auto step = static_cast<std::int64_t>((size + kRows - 1) / kRows) * served.front()->step_ns();
  Table table("Share of calls served: the worst and the best second", columns, "figures");
  for (std::size_t i = 0; i < cells.front().size(); ++i) {
    std::vector<std::string> row{round_clock_words(static_cast<std::int64_t>(i) * step)};
    for (const auto& column : cells) row.push_back(i < column.size() ? extent_cell(column[i]) : "—");
    table.row(row);
  }
  return folded("Worst and best second in figures", scrolled("Worst and best second in figures", table.html()));
}

// "us-east answers nothing for 11 min 30 s"; of the first data center that was lost.
std::string lost_words(const Clock& clock) {
  for (const auto& site : clock.result.config().sites()) {
    const std::vector<Loss> losses = losses_of(clock.result, site.name());
    if (losses.empty()) continue;
    return fmt::format("{} answers nothing for {}", isolated(site.name()), clock_words(down_ns(losses, clock.axis)));
  }
  return "";
}

// Of the population that was locked out for longest; if none was, of the one with the worst second.
std::string served_words(const std::vector<const schema::Series*>& served) {
  const schema::Series* worst = nullptr;
  std::int64_t longest = 0;
  const schema::Series* least = nullptr;
  for (const auto* series : served) {
    if (least == nullptr || least_served(*series) < least_served(*least)) least = series;
    const auto dip = longest_dip(*series, kLockedOut);
    if (!dip || dip->end_ns - dip->start_ns <= longest) continue;
    worst = series;
    longest = dip->end_ns - dip->start_ns;
  }
  if (worst != nullptr) return fmt::format("{} locked out for {}", isolated(worst->node()), clock_words(longest));
  if (least == nullptr) return "";
  if (least_served(*least) >= kEveryOne) return "every population is served all the time";
  return fmt::format("nobody is locked out, {} of {} are served in the worst second", share_words(least_served(*least)),
                     isolated(least->node()));
}

std::string heading(const Clock& clock, const std::vector<const schema::Series*>& served) {
  const std::string lost = lost_words(clock);
  const std::string answered = served_words(served);
  if (lost.empty()) return capitalised(answered.empty() ? "what happened to each data center" : answered);
  return answered.empty() ? lost : lost + "; " + answered;
}

std::string how_to_read(const schema::Result& result) {
  std::string out = "First seed, all on one clock. Lanes: what happened to each data center";
  out += result.moments_size() > 0 ? ", and under it when the DNS of a region sent its users elsewhere. " : ". ";
  out += "Panels: the worst and the best second of each column, so that no bad second is averaged away.";
  return out + (result.faults_size() > 0 ? " Hatched: what was broken." : "");
}

}  // namespace

std::string clock_section(const schema::Result& result) {
  const auto served = availability_of(result);
  if (served.empty() && result.moments_size() == 0) return "";
  const TimeAxis axis{end_of(result)};
  const Clock clock{result, axis, fault_bands(result, axis)};
  std::string rows;
  for (const auto& site : result.config().sites()) rows += site_lanes(clock, site.name());
  for (const auto* series : served) rows += population_panel(clock, *series);
  for (const auto& series : result.series()) {
    if (series.name() == "tokens_in_force") rows += token_panel(clock, series);
  }
  if (spans_sites(result)) {
    for (const auto& site : result.config().sites()) rows += share_panel(clock, site.name());
  }
  return section(heading(clock, served), how_to_read(result),
                 clock_table("clock", "Data centers and populations over time", rows, axis) + moments_table(result) +
                     served_table(served));
}

}  // namespace parallax::reports
