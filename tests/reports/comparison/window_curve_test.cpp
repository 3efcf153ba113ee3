#include "reports/comparison/window_curve.h"

#include <catch2/catch.hpp>

namespace parallax::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Windows of `change` as everybody saw them: quantile k is k times `step` seconds.
void add_class(schema::Result& result, const char* change, const char* observer, std::uint64_t count,
               std::int64_t step) {
  schema::WindowClass& of = *result.add_window_classes();
  of.set_change(change);
  of.set_observer(observer);
  of.set_count(count);
  for (int k = 0; k <= 100; ++k) of.add_quantiles_ns(k * step * kSecond);
}

TEST_CASE("a curve is that of the last node, and of no other change") {
  schema::Result result;
  add_class(result, "token_revoked", "dc/a", 10, 9);
  add_class(result, "token_revoked", "*", 10, 1);
  add_class(result, "api_published", "*", 10, 5);
  const WindowCurve curve(result, "token_revoked");
  CHECK(curve.count() == 10);
  CHECK(curve.longest() == 100 * kSecond);
  CHECK(curve.share_within(-1) == 0);
  CHECK(curve.share_within(0) == 0);
  CHECK(curve.share_within(50 * kSecond) == Approx(0.5));
  CHECK(curve.share_within(100 * kSecond) == 1);
  CHECK(curve.quantile(0.5) == 50 * kSecond);
  CHECK(curve.quantile(1) == 100 * kSecond);
  CHECK(curve.known() == 1);
}

// 30 windows up to 100 s and 10 up to 200 s: within 100 s all of the first and half of the others, 35 of 40.
TEST_CASE("writers count by their windows") {
  schema::Result result;
  add_class(result, "token_revoked", "*", 30, 1);
  add_class(result, "token_revoked", "*", 10, 2);
  const WindowCurve curve(result, "token_revoked");
  CHECK(curve.count() == 40);
  CHECK(curve.share_within(100 * kSecond) == Approx(35.0 / 40));
  CHECK(curve.quantile(35.0 / 40) == 100 * kSecond);
}

TEST_CASE("what open windows hide is not made up") {
  schema::Result result;
  add_class(result, "token_revoked", "*", 10, 1);
  result.mutable_window_classes(0)->set_reached(0.6);
  const WindowCurve curve(result, "token_revoked");
  CHECK(curve.known() == Approx(0.6));
  CHECK(curve.quantile(0.6) == 60 * kSecond);
  CHECK_FALSE(curve.quantile(0.61));
}

TEST_CASE("without windows there is no curve") {
  const WindowCurve curve(schema::Result{}, "token_revoked");
  CHECK(curve.count() == 0);
  CHECK(curve.share_within(kSecond) == 0);
  CHECK_FALSE(curve.quantile(0.5));
}

}  // namespace
}  // namespace parallax::reports
