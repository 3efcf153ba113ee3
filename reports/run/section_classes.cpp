#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::string_view kEverywhere = "*";

// A smaller share of the time hides the others.
constexpr double kNegligible = 0.001;

// Share of the windows (upwards) that are at most so long (to the right, up to the longest of its kind).
std::string curve(const schema::WindowClass& c, std::int64_t longest_ns) {
  if (c.quantiles_ns_size() < 2) return missing("no window");
  std::string path = "M0 24";
  bool open = false;
  for (int i = 0; i < c.quantiles_ns_size() && !open; ++i) {
    // What is not known ends the curve, level to the longest that was seen.
    open = is_open(c, static_cast<double>(i) / (c.quantiles_ns_size() - 1));
    const double x =
        static_cast<double>(c.quantiles_ns(i)) / static_cast<double>(std::max<std::int64_t>(longest_ns, 1)) * 100;
    const double y = 24 - 24.0 * (open ? i - 1 : i) / (c.quantiles_ns_size() - 1);
    path += fmt::format("L{:.1f} {:.1f}", x, std::min(y, 24.0));
  }
  if (!open) path += "L100 0";
  return fmt::format(
      R"(<svg class="curve" viewBox="0 0 100 24" preserveAspectRatio="none" role="img"><title>share of windows by length</title><path class="area" d="{0}V24H0Z"/><path class="line" d="{0}"/></svg>)",
      path);
}

std::string length(const schema::WindowClass& c, bool present, std::int64_t ns, double quantile) {
  if (!present) return missing(c.count() == 0 ? "no window" : "not settled");
  return (is_open(c, quantile) ? "≥\u00A0" : "") + clock_words(ns);
}

std::string spent_on(const schema::WindowClass& c) {
  std::string out;
  for (const auto& stage : c.stages()) {
    if (stage.share() < kNegligible) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", percent_words(stage.share()),
                       escaped(stage_label(stage.stage())));
  }
  return out.empty() ? missing("no time lost") : "<small>" + out + "</small>";
}

std::string seen_at(const schema::Result& result, const schema::WindowClass& c) {
  const std::string place = c.observer() == kEverywhere ? "everywhere" : isolated(node_name(result, c.observer()));
  const bool one_site = result.config().sites_size() <= 1 || c.writer().empty();
  return two_lines(place, one_site ? "" : "written in " + isolated(c.writer()));
}

std::string open_or_moot(const schema::WindowClass& c) {
  const std::string moot = c.moot() == 0 ? "" : fmt::format("<small>{} moot</small>", count_words(c.moot()));
  return count_words(c.censored()) + moot;
}

std::int64_t longest_of(const schema::Result& result, const std::string& change) {
  std::int64_t longest = 0;
  for (const auto& c : result.window_classes()) {
    if (c.change() == change) longest = std::max(longest, c.max_ns());
  }
  return longest;
}

void add_row(Table& table, const schema::Result& result, const schema::WindowClass& c) {
  table.row({seen_at(result, c), count_words(c.count()), count_words(c.zero()),
             length(c, c.has_p50_ns(), c.p50_ns(), 0.50), length(c, c.has_p95_ns(), c.p95_ns(), 0.95),
             length(c, c.has_p99_ns(), c.p99_ns(), 0.99), "<b>" + length(c, c.has_max_ns(), c.max_ns(), 1) + "</b>",
             open_or_moot(c), curve(c, longest_of(result, c.change())), spent_on(c)});
}

template <typename Wanted>
Table class_table(const schema::Result& result, Wanted wanted) {
  using Kind = Column::Kind;
  Table table("Windows by kind of change and by node",
              {{"Seen at"},
               {"Changes", Kind::kNumber},
               {"In step at once", Kind::kNumber},
               {"Median", Kind::kNumber},
               {"95\u00A0% within", Kind::kNumber},
               {"99\u00A0% within", Kind::kNumber},
               {"Longest", Kind::kNumber},
               {"Open at end", Kind::kNumber},
               {"Spread", Kind::kChart},
               {"Time spent on"}},
              "classes");
  std::string change;
  for (const auto& c : result.window_classes()) {
    if (!wanted(c)) continue;
    if (c.change() != change) table.group(escaped(capitalised(change_words(c.change()).name)));
    change = c.change();
    add_row(table, result, c);
  }
  return table;
}

// The class with the longest window; of equals the one over all nodes.
const schema::WindowClass* slowest(const schema::Result& result) {
  const schema::WindowClass* found = nullptr;
  for (const auto& c : result.window_classes()) {
    if (!c.has_max_ns()) continue;
    if (found == nullptr || c.max_ns() > found->max_ns() ||
        (c.max_ns() == found->max_ns() && c.observer() == kEverywhere)) {
      found = &c;
    }
  }
  return found;
}

std::string heading(const schema::Result& result) {
  const schema::WindowClass* c = slowest(result);
  if (c == nullptr) return "No change was observed";
  if (c->max_ns() == 0) return "Every change was in force everywhere at once";
  const std::string name = escaped(capitalised(change_words(c->change()).name));
  const std::string longest = (is_open(*c, 1) ? "at least " : "") + clock_words(c->max_ns());
  if (!c->has_p50_ns() || is_open(*c, 0.5)) return fmt::format("{}: the longest window lasts {}", name, longest);
  return fmt::format("{}: half of the windows last up to {}, the longest {}", name, clock_words(c->p50_ns()), longest);
}

}  // namespace

std::string classes_section(const schema::Result& result) {
  if (result.window_classes_size() == 0) {
    return section(heading(result), "", "<p>So there was nothing to wait for.</p>\n");
  }
  // One row a kind and writer is enough where nodes are many; the others are folded.
  const bool many = spans_sites(result);
  std::string body = class_table(result, [&](const auto& c) { return !many || c.observer() == kEverywhere; }).html();
  if (many) {
    body += folded("The same node by node",
                   class_table(result, [](const auto& c) { return c.observer() != kEverywhere; }).html());
  }
  return section(
      heading(result),
      "How long each node decided by the old state after a change was acknowledged; all seeds together. Spread: the "
      "share of windows (upwards) that are over after a time (to the right, up to the longest of its kind). "
      "Everywhere: the last of all nodes. ≥: windows still open when a run ended hide the rest, and the curve stops.",
      body);
}

}  // namespace parallax::reports
