#include "reports/suite/suite_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "reports/escape.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using SuiteRow = scenarios::suite::Row;
using Expectations = google::protobuf::RepeatedPtrField<schema::SuiteExpectation>;

// Height in pixels and what is kept free at each end, for marks have a width; as `.curve` of the style sheet.
constexpr double kHeight = 30;
constexpr double kEdge = 5;

// Older blessings are in the history file.
constexpr std::size_t kPointsMost = 24;
constexpr std::size_t kToldMost = 6;

struct Point {
  std::optional<double> value{};
  std::string verdict{};
};

// The one that says most of how it stands.
const schema::SuiteExpectation* told_target(const schema::SuiteRecord& now) {
  const auto& all = now.expectations();
  const auto missed = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.verdict() == "fail"; });
  if (missed != all.end()) return &*missed;
  return all.empty() ? nullptr : &all.Get(0);
}

Point point_of(const Expectations& all, const schema::SuiteExpectation* target, const std::string& verdict) {
  if (target == nullptr) return {std::nullopt, verdict};
  for (const schema::SuiteExpectation& one : all) {
    if (one.metric() != target->metric() || one.operator_() != target->operator_()) continue;
    return {one.has_value() ? std::optional{one.value()} : std::nullopt, one.verdict()};
  }
  return {};
}

std::vector<Point> points_of(const SuiteRow& row, const schema::SuiteExpectation* target) {
  std::vector<Point> points;
  for (const schema::SuitePast& past : row.history) {
    points.push_back(point_of(past.expectations(), target, past.verdict()));
  }
  points.push_back(point_of(row.now->expectations(), target, row.now->verdict()));
  if (points.size() > kPointsMost) points.erase(points.begin(), points.end() - kPointsMost);
  return points;
}

class Picture {
 public:
  Picture(const std::vector<Point>& points, std::optional<double> limit) : points_{points}, limit_{limit} {
    for (const Point& point : points) greatest_ = std::max(greatest_, point.value.value_or(0));
    greatest_ = std::max(greatest_, limit.value_or(0));
  }

  std::string svg(std::string_view title) const {
    std::string out = fmt::format(R"(<svg class="curve" role="img"><title>{}</title>)", escaped(title));
    if (limit_) {
      out += fmt::format(R"(<line class="tick" stroke-dasharray="3 2" x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/>)",
                         y(*limit_));
    }
    for (std::size_t i = 1; i < points_.size(); ++i) out += line(i);
    for (std::size_t i = 0; i < points_.size(); ++i) out += mark(i);
    return out + "</svg>";
  }

 private:
  double x(std::size_t i) const { return 5 + 90.0 * static_cast<double>(i) / static_cast<double>(points_.size() - 1); }
  double y(double value) const {
    return kHeight - kEdge - (greatest_ > 0 ? std::max(value, 0.0) / greatest_ : 0.5) * (kHeight - 2 * kEdge);
  }
  double y_of(std::size_t i) const { return y(points_[i].value.value_or(0)); }

  // Between two of which both are known.
  std::string line(std::size_t i) const {
    if (!points_[i].value || !points_[i - 1].value) return "";
    return fmt::format(R"(<line class="line" x1="{:.1f}%" x2="{:.1f}%" y1="{:.1f}" y2="{:.1f}"/>)", x(i - 1), x(i),
                       y_of(i - 1), y_of(i));
  }

  // Now stands out.
  std::string mark(std::size_t i) const {
    const bool is_now = i + 1 == points_.size();
    std::string shape;
    if (points_[i].verdict == "pass") shape = fmt::format(R"(<circle class="disc" r="{}"/>)", is_now ? 4 : 2.5);
    if (points_[i].verdict == "inconclusive") shape = fmt::format(R"(<circle class="ring" r="{}"/>)", is_now ? 4 : 2.5);
    if (points_[i].verdict == "fail") {
      const double r = is_now ? 5.5 : 3.5;
      shape = fmt::format(R"(<path class="diamond" d="M0-{0}L{0} 0L0 {0}L-{0} 0Z"/>)", r);
    }
    if (shape.empty()) return "";
    return fmt::format(R"(<svg x="{:.1f}%" y="{:.1f}" overflow="visible">{}</svg>)", x(i), y_of(i), shape);
  }

  const std::vector<Point>& points_;
  std::optional<double> limit_;
  double greatest_{0};
};

std::string words_of(const Point& point, const schema::SuiteExpectation* target) {
  if (target == nullptr) return point.verdict;
  if (!point.value) return point.verdict.empty() ? "no such target" : "nothing to measure";
  const Measure measure = metric_words(target->metric(), "").measure;
  return value_words(*point.value, measure, Length::kMeasured) + (point.verdict == "fail" ? " (missed)" : "");
}

// "Access that should have ended, blessing by blessing: 75 s (missed), 42 s; now 40 s; at most 60 s".
std::string title_of(const std::vector<Point>& points, const schema::SuiteExpectation* target) {
  std::string out = (target == nullptr ? std::string("Verdict") : metric_words(target->metric(), "").title) +
                    ", blessing by blessing: ";
  const std::size_t first = points.size() > kToldMost + 1 ? points.size() - 1 - kToldMost : 0;
  if (first > 0) out += fmt::format("{} earlier, ", first);
  for (std::size_t i = first; i + 1 < points.size(); ++i) out += (i > first ? ", " : "") + words_of(points[i], target);
  out += "; now " + words_of(points.back(), target);
  if (target == nullptr || !target->has_limit()) return out;
  const Measure measure = metric_words(target->metric(), "").measure;
  return out + (target->operator_() == "at_most" ? "; at most " : "; at least ") +
         value_words(target->limit(), measure, Length::kChosen);
}

}  // namespace

std::string history_mark(const SuiteRow& row) {
  if (!row.now || row.history.empty()) return "";
  const schema::SuiteExpectation* target = told_target(*row.now);
  const std::vector<Point> points = points_of(row, target);
  const auto limit = target != nullptr && target->has_limit() ? std::optional{target->limit()} : std::nullopt;
  const std::string name = target == nullptr ? "verdict" : metric_words(target->metric(), "").title;
  return Picture{points, limit}.svg(title_of(points, target)) +
         fmt::format("<small>{}, {}</small>", isolated(name), counted(row.history.size(), "blessing", "blessings"));
}

}  // namespace parallax::reports
