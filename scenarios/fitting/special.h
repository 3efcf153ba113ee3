// Functions of the gamma distribution, with the same bits on every CPU.
#pragma once

namespace parallax::scenarios::fitting {

/// The derivative of ln Gamma, and the derivative of that. Requires: x > 0.
double digamma(double x);
double trigamma(double x);

/// The share of the gamma distribution of that shape and scale 1 that lies below `x`.
double gamma_share_below(double shape, double x);

}  // namespace parallax::scenarios::fitting
