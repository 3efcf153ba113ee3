// Pauses between tries, worked out by hand, and where jitter may put them.
#include <catch2/catch.hpp>
#include <vector>

#include "models/steering/backoff.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {
namespace {

using sim::Duration;
using sim::milliseconds;
using sim::seconds;
using steering::Backoff;
using steering::BackoffSpec;
using steering::Jitter;

Backoff backoff(const BackoffSpec& spec, std::uint64_t seed = 1) {
  return {spec, sim::Stream{seed, "users", "jitter"}};
}

std::vector<Duration> pauses(const BackoffSpec& spec, std::uint32_t count) {
  Backoff clients = backoff(spec);
  std::vector<Duration> found;
  for (std::uint32_t failures = 1; failures <= count; ++failures) found.push_back(clients.pause(failures));
  return found;
}

TEST_CASE("a pause of factor 1 is always the first, whatever the greatest") {
  CHECK(pauses({seconds(90), 1, seconds(60), Jitter::kNone}, 3) == std::vector(3, seconds(90)));
}

// 1, 1 * 2 = 2, 4, 8, 16 would be next, and 10 is the greatest. By 3 from 2 s: 2, 6, 18, 54 is over 20.
TEST_CASE("pauses grow by the factor up to the greatest") {
  CHECK(pauses({seconds(1), 2, seconds(10), Jitter::kNone}, 6) ==
        std::vector{seconds(1), seconds(2), seconds(4), seconds(8), seconds(10), seconds(10)});
  CHECK(pauses({seconds(2), 3, seconds(20), Jitter::kNone}, 5) ==
        std::vector{seconds(2), seconds(6), seconds(18), seconds(20), seconds(20)});
  CHECK(pauses({seconds(1), 2, seconds(8), Jitter::kNone}, 5) ==
        std::vector{seconds(1), seconds(2), seconds(4), seconds(8), seconds(8)});
}

TEST_CASE("the extremes of factor, pause and failures do not overflow") {
  constexpr std::uint32_t kMany = 4'000'000'000;
  CHECK(backoff({{}, 100, seconds(1), Jitter::kFull}).pause(kMany) == Duration{});
  const Duration year = sim::minutes(60 * 24 * 365);
  CHECK(backoff({sim::nanoseconds(1), 100, year, Jitter::kNone}).pause(kMany) == year);
  CHECK(backoff({year, 100, year, Jitter::kNone}).pause(kMany) == year);
}

// Full: the whole numbers 0 to pause. Equal: of 7 ns the half is 3, and from there up to 7. Each value comes: of 64
// seeds and 8 (5) values one is missing with probability 8 * (7/8)^64 = 0.002 (5 * (4/5)^64 = 3e-6); seeds are fixed.
TEST_CASE("jitter draws from 0, or half the pause, to the pause, and reaches both ends") {
  for (const auto& [jitter, least] : {std::pair{Jitter::kFull, 0}, std::pair{Jitter::kEqual, 3}}) {
    std::vector<int> seen(8);
    for (std::uint64_t seed = 1; seed <= 64; ++seed) {
      const Duration pause = backoff({sim::nanoseconds(7), 1, seconds(1), jitter}, seed).pause(1);
      REQUIRE(pause.ns >= 0);
      REQUIRE(pause.ns <= 7);
      ++seen[static_cast<std::size_t>(pause.ns)];
    }
    for (int value = 0; value < 8; ++value) CHECK((seen[static_cast<std::size_t>(value)] > 0) == (value >= least));
  }
}

TEST_CASE("jitter stays in its bounds over many seeds, and is uniform between them") {
  for (const Jitter jitter : {Jitter::kFull, Jitter::kEqual}) {
    std::vector<double> places;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
      Backoff clients = backoff({milliseconds(100), 2, seconds(3), jitter}, seed);
      Backoff fixed = backoff({milliseconds(100), 2, seconds(3), Jitter::kNone});
      for (std::uint32_t failures = 1; failures <= 8; ++failures) {
        const Duration whole = fixed.pause(failures);
        const Duration least{jitter == Jitter::kEqual ? whole.ns / 2 : 0};
        const Duration pause = clients.pause(failures);
        REQUIRE(pause >= least);
        REQUIRE(pause <= whole);
        places.push_back(static_cast<double>((pause - least).ns) / static_cast<double>((whole - least).ns));
      }
    }
    CHECK(kolmogorov_distance(places, [](double x) { return x; }) < kolmogorov_critical(places.size()));
  }
}

}  // namespace
}  // namespace parallax::test
