#include "scenarios/fitting/samples.h"

#include <numeric>

namespace parallax::scenarios::fitting {

Samples samples_of(std::span<const std::int64_t> sorted_ns) {
  Samples samples;
  std::int64_t step = 0;
  samples.ns.reserve(sorted_ns.size());
  for (const std::int64_t value : sorted_ns) {
    step = std::gcd(step, value);
    samples.ns.push_back(static_cast<double>(value));
  }
  samples.step_ns = static_cast<double>(step);
  return samples;
}

Samples thinned(const Samples& samples, std::size_t most) {
  if (samples.size() <= most) return samples;
  Samples kept{{}, samples.step_ns};
  kept.ns.reserve(most);
  for (std::size_t i = 0; i < most; ++i) kept.ns.push_back(samples.ns[(2 * i + 1) * samples.size() / (2 * most)]);
  return kept;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace parallax::scenarios::fitting
