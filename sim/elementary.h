// Functions of floating-point numbers that give the same bits on every CPU, which libm's do not promise. For what is
// made before or after a run: the hot path uses none.
#pragma once

namespace parallax::sim {

double log_of(double x);
double exp_of(double x);

/// Of angles in radians.
double sine_of(double x);
double cosine_of(double x);

/// ln Gamma(x). Requires: x > 0.
double log_gamma(double x);

/// The share of the standard normal distribution that lies below `z`.
double normal_share_below(double z);

/// The value that a share `p` of it lies below. Requires: 0 < p < 1.
double normal_quantile(double p);

}  // namespace parallax::sim
