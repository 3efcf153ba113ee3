#include "scenarios/fitting/goodness.h"

#include <algorithm>
#include <cmath>

namespace parallax::scenarios::fitting {

namespace {

constexpr std::size_t kRedraws = 199;

// With 199 of them one in twenty is the tenth (Davison and Hinkley 1997, section 4.2). Some cannot be fitted: of the
// others the rank is rounded down, so that a distance is beyond the critical one exactly where p is 5 % or less.
std::size_t critical_rank(std::size_t fitted) { return (fitted + 1) / 20; }

Samples redrawn(const Model& model, std::size_t size, double step, sim::Stream& stream) {
  Samples samples{std::vector<double>(size), step};
  for (double& value : samples.ns) {
    value = model.draw(stream);
    // What rounds to zero is no sample of a length: the least that can be told is one step.
    if (step > 0) value = std::max(std::floor(value / step + 0.5), 1.0) * step;
  }
  std::sort(samples.ns.begin(), samples.ns.end());
  return samples;
}

}  // namespace

double distance(const Model& model, const Samples& samples) {
  const auto size = static_cast<double>(samples.size());
  const double half = samples.step_ns / 2;
  double greatest = 0;
  for (std::size_t i = 0; i < samples.size();) {
    const double value = samples.ns[i];
    std::size_t next = i;
    while (next < samples.size() && samples.ns[next] == value) ++next;
    greatest = std::max(greatest, std::fabs(static_cast<double>(i) / size - model.share_below(value - half)));
    greatest = std::max(greatest, std::fabs(static_cast<double>(next) / size - model.share_below(value + half)));
    i = next;
  }
  return greatest;
}

std::optional<Goodness> goodness_of(const Model& model, const Samples& samples) {
  sim::Stream stream(0, "fit", "samples drawn again");
  const std::size_t size = std::min(samples.size(), kTested);
  std::vector<double> distances;
  for (std::size_t i = 0; i < kRedraws; ++i) {
    const Samples again = redrawn(model, size, samples.step_ns, stream);
    const auto refitted = model.fitted_to(again);
    if (refitted) distances.push_back(distance(*refitted, again));
  }
  if (distances.size() < kRedraws / 2) return std::nullopt;
  std::sort(distances.begin(), distances.end());
  Goodness goodness;
  goodness.distance = distance(model, samples);
  goodness.critical = distances[distances.size() - critical_rank(distances.size())];
  const auto as_far = distances.end() - std::lower_bound(distances.begin(), distances.end(), goodness.distance);
  goodness.p = static_cast<double>(as_far + 1) / static_cast<double>(distances.size() + 1);
  return goodness;
}

}  // namespace parallax::scenarios::fitting
