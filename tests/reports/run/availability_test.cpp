#include "reports/run/availability.h"

#include <catch2/catch.hpp>

namespace parallax::reports {
namespace {

constexpr std::int64_t kS = 1'000'000'000;

schema::Series series_of(const std::vector<double>& values) {
  schema::Series series;
  series.set_step_ns(kS);
  for (const double value : values) series.add_values(value);
  return series;
}

std::vector<double> all_good(std::size_t seconds) { return std::vector<double>(seconds, 1.0); }

TEST_CASE("a dip lasts from its first bad second to the end of its last") {
  std::vector<double> values = all_good(200);
  values[10] = 0.1;
  values[12] = 0.3;
  const auto dip = longest_dip(series_of(values), kLockedOut);
  REQUIRE(dip);
  CHECK(dip->start_ns == 10 * kS);
  CHECK(dip->end_ns == 13 * kS);
  CHECK(dip->least == 0.1);
  CHECK(dip->mean == Approx((0.1 + 1 + 0.3) / 3));
}

TEST_CASE("a minute of good seconds ends a dip, less does not") {
  std::vector<double> values = all_good(200);
  values[10] = 0;
  values[70] = 0;  // 59 good seconds between
  CHECK(dips(series_of(values), kLockedOut).size() == 1);
  values[70] = 1;
  values[71] = 0;  // 60 of them
  CHECK(dips(series_of(values), kLockedOut).size() == 2);
}

TEST_CASE("half served is not locked out, and a second without requests is neither") {
  std::vector<double> values = all_good(5);
  values[1] = 0.5;
  values[2] = -1;
  CHECK(dips(series_of(values), kLockedOut).empty());
  CHECK_FALSE(longest_dip(series_of({}), kLockedOut));
}

TEST_CASE("a single bad second stays in its column, and a column without requests is empty") {
  std::vector<double> values = all_good(3'600);
  values[1'234] = 0;
  const auto columns = decimated(series_of(values), 720);  // 5 seconds each: second 1 234 is in the 246th
  REQUIRE(columns.size() == 720);
  CHECK(columns[246]->least == 0);
  CHECK(columns[246]->greatest == 1);
  CHECK(columns[245]->least == 1);
  CHECK_FALSE(decimated(series_of({-1, -1, 1, 1}), 2)[0]);
  CHECK(decimated(series_of({1, 0.5}), 720).size() == 2);
}

}  // namespace
}  // namespace parallax::reports
