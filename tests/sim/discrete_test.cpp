#include "sim/discrete.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "goodness_of_fit.h"
#include "sim/fingerprint.h"

namespace parallax::sim {
namespace {

using testing::chi_square;

constexpr std::uint64_t kDraws = 200'000;

std::vector<std::uint64_t> counts_of(const Discrete& choice, std::size_t size) {
  Stream stream{1, "discrete", "test"};
  std::vector<std::uint64_t> counts(size);
  for (std::uint64_t i = 0; i < kDraws; ++i) ++counts.at(choice.sample(stream));
  return counts;
}

std::vector<double> shares_of(std::vector<double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  return weights;
}

TEST_CASE("choices have the shares of their weights") {
  const std::vector<double> weights{1, 2, 3, 4, 90};
  CHECK(chi_square(counts_of(Discrete{weights}, 5), shares_of(weights)) < 13.28);  // 4 degrees of freedom at 1 %
}

TEST_CASE("Zipf's ranks have the shares of the formula") {
  for (const double exponent : {0.0, 0.8, 1.0, 1.5}) {
    INFO("exponent " << exponent);
    std::vector<double> weights;
    for (int rank = 1; rank <= 100; ++rank) weights.push_back(1 / std::pow(rank, exponent));
    const auto counts = counts_of(Discrete::zipf(100, exponent), 100);
    // 99 degrees of freedom at 1 %. The rarest is expected 200,000 / 100^1.5 / 2.4 = 83 times: Pearson's law holds.
    CHECK(chi_square(counts, shares_of(weights)) < 134.64);
  }
}

TEST_CASE("a single choice is always taken") {
  CHECK(counts_of(Discrete{std::vector<double>{0.3}}, 1).front() == kDraws);
  CHECK(counts_of(Discrete::zipf(1, 1.1), 1).front() == kDraws);
}

TEST_CASE("weight zero is never drawn") {
  // Thirds are no binary fractions: what rounding leaves over must not fall to a choice of no weight.
  const std::vector<double> weights{0, 1.0 / 3, 0, 0, 0.1, 0, 1.0 / 7, 0};
  const auto counts = counts_of(Discrete{weights}, weights.size());
  for (const std::size_t none : {0U, 2U, 3U, 5U, 7U}) CHECK(counts[none] == 0);
  const std::vector<double> shares = shares_of({1.0 / 3, 0.1, 1.0 / 7});
  CHECK(chi_square({counts[1], counts[4], counts[6]}, shares) < 9.21);  // 2 degrees of freedom at 1 %
}

TEST_CASE("only the ratios of weights matter") {
  const auto small = counts_of(Discrete{std::vector<double>{0x1p-40, 0x3p-40, 0x5p-40}}, 3);
  CHECK(small == counts_of(Discrete{std::vector<double>{1, 3, 5}}, 3));
}

TEST_CASE("choices never change") {
  const Discrete choice = Discrete::zipf(1'000, 1.1);
  Stream stream{1, "discrete", "golden"};
  Hasher hasher;
  for (int i = 0; i < 10'000; ++i) hasher.add(std::vector<std::uint64_t>{choice.sample(stream)});
  // Equal for g++ and clang++, at -O0 and -O3. It moves with the tables of Discrete and with Stream alone.
  CHECK(to_hex(hasher.digest()) == "d1a3957761f24ce5c197cf2692d59885");
}

}  // namespace
}  // namespace parallax::sim
