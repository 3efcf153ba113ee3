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

// Of each kind and node, or of each kind and pair of sites; the others are folded.
constexpr std::size_t kShown = 3;

using Windows = std::vector<const schema::Window*>;

// Distinct values of a field, in the order in which they first appear.
template <typename Items, typename Field>
std::vector<std::string> distinct(const Items& items, Field field) {
  std::vector<std::string> values;
  for (const auto& item : items) {
    if (std::find(values.begin(), values.end(), field(item)) == values.end()) values.push_back(field(item));
  }
  return values;
}

// Stages keep one colour all over the page.
class StageColours {
 public:
  explicit StageColours(const schema::Result& result) {
    for (const auto& window : result.windows()) {
      for (const auto& stage : window.stages()) {
        if (std::find(names_.begin(), names_.end(), stage.name()) == names_.end()) names_.push_back(stage.name());
      }
    }
  }

  std::string of(const std::string& stage) const {
    return colour_class(static_cast<std::size_t>(std::find(names_.begin(), names_.end(), stage) - names_.begin()));
  }

 private:
  std::vector<std::string> names_;
};

struct Scale {
  double full_ns;
  std::optional<double> target_ns;
};

Scale scale_of(const schema::Result& result, const std::string& change, const Windows& windows) {
  Scale scale{1, std::nullopt};
  for (const auto* window : windows) scale.full_ns = std::max(scale.full_ns, static_cast<double>(window->length_ns()));
  scale.target_ns = target_ns(result, change);
  return scale;
}

std::string stage_bar(const schema::Window& window, const Scale& scale, const StageColours& colours) {
  std::string out =
      fmt::format(R"(<svg class="stages" role="img"><title>{}</title>)", escaped(stages_in_words(window)));
  double from = 0;
  for (const auto& stage : window.stages()) {
    const double width = static_cast<double>(stage.length_ns()) / scale.full_ns * 100;
    out += fmt::format(R"(<rect class="{}" x="{:.3f}%" y="4" width="{:.3f}%" height="12"/>)", colours.of(stage.name()),
                       from, width);
    from += width;
  }
  if (window.ending() == "censored") {
    out +=
        fmt::format(R"(<svg x="{:.3f}%" overflow="visible"><path class="open-end" d="M0 4l8 6l-8 6z"/></svg>)", from);
  }
  if (scale.target_ns && *scale.target_ns <= scale.full_ns) {
    out += fmt::format(
        R"(<line class="halo" x1="{0:.3f}%" x2="{0:.3f}%" y1="0" y2="20"/><line class="target" x1="{0:.3f}%" x2="{0:.3f}%" y1="0" y2="20"/>)",
        *scale.target_ns / scale.full_ns * 100);
  }
  return out + "</svg>";
}

std::string stage_list(const schema::Window& window, const StageColours& colours) {
  std::vector<std::int64_t> parts;
  for (const auto& stage : window.stages()) parts.push_back(stage.length_ns());
  const std::vector<std::string> lengths = parts_in_words(parts, window.length_ns());
  std::string out;
  for (int i = 0; i < window.stages_size(); ++i) {
    out += fmt::format(R"(<span class="stage"><i class="{}"></i>{} {}</span> )", colours.of(window.stages(i).name()),
                       lengths[static_cast<std::size_t>(i)], escaped(stage_label(window.stages(i).name())));
  }
  return out.empty() ? "<small>no stage recorded</small>" : "<small>" + out + "</small>";
}

std::string ending_words(const schema::Window& window) {
  if (window.ending() == "censored") return "still open at the end";
  return window.ending() == "moot" ? "then no longer mattered" : "";
}

std::string length_cell(const schema::Window& window, const Scale& scale) {
  const bool missed = scale.target_ns && static_cast<double>(window.length_ns()) > *scale.target_ns;
  const std::string words = (window.ending() == "censored" ? "≥\u00A0" : "") + clock_words(window.length_ns());
  return fmt::format("<b{}>{}</b><small>{}</small>", missed ? " class=\"miss\"" : "", words, ending_words(window));
}

Table window_table(std::string_view caption) {
  using Kind = Column::Kind;
  return {caption,
          {{"Object"},
           {"Written at"},
           {"Where its time went", Kind::kChart},
           {"Window", Kind::kNumber},
           {"Wrong decisions", Kind::kNumber}},
          "windows"};
}

