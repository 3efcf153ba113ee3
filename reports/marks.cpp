#include "reports/marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/escape.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// Where things stand that lie beyond the axis, in percent; the line to them is broken.
constexpr double kTypicalBeyond = 85;
constexpr double kWorstBeyond = 96;

// A row without target is scaled so that its greatest figure ends here.
constexpr double kGreatest = 92;

// In percent of the column: a single wrong decision must not vanish beside thousands.
constexpr double kLeastVisible = 0.5;

class RowAxis {
 public:
  explicit RowAxis(const Row& row) : row_(row) {
    for (const auto& value : {row.typical, row.worst, row.high, row.bound})
      greatest_ = std::max(greatest_, value.value_or(0));
  }

  // Nothing: beyond the axis.
  std::optional<double> percent(double value) const {
    if (!row_.target) return greatest_ > 0 ? value / greatest_ * kGreatest : 0;
    if (*row_.target <= 0) return value <= 0 ? std::optional(50.0) : std::nullopt;
    const double percent = value / *row_.target * 50;
    return percent > 100 ? std::nullopt : std::optional(std::max(percent, 0.0));
  }

  double within(double value, double beyond) const { return percent(value).value_or(beyond); }

 private:
  const Row& row_;
  double greatest_{0};
};

std::string line(std::string_view name, double from, double to) {
  return fmt::format(R"(<line class="{}" x1="{:.2f}%" x2="{:.2f}%" y1="0" y2="0"/>)", name, from, to);
}

// A shape that keeps its size, at a percentage of the width.
std::string at(double percent, std::string_view shape) {
  return fmt::format(R"(<svg x="{:.2f}%" overflow="visible">{}</svg>)", percent, shape);
}

std::string bound_mark(const Row& row, const RowAxis& axis) {
  if (!row.bound) return "";
  const auto end = axis.percent(*row.bound);
  std::string out =
      fmt::format(R"(<rect class="bound" x="0" y="-5" width="{:.2f}%" height="10"/>)", end.value_or(100.0));
  return out + (end ? at(*end, R"(<path class="bound-end" d="M0-9V9"/>)")
                    : at(100, R"(<path class="bound-end" d="M-8-5l5 5l-5 5"/>)"));
}

std::string interval_mark(const Row& row, const RowAxis& axis) {
  if (!row.low || !row.high || !axis.percent(*row.low) || !axis.percent(*row.high)) return "";
  const double from = *axis.percent(*row.low);
  return fmt::format(R"(<rect class="band" x="{:.2f}%" y="-8" width="{:.2f}%" height="16" rx="2"/>)", from,
                     std::max(*axis.percent(*row.high) - from, 0.5));
}

std::string span_mark(const Row& row, const RowAxis& axis) {
  if (!row.typical || !row.worst) return "";
  const double from = axis.within(*row.typical, kTypicalBeyond);
  const double to = axis.within(*row.worst, kWorstBeyond);
  const bool missed = row.past_target(*row.worst);
  std::string out;
  if (missed && row.limit == Row::Limit::kAtMost && from < 50) {
    out = line("span", from, 50) + line("span miss", 50, to);
  } else {
    out = line(missed ? "span miss" : "span", from, to);
  }
  return out;
}

// Two strokes through the line: past here the axis does not hold.
std::string break_mark(const Row& row, const RowAxis& axis) {
  if (!row.worst || axis.percent(*row.worst)) return "";
  const bool typical_beyond = row.typical && !axis.percent(*row.typical);
  const char* const style = typical_beyond && row.past_target(*row.typical) ? "span miss" : "span";
  std::string out = typical_beyond ? line(style, 50, kTypicalBeyond) : "";
  const double place =
      typical_beyond ? 68 : (std::max(axis.within(row.typical.value_or(0), 50), 50.0) + kWorstBeyond) / 2;
  return out + at(place,
                  fmt::format(R"(<path class="break-gap" d="M-3 6L3-6"/><path class="break{}" d="M-6 6L0-6M0 6L6-6"/>)",
                              row.past_target(*row.worst) ? " miss" : ""));
}

std::string typical_mark(const Row& row, const RowAxis& axis) {
  if (!row.typical) return "";
  return at(axis.within(*row.typical, kTypicalBeyond),
            fmt::format(R"(<circle class="ring{}" r="5"/>)", row.past_target(*row.typical) ? " miss" : ""));
}

std::string worst_mark(const Row& row, const RowAxis& axis) {
  if (!row.worst) return "";
  const double place = axis.within(*row.worst, kWorstBeyond);
  if (row.open_at_end) return at(place, R"(<path class="open" d="M-4-7L9 0L-4 7Z"/>)");
  if (row.past_target(*row.worst)) return at(place, R"(<path class="diamond" d="M0-8L8 0L0 8L-8 0Z"/>)");
  return at(place, R"(<circle class="disc" r="5.5"/>)");
}

std::string described(const Row& row) {
  const auto say = [&](std::string_view what, const std::optional<double>& value, bool open = false) {
    if (!value) return std::string{};
    return fmt::format("{} {}{}, ", what, open ? "at least " : "",
                       value_words(*value, row.words.measure, Length::kMeasured));
  };
  std::string out = say("target", row.target) + say("typical", row.typical, row.typical_open) +
                    say("interval from", row.low) + say("to", row.high, row.high_open) +
                    say("worst", row.worst, row.open_at_end) + say("cannot exceed", row.bound);
  return out.empty() ? "nothing measured" : out.substr(0, out.size() - 2);
}

