#include "sim/elementary.h"

#include <catch2/catch.hpp>
#include <numbers>

namespace parallax::sim {
namespace {

// sin 30° = cos 60° = 1/2; sin 90° = 1; cos 180° = -1.
TEST_CASE("sine and cosine of angles that are known") {
  constexpr double kDegree = std::numbers::pi / 180;
  CHECK(sine_of(30 * kDegree) == Approx(0.5).epsilon(1e-15));
  CHECK(cosine_of(60 * kDegree) == Approx(0.5).epsilon(1e-15));
  CHECK(sine_of(90 * kDegree) == 1);
  CHECK(cosine_of(180 * kDegree) == -1);
}

// ln e = 1, e^0 = 1, Gamma(5) = 4! = 24.
TEST_CASE("logarithms and powers that are known") {
  CHECK(log_of(std::numbers::e) == Approx(1).epsilon(1e-15));
  CHECK(exp_of(0) == 1);
  CHECK(exp_of(log_gamma(5)) == Approx(24).epsilon(1e-14));
}

}  // namespace
}  // namespace parallax::sim
