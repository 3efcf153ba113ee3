#include "scenarios/fitting/written.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/compile_delays.h"
#include "scenarios/fitting/gamma_mixture.h"
#include "scenarios/fitting/shifted_lognormal.h"
#include "scenarios/statistics.h"
#include "scenarios/units.h"

namespace parallax::scenarios::fitting {

namespace {

// Half a percent each: as fine as two figures of a percentile need, and a table that fits a screen.
constexpr int kCells = 200;

/// The greatest power of ten that is not above a thousandth of `spread`.
double grain_of(double spread) {
  double grain = 1;
  while (grain * 10'000 <= spread) grain *= 10;
  return grain;
}

std::string length(double ns, double grain) {
  return format_duration({static_cast<std::int64_t>(std::floor(std::max(ns, 0.0) / grain + 0.5) * grain)});
}

/// Two equally likely ends of a cell have the mean of the cell between them.
double outer_end(double inner, double mean) { return std::max(0.0, 2 * mean - inner); }

schema::Delay table(std::vector<double> quantiles) {
  schema::Delay delay;
  const double grain = grain_of(quantiles[kCells * 3 / 4] - quantiles[kCells / 4]);
  double before = 0;
  for (double& quantile : quantiles) {
    quantile = before = std::max(quantile, before);
    delay.mutable_empirical()->add_quantiles(length(quantile, grain));
  }
  return delay;
}

/// By halving: a mixture has no inverse in closed form.
double quantile_of(const GammaMixture& model, double p) {
  double above = 1;
  while (model.share_below(above) < p) above *= 2;
  double below = 0;
  for (int i = 0; i < 50; ++i) {
    const double middle = (below + above) / 2;
    (model.share_below(middle) < p ? below : above) = middle;
  }
  return above;
}

double mean_of_cell(const GammaMixture& model, int cell) {
  constexpr int kMidpoints = 64;
  double sum = 0;
  for (int i = 0; i < kMidpoints; ++i) sum += quantile_of(model, (cell + (i + 0.5) / kMidpoints) / kCells);
  return sum / kMidpoints;
}

}  // namespace

schema::Delay ShiftedLognormal::written() const {
  schema::Delay delay;
  const double p50 = quantile(0.50);
  const double p95 = quantile(0.95);
  const double grain = grain_of(std::min(p50 - floor_, p95 - p50));
  schema::Delay::Lognormal& lognormal = *delay.mutable_lognormal();
  lognormal.set_p50(length(p50, grain));
  lognormal.set_p95(length(p95, grain));
  lognormal.set_least(length(floor_, grain));
  return delay;
}

schema::Delay GammaMixture::written() const {
  std::vector<double> quantiles(kCells + 1);
  for (int i = 1; i < kCells; ++i) quantiles[static_cast<std::size_t>(i)] = quantile_of(*this, i / double{kCells});
  quantiles.front() = outer_end(quantiles[1], mean_of_cell(*this, 0));
  quantiles.back() = outer_end(quantiles[kCells - 1], mean_of_cell(*this, kCells - 1));
  return table(std::move(quantiles));
}

schema::Delay written(const Samples& samples) {
  std::vector<double> quantiles;
  for (int i = 0; i <= kCells; ++i) quantiles.push_back(interpolated_quantile(samples.ns, i / double{kCells}));
  const std::size_t tail = samples.size() / kCells;
  if (tail > 1) {
    const std::span<const double> all = samples.ns;
    const double last = outer_end(quantiles[kCells - 1], mean_of(all.last(tail)));
    const double first = outer_end(quantiles[1], mean_of(all.first(tail)));
    quantiles.back() = std::clamp(last, quantiles[kCells - 1], samples.ns.back());
    quantiles.front() = std::clamp(first, samples.ns.front(), quantiles[1]);
  }
  return table(std::move(quantiles));
}

schema::LengthSummary drawn_from(const schema::Delay& delay) {
  constexpr std::size_t kDraws = 100'000;
  const sim::Distribution distribution = distribution_of(delay);
  sim::Stream stream(0, "fit", "what a run draws");
  std::vector<double> draws(kDraws);
  for (double& draw : draws) draw = static_cast<double>(distribution.sample(stream).ns);
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double p) { return static_cast<std::int64_t>(interpolated_quantile(draws, p)); };
  schema::LengthSummary summary;
  summary.set_count(kDraws);
  summary.set_least_ns(distribution.least().ns);
  summary.set_p50_ns(at(0.50));
  summary.set_p95_ns(at(0.95));
  summary.set_p99_ns(at(0.99));
  summary.set_greatest_ns(distribution.greatest().ns);
  summary.set_mean_ns(distribution.mean().ns);
  return summary;
}

}  // namespace parallax::scenarios::fitting
