#include "reports/run/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/table.h"
#include "reports/words.h"
#include "sim/elementary.h"

namespace parallax::reports {
namespace {

// A picture's own height, in units: all windows at the top, none at the bottom.
constexpr double kTop = 6;
constexpr double kBottom = 94;

constexpr std::array<double, 5> kTold{0.25, 0.5, 0.75, 0.95, 0.99};

std::int64_t quantile_ns(const schema::WindowClass& windows, double share) {
  return windows.quantiles_ns(static_cast<int>(share * (windows.quantiles_ns_size() - 1) + 0.5));
}

double height(double share) { return kBottom - share * (kBottom - kTop); }

// Most windows last a second and the worst of them minutes: an axis of powers of ten, as people count time, from the
// one below the shortest twentieth of the windows. What is shorter stands at its beginning.
class LengthAxis {
 public:
  explicit LengthAxis(const Distribution& d) : end_ns_{std::max(d.longest_ns, 2 * kTicks.front())} {
    const std::int64_t shortest = std::min(quantile_ns(d.windows, 0.05), end_ns_ / 10);
    for (const std::int64_t tick : kTicks) {
      if (tick <= shortest) begin_ns_ = tick;
    }
  }

  double percent(std::int64_t ns) const {
    const auto decades = [&](std::int64_t length) {
      return sim::log_of(static_cast<double>(length) / static_cast<double>(begin_ns_));
    };
    return std::clamp(decades(std::max(ns, begin_ns_)) / decades(end_ns_) * 100, 0.0, 100.0);
  }

  std::string ticks() const {
    std::string out;
    for (const std::int64_t tick : kTicks) {
      if (tick < begin_ns_ || percent(tick) > kLastTick) continue;
      out += fmt::format(R"(<text class="{}" x="{:.2f}%" y="16">{}</text>)", tick == begin_ns_ ? "start" : "mid",
                         percent(tick), round_clock_words(tick));
    }
    return out + fmt::format(R"(<text class="end" x="100%" y="16">{}</text>)", round_clock_words(end_ns_));
  }