constexpr std::string_view kGlyphs = R"svg(<svg class="defs" width="0" height="0" aria-hidden="true"><defs>
<symbol id="g-tick" viewBox="0 0 18 18"><circle class="g-line" cx="9" cy="9" r="8"/><path class="g-line" d="M5.5 9.3l2.4 2.4 4.6-5"/></symbol>
<symbol id="g-tick-dashed" viewBox="0 0 18 18"><circle class="g-line" cx="9" cy="9" r="8" stroke-dasharray="3 2"/><path class="g-line" d="M5.5 9.3l2.4 2.4 4.6-5"/></symbol>
<symbol id="g-cross" viewBox="0 0 18 18"><rect class="g-miss" x="1" y="1" width="16" height="16" rx="3"/><path class="g-paper" d="M6 6l6 6M12 6l-6 6"/></symbol>
<symbol id="g-half" viewBox="0 0 18 18"><circle class="g-line" cx="9" cy="9" r="8"/><path class="g-ink" d="M9 1a8 8 0 0 0 0 16z"/></symbol>
<symbol id="g-dot" viewBox="0 0 18 18"><circle class="g-third" cx="9" cy="9" r="3"/></symbol>
<symbol id="g-ring" viewBox="0 0 12 12"><circle class="ring" cx="6" cy="6" r="4"/></symbol>
<symbol id="g-disc" viewBox="0 0 12 12"><circle class="disc" cx="6" cy="6" r="4.5"/></symbol>
<symbol id="g-target" viewBox="0 0 12 12"><path class="target" d="M9 0V12"/></symbol>
<symbol id="g-bound" viewBox="0 0 12 12"><rect class="bound" x="0" y="3" width="10" height="6"/><path class="bound-end" d="M10.5 0V12"/></symbol>
<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="fault" width="7" height="7"/><path class="hatch" d="M0 0V7"/></pattern>
</defs></svg>
)svg";

constexpr std::int64_t kSecond = 1'000'000'000;

struct TickUnit {
  std::int64_t ns;
  std::string_view name;
};
constexpr std::array<TickUnit, 5> kTickUnits{
    {{86'400 * kSecond, "d"}, {3'600 * kSecond, "h"}, {60 * kSecond, "min"}, {kSecond, "s"}, {1'000'000, "ms"}}};

TickUnit unit_of(std::int64_t step_ns) {
  const auto unit =
      std::find_if(kTickUnits.begin(), kTickUnits.end(), [&](const TickUnit& u) { return step_ns % u.ns == 0; });
  return unit == kTickUnits.end() ? TickUnit{1, "ns"} : *unit;
}

}  // namespace

std::string glyph_definitions() { return std::string(kGlyphs); }

std::string glyph(std::string_view name) {
  return fmt::format(R"(<svg class="g {0}" aria-hidden="true"><use href="#g-{0}"/></svg>)", name);
}

std::string_view outcome_glyph(const Row& row) {
  switch (row.outcome) {
    case Outcome::kMet:
      return row.cannot_miss() ? "tick" : "tick-dashed";
    case Outcome::kMissed:
      return "cross";
    case Outcome::kUndecided:
      return "half";
    case Outcome::kNoTarget:
      break;
  }
  return "dot";
}

std::string row_mark(const Row& row) {
  const RowAxis axis(row);
  std::string out = fmt::format(R"(<svg class="mark" role="img"><title>{}</title>)",
                                escaped(row.words.title + ": " + described(row)));
  if (row.target) out += R"(<line class="target" x1="50%" x2="50%" y1="0" y2="100%"/>)";
  out += R"(<svg y="50%" overflow="visible">)";
  out += bound_mark(row, axis) + interval_mark(row, axis) + span_mark(row, axis) + break_mark(row, axis) +
         typical_mark(row, axis) + worst_mark(row, axis);
  return out + "</svg></svg>";
}

std::string count_bar(std::uint64_t count, std::uint64_t greatest) {
  const double percent = static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(greatest, 1)) * 100;
  return fmt::format(
      R"(<svg class="count" aria-hidden="true"><rect class="bar" y="5" width="{:.2f}%" height="8"/></svg>)",
      std::max(percent, kLeastVisible));
}

double TimeAxis::percent(std::int64_t ns) const {
  return std::clamp(static_cast<double>(ns) / static_cast<double>(end_ns) * 100, 0.0, 100.0);
}

std::int64_t TimeAxis::step_ns() const {
  constexpr std::array<std::int64_t, 26> kRound{
      1'000'000,         2'000'000,          5'000'000,       10'000'000,       20'000'000,       50'000'000,
      100'000'000,       200'000'000,        500'000'000,     kSecond,          2 * kSecond,      5 * kSecond,
      10 * kSecond,      20 * kSecond,       60 * kSecond,    120 * kSecond,    300 * kSecond,    600 * kSecond,
      1'200 * kSecond,   3'600 * kSecond,    7'200 * kSecond, 14'400 * kSecond, 43'200 * kSecond, 86'400 * kSecond,
      432'000 * kSecond, 8'640'000 * kSecond};
  for (const std::int64_t step : kRound) {
    if (end_ns / step <= 6) return step;
  }
  return 43'200'000 * kSecond;
}

std::string TimeAxis::tick_words(std::int64_t ns) const {
  const TickUnit unit = unit_of(step_ns());
  const std::string number = fmt::to_string(ns / unit.ns);
  return ns + step_ns() > end_ns ? fmt::format("{}\u00A0{}", number, unit.name) : number;
}

std::string colour_class(std::size_t n) { return fmt::format("c{}", n % 5); }

}  // namespace parallax::reports
