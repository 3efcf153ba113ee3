#include "scenarios/fitting/shifted_lognormal.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "scenarios/statistics.h"
#include "sim/elementary.h"

namespace parallax::scenarios::fitting {

namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

struct Moments {
  double mu;
  double sigma;
};

Moments moments_above(double floor, const Samples& samples) {
  std::vector<double> logs;
  logs.reserve(samples.size());
  for (const double value : samples.ns) logs.push_back(sim::log_of(value - floor));
  const double mu = mean_of(logs);
  double sum = 0;
  for (const double value : logs) sum += (value - mu) * (value - mu);
  return {mu, std::sqrt(sum / static_cast<double>(samples.size()))};
}

// ln of the likelihood of a floor with the best mu and sigma, over the number of samples and up to a constant.
double profile(double floor, const Samples& samples) {
  const Moments moments = moments_above(floor, samples);
  return -moments.mu - sim::log_of(std::max(moments.sigma, 1e-12));
}

// Floors by the logarithm of their distance to the least sample: what is near it matters more than what is far.
class Floors {
 public:
  explicit Floors(const Samples& samples) : samples_{samples}, least_{samples.ns.front()} {
    const double spread = std::max(interpolated_quantile(samples.ns, 0.5) - least_, samples.ns.back() * 1e-9);
    // Nearer than a thousandth of the spread, or than the rounding of the least sample, is the maximum without end.
    nearest_ = std::min(std::max(spread * 1e-3, samples.step_ns / 2), least_);
  }

  /// A floor under so small a sample is no other than zero: there is nothing between to search.
  bool are_all_zero() const { return nearest_ >= least_; }

  double at(double share) const {
    const double from = sim::log_of(nearest_);
    return std::max(0.0, least_ - sim::exp_of(from + share * (sim::log_of(least_) - from)));
  }
  double likelihood(double share) const { return profile(at(share), samples_); }
  bool is_rounded() const { return nearest_ == samples_.step_ns / 2; }

 private:
  const Samples& samples_;
  double least_;
  double nearest_;
};

double golden_maximum(const Floors& floors, double from, double to) {
  constexpr double kGolden = 0.61803398874989484820;
  double left = to - kGolden * (to - from);
  double right = from + kGolden * (to - from);
  double at_left = floors.likelihood(left);
  double at_right = floors.likelihood(right);
  for (int i = 0; i < 24; ++i) {  // 0.618^24: a hundred-thousandth of the stretch
    if (at_left > at_right) {
      to = right;
      right = left;
      at_right = at_left;
      left = to - kGolden * (to - from);
      at_left = floors.likelihood(left);
    } else {
      from = left;
      left = right;
      at_left = at_right;
      right = from + kGolden * (to - from);
      at_right = floors.likelihood(right);
    }
  }
  return (from + to) / 2;
}

struct Best {
  double floor;
  ShiftedLognormal::Floor kind;
};

// The best of the local maxima. The end at the least sample is one only where rounding keeps the floor from it.
std::optional<Best> best_floor(const Samples& samples) {
  constexpr int kSteps = 24;
  const Floors floors(samples);
  if (floors.are_all_zero()) return Best{0, ShiftedLognormal::Floor::zero};
  std::array<double, kSteps + 1> found{};
  for (int i = 0; i <= kSteps; ++i) found[static_cast<std::size_t>(i)] = floors.likelihood(i / double{kSteps});
  std::optional<int> best;
  for (int i = floors.is_rounded() ? 0 : 1; i <= kSteps; ++i) {
    const auto here = static_cast<std::size_t>(i);
    const bool is_maximum =
        (i == 0 || found[here] > found[here - 1]) && (i == kSteps || found[here] >= found[here + 1]);
    if (is_maximum && (!best || found[here] > found[static_cast<std::size_t>(*best)])) best = i;
  }
  if (!best) return std::nullopt;
  const double step = 1.0 / kSteps;
  const double share = golden_maximum(floors, std::max(0.0, (*best - 1) * step), std::min(1.0, (*best + 1) * step));
  if (*best == kSteps && floors.likelihood(share) <= floors.likelihood(1)) {
    return Best{0, ShiftedLognormal::Floor::zero};
  }
  return Best{floors.at(share), ShiftedLognormal::Floor::free};
}

// Of floor, mu and sigma, from one sample: expectations of the products of the scores, with E[exp(-t z)] = exp(t^2/2).
Eigen::Matrix3d fisher_information(double mu, double sigma) {
  const double variance = sigma * sigma;
  const double once = sim::exp_of(-mu + variance / 2);
  Eigen::Matrix3d information;
  information << sim::exp_of(-2 * mu + 2 * variance) * (1 + variance) / variance, once / variance,
      -2 * once / sigma,                 //
      once / variance, 1 / variance, 0,  //
      -2 * once / sigma, 0, 2 / variance;
  return information;
}

// Asymptotic covariance of floor, mu and sigma, which scale to ones of like size before they are inverted.
Eigen::Matrix3d covariance(double mu, double sigma, ShiftedLognormal::Floor kind, double count) {
  Eigen::Matrix3d inverse = Eigen::Matrix3d::Zero();
  const Eigen::Vector3d scale(sim::exp_of(mu), 1, 1);
  const Eigen::Matrix3d scaled = scale.asDiagonal() * fisher_information(mu, sigma) * scale.asDiagonal();
  if (kind == ShiftedLognormal::Floor::free) {
    inverse = scaled.inverse();
  } else {
    inverse.bottomRightCorner<2, 2>() = scaled.bottomRightCorner<2, 2>().inverse();
  }
  return scale.asDiagonal() * inverse * scale.asDiagonal() / count;
}

}  // namespace

