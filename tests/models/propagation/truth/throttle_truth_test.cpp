// The profiles of rate limiters against measurements of HAProxy 2.6.12, express-rate-limit 8.7.4, rate-limit-redis
// 6.0.1 and Redis 7.0.15 on Linux 6.18 (2026-11): two nodes in network namespaces joined by a link of known delay, a
// limit of 20 per 2 s for one user, who asks them in turn. One set of parameters for all settings. The figures are
// requests admitted in bins of 2 s, by when they were asked; seven bins of one run each.
//
// Independent and shared counters must admit the measured number exactly. Where counts are exchanged, the predicted
// mean must lie in the 99 % interval of the measured one (a bootstrap over the bins), widened by 5 %. HAProxy's peers
// differed from run to run: their first bin must be within 15 %, which is what is asked; that the later bins' mean lies
// in the measured interval too is more than the order of magnitude.
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "models/propagation/counters/profiles.h"
#include "models/testbeds/throttle_pair.h"

namespace parallax::test {

using namespace testbeds;

using sim::microseconds;
using sim::milliseconds;

namespace {

constexpr std::uint64_t kRuns = 20;

/// The measuring client came up to 2.1 ms late at 100 requests a second, up to 1.15 ms otherwise.
PairSetting setting_of(std::string_view profile, sim::Duration one_way, std::int64_t offered = 100,
                       Pattern pattern = Pattern::kRoundRobin) {
  PairSetting setting;
  setting.spec = propagation::counters::profile_named(profile)->spec({20, sim::seconds(2)});
  setting.one_way = one_way;
  setting.offered_per_second = offered;
  setting.pattern = pattern;
  setting.lateness = offered == 100 ? microseconds(2'100) : microseconds(1'150);
  return setting;
}

using Bins = std::vector<int>;

struct ByNode {
  Bins first;
  Bins second;
  friend bool operator==(const ByNode&, const ByNode&) = default;
};

ByNode by_node(const PairSetting& setting, const PairRun& run) {
  return {admitted_by_bin(setting, run, 0), admitted_by_bin(setting, run, 1)};
}

/// Means over the runs: of the first bin, and of the others. Both nodes together.
struct Predicted {
  double first{0};
  double later{0};
  double later_second_node{0};
};

Predicted predict(const PairSetting& setting) {
  Predicted predicted;
  const auto mean_but_first = [](const Bins& bins) {
    return std::accumulate(bins.begin() + 1, bins.end(), 0.0) / static_cast<double>(bins.size() - 1);
  };
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const PairRun run = run_pair(setting, seed);
    const Bins bins = admitted_by_bin(setting, run);
    predicted.first += bins[0] / static_cast<double>(kRuns);
    predicted.later += mean_but_first(bins) / static_cast<double>(kRuns);
    predicted.later_second_node += mean_but_first(admitted_by_bin(setting, run, 1)) / static_cast<double>(kRuns);
  }
  return predicted;
}

/// The measured figure, and its 99 % interval.
struct Measured {
  double figure;
  double low;
  double high;
};

void check(const char* what, double predicted, const Measured& measured) {
  INFO(what << ": predicted " << predicted << ", measured " << measured.figure << " [" << measured.low << ", "
            << measured.high << "]");
  const double slack = 0.05 * measured.figure;
  CHECK(predicted >= measured.low - slack);
  CHECK(predicted <= measured.high + slack);
}

void check_peers(const PairSetting& setting, double first, const Measured& later) {
  const Predicted predicted = predict(setting);
  INFO("first bin: predicted " << predicted.first << ", measured " << first);
  CHECK(predicted.first == Approx(first).epsilon(0.15));
  check("later bins", predicted.later, later);
}

sim::Duration median_latency(const PairRun& run, std::size_t node) {
  std::vector<sim::Duration> latencies;
  for (const Asked& one : run.asked) {
    if (one.node == node) latencies.push_back(one.latency);
  }
  std::nth_element(latencies.begin(), latencies.begin() + static_cast<std::ptrdiff_t>(latencies.size() / 2),
                   latencies.end());
  return latencies[latencies.size() / 2];
}

}  // namespace

