// Whether samples may have come from a distribution that was fitted to them: the test of Kolmogorov and Smirnov. Its
// tables are for a distribution that was known before; one that was fitted lies nearer, so the critical value is found
// by playing: as many samples are drawn from the fitted distribution, rounded alike, and fitted again, over and over
// (parametric bootstrap; Stute, Manteiga and Quindimil 1993). The draws are always the same.
#pragma once

#include <optional>

#include "scenarios/fitting/model.h"

namespace parallax::scenarios::fitting {

/// The greatest difference between the share of samples and of the distribution below any length. Where samples are
/// rounded they are compared at the edges of their steps alone.
double distance(const Model& model, const Samples& samples);

struct Goodness {
  double distance{0};
  double critical{0};  ///< one in twenty of the redrawn is farther
  double p{0};         ///< share that is as far, with this one among them

  /// The same as distance <= critical.
  bool fits() const { return p > 0.05; }
};

/// Samples that a test looks at, at the most. More would tell a distribution from one that is off by a hundredth in its
/// shares, which is no fault for a simulation.
inline constexpr std::size_t kTested = 2'000;

/// Of as many redrawn samples, at most kTested, is the critical value. Nothing if too few of them can be fitted.
std::optional<Goodness> goodness_of(const Model& model, const Samples& samples);

}  // namespace parallax::scenarios::fitting
