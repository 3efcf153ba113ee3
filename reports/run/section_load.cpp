// What key managers and databases were asked in each second, above all after a failover or a recovery, when caches are
// cold; whether workers and pools of connections had room for it.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/panel.h"
#include "reports/run/availability.h"
#include "reports/run/sections.h"
#include "reports/run/share_panels.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// From here on workers are as good as all at work.
constexpr double kFull = 0.995;

struct Curve {
  const char* series;
  const char* where;  ///< "dc1 key managers"
  const char* what;   ///< of its scale
};

constexpr Curve kLoads[] = {{"key_manager_load", "key managers", "questions a second"},
                            {"database_load", "database", "statements a second"}};
constexpr Curve kWorkers[] = {{"gateway_workers_busy", "gateway workers", "share at work, each second"},
                              {"key_manager_workers_busy", "key manager workers", "share at work, each second"}};

std::vector<const schema::Series*> series_named(const schema::Result& result, std::string_view name) {
  std::vector<const schema::Series*> found;
  for (const auto& series : result.series()) {
    if (series.name() == name && series.values_size() > 0 && series.step_ns() > 0) found.push_back(&series);
  }
  return found;
}

double greatest_of(const schema::Series& series) {
  return std::max(0.0, *std::max_element(series.values().begin(), series.values().end()));
}

std::int64_t time_of_greatest(const schema::Series& series) {
  const auto place = std::max_element(series.values().begin(), series.values().end());
  return (place - series.values().begin()) * series.step_ns();
}

// A column keeps its greatest value: a single second of a herd is as high as it was.
std::string steps(const schema::Series& series, double scale) {
  const auto columns = decimated(series, kPanelColumns);
  const double width = 1000.0 / static_cast<double>(columns.size());
  std::string path;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double value = columns[i] ? columns[i]->greatest : 0;
    const double y = panel_height(value / scale);
    const bool is_level = i > 0 && columns[i - 1] && columns[i] && columns[i - 1]->greatest == columns[i]->greatest;
    if (!is_level) path += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", static_cast<double>(i) * width, y);
    path += fmt::format("H{:.1f}", static_cast<double>(i + 1) * width);
  }
  return path;
}

std::string panel(const Clock& clock, const schema::Series& series, double scale, std::string_view top) {
  const std::string path = steps(series, scale);
  return fmt::format(
      R"(<svg class="lane" aria-hidden="true">{}<svg width="{:.2f}%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="share" d="{}V{:.0f}H0Z"/><path class="line" d="{}"/><path class="grid" d="M0 {:.0f}H1000M0 {:.0f}H1000"/></svg><text class="scale" x="0" dx="-6" y="14%" dy="5">{}</text><text class="scale" x="0" dx="-6" y="88%" dy="4">0</text></svg>)",
      clock.bands, clock.axis.percent(series.step_ns() * series.values_size()), path, kPanelBottom, path, kPanelTop,
      kPanelBottom, top);
}

Track greatest_track(const schema::Series& series, std::string (*words)(double)) {
  Track track;
  const auto columns = decimated(series, kPanelColumns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    track.add(column_start_ns(series, kPanelColumns, i), columns[i] ? words(columns[i]->greatest) : "—");
  }
  return track;
}

// Data centers beside each other have one scale, so that they can be compared.
std::string load_rows(const Clock& clock, const Curve& curve) {
  const auto all = series_named(clock.result, curve.series);
  double scale = 1;
  for (const auto* series : all) scale = std::max(scale, greatest_of(*series));
  std::string rows;
  for (const auto* series : all) {
    rows +=
        clock_row("panel-row", fmt::format("{} {}<small>{}</small>", isolated(series->node()), curve.where, curve.what),
                  panel(clock, *series, scale, number_words(scale)), "up to " + number_words(greatest_of(*series)),
                  "at " + round_clock_words(time_of_greatest(*series)), greatest_track(*series, number_words));
  }
  return rows;
}

std::string full_words(const schema::Series& series) {
  const auto full = std::count_if(series.values().begin(), series.values().end(), [](double v) { return v >= kFull; });
  if (full == 0) return "never all at work";
  return "all at work for " + round_clock_words(full * series.step_ns());
}

std::string worker_rows(const Clock& clock, const Curve& curve) {
  std::string rows;
  for (const auto* series : series_named(clock.result, curve.series)) {
    rows +=
        clock_row("panel-row", fmt::format("{} {}<small>{}</small>", isolated(series->node()), curve.where, curve.what),
                  panel(clock, *series, 1, "100 %"), "up to " + percent_words(greatest_of(*series)),
                  full_words(*series), greatest_track(*series, percent_words));
  }
  return rows;
}

