#include "scenarios/fitting/gamma_mixture.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/fitting/special.h"
#include "sim/elementary.h"

namespace parallax::scenarios::fitting {

namespace {

using Components = std::vector<GammaComponent>;

constexpr double kLeastOfComponent = 5;  // of a component
constexpr double kShapeMax = 1e9;        // a deviation of 1/30,000 of the mean

/// Everything of a component's density that does not depend on the sample.
struct Density {
  explicit Density(const GammaComponent& of)
      : slope{of.shape - 1},
        rate{of.shape / of.mean},
        constant{sim::log_of(of.weight) + of.shape * sim::log_of(of.shape / of.mean) - sim::log_gamma(of.shape)} {}

  double log_at(double x, double log_x) const { return constant + slope * log_x - rate * x; }

  double slope;
  double rate;
  double constant;
};

std::vector<Density> densities_of(const Components& components) {
  std::vector<Density> all;
  for (const GammaComponent& component : components) all.emplace_back(component);
  return all;
}

/// ln of the sum of what `log_parts` are logarithms of; they become its shares.
double log_sum(std::vector<double>& log_parts) {
  const double greatest = *std::max_element(log_parts.begin(), log_parts.end());
  double sum = 0;
  for (double& part : log_parts) sum += part = sim::exp_of(part - greatest);
  for (double& part : log_parts) part /= sum;
  return greatest + sim::log_of(sum);
}

/// The likeliest shape for ln(mean) - mean of ln: Minka's start (2002), then Newton's method.
double shape_for(double gap) {
  double shape = (3 - gap + std::sqrt((gap - 3) * (gap - 3) + 24 * gap)) / (12 * gap);
  for (int i = 0; i < 4; ++i) {
    const double off = sim::log_of(shape) - digamma(shape) - gap;
    shape -= off / (1 / shape - trigamma(shape));
    shape = std::clamp(shape, 1e-3, kShapeMax);
  }
  return shape;
}

/// What a component has of the samples.
struct Holding {
  double weight{0};
  double sum{0};
  double log_sum{0};
};

class Expectation {
 public:
  explicit Expectation(const Samples& samples) : samples_{samples} {
    for (const double value : samples.ns) logs_.push_back(sim::log_of(value));
  }

  /// One step; the likelihood of what `components` were. Nothing where one of them vanishes.
  std::optional<double> improve(Components& components) const {
    const std::vector<Density> densities = densities_of(components);
    std::vector<Holding> holdings(components.size());
    std::vector<double> parts(components.size());
    double likelihood = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const double x = samples_.ns[i];
      for (std::size_t k = 0; k < parts.size(); ++k) parts[k] = densities[k].log_at(x, logs_[i]);
      likelihood += log_sum(parts);
      for (std::size_t k = 0; k < parts.size(); ++k) {
        holdings[k].weight += parts[k];
        holdings[k].sum += parts[k] * x;
        holdings[k].log_sum += parts[k] * logs_[i];
      }
    }
    for (std::size_t k = 0; k < parts.size(); ++k) {
      if (holdings[k].weight < kLeastOfComponent) return std::nullopt;
      components[k] = likeliest(holdings[k]);
    }
    return likelihood;
  }

 private:
  GammaComponent likeliest(const Holding& of) const {
    const double mean = of.sum / of.weight;
    const double gap = std::max(sim::log_of(mean) - of.log_sum / of.weight, 0.5 / kShapeMax);
    // Rounding alone leaves a variance of a twelfth of the square of its step.
    const double narrowest =
        samples_.step_ns > 0 ? 12 * (mean / samples_.step_ns) * (mean / samples_.step_ns) : kShapeMax;
    const double shape = std::min(shape_for(gap), std::max(1.0, narrowest));
    return {of.weight / static_cast<double>(samples_.size()), shape, mean};
  }

  const Samples& samples_;
  std::vector<double> logs_;
};

struct Found {
  Components components;
  double likelihood;
};

std::optional<Found> improved(const Expectation& expectation, Components components, double still, int steps) {
  double before = 0;
  for (int i = 0; i < steps; ++i) {
    const auto likelihood = expectation.improve(components);
    if (!likelihood) return std::nullopt;
    if (i > 0 && *likelihood - before < still) return Found{std::move(components), *likelihood};
    before = *likelihood;
  }
  return Found{std::move(components), before};
}

/// Samples from `begin` to below `end` as one component.
GammaComponent component_of(const Samples& samples, std::size_t begin, std::size_t end) {
  const std::span<const double> part = std::span(samples.ns).subspan(begin, end - begin);
  const double mean = mean_of(part);
  double variance = samples.step_ns * samples.step_ns / 12 + mean * mean / kShapeMax;
  for (const double value : part) variance += (value - mean) * (value - mean) / static_cast<double>(part.size());
  return {static_cast<double>(part.size()) / static_cast<double>(samples.size()), mean * mean / variance, mean};
}

/// Cut where `is_cut` says: in parts of as many samples, or in parts as wide.
Components start(const Samples& samples, std::size_t count, bool by_width) {
  Components all;
  std::size_t begin = 0;
  for (std::size_t part = 1; part <= count; ++part) {
    const double share = static_cast<double>(part) / static_cast<double>(count);
    const double edge = samples.ns.front() + share * (samples.ns.back() - samples.ns.front());
    const auto at = std::upper_bound(samples.ns.begin(), samples.ns.end(), edge) - samples.ns.begin();
    const std::size_t end = part == count ? samples.size()
                            : by_width    ? static_cast<std::size_t>(at)
                                          : samples.size() * part / count;
    if (end <= begin + 1) return {};
    all.push_back(component_of(samples, begin, end));
    begin = end;
  }
  return all;
}

bool can_be_gamma(const Samples& samples) { return samples.ns.front() > 0 && samples.ns.front() < samples.ns.back(); }

std::unique_ptr<GammaMixture> in_order(Components components) {
  std::stable_sort(components.begin(), components.end(), [](const auto& a, const auto& b) { return a.mean < b.mean; });
  return std::make_unique<GammaMixture>(std::move(components));
}

/// The derivatives of one sample's ln density by weight (but the last one's), shape and mean of each component.
Eigen::VectorXd score(const Components& components, const std::vector<Density>& densities, double x) {
  const double log_x = sim::log_of(x);
  std::vector<double> shares;
  for (const Density& density : densities) shares.push_back(density.log_at(x, log_x));
  log_sum(shares);
  const std::size_t count = components.size();
  Eigen::VectorXd of(static_cast<Eigen::Index>(3 * count - 1));
  Eigen::Index at = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const auto& [weight, shape, mean] = components[k];
    of[at++] = shares[k] * (log_x + 1 - x / mean + sim::log_of(shape / mean) - digamma(shape));
    of[at++] = shares[k] * shape * (x / mean - 1) / mean;
    if (k + 1 < count) of[at++] = shares[k] / weight - shares[count - 1] / components[count - 1].weight;
  }
  return of;
}

