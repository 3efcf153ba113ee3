#include "scenarios/statistics.h"

#include <catch2/catch.hpp>
#include <numeric>

namespace parallax::scenarios {
namespace {

/// 1, 2, ..., n: a value is its own rank.
std::vector<double> ranks(std::size_t n) {
  std::vector<double> values(n);
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

struct Ranks {
  std::size_t n;
  double low;
  double high;
};

TEST_CASE("an interpolated quantile lies between the values to both sides") {
  const std::vector<double> five{10, 20, 30, 40, 100};
  CHECK(interpolated_quantile(five, 0) == 10);
  CHECK(interpolated_quantile(five, 0.25) == 20);
  CHECK(interpolated_quantile(five, 0.95) == Approx(40 + 0.8 * 60));
  CHECK(interpolated_quantile(five, 1) == 100);
  CHECK(interpolated_quantile(std::vector<double>{7}, 0.3) == 7);
}

TEST_CASE("a quantile is the value at the nearest rank above") {
  const std::vector<std::int64_t> five{10, 20, 30, 40, 50};
  CHECK(quantile(five, 0.0) == 10);   // rank 0 is none: the first
  CHECK(quantile(five, 0.3) == 20);   // 0.3 x 5 = 1.5, up to 2
  CHECK(quantile(five, 0.4) == 20);   // 0.4 x 5 = 2
  CHECK(quantile(five, 0.41) == 30);  // 2.05, up to 3
  CHECK(quantile(five, 0.5) == 30);   // 2.5, up to 3
  CHECK(quantile(five, 0.99) == 50);  // 4.95, up to 5
  CHECK(quantile(five, 1.0) == 50);

  const std::vector<std::int64_t> two{7, 9};
  CHECK(quantile(two, 0.5) == 7);  // 0.5 x 2 = 1: a value that is there, no mean
  CHECK(quantile(two, 0.51) == 9);

  const std::vector<std::int64_t> one{3};
  for (const double q : {0.0, 0.5, 1.0}) CHECK(quantile(one, q) == 3);

  std::vector<std::int64_t> hundred(100);
  std::iota(hundred.begin(), hundred.end(), 1);
  CHECK(quantile(hundred, 0.50) == 50);
  CHECK(quantile(hundred, 0.95) == 95);
  CHECK(quantile(hundred, 0.99) == 99);
}

TEST_CASE("a median is the middle value or the mean of the two") {
  CHECK(median({5}) == 5);
  CHECK(median({9, 1, 4}) == 4);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({2, 2, 2, 7}) == 2);
}

TEST_CASE("the median's interval lies between the ranks that the binomial distribution gives") {
  // B ~ Bin(n, 1/2); the lower rank is the largest l with P(B < l) <= 0.025, the upper one is n + 1 - l.
  const Ranks cases[] = {
      {6, 1, 6},         // P(B < 1) = 1/64 = 0.0156; P(B < 2) = 7/64 = 0.109
      {8, 1, 8},         // P(B < 2) = 9/256 = 0.0352
      {9, 2, 8},         // P(B < 2) = 10/512 = 0.0195; P(B < 3) = 46/512 = 0.0898
      {10, 2, 9},        // P(B < 2) = 11/1024 = 0.0107; P(B < 3) = 56/1024 = 0.0547
      {30, 10, 21},      // P(B < 10) = 0.0214; P(B < 11) = 0.0494
      {100, 40, 61},     // P(B < 40) = 0.0176; P(B < 41) = 0.0284
      {2000, 956, 1045}  // 2^-2000 is no double; about 1000 - 1.96 x sqrt(500) = 956.2
  };
  for (const Ranks& one : cases) {
    INFO(one.n << " values");
    const auto interval = median_interval(ranks(one.n));
    REQUIRE(interval.has_value());
    CHECK(interval->low == one.low);
    CHECK(interval->high == one.high);
  }
}

TEST_CASE("under six values no rank is safe") {
  // P(B < 1) = 1/2^n: with 5 values 1/32 = 0.031 > 0.025.
  for (std::size_t n = 0; n < 6; ++n) CHECK_FALSE(median_interval(ranks(n)).has_value());
}

TEST_CASE("the order of the values does not matter to the median's interval") {
  const auto interval = median_interval({6, 1, 9, 3, 8, 2, 7, 4, 5});
  REQUIRE(interval.has_value());
  CHECK(interval->low == 2);
  CHECK(interval->high == 8);
}

}  // namespace
}  // namespace parallax::scenarios