// Who waited for whom: the table's rows are grouped by it.
std::string group_of(const schema::Result& result, const schema::Window& window) {
  if (!spans_sites(result)) return "Seen by " + isolated(node_name(result, window.observer()));
  return fmt::format("Written in {}, seen in {}", isolated(site_of(window.writer())),
                     isolated(site_of(window.observer())));
}

std::string places(const schema::Result& result, const schema::Window& window) {
  const std::string writer = isolated(node_name(result, window.writer()));
  if (!spans_sites(result)) return writer;
  return writer + "<small class=\"name\">seen at " + isolated(window.observer()) + "</small>";
}

void add_row(Table& table, const schema::Result& result, const schema::Window& window, const Scale& scale,
             const StageColours& colours) {
  table.row({two_lines(isolated(window.object()),
                       fmt::format("at {}, seed\u00A0{} · <code>{}</code>", clock_words(window.start_ns()),
                                   window.seed(), escaped(window.id()))),
             places(result, window), stage_bar(window, scale, colours) + stage_list(window, colours),
             length_cell(window, scale), count_words(window.wrong_decisions())});
}

std::string change_block(const schema::Result& result, const std::string& change, const StageColours& colours) {
  Windows windows;
  for (const auto& window : result.windows()) {
    if (window.change() == change) windows.push_back(&window);
  }
  std::stable_sort(windows.begin(), windows.end(),
                   [](const auto* a, const auto* b) { return a->length_ns() > b->length_ns(); });
  const Scale scale = scale_of(result, change, windows);
  const std::string name = capitalised(change_words(change).name);
  Table shown = window_table(name + ": the longest windows by node");
  Table rest = window_table(name + ": further windows");
  std::vector<std::string> groups = distinct(windows, [&](const auto* w) { return group_of(result, *w); });
  std::sort(groups.begin(), groups.end());
  std::size_t folded_rows = 0;
  for (const std::string& group : groups) {
    std::size_t n = 0;
    for (const auto* window : windows) {
      if (group_of(result, *window) != group) continue;
      const bool show = n < kShown;
      Table& table = show ? shown : rest;
      if (n == 0 || n == kShown) table.group(group);
      add_row(table, result, *window, scale, colours);
      folded_rows += show ? 0 : 1;
      ++n;
    }
  }
  const std::string target =
      scale.target_ns
          ? fmt::format(" <span>target {}</span>", round_clock_words(static_cast<std::int64_t>(*scale.target_ns)))
          : "";
  std::string out = fmt::format("<h3>{}{}</h3>\n{}", escaped(name), target, shown.html());
  if (folded_rows > 0)
    out += folded(counted(folded_rows, "more window", "more windows") + " of this kind", rest.html());
  return out;
}

std::string heading(const schema::Result& result) {
  const schema::Window* longest = longest_window(result, "");
  if (longest == nullptr) return "No change was made";
  if (longest->length_ns() == 0) return "Every node was in step with every change";
  const auto greatest = std::max_element(longest->stages().begin(), longest->stages().end(),
                                         [](const auto& a, const auto& b) { return a.length_ns() < b.length_ns(); });
  if (greatest == longest->stages().end()) return "The longest windows";
  return fmt::format("Where the time goes: {} takes {} of the longest window", escaped(stage_words(greatest->name())),
                     round_clock_words(greatest->length_ns()));
}

}  // namespace

std::string windows_section(const schema::Result& result) {
  const StageColours colours(result);
  std::string out;
  for (const std::string& change : distinct(result.windows(), [](const auto& w) { return w.change(); })) {
    out += change_block(result, change, colours);
  }
  if (out.empty()) return section(heading(result), "", "<p>So there is no window to show.</p>\n");
  return section(
      heading(result),
      fmt::format("The longest windows by kind of change and by {}. Every stretch is charged to one stage, and the "
                  "stretches add up to the window. Upright line: the target. <code>parallax explain</code>, with the "
                  "folder of this page and the id beside a window, tells it hop by hop.",
                  spans_sites(result) ? "pair of data centers" : "node"),
      out);
}

}  // namespace parallax::reports
