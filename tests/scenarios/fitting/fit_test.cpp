// Which family is written, and whether a scenario that it is pasted into draws what was measured.
#include "scenarios/fitting/fit.h"

#include <google/protobuf/text_format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "reports/authoring/fit_text.h"
#include "reports/json.h"
#include "scenarios/fitting/gamma_mixture.h"
#include "scenarios/fitting/shifted_lognormal.h"

namespace parallax::scenarios::fitting {
namespace {

Measurements drawn(const Model& model, std::size_t count, int seed, std::int64_t step = 1'000) {
  sim::Stream stream(static_cast<std::uint64_t>(seed), "test", "values");
  Measurements values;
  for (std::size_t i = 0; i < count; ++i) {
    values.ns.push_back(static_cast<std::int64_t>(model.draw(stream)) / step * step);
  }
  return values;
}

std::string chosen(Measurements values) { return fit(std::move(values), "values.csv", "delay").chosen(); }

const ShiftedLognormal kLognormal(20e6, 16, 0.8, ShiftedLognormal::Floor::free);
const GammaMixture kTwoWays({{0.6, 40, 20e6}, {0.4, 90, 60e6}});
const GammaMixture kThreeWays({{0.4, 100, 20e6}, {0.3, 150, 60e6}, {0.3, 400, 120e6}});

TEST_CASE("the family that the values came from is chosen") {
  int lognormal = 0;
  int two = 0;
  int three = 0;
  for (int seed = 1; seed <= 6; ++seed) {
    lognormal += chosen(drawn(kLognormal, 300, seed)) == "shifted lognormal";
    two += chosen(drawn(kTwoWays, 300, seed)) == "gamma mixture of 2";
    three += chosen(drawn(kThreeWays, 300, seed)) == "gamma mixture of 3";
  }
  // One in twenty is refused by the test, by its own level.
  CHECK(lognormal >= 5);
  CHECK(two >= 5);
  CHECK(three >= 5);
}

TEST_CASE("values of no family are written as they are, and that is said") {
  Measurements values;  // polls at 1, 2, 3, 4 and 5 s, each with a little on top, and a rare time-out at 30 s
  sim::Stream stream(1, "test", "polls");
  for (int i = 0; i < 600; ++i) {
    const auto poll = static_cast<std::int64_t>(i % 100 == 0 ? 30 : 1 + i % 5);
    values.ns.push_back(poll * 1'000'000'000 + static_cast<std::int64_t>(stream.below(1'000)) * 10'000);
  }
  const schema::Fit found = fit(values, "polls.csv", "lag");
  CHECK(found.chosen() == "empirical");
  CHECK(found.why().find("None fits") == 0);
  CHECK(found.delay().empirical().data() == "polls.csv");
  CHECK(found.drawn().mean_ns() == Approx(found.measured().mean_ns()).epsilon(0.02));
  CHECK(found.drawn().p50_ns() == Approx(found.measured().p50_ns()).epsilon(0.02));
  CHECK(found.drawn().greatest_ns() <= found.measured().greatest_ns() + 1'000'000);  // cut to 1 ms
}

TEST_CASE("a run draws what was measured, whatever family is written") {
  for (const Model* model : {static_cast<const Model*>(&kLognormal), static_cast<const Model*>(&kThreeWays)}) {
    const schema::Fit found = fit(drawn(*model, 2'000, 3), "values.csv", "delay");
    INFO(found.chosen());
    CHECK(found.drawn().p50_ns() == Approx(found.measured().p50_ns()).epsilon(0.03));
    CHECK(found.drawn().p95_ns() == Approx(found.measured().p95_ns()).epsilon(0.05));
    CHECK(found.drawn().mean_ns() == Approx(found.measured().mean_ns()).epsilon(0.02));
  }
}

TEST_CASE("one outlier of many does not spread over the table's last cell") {
  Measurements values = drawn(kTwoWays, 20'000, 1);
  for (std::int64_t& value : values.ns) value -= value % 7'000'000;  // of no family
  values.ns.push_back(20'000'000'000);
  const schema::Fit found = fit(values, "values.csv", "delay");
  REQUIRE(found.chosen() == "empirical");
  CHECK(found.drawn().greatest_ns() < 1'000'000'000);
  CHECK(found.drawn().mean_ns() == Approx(found.measured().mean_ns()).epsilon(0.01));
}

TEST_CASE("round trips are halved") {
  Measurements values = drawn(kLognormal, 400, 2);
  const schema::Fit there_and_back = fit(values, "values.csv", "delay");
  values.are_round_trips = true;
  const schema::Fit one_way = fit(values, "values.csv", "delay");
  CHECK(one_way.measured().p50_ns() == Approx(there_and_back.measured().p50_ns() / 2).margin(1));
  CHECK(one_way.chosen() == there_and_back.chosen());
}

TEST_CASE("values that are all the same are a constant") {
  const schema::Fit found = fit({std::vector<std::int64_t>(30, 40'000'000), "", 0, false}, "values.csv", "delay");
  CHECK(found.chosen() == "constant");
  CHECK(found.delay().constant() == "40ms");
}

TEST_CASE("values of zero are no delay of a family") {
  Measurements values = drawn(kLognormal, 100, 1);
  for (int i = 0; i < 30; ++i) values.ns.push_back(0);
  const schema::Fit found = fit(values, "lag.csv", "lag");
  CHECK(found.chosen() == "empirical");
  CHECK(found.why().find("some values are 0") != std::string::npos);
}

TEST_CASE("what is printed can be pasted: it reads as the delay that was found") {
  for (const Model* model : {static_cast<const Model*>(&kLognormal), static_cast<const Model*>(&kTwoWays)}) {
    const schema::Fit found = fit(drawn(*model, 400, 1), "a \"file\".csv", "delay");
    schema::Link link;  // any message with a delay
    google::protobuf::TextFormat::Parser parser;
    parser.AllowPartialMessage(true);
    REQUIRE(parser.ParseFromString(reports::fit_text(found), &link));
    CHECK(link.delay().SerializeAsString() == found.delay().SerializeAsString());
  }
}

TEST_CASE("the same values give the same bytes, in whatever order they come") {
  Measurements values = drawn(kLognormal, 300, 5);
  const std::string once = reports::to_json(fit(values, "values.csv", "delay"));
  std::reverse(values.ns.begin(), values.ns.end());
  CHECK(reports::to_json(fit(values, "values.csv", "delay")) == once);
}

}  // namespace
}  // namespace parallax::scenarios::fitting
