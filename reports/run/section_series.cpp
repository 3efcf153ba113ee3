#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/clock.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// Longer series are summed over several steps: more points than this do not fit a panel, nor a reader.
constexpr std::size_t kPoints = 120;

// With more nodes than fit beside each other, a data center has one column.
constexpr std::size_t kNodes = 6;

struct Line {
  std::string name;
  std::string node;
  std::int64_t step_ns{1};
  std::vector<double> values;
};

Line coarsened(const schema::Series& series) {
  const auto size = static_cast<std::size_t>(series.values_size());
  const std::size_t group = std::max<std::size_t>((size + kPoints - 1) / kPoints, 1);
  Line line{series.name(), series.node(), series.step_ns() * static_cast<std::int64_t>(group), {}};
  for (std::size_t i = 0; i < size; ++i) {
    if (i % group == 0) line.values.push_back(0);
    const double value = series.values(static_cast<int>(i));
    if (std::isfinite(value)) line.values.back() += value;
  }
  return line;
}

std::string name_words(std::string_view name) {
  if (name == "requests") return "Requests";
  if (name == "wrong_allow") return "Let through wrongly";
  if (name == "wrong_deny") return "Refused wrongly";
  if (name == "wrong_variant") return "Served by an old version";
  if (name == "refused_quota") return "Refused for quota";
  if (name == "not_found") return "Answered 404";
  return capitalised(spaced(name));
}

struct Grid {
  std::vector<Line> lines;
  std::vector<std::string> names;
  std::vector<std::string> nodes;

  const Line* find(const std::string& name, const std::string& node) const {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const Line& l) { return l.name == name && l.node == node; });
    return found == lines.end() ? nullptr : &*found;
  }

  double greatest(const std::string& name) const {
    double greatest = 0;
    for (const Line& line : lines) {
      if (line.name != name || line.values.empty()) continue;
      greatest = std::max(greatest, *std::max_element(line.values.begin(), line.values.end()));
    }
    return greatest;
  }

  std::int64_t step_ns() const { return lines.empty() ? 1 : std::max<std::int64_t>(lines.front().step_ns, 1); }

  std::size_t points() const {
    std::size_t points = 0;
    for (const Line& line : lines) points = std::max(points, line.values.size());
    return points;
  }
};

void add_once(std::vector<std::string>& values, const std::string& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

std::vector<const schema::Series*> drawn_series(const schema::Result& result) {
  std::vector<const schema::Series*> drawn;
  for (const auto& series : result.series()) {
    // Shares and levels cannot be summed; they have panels of their own.
    if (series.step_ns() <= 0 || series.values_size() == 0 || series.unit() != "requests") continue;
    drawn.push_back(&series);
  }
  return drawn;
}

void add_line(Grid& grid, Line line) {
  const auto same = std::find_if(grid.lines.begin(), grid.lines.end(),
                                 [&](const Line& l) { return l.name == line.name && l.node == line.node; });
  if (same == grid.lines.end()) {
    grid.lines.push_back(std::move(line));
    return;
  }
  same->values.resize(std::max(same->values.size(), line.values.size()), 0.0);
  for (std::size_t i = 0; i < line.values.size(); ++i) same->values[i] += line.values[i];
}

Grid grid_of(const schema::Result& result) {
  const auto drawn = drawn_series(result);
  std::vector<std::string> nodes;
  for (const auto* series : drawn) add_once(nodes, series->node());
  const bool by_site = nodes.size() > kNodes && spans_sites(result);
  Grid grid;
  for (const auto* series : drawn) {
    Line line = coarsened(*series);
    if (by_site) line.node = site_of(line.node);
    add_once(grid.names, line.name);
    add_once(grid.nodes, line.node);
    add_line(grid, std::move(line));
  }
  return grid;
}

std::string bands(const schema::Result& result, std::int64_t end_ns) {
  std::string out;
  const TimeAxis axis{end_ns};
  for (const auto& fault : result.faults()) {
    const double from = axis.percent(fault.start_ns());
    out += fmt::format(R"(<rect class="fault" x="{:.2f}" y="0" width="{:.2f}" height="40"/>)", from,
                       axis.percent(fault.end_ns()) - from);
  }
  return out;
}

bool is_harm(std::string_view name) { return name.starts_with("wrong_"); }

Track track_of(const Line& line) {
  Track track;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    track.add(static_cast<std::int64_t>(i) * line.step_ns, number_words(line.values[i]));
  }
  return track;
}

