#include "scenarios/kaplan_meier.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "scenarios/statistics.h"
#include "tests/support/checked_property.h"

namespace parallax::scenarios {
namespace {

using testing::check;
using testing::pick;

constexpr Lifetime closed(std::int64_t ns) { return {ns, false}; }
constexpr Lifetime open(std::int64_t ns) { return {ns, true}; }

TEST_CASE("a window that is cut off leaves its share to those that were seen for longer") {
  // Five windows, two of them cut off:
  //   10      5 at risk   S = 4/5                 = 0.8
  //   20 open 4 at risk   it may end anywhere behind 20
  //   30      3 at risk   S = 4/5 x 2/3 = 8/15    = 0.533...
  //   40      2 at risk   S = 8/15 x 1/2 = 4/15   = 0.266...
  //   50 open 1 at risk   S never comes down to 0
  const KaplanMeier curve({open(50), closed(30), closed(10), open(20), closed(40)});
  CHECK(curve.quantile(0.0) == closed(10));
  CHECK(curve.quantile(0.2) == closed(10));   // 1 - S(10) = 0.2
  CHECK(curve.quantile(0.21) == closed(30));  // 1 - S(30) = 0.466...
  CHECK(curve.quantile(0.46) == closed(30));
  CHECK(curve.quantile(0.5) == closed(40));   // with 20 and 50 closed then, or left out, it would be 30
  CHECK(curve.quantile(0.73) == closed(40));  // 1 - S(40) = 0.733...
  CHECK(curve.quantile(0.74) == open(50));
  CHECK(curve.quantile(1.0) == open(50));
  CHECK(curve.reached() == Approx(11.0 / 15.0));
}

TEST_CASE("windows open at an instant at which another closes were seen for longer than that one") {
  const KaplanMeier curve({open(10), closed(10)});  // two at risk: S(10) = 1/2, and no more
  CHECK(curve.quantile(0.5) == closed(10));
  CHECK(curve.quantile(0.51) == open(10));
  CHECK(curve.reached() == 0.5);
}

TEST_CASE("of windows that are all open no quantile is known") {
  const KaplanMeier curve({open(7), open(3)});
  for (const double q : {0.0, 0.5, 1.0}) CHECK(curve.quantile(q) == open(7));
  CHECK(curve.reached() == 0);
}

TEST_CASE("an open window among longer ones hides no quantile") {
  const KaplanMeier curve({open(1), closed(5), closed(9)});  // S(5) = 1/2, S(9) = 0
  CHECK(curve.quantile(0.5) == closed(5));
  CHECK(curve.quantile(1.0) == closed(9));
  CHECK(curve.reached() == 1);
}

std::vector<Lifetime> lifetimes(double share_open) {
  std::vector<Lifetime> all(pick<std::size_t>(1, 40));
  for (Lifetime& one : all) {
    one = {pick<std::int64_t>(0, 30), pick<int>(0, 100) < static_cast<int>(share_open * 100)};
  }
  return all;
}

std::vector<std::int64_t> as_if_closed(const std::vector<Lifetime>& all) {
  std::vector<std::int64_t> lengths;
  for (const Lifetime& one : all) lengths.push_back(one.ns);
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

TEST_CASE("where every window has closed the quantiles are the ordinary ones") {
  check("no censoring", 200, [] {
    const std::vector<Lifetime> all = lifetimes(0);
    const KaplanMeier curve(all);
    for (int percent = 0; percent <= 100; ++percent) {
      RC_ASSERT(curve.quantile(percent / 100.0) == closed(quantile(as_if_closed(all), percent / 100.0)));
    }
    RC_ASSERT(curve.reached() == 1.0);
  });
}

TEST_CASE("no quantile is under that of windows that are taken for closed when the run ends, or under a lesser one") {
  check("between closed then and never", 200, [] {
    const std::vector<Lifetime> all = lifetimes(0.4);
    const KaplanMeier curve(all);
    std::int64_t before = 0;
    for (int percent = 0; percent <= 100; ++percent) {
      const Lifetime found = curve.quantile(percent / 100.0);
      RC_ASSERT(found.ns >= quantile(as_if_closed(all), percent / 100.0));
      RC_ASSERT(found.ns >= before);
      RC_ASSERT(found.ns <= as_if_closed(all).back());
      before = found.ns;
    }
  });
}

// The product as it stands in the books.
double share_over(const std::vector<Lifetime>& all, std::int64_t ns) {
  double share = 1;
  for (std::int64_t t = 0; t <= ns; ++t) {
    const auto at_risk = std::count_if(all.begin(), all.end(), [&](const Lifetime& one) { return one.ns >= t; });
    const auto ended = std::count_if(all.begin(), all.end(), [&](const Lifetime& one) { return one == closed(t); });
    if (ended > 0) share *= 1 - static_cast<double>(ended) / static_cast<double>(at_risk);
  }
  return share;
}

TEST_CASE("the curve is the product-limit estimate") {
  check("product limit", 200, [] {
    const std::vector<Lifetime> all = lifetimes(0.4);
    const KaplanMeier curve(all);
    constexpr double kRounding = 1e-6;  // where q is a step of the curve, either side of it is right
    for (int percent = 1; percent <= 100; ++percent) {
      const double q = percent / 100.0;
      const Lifetime found = curve.quantile(q);
      RC_ASSERT(found.open || 1 - share_over(all, found.ns) >= q - kRounding);
      RC_ASSERT(1 - share_over(all, found.open ? 30 : found.ns - 1) <= q + kRounding);
    }
    RC_ASSERT(std::abs(1 - share_over(all, 30) - curve.reached()) < kRounding);
  });
}

}  // namespace
}  // namespace parallax::scenarios
