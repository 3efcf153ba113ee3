// Who waits for whom: for each kind of change the data center that wrote against the one that decided.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/distribution.h"
#include "reports/run/sections.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::string_view kEverywhere = "*";

// The slowest node of the observing site speaks for it.
struct Pair {
  std::uint64_t count{0};
  std::int64_t greatest_ns{0};
  std::int64_t p50_ns{0};
  std::int64_t p99_ns{0};
  bool open{false};  // a window that the run did not see close is the greatest
  bool p50_open{false};
  bool p99_open{false};
  const schema::WindowClass* slowest{nullptr};  // of that node
};

bool is_slower(const schema::WindowClass& a, const schema::WindowClass& b) {
  return std::tuple(a.max_ns(), a.p99_ns(), a.p50_ns()) > std::tuple(b.max_ns(), b.p99_ns(), b.p50_ns());
}

std::optional<Pair> pair_of(const schema::Result& result, const std::string& change, const std::string& writer,
                            const std::string& observer) {
  std::optional<Pair> pair;
  for (const auto& c : result.window_classes()) {
    if (c.change() != change || c.writer() != writer || c.observer() == kEverywhere || c.count() == 0) continue;
    if (site_of(c.observer()) != observer) continue;
    if (!pair) pair = Pair{};
    pair->count = std::max(pair->count, c.count());
    pair->greatest_ns = std::max(pair->greatest_ns, c.max_ns());
    pair->p50_ns = std::max(pair->p50_ns, c.p50_ns());
    pair->p99_ns = std::max(pair->p99_ns, c.p99_ns());
    pair->p50_open = pair->p50_open || is_open(c, 0.50);
    pair->p99_open = pair->p99_open || is_open(c, 0.99);
    if (pair->slowest == nullptr || is_slower(c, *pair->slowest)) pair->slowest = &c;
  }
  if (!pair) return pair;
  for (const auto& window : result.windows()) {
    if (window.ending() != "censored" || window.change() != change || window.length_ns() < pair->greatest_ns) continue;
    if (site_of(window.writer()) != writer || site_of(window.observer()) != observer) continue;
    pair->greatest_ns = window.length_ns();
    pair->open = true;
  }
  return pair;
}

// The shade only repeats the figure, so steps that people tell apart are enough.
std::size_t shade(std::int64_t ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::array<std::int64_t, 5> kSteps{100'000'000, 2 * kSecond, 30 * kSecond, 300 * kSecond, 900 * kSecond};
  return static_cast<std::size_t>(std::upper_bound(kSteps.begin(), kSteps.end(), ns) - kSteps.begin());
}

// What a cell and its distribution call themselves: the change, the writer and the observer by their numbers.
std::string pair_key(std::size_t change, int writer, int observer) {
  return fmt::format("{}-{}-{}", change, writer, observer);
}

std::string pair_cell(const Pair& pair, const std::optional<double>& target, const std::string& key) {
  const bool missed = target && static_cast<double>(pair.greatest_ns) > *target;
  return fmt::format(R"(<td class="h{}{}" data-opens="{}"><b>{}{}{}</b><small>{}{} · {}{}</small></td>)",
                     shade(pair.greatest_ns), missed ? " over" : "", key,
                     missed ? "✕<span class=\"unseen\"> over target:</span> " : "", pair.open ? "≥\u00A0" : "",
                     clock_words(pair.greatest_ns), pair.p50_open ? "≥\u00A0" : "", clock_words(pair.p50_ns),
                     pair.p99_open ? "≥\u00A0" : "", clock_words(pair.p99_ns));
}

struct Kind {
  std::string change;
  std::size_t number;
};

std::string writer_row(const schema::Result& result, const Kind& kind, int writer) {
  const std::string& name = result.config().sites(writer).name();
  std::string cells;
  bool written = false;
  for (int observer = 0; observer < result.config().sites_size(); ++observer) {
    const auto pair = pair_of(result, kind.change, name, result.config().sites(observer).name());
    written = written || pair.has_value();
    cells += pair ? pair_cell(*pair, target_ns(result, kind.change), pair_key(kind.number, writer, observer))
                  : R"(<td class="none">—</td>)";
  }
  if (!written) {
    cells = fmt::format(R"(<td class="none" colspan="{}">nothing written here</td>)", result.config().sites_size());
  }
  return fmt::format("<tr><th scope=\"row\">{}</th>{}</tr>\n", isolated(name), cells);
}

