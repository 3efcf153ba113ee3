#include "reports/truth/truth_mark.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"
#include "reports/truth/truth_words.h"

namespace parallax::reports {
namespace {

using Quantiles = google::protobuf::RepeatedField<double>;

constexpr double kWidth = 100;
constexpr double kHeight = 40;

// One outlier of hundreds would press all others against an edge.
constexpr int kLongSample = 101;

bool is_long(const Quantiles& quantiles) { return quantiles.size() >= kLongSample; }

struct Axis {
  double least;
  double greatest;

  double place(double value) const {
    if (greatest <= least) return kWidth / 2;
    return std::clamp((value - least) / (greatest - least), 0.0, 1.0) * kWidth;
  }
};

double shown_begin(const Quantiles& quantiles) { return quantiles.Get(is_long(quantiles) ? 1 : 0); }

double shown_end(const Quantiles& quantiles) {
  const int last = quantiles.size() - 1;
  return quantiles.Get(is_long(quantiles) ? last - 1 : last);
}

Axis axis_of(const schema::TruthReportRow& row) {
  const double least = std::min(shown_begin(row.measured_quantiles()), shown_begin(row.predicted_quantiles()));
  return {least, std::max(shown_end(row.measured_quantiles()), shown_end(row.predicted_quantiles()))};
}

// A step up at each value, of as many as there are.
std::string curve_path(const Quantiles& quantiles, const Axis& axis) {
  std::string path = fmt::format("M0 {}", kHeight);
  for (int i = 0; i < quantiles.size(); ++i) {
    path += fmt::format("H{:.1f}V{:.1f}", axis.place(quantiles.Get(i)), kHeight - kHeight * (i + 1) / quantiles.size());
  }
  return path + fmt::format("H{}", kWidth);
}

}  // namespace

std::string truth_mark(const schema::TruthReportRow& row) {
  const Axis axis = axis_of(row);
  return fmt::format(
      R"(<svg class="two-curves" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"><title>shares of measured and predicted values, {} to {} {}</title><path class="measured" d="{}"/><path class="predicted" d="{}"/></svg><small>{} … {}</small>)",
      kWidth, kHeight, truth_figure(axis.least), truth_figure(axis.greatest), escaped(row.unit()),
      curve_path(row.measured_quantiles(), axis), curve_path(row.predicted_quantiles(), axis), truth_figure(axis.least),
      truth_figure(axis.greatest));
}

}  // namespace parallax::reports