/// Asymptotic standard errors in the order of score().
Eigen::VectorXd errors_of(const Components& components, const Samples& samples) {
  const std::vector<Density> densities = densities_of(components);
  const auto size = static_cast<Eigen::Index>(3 * components.size() - 1);
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(size, size);
  for (const double value : samples.ns) {
    const Eigen::VectorXd of = score(components, densities, value);
    information += of * of.transpose();
  }
  const Eigen::VectorXd scale = information.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * information * scale.asDiagonal();
  const Eigen::MatrixXd inverse = scaled.ldlt().solve(Eigen::MatrixXd::Identity(size, size));
  return inverse.diagonal().cwiseMax(0).cwiseSqrt().cwiseProduct(scale);
}

/// Marsaglia and Tsang (2000), for shapes from 1 on; below it a power of a uniform number makes up for the rest.
double draw_gamma(double shape, sim::Stream& stream) {
  if (shape < 1) {
    const double power = sim::exp_of(sim::log_of(uniform(stream)) / shape);
    return draw_gamma(shape + 1, stream) * power;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double z = sim::normal_quantile(uniform(stream));
    const double v = (1 + c * z) * (1 + c * z) * (1 + c * z);
    if (v > 0 && sim::log_of(uniform(stream)) < z * z / 2 + d - d * v + d * sim::log_of(v)) return d * v;
  }
}

}  // namespace

std::string GammaMixture::name() const {
  return components_.size() == 1 ? "gamma" : fmt::format("gamma mixture of {}", components_.size());
}

double GammaMixture::log_density(double ns) const {
  std::vector<double> parts;
  for (const Density& density : densities_of(components_)) parts.push_back(density.log_at(ns, sim::log_of(ns)));
  return log_sum(parts);
}

double GammaMixture::share_below(double ns) const {
  double share = 0;
  for (const auto& [weight, shape, mean] : components_) share += weight * gamma_share_below(shape, shape * ns / mean);
  return share;
}

double GammaMixture::draw(sim::Stream& stream) const {
  double left = uniform(stream);
  std::size_t k = 0;
  while (k + 1 < components_.size() && left >= components_[k].weight) left -= components_[k++].weight;
  return draw_gamma(components_[k].shape, stream) * components_[k].mean / components_[k].shape;
}

std::vector<Parameter> GammaMixture::parameters(const Samples& samples) const {
  const Eigen::VectorXd errors = errors_of(components_, samples);
  std::vector<Parameter> all;
  for (std::size_t k = 0; k < components_.size(); ++k) {
    const auto at = static_cast<Eigen::Index>(3 * k);
    const bool is_last = k + 1 == components_.size();
    if (components_.size() > 1) {
      // Of two weights each is as uncertain as the other; of three the last one's error is left out.
      const double error = !is_last ? errors[at + 2] : k == 1 ? errors[2] : 0;
      all.push_back({fmt::format("weight_{}", k + 1), "", components_[k].weight, error});
    }
    all.push_back({fmt::format("shape_{}", k + 1), "", components_[k].shape, errors[at]});
    all.push_back({fmt::format("mean_{}", k + 1), "ns", components_[k].mean, errors[at + 1]});
  }
  return all;
}

std::unique_ptr<Model> GammaMixture::fitted_to(const Samples& samples) const {
  if (!can_be_gamma(samples)) return nullptr;
  constexpr int kStepsMost = 60;
  const double still = 1e-3;  // of ln likelihood: far below what chance does
  const auto found = improved(Expectation(samples), components_, still, kStepsMost);
  return found ? in_order(found->components) : nullptr;
}

std::unique_ptr<GammaMixture> fit_gammas(const Samples& samples, std::size_t count) {
  if (!can_be_gamma(samples)) return nullptr;
  constexpr int kStepsMost = 1'000;
  const double still = 1e-6;
  const Expectation expectation(samples);
  std::optional<Found> best;
  for (const bool by_width : {false, true}) {
    Components components = start(samples, count, by_width);
    if (components.empty()) continue;
    auto found = improved(expectation, std::move(components), still, kStepsMost);
    if (found && (!best || found->likelihood > best->likelihood)) best = std::move(found);
    if (count == 1) break;
  }
  return best ? in_order(std::move(best->components)) : nullptr;
}

}  // namespace parallax::scenarios::fitting
