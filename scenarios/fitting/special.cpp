#include "scenarios/fitting/special.h"

#include <cmath>
#include <limits>

#include "sim/elementary.h"

namespace parallax::scenarios::fitting {

namespace {

// From here on the asymptotic series are exact to 1e-13 (Abramowitz and Stegun 6.3.18 and 6.4.12).
constexpr double kAsymptotic = 10;

// From here on the cube root of a gamma variable counts as normal (Wilson and Hilferty 1931): off by less than 1e-6.
constexpr double kNearlyNormal = 10'000;

constexpr double kExact = std::numeric_limits<double>::epsilon();

double cube_root(double x) { return x <= 0 ? 0 : sim::exp_of(sim::log_of(x) / 3); }

double density_times_x(double shape, double x) {
  return sim::exp_of(shape * sim::log_of(x) - x - sim::log_gamma(shape));
}

// Abramowitz and Stegun 6.5.29.
double by_series(double shape, double x) {
  double term = 1 / shape;
  double sum = term;
  for (double n = shape + 1; term > sum * kExact; ++n) {
    term *= x / n;
    sum += term;
  }
  return sum * density_times_x(shape, x);
}

// The share above by the continued fraction 6.5.31, evaluated by Lentz's method.
double by_fraction(double shape, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - shape;
  double c = 1 / kTiny;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < 100'000; ++i) {
    const double a = -i * (i - shape);
    b += 2;
    d = a * d + b;
    if (std::fabs(d) < kTiny) d = kTiny;
    c = b + a / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    d = 1 / d;
    fraction *= d * c;
    if (std::fabs(d * c - 1) <= kExact) break;
  }
  return 1 - fraction * density_times_x(shape, x);
}

}  // namespace

double digamma(double x) {
  double sum = 0;
  for (; x < kAsymptotic; ++x) sum -= 1 / x;
  const double y = 1 / (x * x);
  return sum + sim::log_of(x) - 0.5 / x -
         y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132)))));
}

double trigamma(double x) {
  double sum = 0;
  for (; x < kAsymptotic; ++x) sum += 1 / (x * x);
  const double y = 1 / (x * x);
  return sum + 1 / x + y / 2 + y / x * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66)))));
}

double gamma_share_below(double shape, double x) {
  if (x <= 0) return 0;
  if (shape > kNearlyNormal) {
    const double variance = 1 / (9 * shape);
    return sim::normal_share_below((cube_root(x / shape) - (1 - variance)) / std::sqrt(variance));
  }
  return x < shape + 1 ? by_series(shape, x) : by_fraction(shape, x);
}

}  // namespace parallax::scenarios::fitting
