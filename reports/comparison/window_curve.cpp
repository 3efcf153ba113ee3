#include "reports/comparison/window_curve.h"

#include <algorithm>

namespace parallax::reports {
namespace {

constexpr std::string_view kEverywhere = "*";

// The k-th of n + 1 quantiles is not exceeded by k / n of all.
double share_of_class(const schema::WindowClass& of, std::int64_t ns) {
  const auto& quantiles = of.quantiles_ns();
  const auto within = std::upper_bound(quantiles.begin(), quantiles.end(), ns) - quantiles.begin();
  if (within == 0) return 0;
  const double share = static_cast<double>(within - 1) / static_cast<double>(quantiles.size() - 1);
  return of.has_reached() ? std::min(share, of.reached()) : share;
}

}  // namespace

WindowCurve::WindowCurve(const schema::Result& result, std::string_view change) {
  for (const schema::WindowClass& of : result.window_classes()) {
    if (of.change() != change || of.observer() != kEverywhere || of.quantiles_ns_size() < 2) continue;
    classes_.push_back(&of);
    count_ += of.count();
    longest_ = std::max(longest_, of.quantiles_ns(of.quantiles_ns_size() - 1));
    steps_.insert(steps_.end(), of.quantiles_ns().begin(), of.quantiles_ns().end());
  }
  std::sort(steps_.begin(), steps_.end());
  steps_.erase(std::unique(steps_.begin(), steps_.end()), steps_.end());
}

double WindowCurve::share_within(std::int64_t ns) const {
  if (count_ == 0) return 0;
  double sum = 0;
  for (const schema::WindowClass* of : classes_) sum += share_of_class(*of, ns) * static_cast<double>(of->count());
  return sum / static_cast<double>(count_);
}

std::optional<std::int64_t> WindowCurve::quantile(double q) const {
  const auto found = std::find_if(steps_.begin(), steps_.end(), [&](std::int64_t ns) {
    return share_within(ns) >= q - 1e-9;  // sums of shares are not exact
  });
  return found == steps_.end() ? std::nullopt : std::optional{*found};
}

}  // namespace parallax::reports
