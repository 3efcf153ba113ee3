#include "scenarios/comparison/paired.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace parallax::scenarios {
namespace {

SeedValues values(std::vector<double> of) {
  SeedValues all;
  for (std::size_t i = 0; i < of.size(); ++i) all.seeds.push_back(i + 1);
  all.values = std::move(of);
  return all;
}

std::vector<SeedDifference> exact(std::vector<double> of) {
  std::vector<SeedDifference> all;
  for (const double value : of) all.push_back({value, value, value});
  return all;
}

TEST_CASE("values are paired by their seed; one that only one design has says nothing") {
  SeedValues design = values({5, 6, 7});
  SeedValues baseline = values({1, 2, 4});
  design.seeds = {1, 3, 4};
  baseline.seeds = {2, 3, 4};
  const auto all = differences(design, baseline);
  REQUIRE(all.size() == 2);
  CHECK(all[0].seen == 4);  // seed 3: 6 - 2
  CHECK(all[1].seen == 3);  // seed 4: 7 - 4
}

TEST_CASE("a window that was still open leaves the difference without limit on its side") {
  SeedValues design = values({10, 10});
  SeedValues baseline = values({4, 4});
  design.open = {0};
  baseline.open = {1};
  const auto all = differences(design, baseline);
  CHECK(all[0].least == 6);
  CHECK(std::isinf(all[0].greatest));
  CHECK(all[1].least == -all[0].greatest);
  CHECK(all[1].greatest == 6);
}

TEST_CASE("an open window cannot make a difference certain on the side where it has no limit") {
  // Ten differences of 1 to 10: ranks 2 and 9 (B(10, 1/2): P(B <= 1) = 11/1024 = 1.1 %).
  std::vector<SeedDifference> all = exact({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(difference_interval(all)->low == 2);
  CHECK(difference_interval(all)->high == 9);
  for (std::size_t i = 0; i < 2; ++i) all[i].greatest = std::numeric_limits<double>::infinity();
  CHECK(difference_interval(all)->low == 2);
  CHECK(std::isinf(difference_interval(all)->high));    // two of ten are above every limit
  CHECK(!difference_interval(exact({1, 2, 3, 4, 5})));  // five: no rank is safe
}

TEST_CASE("the sign test is that of a fair coin") {
  // All of six on one side: 2 x (1/2)^6 = 1/32.
  CHECK(sign_test(exact({1, 2, 3, 4, 5, 6})) == Approx(1.0 / 32));
  // One of six on the other: 2 x (1 + 6) / 64 = 7/32. A zero counts for neither.
  CHECK(sign_test(exact({-1, 2, 0, 3, 4, 5, 6})) == Approx(7.0 / 32));
  CHECK(sign_test(exact({-1, 1})) == 1);
  CHECK(sign_test(exact({0, 0})) == 1);
  // What may be of either sign counts for neither.
  CHECK(sign_test(std::vector<SeedDifference>{{-1, 1, 0}, {1, 1, 1}}) == 1);
  // 3,000 seeds do not underflow to zero of zero.
  CHECK(std::isfinite(sign_test(exact(std::vector<double>(3'000, 1.0)))));
}

TEST_CASE("Holm's correction multiplies the least by all, the next by one less, and never turns back") {
  // Sorted 0.01, 0.02, 0.03: x3 = 0.03, x2 = 0.04, x1 = 0.03 but not below 0.04.
  const std::vector<double> corrected = holm(std::vector<double>{0.03, 0.01, 0.02});
  CHECK(corrected[1] == Approx(0.03));
  CHECK(corrected[2] == Approx(0.04));
  CHECK(corrected[0] == Approx(0.04));
  CHECK(holm(std::vector<double>{0.9, 0.8})[0] == 1);
  CHECK(holm({}).empty());
}

TEST_CASE("pairing gains what the correlation takes out of the variance") {
  // 1, 2, 3, 4 against 2, 4, 6, 8: correlation 1. Variances (n times) 5 and 20; differences 1, 2, 3, 4 have 5.
  const auto same_way = pairing(values({2, 4, 6, 8}), values({1, 2, 3, 4}));
  CHECK(same_way->correlation == Approx(1));
  CHECK(same_way->gain == Approx(5));  // (5 + 20) / 5
  // The other way round: differences 7, 2, -3, -8... have variance 20 + 5 + 2 x 10 = 45.
  const auto other_way = pairing(values({8, 6, 4, 2}), values({1, 2, 3, 4}));
  CHECK(other_way->correlation == Approx(-1));
  CHECK(other_way->gain == Approx(25.0 / 45));
  CHECK(!pairing(values({1, 1, 1}), values({1, 2, 3})));
  CHECK(std::isinf(pairing(values({2, 3, 4}), values({1, 2, 3}))->gain));
}

TEST_CASE("the bootstrap covers the mean about as often as it says") {
  // 200 samples of 40 differences with mean 1: the percentile interval covers a little less than 95 % of them.
  std::mt19937 random(7);
  int covered = 0;
  for (int sample = 0; sample < 200; ++sample) {
    std::vector<double> all;
    for (int i = 0; i < 40; ++i) {
      all.push_back(static_cast<double>(random() % 1'000) / 500 - 1 + 1);  // uniform on [0, 2), made of whole numbers
    }
    const auto interval = mean_interval(exact(all));
    covered += interval->low <= 0.999 && interval->high >= 0.999;
  }
  CHECK(covered >= 180);
  CHECK(covered <= 199);
  CHECK(!mean_interval(exact({1, 2, 3, 4, 5})));
}

}  // namespace
}  // namespace parallax::scenarios