TEST_CASE("independent counters admit twice the limit, and nothing in overload if they count what they deny") {
  const auto check_all = [](const PairSetting& setting, const Bins& measured) {
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
      CHECK(by_node(setting, run_pair(setting, seed)) == ByNode{measured, measured});
    }
  };
  const Bins twenty(7, 20);
  check_all(setting_of("haproxy_admitted", milliseconds(40)), twenty);
  check_all(setting_of("haproxy_offered", milliseconds(40)), {20, 0, 0, 0, 0, 0, 0});
  check_all(setting_of("haproxy_offered", milliseconds(40), 16), Bins(7, 16));
  check_all(setting_of("express_memory", milliseconds(40)), twenty);
}

// Windows begin with their first hit at the store. What the far node asks up to D before a window's first hit counts in
// it, but is of the bin before: so 2 and 4 more in the first bin, and now and then 19 in a later one.
TEST_CASE("a shared counter admits the limit, for a round trip's latency at the far node") {
  const auto check_all = [](const PairSetting& setting, int first) {
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
      const PairRun run = run_pair(setting, seed);
      const ByNode bins = by_node(setting, run);
      CHECK(bins.first[0] == first / 2);
      CHECK(bins.second[0] == first / 2);
      for (std::size_t i = 1; i < 7; ++i) {
        CHECK(bins.first[i] + bins.second[i] >= 19);
        CHECK(bins.first[i] + bins.second[i] <= 20);
      }
    }
    check("later bins", predict(setting).later, {19.67, 19.17, 20.0});
  };
  check_all(setting_of("express_redis", milliseconds(40)), 22);
  check_all(setting_of("express_redis", milliseconds(80)), 24);
}

// Medians measured: 0.95 and 81.33 ms, 0.97 and 161.30 ms.
TEST_CASE("a shared counter's answers take a round trip") {
  const auto check_all = [](int one_way, double near, double far) {
    const PairRun run = run_pair(setting_of("express_redis", milliseconds(one_way)), 1);
    CHECK(static_cast<double>(median_latency(run, 0).ns) / 1e6 == Approx(near).margin(0.5));
    CHECK(static_cast<double>(median_latency(run, 1).ns) / 1e6 == Approx(far).margin(0.5));
  };
  check_all(40, 0.95, 81.33);
  check_all(80, 0.97, 161.30);
}

// The near node has 10 requests in the 40 ms before the far one's first arrives, and they share the rest: 15 : 5.
TEST_CASE("in a burst the node next to the shared counter gets more") {
  const PairSetting setting = setting_of("express_redis", milliseconds(40), 40, Pattern::kBurst);
  double near = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const ByNode bins = by_node(setting, run_pair(setting, seed));
    for (std::size_t i = 0; i < 7; ++i) {
      CHECK(bins.first[i] + bins.second[i] == 20);
      near += bins.first[i] / (7.0 * kRuns);
    }
  }
  check("near node", near, {14.71, 14.29, 15});
}

TEST_CASE("copies of a counter admit what is on its way more than the limit") {
  const auto check_all = [](int one_way, const Measured& both, const Measured& far) {
    INFO("D = " << one_way << " ms");
    const Predicted predicted = predict(setting_of("redis_async", milliseconds(one_way)));
    check("first bin", predicted.first, both);
    check("later bins", predicted.later, both);
    check("later bins, far node", predicted.later_second_node, far);
  };
  check_all(5, {20, 20, 20}, {10, 10, 10});
  check_all(40, {23.71, 23.29, 24}, {12.67, 12.17, 13});
  check_all(80, {27.86, 27.43, 28}, {16, 16, 16});
}

TEST_CASE("HAProxy's peers lose what the other counted meanwhile, and then let a full period hardly get older") {
  const char* const admitted = "haproxy_peers_admitted";
  check_peers(setting_of(admitted, milliseconds(5)), 20, {10.0, 5.83, 11.83});
  check_peers(setting_of(admitted, milliseconds(40)), 96, {7.17, 0, 17.17});
  check_peers(setting_of(admitted, milliseconds(80)), 164, {0, 0, 0});
  check_peers(setting_of(admitted, milliseconds(40), 24), 20, {0, 0, 0});
  check_peers(setting_of(admitted, milliseconds(40), 40, Pattern::kBurst), 75, {52.67, 21.33, 68.5});
  check_peers(setting_of("haproxy_peers_offered", milliseconds(40)), 96, {0, 0, 0});
  check_peers(setting_of("haproxy_peers_offered", milliseconds(40), 16), 20, {0, 0, 0});
}