std::int64_t longest_of(const schema::Result& result, const std::string& change) {
  std::int64_t longest = 1;
  for (const auto& c : result.window_classes()) {
    if (c.change() == change && c.observer() != kEverywhere) longest = std::max(longest, c.max_ns());
  }
  return longest;
}

std::string pair_figure(const schema::Result& result, const Kind& kind, int writer, int observer) {
  const schema::Scenario& config = result.config();
  const auto pair = pair_of(result, kind.change, config.sites(writer).name(), config.sites(observer).name());
  if (!pair) return "";
  const auto target = target_ns(result, kind.change);
  const std::string title =
      fmt::format("{}: written in {}, decided at {}.", escaped(capitalised(change_words(kind.change).name)),
                  isolated(config.sites(writer).name()), isolated(pair->slowest->observer()));
  return distribution_figure({title, *pair->slowest, longest_of(result, kind.change),
                              target ? std::optional(static_cast<std::int64_t>(*target)) : std::nullopt},
                             fmt::format(R"( data-pair="{}")", pair_key(kind.number, writer, observer)));
}

std::string figures(const schema::Result& result, const Kind& kind) {
  std::string out;
  for (int writer = 0; writer < result.config().sites_size(); ++writer) {
    for (int observer = 0; observer < result.config().sites_size(); ++observer) {
      out += pair_figure(result, kind, writer, observer);
    }
  }
  return folded("How these windows are spread, pair by pair", out);
}

std::string heat_table(const schema::Result& result, const Kind& kind) {
  const std::string name = escaped(capitalised(change_words(kind.change).name));
  std::string head = R"(<th scope="col">written in</th>)";
  std::string rows;
  for (int i = 0; i < result.config().sites_size(); ++i) {
    head += fmt::format(R"(<th scope="col">{} decides</th>)", isolated(result.config().sites(i).name()));
    rows += writer_row(result, kind, i);
  }
  const auto target = target_ns(result, kind.change);
  const std::string aim =
      target ? "target " + round_clock_words(static_cast<std::int64_t>(*target)) : std::string("no target set");
  const std::string table = fmt::format(
      "<table class=\"heat\">\n<caption>{}: longest window by writer and by observer</caption>\n"
      "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
      name, head, rows);
  return fmt::format("<div class=\"heat-block\">\n<h3>{} <span>{}</span></h3>\n{}{}</div>\n", name, aim,
                     scrolled(capitalised(change_words(kind.change).name) + " by writer and by observer", table),
                     figures(result, kind));
}

std::vector<std::string> changes_of(const schema::Result& result) {
  std::vector<std::string> changes;
  for (const auto& c : result.window_classes()) {
    if (c.count() > 0 && std::find(changes.begin(), changes.end(), c.change()) == changes.end())
      changes.push_back(c.change());
  }
  return changes;
}

// The longest window between two sites against the longest within one.
std::string heading(const schema::Result& result, const std::vector<std::string>& changes) {
  std::int64_t across = 0;
  std::int64_t within = 0;
  for (const std::string& change : changes) {
    for (const auto& writer : result.config().sites()) {
      for (const auto& observer : result.config().sites()) {
        const auto pair = pair_of(result, change, writer.name(), observer.name());
        std::int64_t& longest = writer.name() == observer.name() ? within : across;
        if (pair) longest = std::max(longest, pair->greatest_ns);
      }
    }
  }
  if (across == 0 && within == 0) return "Every data center was in step with every change";
  return fmt::format("A change made in one data center is unseen in another for up to {}, in its own for up to {}",
                     clock_words(across), clock_words(within));
}

}  // namespace

std::string pairs_section(const schema::Result& result) {
  const std::vector<std::string> changes = changes_of(result);
  if (!spans_sites(result) || changes.empty()) return "";
  std::string tables;
  for (std::size_t i = 0; i < changes.size(); ++i) tables += heat_table(result, {changes[i], i});
  return section(heading(result, changes),
                 "Large: the longest window of the slowest node there, all seeds. Small: median · 99th percentile. The "
                 "shade repeats the figure. Outlined with ✕: over target. ≥: still open when the run ended. Striped: "
                 "nothing was written there.",
                 fmt::format("<div class=\"heats{}\">\n{}</div>\n",
                             result.config().sites_size() <= 3 ? " side-by-side" : "", tables));
}

}  // namespace parallax::reports
