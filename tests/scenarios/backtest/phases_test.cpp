// A plateau and what moves away from it come out again as they were put in.
#include "scenarios/backtest/phases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "scenarios/backtest/phase_ranks.h"
#include "sim/random.h"

namespace parallax::scenarios::backtest {
namespace {

/// What of `height` is left in buckets of 5 s: all up to `detect`, nothing `redirect` later.
std::vector<double> outage(double height, double detect, double redirect, std::size_t buckets) {
  std::vector<double> failed;
  for (std::size_t i = 0; i < buckets; ++i) {
    const double at = (static_cast<double>(i) + 0.5) * 5;
    const double left = at < detect ? 1 : at > detect + redirect ? 0 : (detect + redirect - at) / redirect;
    failed.push_back(height * left);
  }
  return failed;
}

TEST_CASE("height, detection and redirection are found") {
  const Phases phases = phases_of(outage(0.6, 90, 60, 80), 5, 300);
  CHECK(phases.height == Approx(0.6).margin(0.01));
  CHECK(phases.detect == Approx(96).margin(2));    // a tenth of the slope
  CHECK(phases.redirect == Approx(48).margin(2));  // eight tenths of it
  CHECK(phases.warm_up < 1);
  CHECK(phases.back == 0);
}

TEST_CASE("they are found in noise, too, and move one by one") {
  sim::Stream stream(1, "test", "noise");
  const auto noisy = [&](std::vector<double> failed) {
    for (double& share : failed)
      share = std::max(0.0, share + (static_cast<double>(stream.below(1'001)) - 500) / 10'000);
    return failed;
  };
  for (int i = 0; i < 20; ++i) {
    const Phases phases = phases_of(noisy(outage(0.8, 45, 30, 80)), 5, 300);
    const Phases later = phases_of(noisy(outage(0.8, 75, 30, 80)), 5, 300);
    const Phases longer = phases_of(noisy(outage(0.8, 45, 90, 80)), 5, 300);
    CHECK(phases.detect == Approx(48).margin(7));  // a bucket, and what noise hides
    CHECK(phases.redirect == Approx(24).margin(8));
    CHECK(later.detect == Approx(78).margin(7));
    CHECK(later.redirect == Approx(24).margin(8));
    CHECK(longer.detect == Approx(54).margin(9));
    CHECK(longer.redirect == Approx(72).margin(14));
  }
}

TEST_CASE("clients that move in a few large steps are no other outage") {
  std::vector<double> failed(60, 0.0);
  for (std::size_t i = 0; i < 30; ++i) failed[i] = i < 10 ? 1 : i < 25 ? 0.8 : 0.3;  // at 50 s, 125 s and 150 s
  const Phases phases = phases_of(failed, 5, 300);
  CHECK(phases.detect == Approx(50).margin(3));
  CHECK(phases.redirect == Approx(100).margin(3));
}

TEST_CASE("what fails after all have moved is warm-up, and after the fault it belongs to the way back") {
  std::vector<double> failed = outage(1, 50, 25, 80);
  for (std::size_t i = 20; i < 30; ++i) failed[i] = 0.08;  // 100 s to 150 s: 4 s of all calls
  for (std::size_t i = 60; i < 64; ++i) failed[i] = 0.5;   // 300 s to 320 s: 10 s
  const Phases phases = phases_of(failed, 5, 300);
  CHECK(phases.warm_up == Approx(4).margin(0.6));
  CHECK(phases.back == Approx(10));
}

TEST_CASE("buckets without calls are left out") {
  std::vector<double> failed = outage(1, 50, 25, 40);
  failed[3] = failed[12] = -1;
  const Phases phases = phases_of(failed, 5, 200);
  CHECK(phases.detect == Approx(52.5).margin(3));
  CHECK(phases_of({}, 5, 300).detect == 0);
}

TEST_CASE("of several phases a member is as far off as in its farthest, and all are ranked by that") {
  PhaseSeconds even{10};  // the drill in the middle
  PhaseSeconds odd{400};  // the drill far off
  for (int seed = 0; seed < 20; ++seed) {
    even.push_back(seed);
    odd.push_back(100 + seed);
  }
  const std::vector<double> ps = adjusted_ps({even, odd}, 1);
  CHECK(ps[0] == 1);  // nobody is nearer to the middle
  CHECK(ps[1] == Approx(1.0 / 21));
  odd.front() = -400;
  CHECK(adjusted_ps({even, odd}, 1)[1] == Approx(1.0 / 21));
  // Away by less than the resolution is away by little, although no seed is at all.
  PhaseSeconds same(21, 7.0);
  same.front() = 7.5;
  CHECK(adjusted_ps({even, same}, 5)[1] > 0.5);
  CHECK(adjusted_ps({}, 5).empty());
}

TEST_CASE("in one of twenty drills at the most some phase is named, whatever the phases look like") {
  constexpr int kDrills = 400;
  sim::Stream stream(1, "test", "phases");
  int named = 0;
  for (int drill = 0; drill < kDrills; ++drill) {
    std::vector<PhaseSeconds> phases(4);
    for (int member = 0; member < 40; ++member) {
      const auto below = [&](std::uint64_t most) { return static_cast<double>(stream.below(most)); };
      const double common = below(20);
      phases[0].push_back(20 + below(10));                      // flat
      phases[1].push_back(common + below(20));                  // a roof
      phases[2].push_back(1'000 / (1 + below(100)));            // a long tail
      phases[3].push_back(common + (below(10) == 0 ? 60 : 0));  // seldom very long; hangs together with the second
    }
    const std::vector<double> ps = adjusted_ps(phases, 5);
    named += *std::min_element(ps.begin(), ps.end()) <= 0.05;
  }
  CHECK(named <= 35);  // of B(400, 0.05) more come once in 1,000 times
}

}  // namespace
}  // namespace parallax::scenarios::backtest
