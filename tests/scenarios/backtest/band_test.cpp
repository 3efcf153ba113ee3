// The rank test by hand, and its level over many drills that are one more of the same.
#include "scenarios/backtest/band.h"

#include <catch2/catch.hpp>

#include "sim/random.h"

namespace parallax::scenarios::backtest {
namespace {

/// `share` of a hundred calls in each bucket.
std::vector<Part> flat(std::uint64_t share, std::size_t buckets) {
  return std::vector<Part>(buckets, Part{share, 100});
}

TEST_CASE("a drill that is farther than every seed has the least p that there is") {
  Line line{"failed", "west", 0, 5, {}, flat(90, 4)};
  for (std::uint64_t seed = 0; seed < 19; ++seed) line.seeds.push_back(flat(40 + seed, 4));
  const Ranked ranked = rank({line});
  CHECK(ranked.buckets == 4);
  // Beside the other 18 and the drill the band leaves out one at either end: 40 % lies below 41 %, and the drill above
  // 58 %; every other seed is inside.
  CHECK(ranked.members[0].outside == 4);
  CHECK(ranked.members[0].area == Approx(4 * 0.32));
  CHECK(ranked.members[1].outside == 4);
  CHECK(ranked.members[1].area == Approx(4 * 0.01));
  CHECK(ranked.members[10].outside == 0);
  CHECK(ranked.p == Approx(1.0 / 20));
}

TEST_CASE("a drill like the others is not told from them") {
  Line line{"failed", "west", 0, 5, {}, flat(50, 4)};
  for (std::uint64_t seed = 0; seed < 19; ++seed) line.seeds.push_back(flat(40 + seed, 4));
  CHECK(rank({line}).p == 1);
}

TEST_CASE("buckets in which somebody has no call say nothing") {
  Line line{"failed", "west", 0, 5, {}, flat(90, 4)};
  for (std::uint64_t seed = 0; seed < 19; ++seed) line.seeds.push_back(flat(50, 4));
  line.observed[0] = {};
  line.seeds[3][1] = {};
  CHECK(rank({line}).buckets == 2);
}

TEST_CASE("a drill with few calls is held against seeds that are seen as dimly") {
  Line line{"failed", "west", 0, 5, {}, std::vector<Part>(100, Part{1, 2})};
  line.seeds.push_back(std::vector<Part>(100, Part{500, 1'000}));
  see_as_many(line);
  std::size_t none = 0;
  for (const Part& part : line.seeds[0]) {
    CHECK(part.all == 2);
    none += part.of_it == 0;
  }
  CHECK(none > 10);  // one in four of them: B(100, 0.25) is under 11 once in 5,000 times
  CHECK(none < 45);
}

TEST_CASE("in one of twenty drills that are one more seed the test errs, however buckets hang together") {
  constexpr int kDrills = 400;
  constexpr std::size_t kSeeds = 24;
  sim::Stream stream(1, "test", "drills");
  const auto member = [&] {
    // All buckets of a member share a level: the worst case for a test that took them for independent.
    const std::uint64_t level = 100 + stream.below(300);
    std::vector<Part> parts;
    for (int bucket = 0; bucket < 30; ++bucket) parts.push_back({level + stream.below(60), 1'000});
    return parts;
  };
  int refused = 0;
  for (int drill = 0; drill < kDrills; ++drill) {
    Line line{"failed", "west", 0, 5, {}, member()};
    for (std::size_t seed = 0; seed < kSeeds; ++seed) line.seeds.push_back(member());
    refused += rank({line}).p <= kUnlikely;
  }
  // Of 25 members one has p = 0.04: refused are B(400, 0.04), 16 with a deviation of 3.9.
  CHECK(refused >= 5);
  CHECK(refused <= 28);
}

}  // namespace
}  // namespace parallax::scenarios::backtest
