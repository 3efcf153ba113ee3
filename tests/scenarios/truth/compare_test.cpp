// The rule by which predictions are held against measurements, against arithmetic by hand.
#include "scenarios/truth/compare.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/random.h"

namespace parallax::scenarios::truth {

namespace {

schema::Figure figure(double value, double low, double high) {
  schema::Figure figure;
  figure.set_value(value);
  figure.set_low(low);
  figure.set_high(high);
  return figure;
}

// 200 values from 90 to 110, and what a bootstrap of them may have said.
schema::MeasuredRow around_100() {
  schema::MeasuredRow row;
  row.set_unit("ms");
  row.set_n(200);
  row.set_draws(200);
  *row.mutable_mean() = figure(100, 98, 102);
  *row.mutable_p50() = figure(100, 97, 103);
  *row.mutable_p95() = figure(109, 108, 110);
  row.mutable_max()->set_value(110);
  for (int i = 0; i <= 20; ++i) row.add_quantiles(90 + i);
  return row;
}

schema::MeasuredRow one_draw(double value, const char* unit = "ms") {
  schema::MeasuredRow row;
  row.set_unit(unit);
  row.set_n(1);
  row.set_draws(1);
  for (schema::Figure* one : {row.mutable_mean(), row.mutable_p50(), row.mutable_p95(), row.mutable_max()}) {
    one->set_value(value);
  }
  row.add_quantiles(value);
  return row;
}

std::vector<double> values(double least, double step, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(least + step * i);
  return values;
}

}  // namespace

// 5 % of 100 is 5: a mean may be from 98 - 5 to 102 + 5.
TEST_CASE("a predicted figure must lie in the measured one's interval, widened by a twentieth") {
  CHECK(compare(around_100(), {values(90, 1, 21)}).within());
  CHECK(compare(around_100(), {values(93, 0.9, 21)}).within());      // a mean of 102, a greatest value of 111
  CHECK_FALSE(compare(around_100(), {values(98, 1, 21)}).within());  // 108, of at most 107
  CHECK_FALSE(compare(around_100(), {values(82, 1, 21)}).within());  // 92, of at least 93
  const auto row = compare(around_100(), {values(98, 1, 21)});
  CHECK(row.figures(0).name() == "mean");
  CHECK(row.figures(0).judged() == "predicted");
  CHECK(row.figures(0).least() == Approx(93));
  CHECK(row.figures(0).greatest() == Approx(107));
  CHECK_FALSE(row.figures(0).within());
}

TEST_CASE("small figures may be off by 3 ms, or by one request") {
  schema::MeasuredRow row = one_draw(2);
  row.set_draws(2);
  row.set_n(2);
  for (schema::Figure* one : {row.mutable_mean(), row.mutable_p50(), row.mutable_p95(), row.mutable_max()}) {
    *one = figure(2, 2, 2);
  }
  CHECK(compare(row, {{4.9}}).within());
  CHECK_FALSE(compare(row, {{5.1}}).within());
  row.set_unit("requests");
  CHECK(compare(row, {{3}}).within());
  CHECK_FALSE(compare(row, {{4}}).within());
}

// 99 % of 201 experiments have a greatest value of 101 to 300: not that of all together, and 110 must be among them.
TEST_CASE("a greatest value must lie among those that experiments have") {
  Experiments late;
  for (int i = 0; i <= 200; ++i) {
    late.push_back(values(90, 1, 21));
    late.back().back() = 101 + i;  // in place of 110
  }
  const auto row = compare(around_100(), late);
  CHECK(row.figures(3).judged() == "measured");
  CHECK(row.figures(3).within());
  for (auto& experiment : late) experiment.back() += 16;
  CHECK_FALSE(compare(around_100(), late).figures(3).within());  // of at least 118 - 5.5
}

// Each experiment has a greatest value of its own, of as many values as were measured: not that of all together.
TEST_CASE("figures are those that experiments have on average") {
  const auto row = compare(around_100(), {values(90, 1, 20), values(92, 1, 20)});
  CHECK(row.figures(3).predicted() == Approx(110));  // of 109 and 111
  CHECK(row.predicted_n() == 40);
  CHECK(row.experiments() == 2);
}

TEST_CASE("what was measured in one draw must lie among what experiments have") {
  Experiments many;
  for (int i = 0; i <= 200; ++i) many.push_back({1'000.0 + i});
  // From the first to the last of 201; and 48 and 63.5 ms to either side.
  CHECK(compare(one_draw(1'100), many).within());
  CHECK(compare(one_draw(960), many).within());
  CHECK_FALSE(compare(one_draw(940), many).within());
  CHECK_FALSE(compare(one_draw(1'270), many).within());
  CHECK(compare(one_draw(1'100), many).figures(0).judged() == "measured");
  CHECK_FALSE(compare(one_draw(1'100), many).has_ks_critical());
}

// Uniform draws, so far apart that the slack of 3 ms is nothing: a further one is outside of 199 in 2 of 200 cases.
TEST_CASE("one more experiment lies among 199 in 99 % of cases, and among 399 too") {
  sim::Stream draws{1, "test", "experiments"};
  const auto draw = [&draws] { return 1e9 * (static_cast<double>(draws.below(1'000'000)) - 500'000); };
  for (const int count : {199, 399}) {
    int outside = 0;
    for (int i = 0; i < 2'000; ++i) {
      Experiments experiments;
      for (int k = 0; k < count; ++k) experiments.push_back({draw()});
      const auto row = compare(one_draw(0), experiments);
      const double further = draw();
      outside += further < row.figures(0).least() || further > row.figures(0).greatest() ? 1 : 0;
    }
    INFO(count << " experiments: " << outside << " of 2000 outside");
    CHECK(outside > 6);  // Bin(2000, 0.01): 20 +- 4.4
    CHECK(outside < 35);
  }
}

TEST_CASE("an experiment in which nothing happened has no figures; if nothing ever did the row is outside") {
  const auto row = compare(one_draw(1'000), {{}, {1'000}, {}});
  CHECK(row.within());
  CHECK(row.predicted_n() == 1);
  CHECK(row.experiments() == 1);
  CHECK_FALSE(compare(one_draw(1'000), {{}, {}}).within());
}

TEST_CASE("a critical value is told where values are independent") {
  const auto row = compare(around_100(), {values(90, 1, 21)});
  CHECK(row.has_ks_critical());
  CHECK(row.ks_distance() < row.ks_critical());
  schema::MeasuredRow of_three_cuts = around_100();
  of_three_cuts.set_draws(3);
  CHECK_FALSE(compare(of_three_cuts, {values(90, 1, 21)}).has_ks_critical());
}

}  // namespace parallax::scenarios::truth