// Of those and more runs the first bin was found to be about L (1 + 2 round(R D / 2)), R being the rate of both nodes
// together. Where R D / 2 is nearer to an integer than to a step between two, the mechanism must agree.
TEST_CASE("at other rates and delays HAProxy's peers admit at first what was found of them") {
  const auto check_all = [](std::int64_t rate, int one_way, double found) {
    const double predicted = predict(setting_of("haproxy_peers_admitted", milliseconds(one_way), rate)).first;
    INFO(rate << " a second, " << one_way << " ms: predicted " << predicted << ", found " << found);
    CHECK(predicted == Approx(found).epsilon(0.15));
  };
  check_all(30, 5, 20);
  check_all(50, 10, 20);
  check_all(50, 40, 60);
  check_all(100, 20, 60);
  check_all(100, 60, 140);
  check_all(200, 10, 60);
  check_all(200, 20, 100);
}

// Bin by bin what was measured in one run, as the mechanism explains it: at 100 requests a second and 40 ms an entry
// waits 10 ms for each 40 ms on its way, and 2 s last 10 s; at 5 ms it waits 5 for each 5, and they last 4 s. In bursts
// each begins with a window of ten packets, so that lessons come late.
TEST_CASE("HAProxy's peers thaw when their entry has waited for a period, and bursts are counted as measured") {
  const auto check_all = [](const PairSetting& setting, const Bins& measured) {
    Bins sums(measured.size());
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
      const Bins bins = admitted_by_bin(setting, run_pair(setting, seed));
      for (std::size_t i = 0; i < bins.size(); ++i) sums[i] += bins[i];
    }
    for (std::size_t i = 0; i < measured.size(); ++i) {
      INFO("bin " << i << ": predicted " << sums[i] / static_cast<double>(kRuns) << ", measured " << measured[i]);
      CHECK(sums[i] / static_cast<double>(kRuns) == Approx(measured[i]).epsilon(0.05).margin(3));
    }
  };
  const char* const admitted = "haproxy_peers_admitted";
  check_all(setting_of(admitted, milliseconds(5)), {20, 3, 12, 11, 12, 11, 11});
  check_all(setting_of(admitted, milliseconds(40)), {96, 0, 0, 0, 3, 20, 20});
  check_all(setting_of(admitted, milliseconds(80)), {164, 0, 0, 0, 0, 0, 0});
  check_all(setting_of(admitted, milliseconds(40), 40, Pattern::kBurst), {75, 0, 72, 67, 62, 59, 56});
}

// `show table` of both nodes, 100 requests a second for 8 s and then none, 40 ms: the rate over 2 s stays at the limit
// while requests come, and falls from 0.5 s after the last on.
TEST_CASE("what HAProxy's peers believe decays once requests stop") {
  struct Sample {
    int ms;
    double rate;
  };
  const std::vector<Sample> measured{{1'200, 20},   {4'000, 20},  {8'000, 20},   {8'500, 20}, {8'900, 15.5},
                                     {9'300, 11.5}, {9'700, 7.5}, {10'100, 3.5}, {10'500, 0}, {11'000, 0}};
  PairSetting setting = setting_of("haproxy_peers_admitted", milliseconds(40));
  setting.bins = 4;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const PairRun run = run_pair(setting, seed);
    for (const Sample& sample : measured) {
      const Believed& believed = run.believed[static_cast<std::size_t>(sample.ms / 100)];
      INFO(sample.ms << " ms, measured " << sample.rate);
      CHECK(static_cast<double>(believed.first) == Approx(sample.rate).margin(2));
      CHECK(static_cast<double>(believed.second) == Approx(sample.rate).margin(2));
    }
  }
}

TEST_CASE("with requests at one node only HAProxy's peers admit the limit, as measured") {
  PairSetting setting = setting_of("haproxy_peers_admitted", milliseconds(40));
  setting.nodes_asked = 1;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    CHECK(admitted_by_bin(setting, run_pair(setting, seed)) == Bins(7, 20));
  }
}

}  // namespace parallax::test
