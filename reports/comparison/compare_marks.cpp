#include "reports/comparison/compare_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/escape.h"
#include "reports/text_width.h"

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
constexpr double kName = 13;  // of its letters

// Half of the plane where it is narrowest, on a phone.
constexpr double kNameWidth = 165;

// How far below its mark (above, if negative) a name has to stand so as not to lie on another: marks that are near each
// other in both directions have their names one below the other, and none below the frame.
class NameRows {
 public:
  double place(double x_percent, double y_percent) {
    const double wanted = y_percent / 100 * kPlaneHeight;
    double y = wanted;
    for (int tries = 1; !is_free(x_percent, y) && tries < 40; ++tries) {
      y = wanted + kLine * (tries % 2 == 1 ? tries / 2 + 1 : -tries / 2);
    }
    taken_.push_back({x_percent, y});
    return y - wanted;
  }

 private:
  struct Name {
    double x;
    double y;
  };

  bool is_free(double x, double y) const {
    if (y < kLine / 2 || y > kPlaneHeight - kLine / 2) return false;
    return std::none_of(taken_.begin(), taken_.end(),
                        [&](const Name& other) { return std::abs(other.x - x) < 30 && std::abs(other.y - y) < kLine; });
  }

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
    const bool is_right = x > 50;  // there the name stands before its mark
    out += fmt::format(
        R"(<svg x="{:.2f}%" y="{:.2f}%" overflow="visible"><circle class="{}" r="6"/><text x="{}" y="{:.0f}" class="{}{}">{}</text></svg>)",
        x, y, design.is_dominated ? "same" : "disc", is_right ? -11 : 11, 4 + names.place(x, y), is_right ? "end" : "",
        design.is_dominated ? " none" : "", escaped(fitted(design.name, kNameWidth, kName)));
  }
  return out + "</svg>";
}

}  // namespace parallax::reports
