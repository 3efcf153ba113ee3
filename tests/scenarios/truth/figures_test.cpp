// Statistics of the comparison, against arithmetic by hand.
#include "scenarios/truth/figures.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/random.h"

namespace parallax::scenarios::truth {

TEST_CASE("figures are linear between order statistics") {
  // Places of five values: 0, 25, 50, 75, 100 %; so 95 % is four fifths of the way from 40 to 100.
  const auto figures = figures_of({40, 10, 100, 20, 30});
  CHECK(figures[0] == Approx(40));
  CHECK(figures[1] == Approx(30));
  CHECK(figures[2] == Approx(40 + 0.8 * 60));
  CHECK(figures[3] == Approx(100));
  CHECK(figures_of({7}) == std::array<double, 4>{7, 7, 7, 7});
}

TEST_CASE("a table of quantiles keeps the ends, and short samples whole") {
  CHECK(equally_spaced({3, 1, 2}, 101) == std::vector<double>{1, 2, 3});
  std::vector<double> values;
  for (int i = 0; i <= 1'000; ++i) values.push_back(1'000 - i);
  const auto table = equally_spaced(values, 101);
  REQUIRE(table.size() == 101);
  CHECK(table.front() == 0);
  CHECK(table[37] == Approx(370));
  CHECK(table.back() == 1'000);
}

TEST_CASE("the distance of two samples is the greatest gap of their steps") {
  CHECK(ks_distance({1, 2, 3}, {1, 2, 3}) == 0);
  CHECK(ks_distance({1, 2}, {3, 4}) == 1);
  // Behind 1: 1/2 against 0; behind 2: 1/2 against 1/4; behind 3: 1 against 3/4.
  CHECK(ks_distance({1, 3}, {2, 2.5, 3, 5}) == Approx(0.5));
  // Equal values step together: 3/4 against 1/4 behind 1.
  CHECK(ks_distance({1, 1, 1, 2}, {1, 2, 2, 2}) == Approx(0.5));
}

TEST_CASE("samples of one distribution pass the critical value in 99 % of cases") {
  CHECK(ks_critical(100, 100) == Approx(1.628 * std::sqrt(0.02)));
  int failed = 0;
  sim::Stream draws{1, "test", "ks"};
  const auto sample = [&draws] {
    std::vector<double> values(200);
    for (double& value : values) value = static_cast<double>(draws.below(1'000'000));
    return values;
  };
  for (int i = 0; i < 400; ++i) failed += ks_distance(sample(), sample()) > ks_critical(200, 200) ? 1 : 0;
  // Bin(400, 0.01): 12 or more in one case of a thousand; the asymptotic value is on the safe side.
  CHECK(failed < 12);
}

}  // namespace parallax::scenarios::truth