 private:
  static constexpr std::int64_t kMillisecond = 1'000'000;
  static constexpr std::int64_t kMinute = 60'000 * kMillisecond;
  static constexpr std::array<std::int64_t, 10> kTicks{
      kMillisecond, 10 * kMillisecond, 100 * kMillisecond, 1'000 * kMillisecond, 10'000 * kMillisecond,
      kMinute,      10 * kMinute,      60 * kMinute,       600 * kMinute,        6'000 * kMinute};
  static constexpr double kLastTick = 68;  // in percent: beyond it the axis's own end has its words

  std::int64_t begin_ns_{kTicks.front()};
  std::int64_t end_ns_;
};

// One quantile in five draws the curve, and of the last twentieth each.
std::vector<double> drawn_shares() {
  std::vector<double> shares;
  for (int i = 0; i < 19; ++i) shares.push_back(i / 20.0);
  for (int i = 95; i <= 100; ++i) shares.push_back(i / 100.0);
  return shares;
}

struct Curve {
  std::string path;
  bool is_open{false};
  double x{0};  // of its end, in percent
  double y{kBottom};
};

// What is not known ends the curve.
Curve curve_of(const Distribution& d, const LengthAxis& axis) {
  Curve curve{fmt::format("M0 {:.0f}", kBottom)};
  for (const double share : drawn_shares()) {
    curve.is_open = is_open(d.windows, share);
    if (curve.is_open) break;
    curve.x = axis.percent(quantile_ns(d.windows, share));
    curve.y = height(share);
    curve.path += fmt::format("L{:.1f} {:.1f}", curve.x * 10, curve.y);
  }
  if (!curve.is_open) curve.path += "H1000";
  return curve;
}

std::string at(double percent, double height, std::string_view shape) {
  return fmt::format(R"(<svg x="{:.2f}%" y="{:.2f}%" overflow="visible">{}</svg>)", percent, height, shape);
}

std::string marks(const Distribution& d, const LengthAxis& axis, const Curve& curve) {
  std::string out;
  if (d.target_ns && *d.target_ns <= d.longest_ns) {
    const double x = axis.percent(*d.target_ns);
    out += fmt::format(R"(<line class="target" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="100%"/>)", x) +
           at(x, 0, fmt::format(R"(<text class="{}" x="0" y="-5">target</text>)", x > 50 ? "end" : "start"));
  }
  if (!is_open(d.windows, 0.5)) {
    out += at(axis.percent(quantile_ns(d.windows, 0.5)), height(0.5), R"(<circle class="ring" r="5"/>)");
  }
  if (curve.is_open) return out + at(curve.x, curve.y, R"(<path class="open" d="M-4-7L9 0L-4 7Z"/>)");
  const bool is_past = d.target_ns && d.windows.max_ns() > *d.target_ns;
  return out + at(axis.percent(d.windows.max_ns()), kTop,
                  is_past ? R"(<path class="diamond" d="M0-7L7 0L0 7L-7 0Z"/>)" : R"(<circle class="disc" r="5"/>)");
}

std::string picture(const Distribution& d) {
  const LengthAxis axis(d);
  const Curve curve = curve_of(d, axis);
  return fmt::format(
      R"(<div class="curve-frame"><svg class="spread" aria-hidden="true"><svg width="100%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none"><path class="grid" d="M0 {0:.0f}H1000M0 50H1000M0 {1:.0f}H1000"/><path class="area" d="{2}V{1:.0f}H0Z"/><path class="line" d="{2}"/></svg>{3}<text class="scale" x="0" dx="-8" y="{0:.0f}%" dy="4">100 %</text><text class="scale" x="0" dx="-8" y="50%" dy="4">50 %</text><text class="scale" x="0" dx="-8" y="{1:.0f}%" dy="4">0 %</text></svg><svg class="ticks" aria-hidden="true">{4}</svg></div>)",
      kTop, kBottom, curve.path, marks(d, axis, curve), axis.ticks());
}

std::string length_words(const schema::WindowClass& windows, double share, std::int64_t ns) {
  return (is_open(windows, share) ? "≥\u00A0" : "") + clock_words(ns);
}

// Of the quantiles that the result keeps, the first that is beyond the target. Windows that are still open may be or
// not.
std::string past_words(const Distribution& d) {
  if (!d.target_ns || is_open(d.windows, 1)) return "";
  const int last = d.windows.quantiles_ns_size() - 1;
  int within = 0;
  while (within <= last && d.windows.quantiles_ns(within) <= *d.target_ns) ++within;
  if (within > last) return ", all within the target";
  if (within == 0) return ", all beyond the target";
  return fmt::format(", some {:.0f}\u00A0% beyond the target of {}", std::max(100 - 100.0 * within / last, 1.0),
                     round_clock_words(*d.target_ns));
}

std::string caption(const Distribution& d) {
  const schema::WindowClass& w = d.windows;
  const std::string open =
      w.censored() == 0 ? "" : fmt::format("; {} still open when a run ended", count_words(w.censored()));
  const std::string at_once = w.zero() == 0 ? "none" : w.zero() == w.count() ? "all" : count_words(w.zero());
  const std::string begin = fmt::format("<b>{}</b> {}, {} of them in step at once{}.", d.title,
                                        counted(w.count(), "window", "windows"), at_once, open);
  if (w.max_ns() == 0) return begin;
  return fmt::format("{} Half are over after {}, the longest after {}{}.", begin, length_words(w, 0.5, w.p50_ns()),
                     length_words(w, 1, w.max_ns()), past_words(d));
}

std::string figures(const Distribution& d) {
  std::vector<Column> columns{{"Of the windows"}};
  std::vector<std::string> cells{"are over after"};
  for (const double share : kTold) {
    columns.push_back({fmt::format("{:.0f}\u00A0%", share * 100), Column::Kind::kNumber});
    cells.push_back(length_words(d.windows, share, quantile_ns(d.windows, share)));
  }
  columns.push_back({"all", Column::Kind::kNumber});
  cells.push_back(length_words(d.windows, 1, d.windows.max_ns()));
  Table table("Lengths of the windows", columns, "figures quantiles");
  table.row(cells);
  return table.html();
}

}  // namespace

std::string distribution_figure(const Distribution& distribution, std::string_view attributes) {
  const bool is_known = distribution.windows.quantiles_ns_size() > 1;
  std::string body = is_known ? "" : "<p>The result holds no more of them.</p>\n";
  if (is_known && distribution.windows.max_ns() > 0) body = picture(distribution) + figures(distribution);
  return fmt::format("<figure class=\"distribution\"{}>\n<figcaption>{}</figcaption>\n{}</figure>\n", attributes,
                     caption(distribution), body);
}

}  // namespace parallax::reports
