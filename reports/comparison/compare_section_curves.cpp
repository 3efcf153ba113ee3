// How long windows last in each design, one curve over the other.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reports/comparison/compare_sections.h"
#include "reports/comparison/window_curve.h"
#include "reports/escape.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// More kinds of change than these are told by their figures alone.
constexpr std::size_t kPanelsMost = 4;

// Height of a panel in pixels, as `.curves` of the style sheet has it, and the room under it for the words of its axis.
constexpr double kHeight = 200;
constexpr double kAxis = 22;

struct Mark {
  std::int64_t ns;
  std::string_view words;
};
constexpr std::int64_t kSecond = 1'000'000'000;

// Each about ten times the one before, with as much room between them: windows last from milliseconds to days, and a
// logarithm's last digit is another one on another machine.
constexpr std::array<Mark, 11> kMarks{{{0, "0"},
                                       {kSecond / 1'000, "1 ms"},
                                       {kSecond / 100, "10 ms"},
                                       {kSecond / 10, "0.1 s"},
                                       {kSecond, "1 s"},
                                       {10 * kSecond, "10 s"},
                                       {60 * kSecond, "1 min"},
                                       {600 * kSecond, "10 min"},
                                       {3'600 * kSecond, "1 h"},
                                       {36'000 * kSecond, "10 h"},
                                       {360'000 * kSecond, "100 h"}}};

struct Curve {
  std::string name;
  WindowCurve of;
};

struct Panel {
  std::string change;
  std::string title;
  std::vector<Curve> curves;  ///< by design; of those that had such windows
  std::vector<std::size_t> designs;
  std::size_t last_mark{1};  ///< up to which the axis goes

  double x(std::int64_t ns) const {
    for (std::size_t i = 1; i <= last_mark; ++i) {
      if (ns > kMarks[i].ns && i < last_mark) continue;
      const double within =
          static_cast<double>(ns - kMarks[i - 1].ns) / static_cast<double>(kMarks[i].ns - kMarks[i - 1].ns);
      return (static_cast<double>(i - 1) + std::clamp(within, 0.0, 1.0)) / static_cast<double>(last_mark) * 100;
    }
    return 100;
  }
};

// Colours go round; broken lines tell those apart that share one, and all of them in grey print.
std::string style_of(std::size_t design) {
  constexpr std::array<std::string_view, 4> kDashes{"", "7 3", "2 3", "9 3 2 3"};
  const std::string_view dashes = kDashes[design % kDashes.size()];
  return fmt::format("class=\"of-design d{}\"{}", design % 5,
                     dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", dashes));
}

std::string sample(std::size_t design) {
  return fmt::format(
      R"(<svg class="line-sample" aria-hidden="true"><line {} x1="0" x2="100%" y1="50%" y2="50%"/></svg>)",
      style_of(design));
}

double y(double share) { return kHeight - share * (kHeight - 8); }

// In a box 1,000 wide that is stretched to the panel's width. What is not known ends the curve, level to the right.
std::string path_of(const Panel& panel, std::size_t number) {
  const WindowCurve& of = panel.curves[number].of;
  std::string path = fmt::format("M0 {:.1f}", y(0));
  for (const std::int64_t ns : of.steps()) {
    path += fmt::format("L{:.1f} {:.1f}", panel.x(ns) * 10, y(of.share_within(ns)));
  }
  return fmt::format(R"(<path {} d="{}H1000"/>)", style_of(panel.designs[number]), path);
}

std::string described(const Panel& panel) {
  std::string out = panel.title + ": share of windows that are over after a time";
  for (const Curve& curve : panel.curves) {
    const auto half = curve.of.quantile(0.5);
    out += fmt::format("; {}: half within {}", curve.name, half ? clock_words(*half) : "a time that no run lasted");
  }
  return out;
}

std::string picture(const Panel& panel) {
  std::string out = fmt::format(R"(<svg class="curves" role="img"><title>{}</title>)", escaped(described(panel)));
  for (std::size_t i = 0; i <= panel.last_mark; ++i) {
    const double at = static_cast<double>(i) / static_cast<double>(panel.last_mark) * 100;
    const char* const anchor = i == 0 ? "" : i == panel.last_mark ? "end" : "mid";
    out += fmt::format(
        R"(<line class="base" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="{1}"/><text class="{2}" x="{0:.2f}%" y="{3}">{4}</text>)",
        at, kHeight, anchor, kHeight + kAxis - 4, kMarks[i].words);
  }
  for (const auto& [share, words] : {std::pair{0.0, ""}, std::pair{0.5, "half"}, std::pair{1.0, "all"}}) {
    out += fmt::format(
        R"(<line class="base" x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/><text class="none" x="6" y="{1:.1f}">{2}</text>)",
        y(share), y(share) + 15, words);
  }
  out += fmt::format(R"(<svg viewBox="0 0 1000 {0}" preserveAspectRatio="none" width="100%" height="{0}">)", kHeight);
  for (std::size_t i = 0; i < panel.curves.size(); ++i) out += path_of(panel, i);
  return out + "</svg></svg>\n";
}

std::string within(const WindowCurve& of, double q) {
  const auto length = of.quantile(q);
  return length ? clock_words(*length) : "≥\u00A0" + clock_words(of.longest());
}

std::string figures(const Panel& panel) {
  using Kind = Column::Kind;
  Table table(panel.title + ": lengths of windows by design",
              {{"Design"},
               {"Windows", Kind::kNumber},
               {"Half within", Kind::kNumber},
               {"95\u00A0% within", Kind::kNumber},
               {"99\u00A0% within", Kind::kNumber},
               {"Longest", Kind::kNumber},
               {"Open at end", Kind::kNumber}},
              "ledger");
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const WindowCurve& of = panel.curves[i].of;
    const double open = 1 - of.known();
    table.row({sample(panel.designs[i]) + isolated(panel.curves[i].name), count_words(of.count()), within(of, 0.5),
               within(of, 0.95), within(of, 0.99), within(of, 1), open > 1e-9 ? percent_words(open) : "none"});
  }
  return table.html();
}

// The target's changes first, then those whose windows last longest.
std::vector<std::string> changes_of(const schema::Comparison& comparison, const ComparedColumns& columns) {
  std::vector<std::string> changes;
  const auto add = [&](const std::string& change) {
    if (!change.empty() && std::find(changes.begin(), changes.end(), change) == changes.end())
      changes.push_back(change);
  };
  for (const ComparedColumn& column : columns) add(column.words.change);
  for (const schema::Result& design : comparison.designs()) {
    for (const schema::WindowClass& of : design.window_classes()) {
      if (of.max_ns() > 0) add(of.change());
    }
  }
  return changes;
}

Panel panel_of(const schema::Comparison& comparison, const std::string& change) {
  Panel panel{change, capitalised(change_words(change).name), {}, {}};
  std::int64_t longest = 0;
  for (int i = 0; i < comparison.designs_size(); ++i) {
    WindowCurve of(comparison.designs(i), change);
    if (of.count() == 0) continue;
    longest = std::max(longest, of.longest());
    panel.curves.push_back({comparison.designs(i).scenario(), std::move(of)});
    panel.designs.push_back(static_cast<std::size_t>(i));
  }
  while (panel.last_mark + 1 < kMarks.size() && kMarks[panel.last_mark].ns < longest) ++panel.last_mark;
  if (longest == 0) panel.curves.clear();  // in every design at once: there is no curve to see
  return panel;
}

}  // namespace

std::string curves_section(const schema::Comparison& comparison, const ComparedColumns& columns) {
  std::string body;
  std::size_t told = 0;
  for (const std::string& change : changes_of(comparison, columns)) {
    const Panel panel = panel_of(comparison, change);
    if (panel.curves.empty() || told == kPanelsMost) continue;
    ++told;
    body += fmt::format("<h3>{}</h3>\n", escaped(panel.title)) + picture(panel) + figures(panel);
  }
  if (body.empty()) return "";
  return section(
      "How long windows last in each design",
      "The share of windows (upwards, to all of them) that are over after a time (to the right, each mark about "
      "ten times the one before); all runs together. The further to the upper left, the better. A curve that "
      "ends level below the top: windows were still open when runs ended.",
      body);
}

}  // namespace parallax::reports
