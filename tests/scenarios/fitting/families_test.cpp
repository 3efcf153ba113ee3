// Known parameters come back within the error that theory gives: over many seeds the estimates scatter around them as
// their asymptotic standard errors say.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "scenarios/fitting/gamma_mixture.h"
#include "scenarios/fitting/goodness.h"
#include "scenarios/fitting/shifted_lognormal.h"
#include "scenarios/fitting/special.h"

namespace parallax::scenarios::fitting {
namespace {

constexpr int kSeeds = 200;

Samples drawn(const Model& model, std::size_t count, int seed, double step = 0) {
  sim::Stream stream(static_cast<std::uint64_t>(seed), "test", model.name());
  Samples samples{std::vector<double>(count), step};
  for (double& value : samples.ns) {
    value = model.draw(stream);
    if (step > 0) value = std::max(1.0, std::floor(value / step + 0.5)) * step;
  }
  std::sort(samples.ns.begin(), samples.ns.end());
  return samples;
}

/// Of one parameter over the seeds: (estimate - truth) / error should be standard normal.
struct Scatter {
  std::string name;
  double sum{0};
  double squares{0};
  int covered{0};

  void add(double z) {
    sum += z;
    squares += z * z;
    covered += std::fabs(z) < 1.96;
  }
};

/// The scatter of each parameter of `truth`, whose asymptotic errors are those of a large sample of its own.
template <typename Fit>
std::vector<Scatter> scatter_of(const Model& truth, std::size_t count, const Fit& fit) {
  Samples exact{std::vector<double>(count), 0};
  const std::vector<Parameter> known = truth.parameters(drawn(truth, 100'000, 0));
  const double gained = std::sqrt(100'000.0 / static_cast<double>(count));
  std::vector<Scatter> all(known.size());
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto model = fit(drawn(truth, count, seed));
    REQUIRE(model != nullptr);
    const std::vector<Parameter> found = model->parameters(exact = drawn(truth, count, seed));
    for (std::size_t i = 0; i < known.size(); ++i) {
      all[i].name = known[i].name;
      if (known[i].error > 0) all[i].add((found[i].value - known[i].value) / (known[i].error * gained));
    }
  }
  return all;
}

/// A mean of 200 standard normal numbers is within 0.28 of zero but once in 10,000 times (3.9 / sqrt(200)); the mean of
/// their squares within 0.39 of one (3.9 * sqrt(2 / 200)); 95 % of them cover, 86 % at the least. A bias of the order
/// 1 / sqrt(count) is allowed for.
void check_scatter(const std::vector<Scatter>& all, double bias) {
  for (const Scatter& scatter : all) {
    if (scatter.squares == 0) continue;  // no error is told
    INFO(scatter.name << ": mean " << scatter.sum / kSeeds << ", square " << scatter.squares / kSeeds << ", covered "
                      << scatter.covered);
    CHECK(std::fabs(scatter.sum / kSeeds) < 0.28 + bias);
    CHECK(scatter.squares / kSeeds == Approx(1).margin(0.39 + bias));
    CHECK(scatter.covered >= 172);
  }
}

TEST_CASE("a shifted lognormal comes back within its Fisher information") {
  const ShiftedLognormal truth(20e6, 16, 0.5, ShiftedLognormal::Floor::free);  // 20 ms + 8.9 ms
  check_scatter(scatter_of(truth, 2'000, [](const Samples& samples) { return fit_lognormal(samples); }), 0.15);
}

TEST_CASE("a lognormal that stands at zero is found there and told with two parameters") {
  // So far from zero that a floor could only be guessed; its likelihood is greatest at or near zero.
  const ShiftedLognormal truth(0, 18, 0.05, ShiftedLognormal::Floor::zero);
  int at_zero = 0;
  for (int seed = 1; seed <= 40; ++seed) {
    const auto model = fit_lognormal(drawn(truth, 500, seed));
    REQUIRE(model != nullptr);
    at_zero += model->freedom() == 2;
    CHECK(model->quantile(0.5) == Approx(std::exp(18)).epsilon(0.01));  // 4 standard errors: 0.05 / sqrt(500) * 4
  }
  CHECK(at_zero >= 15);  // half of all samples lean to either side
}

TEST_CASE("a gamma comes back within its information") {
  const GammaMixture truth({{1, 3, 40e6}});
  check_scatter(scatter_of(truth, 1'000, [](const Samples& samples) { return fit_gammas(samples, 1); }), 0.1);
}

TEST_CASE("two ways with a delay each come back with their weights") {
  const GammaMixture truth({{0.7, 40, 20e6}, {0.3, 90, 60e6}});
  check_scatter(scatter_of(truth, 1'000, [](const Samples& samples) { return fit_gammas(samples, 2); }), 0.1);
}

TEST_CASE("the asymptotic error of a lognormal's median is what the textbook has") {
  // With a floor that is known the median's relative error is sigma / sqrt(n).
  const ShiftedLognormal model(0, 16, 0.5, ShiftedLognormal::Floor::zero);
  const auto parameters = model.parameters({std::vector<double>(400), 0});
  CHECK(parameters[0].error == 0);
  CHECK(parameters[1].error == Approx(std::exp(16) * 0.5 / 20));
}

TEST_CASE("a family that fits is refused in one of twenty samples, rounded or not") {
  const ShiftedLognormal truth(20e6, 16, 0.5, ShiftedLognormal::Floor::free);
  for (const double step : {0.0, 1e6}) {
    int refused = 0;
    for (int seed = 1; seed <= 50; ++seed) {
      const Samples samples = drawn(truth, 60, seed, step);
      const auto model = fit_lognormal(samples);
      if (model == nullptr) continue;
      const auto goodness = goodness_of(*model, samples);
      REQUIRE(goodness);
      refused += !goodness->fits();
    }
    INFO("step " << step);
    CHECK(refused <= 9);  // B(50, 0.05): 9 or fewer but once in 2,000 times
  }
}

TEST_CASE("the distance of fitted parameters has a smaller critical value than Kolmogorov's") {
  const ShiftedLognormal truth(20e6, 16, 0.5, ShiftedLognormal::Floor::free);
  const Samples samples = drawn(truth, 400, 1);
  const auto goodness = goodness_of(*fit_lognormal(samples), samples);
  REQUIRE(goodness);
  CHECK(goodness->critical < 1.358 / 20);        // of parameters that were known before
  CHECK(goodness->critical > 0.5 * 1.358 / 20);  // Lilliefors' for two fitted ones is 0.65 of it
}

TEST_CASE("the functions of the gamma distribution are right at values that tables have") {
  CHECK(digamma(1) == Approx(-0.57721566490153286));
  CHECK(digamma(0.5) == Approx(-1.9635100260214235));
  CHECK(trigamma(1) == Approx(1.6449340668482264));    // pi^2 / 6
  CHECK(trigamma(0.5) == Approx(4.9348022005446793));  // pi^2 / 2
  CHECK(gamma_share_below(1, 2) == Approx(1 - std::exp(-2.0)));
  CHECK(gamma_share_below(3, 2) == Approx(1 - std::exp(-2.0) * 5));  // Erlang: 1 + 2 + 2
  CHECK(gamma_share_below(0.5, 0.5) == Approx(std::erf(std::sqrt(0.5))));
  CHECK(gamma_share_below(3, 20) == Approx(1 - std::exp(-20.0) * 221));
  // Where the approximation for large shapes takes over nothing jumps.
  CHECK(gamma_share_below(10'000, 10'100) == Approx(gamma_share_below(10'000.001, 10'100.001)).margin(1e-6));
}

TEST_CASE("a wide lognormal has a floor of zero: its least sample is as good as none") {
  const ShiftedLognormal truth(0, 18.420680743952367, 3, ShiftedLognormal::Floor::zero);  // ln of 100 ms
  for (int seed = 1; seed <= 20; ++seed) {
    const Samples samples = drawn(truth, 500, seed);
    REQUIRE(samples.ns.front() * 1'000 < samples.ns[250]);
    const auto fitted = fit_lognormal(samples);
    REQUIRE(fitted);
    CHECK(fitted->freedom() == 2);
    CHECK(fitted->parameters(samples)[0].value == 0);
    CHECK(fitted->parameters(samples)[1].value == Approx(100e6).epsilon(0.5));  // 3.5 * 3 / sqrt(500)
  }
}

/// Uniform between zero and one, or so it says; of redrawn samples some cannot be fitted.
class SometimesFitted : public Model {
 public:
  SometimesFitted(double stretch, int one_in) : stretch_{stretch}, one_in_{one_in} {}
  std::string name() const override { return "uniform"; }
  std::size_t freedom() const override { return 0; }
  double log_density(double /*ns*/) const override { return 0; }
  double share_below(double ns) const override { return std::clamp(ns / stretch_, 0.0, 1.0); }
  double draw(sim::Stream& stream) const override { return uniform(stream); }
  std::vector<Parameter> parameters(const Samples& /*samples*/) const override { return {}; }
  std::unique_ptr<Model> fitted_to(const Samples& /*samples*/) const override {
    return ++asked_ % one_in_ == 0 ? nullptr : std::make_unique<SometimesFitted>(1.0, one_in_);
  }
  schema::Delay written() const override { return {}; }

 private:
  double stretch_;
  int one_in_;
  mutable int asked_{0};
};

TEST_CASE("the verdict of the test and its critical distance agree, however many redraws could be fitted") {
  int unfit = 0;
  for (const int one_in : {2, 3, 5, 7, 11, 1'000}) {
    for (int i = 0; i < 60; ++i) {
      const SometimesFitted model(1 + i * 0.005, one_in);
      const auto goodness = goodness_of(model, drawn(SometimesFitted(1, 1'000), 200, 1));
      REQUIRE(goodness);
      INFO(one_in << ", " << i << ": " << goodness->distance << " of " << goodness->critical);
      CHECK(goodness->fits() == (goodness->distance <= goodness->critical));
      unfit += !goodness->fits();
    }
  }
  CHECK(unfit > 60);
  CHECK(unfit < 300);
}

}  // namespace
}  // namespace parallax::scenarios::fitting