std::string role_words(std::string_view role) { return role == "gateway" ? "Gateway" : "Key manager"; }

std::string workers_table(const schema::Result& result) {
  if (result.workers_size() == 0) return "";
  Table table("What became of calls at workers, all seeds",
              {{"Workers of"},
               {"Number", Column::Kind::kNumber},
               {"Calls", Column::Kind::kNumber},
               {"Waited", Column::Kind::kNumber},
               {"No room", Column::Kind::kNumber},
               {"Gave up", Column::Kind::kNumber},
               {"Lost", Column::Kind::kNumber},
               {"Longest queue", Column::Kind::kNumber},
               {"Longest wait", Column::Kind::kNumber},
               {"Busiest second", Column::Kind::kNumber}},
              "figures");
  for (const auto& w : result.workers()) {
    table.row({two_lines(isolated(w.node()), role_words(w.role())), count_words(w.workers()), count_words(w.arrived()),
               count_words(w.waited()), count_words(w.refused()), count_words(w.given_up()), count_words(w.lost()),
               count_words(w.queue()), clock_words(w.longest_wait_ns()), percent_words(w.busiest())});
  }
  return scrolled("Workers", table.html());
}

std::string pools_table(const schema::Result& result) {
  if (result.pools_size() == 0) return "";
  Table table("Pools of connections that ran dry, all seeds",
              {{"From"},
               {"To another site’s"},
               {"Calls", Column::Kind::kNumber},
               {"Waited", Column::Kind::kNumber},
               {"Gave up", Column::Kind::kNumber},
               {"Longest wait", Column::Kind::kNumber}},
              "figures");
  for (const auto& pool : result.pools()) {
    table.row({isolated(pool.site()), pool.target() == "database" ? "database" : "key managers",
               count_words(pool.calls()), count_words(pool.waited()), count_words(pool.given_up()),
               clock_words(pool.longest_wait_ns())});
  }
  return table.html();
}

const schema::PeakSeen* first_peak(const schema::Result& result, std::string_view of) {
  const auto found = std::find_if(result.peaks().begin(), result.peaks().end(),
                                  [&](const schema::PeakSeen& peak) { return peak.of() == of; });
  return found == result.peaks().end() ? nullptr : &*found;
}

std::string peak_words(const schema::PeakSeen& peak) {
  const std::string mean = number_words(peak.mean_before());
  const double times = static_cast<double>(peak.peak()) / peak.mean_before();
  if (times <= 1) {
    return fmt::format("After the fault key managers are never asked more in a second than before, {} on average",
                       mean);
  }
  return fmt::format("After the fault key managers are asked {} times in one second, {} times as often as before it",
                     count_words(peak.peak()), number_words(times));
}

std::string refused_words(const schema::Result& result) {
  std::uint64_t refused = 0;
  for (const auto& workers : result.workers()) refused += workers.refused() + workers.given_up();
  if (refused == 0) return "every call at workers found room";
  return counted(refused, "call at workers found", "calls at workers found") + " no room" +
         (result.seeds() > 1 ? ", in all runs" : "");
}

std::string heading(const schema::Result& result) {
  if (result.workers_size() == 0) {
    std::uint64_t waited = 0;
    for (const auto& pool : result.pools()) waited += pool.waited();
    return counted(waited, "call", "calls") + " to other sites waited for a connection";
  }
  const schema::PeakSeen* peak = first_peak(result, "key_managers");
  return peak == nullptr ? capitalised(refused_words(result)) : peak_words(*peak) + "; " + refused_words(result);
}

}  // namespace

std::string load_section(const schema::Result& result) {
  if (result.workers_size() == 0 && result.pools_size() == 0) return "";
  const TimeAxis axis{end_of(result)};
  const Clock clock{result, axis, fault_bands(result, axis)};
  std::string rows;
  for (const Curve& curve : kLoads) rows += load_rows(clock, curve);
  for (const Curve& curve : kWorkers) rows += worker_rows(clock, curve);
  const std::string chart = rows.empty() ? "" : clock_table("clock", "Load on key managers and databases", rows, axis);
  const std::string how =
      rows.empty() ? ""
                   : "First seed, all on one clock; panels of one kind have one scale, and show the busiest second of "
                     "each column. Questions: for tokens, and about tokens that a gateway’s cache does not know.";
  return section(heading(result), how, chart + workers_table(result) + pools_table(result));
}

}  // namespace parallax::reports
