#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr int kShown = 8;

double times_limit(std::uint64_t admitted, const schema::LimitWindow& window) {
  return static_cast<double>(admitted) / static_cast<double>(std::max<std::uint64_t>(window.limit(), 1));
}

// The axis ends at twice the limit, or at the worst window where that is more; so the limit stands at one place.
double axis_end(const schema::Result& result) {
  double end = 2;
  for (const auto& window : result.limit_windows()) end = std::max(end, times_limit(window.admitted(), window));
  return end;
}

std::vector<std::string> nodes_of(const schema::Result& result) {
  std::vector<std::string> nodes;
  for (const auto& window : result.limit_windows()) {
    for (const auto& node : window.by_node()) nodes.push_back(node.node());
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

std::string colour_of(const std::vector<std::string>& nodes, const std::string& node) {
  return colour_class(static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), node) - nodes.begin()));
}

std::string admitted_bar(const schema::LimitWindow& window, double end, const std::vector<std::string>& nodes) {
  std::string out = fmt::format(R"(<svg class="stages" role="img"><title>{} admitted, limit {}</title>)",
                                count_words(window.admitted()), count_words(window.limit()));
  double from = 0;
  for (const auto& node : window.by_node()) {
    const double width = times_limit(node.admitted(), window) / end * 100;
    out += fmt::format(R"(<rect class="{}" x="{:.2f}%" y="4" width="{:.2f}%" height="12"/>)",
                       colour_of(nodes, node.node()), from, width);
    from += width;
  }
  return out +
         fmt::format(
             R"(<line class="halo" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="20"/><line class="target" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="20"/></svg>)",
             100 / end);
}

std::string by_node(const schema::Result& result, const schema::LimitWindow& window,
                    const std::vector<std::string>& nodes) {
  std::string out;
  for (const auto& node : window.by_node()) {
    out += fmt::format(R"(<span class="stage"><i class="{}"></i>{} {}, refused {}</span> )",
                       colour_of(nodes, node.node()), isolated(node_name(result, node.node())),
                       count_words(node.admitted()), count_words(node.refused()));
  }
  return "<small>" + out + "</small>";
}

Table limit_table(std::string_view caption) {
  using Kind = Column::Kind;
  return {caption,
          {{"Who, and when"},
           {"Tier"},
           {"Asked", Kind::kNumber},
           {"Limit", Kind::kNumber},
           {"Admitted", Kind::kNumber},
           {"Too many", Kind::kNumber},
           {"Admitted by node, against the limit", Kind::kChart},
           {"Answer flipped", Kind::kNumber}},
          "limits"};
}

void add_row(Table& table, const schema::Result& result, const schema::LimitWindow& window, double end,
             const std::vector<std::string>& nodes) {
  table.row(
      {two_lines(isolated(window.key()), fmt::format("{} from {}, seed\u00A0{}", round_clock_words(window.width_ns()),
                                                     round_clock_words(window.start_ns()), window.seed())),
       isolated(window.tier()), count_words(window.demand()), count_words(window.limit()),
       "<b>" + count_words(window.admitted()) + "</b>", count_words(window.over()),
       admitted_bar(window, end, nodes) + by_node(result, window, nodes),
       window.flips() == 0 ? "0" : counted(window.flips(), "time", "times")});
}

std::string heading(const schema::Result& result) {
  const schema::LimitWindow* worst = worst_limit_window(result);
  if (worst == nullptr) return "No limit was exceeded";
  return fmt::format("{} in {} for a limit of {}: {} the quota", counted(worst->admitted(), "call", "calls"),
                     round_clock_words(worst->width_ns()), count_words(worst->limit()),
                     ratio_words(times_limit(worst->admitted(), *worst)));
}

}  // namespace

std::string limits_section(const schema::Result& result) {
  if (result.limit_windows_size() == 0) return section(heading(result), "", "<p>No limit window is on record.</p>\n");
  const double end = axis_end(result);
  const std::vector<std::string> nodes = nodes_of(result);
  Table shown = limit_table("Limit windows with the most calls too many");
  Table rest = limit_table("Further limit windows");
  for (int i = 0; i < result.limit_windows_size(); ++i) {
    add_row(i < kShown ? shown : rest, result, result.limit_windows(i), end, nodes);
  }
  std::string body = shown.html();
  if (!rest.empty()) {
    body += folded(counted(static_cast<std::uint64_t>(result.limit_windows_size() - kShown), "more limit window",
                           "more limit windows"),
                   rest.html());
  }
  return section(
      heading(result),
      "The limit windows with the most calls too many, of all seeds. Upright line: the limit. Flipped: refused, "
      "then admitted again within the same window.",
      body);
}

}  // namespace parallax::reports
