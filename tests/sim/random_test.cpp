#include "sim/random.h"

#include <xxhash.h>

#include <Random123/philox.h>
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "goodness_of_fit.h"

namespace parallax::sim {
namespace {

using testing::chi_square_even;
using Generator = r123::Philox4x32;

std::vector<std::uint64_t> first(Stream stream, std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  for (std::uint64_t& number : numbers) number = stream.next();
  return numbers;
}

// Bits in which two independent streams differ are Binomial(64, 1/2) a number: mean 32, deviation 4. Over n numbers
// the mean's deviation is 4 / sqrt(n), and 2.58 of these are the two-sided 1 %.
bool look_independent(const Stream& a, const Stream& b) {
  constexpr std::size_t kNumbers = 10'000;
  const auto left = first(a, kNumbers);
  const auto right = first(b, kNumbers);
  double bits = 0;
  for (std::size_t i = 0; i < kNumbers; ++i) {
    if (left[i] == right[i]) return false;
    bits += std::popcount(left[i] ^ right[i]);
  }
  return std::fabs(bits / kNumbers - 32) < 2.58 * 4 / std::sqrt(kNumbers);
}

TEST_CASE("the generator is Philox4x32-10 as published") {
  // The lines "philox4x32 10" of tests/kat_vectors in the Random123 distribution: counter, key, result.
  const auto block = [](Generator::ctr_type counter, Generator::key_type key) { return Generator{}(counter, key); };
  CHECK(block({{0, 0, 0, 0}}, {{0, 0}}) == Generator::ctr_type{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
  CHECK(block({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, {{0xffffffff, 0xffffffff}}) ==
        Generator::ctr_type{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
  CHECK(block({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, {{0xa4093822, 0x299f31d0}}) ==
        Generator::ctr_type{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});
}

TEST_CASE("a stream is the generator, keyed by the hash of its name, counting up from zero") {
  Stream stream{7, "dc/node-a", "sweep phase"};
  const std::string name{"dc/node-a\0sweep phase", 21};
  const std::uint64_t hash = XXH3_64bits_withSeed(name.data(), name.size(), 7);
  const Generator::key_type key{{static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32)}};
  for (std::uint32_t counter = 0; counter < 100; ++counter) {
    const Generator::ctr_type block = Generator{}({{counter, 0, 0, 0}}, key);
    CHECK(stream.next() == (static_cast<std::uint64_t>(block[1]) << 32 | block[0]));
    CHECK(stream.next() == (static_cast<std::uint64_t>(block[3]) << 32 | block[2]));
  }
}

TEST_CASE("the first numbers of a named stream never change") {
  CHECK(first(Stream{7, "dc/node-a", "sweep phase"}, 4) ==
        std::vector<std::uint64_t>{0x8b2ecc641dc6988c, 0xf56db85dc0873063, 0xeac855fefb53883b, 0xbb91a1fec998aa52});
}

TEST_CASE("seed, entity and purpose each make a stream of their own") {
  const Stream stream{7, "dc/node-a", "sweep phase"};
  CHECK(first(stream, 100) == first(Stream{7, "dc/node-a", "sweep phase"}, 100));
  CHECK(look_independent(stream, Stream{8, "dc/node-a", "sweep phase"}));
  CHECK(look_independent(stream, Stream{7, "dc/node-b", "sweep phase"}));
  CHECK(look_independent(stream, Stream{7, "dc/node-a", "think time"}));
  // The border between entity and purpose is part of the name.
  CHECK(look_independent(Stream{7, "ab", "c"}, Stream{7, "a", "bc"}));
  CHECK(look_independent(Stream{7, "a", ""}, Stream{7, "", "a"}));
}

TEST_CASE("drawing from one stream moves no other") {
  Stream alone{7, "a", "delay"};
  Stream among_others{7, "a", "delay"};
  Stream other{7, "b", "delay"};
  for (int i = 0; i < 100; ++i) {
    other.next();
    if (i % 3 == 0) other.next();
    CHECK(among_others.next() == alone.next());
  }
}

TEST_CASE("below() is uniform") {
  Stream stream{1, "below", "even"};
  std::vector<std::uint64_t> counts(100);
  for (int i = 0; i < 200'000; ++i) ++counts.at(stream.below(100));
  CHECK(chi_square_even(counts) < 134.64);  // 99 degrees of freedom at 1 %
}

TEST_CASE("below() of one is zero") {
  Stream stream{1, "below", "one"};
  for (int i = 0; i < 100; ++i) CHECK(stream.below(1) == 0);
}

TEST_CASE("below() has no bias where the bound does not divide 2^64") {
  // Of bound 3 * 2^62: a remainder (next() % bound) would give the first third twice the weight of the others, a
  // product without rejection (next() * bound >> 64) the multiples of three. 2 degrees of freedom at 1 %: 9.21.
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  Stream stream{1, "below", "bias"};
  std::vector<std::uint64_t> by_third(3);
  std::vector<std::uint64_t> by_remainder(3);
  for (int i = 0; i < 30'000; ++i) {
    const std::uint64_t number = stream.below(3 * kThird);
    ++by_third.at(number / kThird);
    ++by_remainder.at(number % 3);
  }
  CHECK(chi_square_even(by_third) < 9.21);
  CHECK(chi_square_even(by_remainder) < 9.21);
}

TEST_CASE("below() reaches every number under its bound, and the bound itself never") {
  Stream stream{1, "below", "all"};
  std::vector<std::uint64_t> counts(7);
  for (int i = 0; i < 1'000; ++i) ++counts.at(stream.below(7));
  for (const std::uint64_t count : counts) CHECK(count > 0);
}

TEST_CASE("chance() holds its probability") {
  Stream stream{1, "chance", "share"};
  int quarter = 0;
  for (int i = 0; i < 100'000; ++i) {
    CHECK_FALSE(stream.chance(0));
    quarter += stream.chance(std::uint64_t{1} << 62) ? 1 : 0;  // 2^62 / 2^64 = 1/4
  }
  CHECK(quarter == Approx(25'000).margin(2.58 * std::sqrt(100'000 * 0.25 * 0.75)));  // binomial, 1 %
  // All but one of 2^64.
  for (int i = 0; i < 1'000; ++i) CHECK(stream.chance(std::numeric_limits<std::uint64_t>::max()));
}

}  // namespace
}  // namespace parallax::sim