double ShiftedLognormal::log_density(double ns) const {
  const double log = sim::log_of(ns - floor_);
  const double z = (log - mu_) / sigma_;
  return -log - sim::log_of(sigma_) - kHalfLogTwoPi - z * z / 2;
}

double ShiftedLognormal::share_below(double ns) const {
  return ns <= floor_ ? 0 : sim::normal_share_below((sim::log_of(ns - floor_) - mu_) / sigma_);
}

double ShiftedLognormal::quantile(double p) const {
  return floor_ + sim::exp_of(mu_ + sigma_ * sim::normal_quantile(p));
}

double ShiftedLognormal::draw(sim::Stream& stream) const { return quantile(uniform(stream)); }

std::vector<Parameter> ShiftedLognormal::parameters(const Samples& samples) const {
  const Eigen::Matrix3d spread = covariance(mu_, sigma_, kind_, static_cast<double>(samples.size()));
  std::vector<Parameter> all{{"least", "ns", floor_, std::sqrt(spread(0, 0))}};
  for (const auto& [name, p] : {std::pair{"p50", 0.50}, std::pair{"p95", 0.95}}) {
    const double above = quantile(p) - floor_;
    const Eigen::Vector3d slope(1, above, above * sim::normal_quantile(p));  // delta method
    all.push_back({name, "ns", quantile(p), std::sqrt(slope.dot(spread * slope))});
  }
  return all;
}

std::unique_ptr<Model> ShiftedLognormal::fitted_to(const Samples& samples) const { return fit_lognormal(samples); }

std::unique_ptr<ShiftedLognormal> fit_lognormal(const Samples& samples) {
  if (samples.ns.front() <= 0 || samples.ns.front() == samples.ns.back()) return nullptr;
  const auto best = best_floor(samples);
  if (!best) return nullptr;
  const Moments moments = moments_above(best->floor, samples);
  return std::make_unique<ShiftedLognormal>(best->floor, moments.mu, moments.sigma, best->kind);
}

}  // namespace parallax::scenarios::fitting
