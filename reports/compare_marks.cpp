#include "reports/compare_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/escape.h"

namespace parallax::reports {
namespace {

// Room for a mark's own width at both ends, in percent.
constexpr double kMargin = 4;

double on_axis(double share) { return kMargin + std::clamp(share, 0.0, 1.0) * (100 - 2 * kMargin); }

std::string mark(std::string_view words, std::string_view shapes) {
  return fmt::format(R"(<svg class="mark" role="img"><title>{}</title><svg y="50%" overflow="visible">{}</svg></svg>)",
                     escaped(words), shapes);
}

std::string placed(double percent, std::string_view shape) {
  return fmt::format(R"(<svg x="{:.2f}%" overflow="visible">{}</svg>)", percent, shape);
}

std::string_view shape_of(std::string_view verdict) {
  if (verdict == "better") return R"(<circle class="disc" r="5.5"/>)";
  if (verdict == "worse") return R"(<path class="diamond" d="M0-8L8 0L0 8L-8 0Z"/>)";
  if (verdict == "same") return R"(<circle class="same" r="3.5"/>)";
  return R"(<circle class="ring" r="5"/>)";
}

// Height of the plane in pixels, as in the style sheet, and of a line of its words.
constexpr double kPlaneHeight = 250;
constexpr double kLine = 16;

// How far below its mark a name has to stand so as not to lie on another: marks that are near each other in both
// directions have their names one below the other.
class NameRows {
 public:
  double place(double x_percent, double y_percent) {
    const double wanted = y_percent / 100 * kPlaneHeight;
    double y = wanted;
    for (const Name& other : taken_) {
      if (std::abs(other.x - x_percent) < 30 && std::abs(other.y - y) < kLine) y = other.y + kLine;
    }
    taken_.push_back({x_percent, y});
    return y - wanted;
  }

 private:
  struct Name {
    double x;
    double y;
  };
  std::vector<Name> taken_;
};

}  // namespace

std::string difference_mark(const schema::Difference& difference, double greatest, std::string_view words) {
  const auto percent = [&](double value) { return on_axis(greatest > 0 ? (value / greatest + 1) / 2 : 0.5); };
  const double from = percent(difference.has_low() ? difference.low() : -greatest);
  const double to = percent(difference.has_high() ? difference.high() : greatest);
  const double strip = percent(difference.tolerance()) - percent(0);
  std::string shapes =
      fmt::format(R"(<rect class="bound" x="{:.2f}%" y="-14" width="{:.2f}%" height="28"/>)", 50 - strip, 2 * strip);
  shapes += placed(50, R"(<path class="zero" d="M0-14V14"/>)");
  const bool is_worse = difference.verdict() == "worse";
  shapes += fmt::format(R"(<line class="span{}" x1="{:.2f}%" x2="{:.2f}%" y1="0" y2="0"/>)", is_worse ? " miss" : "",
                        from, to);
  const std::string end = fmt::format(R"(<path class="span{}" d="M0-5V5"/>)", is_worse ? " miss" : "");
  if (difference.has_low()) shapes += placed(from, end);
  if (difference.has_high()) shapes += placed(to, end);
  return mark(words, shapes + placed(percent(difference.median()), shape_of(difference.verdict())));
}

std::string seeds_mark(const schema::DesignValues& values, double greatest, std::string_view words) {
  std::string shapes;
  for (const double value : values.values()) {
    shapes += placed(on_axis(greatest > 0 ? value / greatest : 0), R"(<path class="seed" d="M0-7V7"/>)");
  }
  return mark(words, shapes);
}

std::string plane_mark(std::span<const PlacedDesign> designs, std::string_view x_words, std::string_view y_words) {
  double width = 0;
  double height = 0;
  std::string said;
  for (const PlacedDesign& design : designs) {
    width = std::max(width, design.x);
    height = std::max(height, design.y);
    said += (said.empty() ? "" : ", ") + design.name + (design.is_dominated ? " (another is better)" : "");
  }
  std::string out = fmt::format(R"(<svg class="plane" role="img"><title>{} by {}: {}</title>)", escaped(y_words),
                                escaped(x_words), escaped(said));
  out += R"(<rect class="plane-frame" x="0" y="0" width="100%" height="100%"/>)";
  out += fmt::format(R"(<text class="none" x="8" y="17">↑ {}</text>)", escaped(y_words));
  out += fmt::format(R"(<text class="none end" x="99%" y="{}">{} →</text>)", kPlaneHeight - 8, escaped(x_words));
  NameRows names;
  for (const PlacedDesign& design : designs) {
    const double x = on_axis(width > 0 ? design.x / width * 0.8 : 0);
    const double y = 100 - on_axis(height > 0 ? design.y / height * 0.9 : 0);
    out += fmt::format(
        R"(<svg x="{:.2f}%" y="{:.2f}%" overflow="visible"><circle class="{}" r="6"/><text x="11" y="{:.0f}"{}>{}</text></svg>)",
        x, y, design.is_dominated ? "same" : "disc", 4 + names.place(x, y),
        design.is_dominated ? R"( class="none")" : "", escaped(design.name));
  }
  return out + "</svg>";
}

}  // namespace parallax::reports
