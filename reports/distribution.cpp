#include "reports/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// A picture's own height, in units: all windows at the top, none at the bottom.
constexpr double kTop = 6;
constexpr double kBottom = 94;

// So many quantiles draw the curve: one more would not be seen.
constexpr int kPoints = 20;

constexpr std::array<double, 6> kTold{0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

std::int64_t quantile_ns(const schema::WindowClass& windows, double share) {
  return windows.quantiles_ns(static_cast<int>(share * (windows.quantiles_ns_size() - 1) + 0.5));
}

double height(double share) { return kBottom - share * (kBottom - kTop); }

struct Curve {
  std::string path;
  bool is_open{false};
  double x{0};  // of its end
  double y{kBottom};
};

// What is not known ends the curve.
Curve curve_of(const Distribution& d) {
  Curve curve{fmt::format("M0 {:.0f}", kBottom)};
  for (int i = 0; i <= kPoints; ++i) {
    const double share = static_cast<double>(i) / kPoints;
    curve.is_open = is_open(d.windows, share);
    if (curve.is_open) break;
    curve.x = static_cast<double>(quantile_ns(d.windows, share)) / static_cast<double>(d.longest_ns) * 1'000;
    curve.y = height(share);
    curve.path += fmt::format("L{:.1f} {:.1f}", curve.x, curve.y);
  }
  if (!curve.is_open) curve.path += "H1000";
  return curve;
}

std::string at(double percent, double height, std::string_view shape) {
  return fmt::format(R"(<svg x="{:.2f}%" y="{:.2f}%" overflow="visible">{}</svg>)", percent, height, shape);
}

std::string marks(const Distribution& d, const TimeAxis& axis, const Curve& curve) {
  std::string out;
  if (d.target_ns && *d.target_ns <= d.longest_ns) {
    const double x = axis.percent(*d.target_ns);
    out += fmt::format(R"(<line class="target" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="100%"/>)", x) +
           at(x, 0, fmt::format(R"(<text class="{}" x="0" y="-5">target</text>)", x > 50 ? "end" : "start"));
  }
  if (!is_open(d.windows, 0.5)) {
    out += at(axis.percent(quantile_ns(d.windows, 0.5)), height(0.5), R"(<circle class="ring" r="5"/>)");
  }
  if (curve.is_open) return out + at(curve.x / 10, curve.y, R"(<path class="open" d="M-4-7L9 0L-4 7Z"/>)");
  const bool is_past = d.target_ns && d.windows.max_ns() > *d.target_ns;
  return out + at(axis.percent(d.windows.max_ns()), kTop,
                  is_past ? R"(<path class="diamond" d="M0-7L7 0L0 7L-7 0Z"/>)" : R"(<circle class="disc" r="5"/>)");
}

std::string ticks(const TimeAxis& axis) {
  std::string out;
  for (const std::int64_t t : {std::int64_t{0}, axis.end_ns / 2, axis.end_ns}) {
    out += fmt::format(R"(<text class="{}" x="{:.2f}%" y="16">{}</text>)",
                       t == 0 ? "start" : t == axis.end_ns ? "end" : "mid", axis.percent(t), round_clock_words(t));
  }
  return out;
}

std::string picture(const Distribution& d) {
  const TimeAxis axis{d.longest_ns};
  const Curve curve = curve_of(d);
  return fmt::format(
      R"(<div class="curve-frame"><svg class="spread" aria-hidden="true"><svg width="100%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="grid" d="M0 {0:.0f}H1000M0 50H1000M0 {1:.0f}H1000"/><path class="area" d="{2}V{1:.0f}H0Z"/><path class="line" d="{2}"/></svg>{3}<text class="scale" x="0" dx="-8" y="{0:.0f}%" dy="4">100 %</text><text class="scale" x="0" dx="-8" y="50%" dy="4">50 %</text><text class="scale" x="0" dx="-8" y="{1:.0f}%" dy="4">0 %</text></svg><svg class="ticks" aria-hidden="true">{4}</svg></div>)",
      kTop, kBottom, curve.path, marks(d, axis, curve), ticks(axis));
}

std::string length_words(const schema::WindowClass& windows, double share, std::int64_t ns) {
  return (is_open(windows, share) ? "≥\u00A0" : "") + clock_words(ns);
}

// Of the quantiles that the result keeps, the first that is beyond the target. Windows that are still open may be or not.
std::string past_words(const Distribution& d) {
  if (!d.target_ns || is_open(d.windows, 1)) return "";
  const int last = d.windows.quantiles_ns_size() - 1;
  int within = 0;
  while (within <= last && d.windows.quantiles_ns(within) <= *d.target_ns) ++within;
  if (within > last) return ", all within the target";
  if (within == 0) return ", all beyond the target";
  return fmt::format(", some {} beyond the target of {}",
                     percent_words(std::max(1.0 - static_cast<double>(within) / last, 0.01)),
                     round_clock_words(*d.target_ns));
}

std::string caption(const Distribution& d) {
  const schema::WindowClass& w = d.windows;
  const std::string open = w.censored() == 0 ? "" : fmt::format("; {} still open when a run ended", count_words(w.censored()));
  return fmt::format("<b>{}</b> {}, {} of them in step at once{}. Half are over after {}, the longest after {}{}.",
                     d.title, counted(w.count(), "window", "windows"), count_words(w.zero()), open,
                     length_words(w, 0.5, w.p50_ns()), length_words(w, 1, w.max_ns()), past_words(d));
}

std::string figures(const Distribution& d) {
  std::vector<Column> columns;
  std::vector<std::string> cells;
  for (const double share : kTold) {
    columns.push_back({percent_words(share) + " within", Column::Kind::kNumber});
    cells.push_back(length_words(d.windows, share, quantile_ns(d.windows, share)));
  }
  columns.push_back({"Longest", Column::Kind::kNumber});
  cells.push_back(length_words(d.windows, 1, d.windows.max_ns()));
  Table table("Lengths of the windows", columns, "figures quantiles");
  table.row(cells);
  return table.html();
}

}  // namespace

std::string distribution_figure(const Distribution& distribution, std::string_view attributes) {
  const std::string body = distribution.windows.quantiles_ns_size() < 2
                               ? std::string("<p>The result holds no more of them.</p>\n")
                               : picture(distribution) + figures(distribution);
  return fmt::format("<figure class=\"distribution\"{}>\n<figcaption>{}</figcaption>\n{}</figure>\n", attributes,
                     caption(distribution), body);
}

}  // namespace parallax::reports
