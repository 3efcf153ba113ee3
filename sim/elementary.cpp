#include "sim/elementary.h"

#include <sleef.h>

#include <array>
#include <cmath>
#include <span>

namespace parallax::sim {

// SLEEF's scalar functions that use no fused multiply-add.
double log_of(double x) { return Sleef_cinz_logd1_u10purec(x); }
double exp_of(double x) { return Sleef_cinz_expd1_u10purec(x); }
double sine_of(double x) { return Sleef_cinz_sind1_u10purec(x); }
double cosine_of(double x) { return Sleef_cinz_cosd1_u10purec(x); }
double log_gamma(double x) { return Sleef_cinz_lgammad1_u10purec(x); }
double normal_share_below(double z) { return 0.5 * Sleef_cinz_erfcd1_u15purec(-z * 0.70710678118654752440); }

namespace {

double polynomial(std::span<const double> coefficients, double x) {
  double sum = 0;
  for (const double c : coefficients) sum = sum * x + c;
  return sum;
}

}  // namespace

// Wichura's algorithm AS 241 (PPND16, relative error 1e-16), coefficients from Applied Statistics 37 (1988), highest
// power first.
double normal_quantile(double p) {
  static constexpr std::array a{2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                                45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                                133.14166789178437745, 3.387132872796366608};
  static constexpr std::array b{
      5226.495278852545925,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
  static constexpr std::array c{7.7454501427834140764e-4, .0227238449892691845833, .24178072517745061177,
                                1.27045825245236838258,   3.64784832476320460504,  5.7694972214606914055,
                                4.6303378461565452959,    1.42343711074968357734};
  static constexpr std::array d{
      1.05075007164441684324e-9, 5.475938084995344946e-4, .0151986665636164571966, .14810397642748007459,
      .68976733498510000455,     1.6763848301838038494,   2.05319162663775882187,  1.0};
  static constexpr std::array e{2.01033439929228813265e-7, 2.71155556874348757815e-5, .0012426609473880784386,
                                .026532189526576123093,    .29656057182850489123,     1.7848265399172913358,
                                5.4637849111641143699,     6.6579046435011037772};
  static constexpr std::array f{
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      .0148753612908506148525,    .13692988092273580531,    .59983220655588793769,    1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-log_of(q < 0 ? p : 1 - p));
  const double tail =
      r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return q < 0 ? -tail : tail;
}

}  // namespace parallax::sim