// Steps, since a value holds for its whole minute.
std::string panel(const schema::Result& result, const Line& line, double greatest) {
  const double width = 100.0 / static_cast<double>(line.values.size());
  std::string path;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    const double y = greatest > 0 ? 38 - line.values[i] / greatest * 36 : 38;
    path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", i == 0 ? "M" : "L", static_cast<double>(i) * width, y,
                        static_cast<double>(i + 1) * width);
  }
  const auto end_ns = static_cast<std::int64_t>(line.values.size()) * line.step_ns;
  return fmt::format(
      R"(<svg class="panel{}"{} viewBox="0 0 100 40" preserveAspectRatio="none" role="img"><title>{} at {}</title>{}<path class="area" d="{}V38H0Z"/><path class="line" d="{}"/><path class="base" d="M0 38H100"/></svg>)",
      is_harm(line.name) ? " miss" : "", track_of(line).attribute(), escaped(name_words(line.name)),
      escaped(node_name(result, line.node)), bands(result, end_ns), path, path);
}

TimeAxis axis_of(const Grid& grid) { return {static_cast<std::int64_t>(grid.points()) * grid.step_ns()}; }

std::string ticks(const Grid& grid) {
  const TimeAxis axis = axis_of(grid);
  std::string out = "<svg class=\"ticks\" aria-hidden=\"true\">";
  for (const std::int64_t t : {std::int64_t{0}, axis.end_ns / 2, axis.end_ns}) {
    const std::string_view anchor = t == 0 ? "start" : t == axis.end_ns ? "end" : "mid";
    out +=
        fmt::format(R"(<text class="{}" x="{:.2f}%" y="14">{}</text>)", anchor, axis.percent(t), round_clock_words(t));
  }
  return out + "</svg>";
}

std::string step_words(const Grid& grid) {
  return grid.step_ns() == 60'000'000'000 ? "a minute" : "in " + round_clock_words(grid.step_ns());
}

std::string panels(const schema::Result& result, const Grid& grid) {
  std::vector<Column> columns{{"Series"}};
  for (const std::string& node : grid.nodes) columns.push_back({node_name(result, node), Column::Kind::kChart});
  Table table("Decisions over time, by node", columns, "panels");
  for (const std::string& name : grid.names) {
    std::vector<std::string> cells{two_lines(
        escaped(name_words(name)), fmt::format("up to {} {}", number_words(grid.greatest(name)), step_words(grid)))};
    for (const std::string& node : grid.nodes) {
      const Line* line = grid.find(name, node);
      cells.push_back(line == nullptr ? missing("not measured here") : panel(result, *line, grid.greatest(name)));
    }
    table.row(cells);
  }
  std::vector<std::string> last{"<span class=\"unseen\">Time from the start</span>"};
  last.resize(grid.nodes.size() + 1, ticks(grid));
  table.row(last);
  return fmt::format("<div{}>\n{}</div>\n", axis_attribute(axis_of(grid)), table.html());
}

std::string figures(const schema::Result& result, const Grid& grid) {
  std::vector<Column> columns{{"From"}};
  for (const Line& line : grid.lines) {
    columns.push_back({name_words(line.name) + ", " + node_name(result, line.node), Column::Kind::kNumber});
  }
  Table table("The same in figures", columns, "figures");
  for (std::size_t i = 0; i < grid.points(); ++i) {
    std::vector<std::string> cells{round_clock_words(static_cast<std::int64_t>(i) * grid.step_ns())};
    for (const Line& line : grid.lines) cells.push_back(i < line.values.size() ? number_words(line.values[i]) : "—");
    table.row(cells);
  }
  return folded("The same in figures", scrolled("The same in figures", table.html()));
}

bool is_by_site(const Grid& grid) { return !grid.nodes.empty() && grid.nodes.front().find('/') == std::string::npos; }

std::string heading(const Grid& grid) {
  std::vector<double> wrong(grid.points(), 0.0);
  for (const Line& line : grid.lines) {
    if (!is_harm(line.name)) continue;
    for (std::size_t i = 0; i < line.values.size(); ++i) wrong[i] += line.values[i];
  }
  const auto peak = std::max_element(wrong.begin(), wrong.end());
  if (peak == wrong.end() || *peak <= 0) return "Over time: no wrong answer in this run";
  return fmt::format("Wrong answers peak at {} {}, {} into the run", number_words(*peak), step_words(grid),
                     round_clock_words((peak - wrong.begin()) * grid.step_ns()));
}

}  // namespace

std::string series_section(const schema::Result& result) {
  const Grid grid = grid_of(result);
  if (grid.lines.empty()) return "";
  const std::string how =
      fmt::format("First seed, one column a {}; a row has one scale.{}", is_by_site(grid) ? "data center" : "node",
                  result.faults_size() > 0 ? " Sand: what was broken." : "");
  return section(heading(grid), how, panels(result, grid) + figures(result, grid));
}

}  // namespace parallax::reports
