#include <catch2/catch.hpp>
#include <cstdio>

#include "models/propagation/counters/profiles.h"
#include "tests/models/propagation/truth/throttle_pair.h"

namespace parallax::test {
TEST_CASE("table") {
  using namespace propagation::counters;
  auto show = [](const char* name, int d, int rps, Pattern p) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      PairSetting s;
      s.spec = profile_named(name)->spec({20, sim::seconds(2)});
      s.one_way = sim::milliseconds(d);
      s.offered_per_second = rps;
      s.pattern = p;
      auto a = run_pair(s, seed);
      auto one = admitted_by_bin(s, a, 0);
      auto all = admitted_by_bin(s, a);
      std::printf("%s %d %d %d:", name, d, rps, static_cast<int>(p));
      for (std::size_t i = 0; i < all.size(); ++i) std::printf(" %d(%d)", all[i], one[i]);
      std::printf("\n");
    }
  };
  show("haproxy_admitted", 40, 100, Pattern::kRoundRobin);
  show("haproxy_offered", 40, 100, Pattern::kRoundRobin);
  show("haproxy_offered", 40, 16, Pattern::kRoundRobin);
  for (int d : {5, 40, 80}) show("haproxy_peers_admitted", d, 100, Pattern::kRoundRobin);
  show("haproxy_peers_admitted", 40, 24, Pattern::kRoundRobin);
  show("haproxy_peers_admitted", 40, 40, Pattern::kBurst);
  show("haproxy_peers_offered", 40, 100, Pattern::kRoundRobin);
  show("haproxy_peers_offered", 40, 16, Pattern::kRoundRobin);
  show("express_memory", 40, 100, Pattern::kRoundRobin);
  for (int d : {40, 80}) show("express_redis", d, 100, Pattern::kRoundRobin);
  show("express_redis", 40, 40, Pattern::kBurst);
  for (int d : {5, 40, 80}) show("redis_async", d, 100, Pattern::kRoundRobin);
}
}  // namespace parallax::test
