// What must hold of two limiters whatever is asked of them, and when.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "models/propagation/counters/profiles.h"
#include "models/testbeds/throttle_pair.h"
#include "tests/support/checked_property.h"

namespace parallax::test {

using namespace testbeds;

namespace counters = propagation::counters;
using parallax::testing::check;
using parallax::testing::pick;
using sim::milliseconds;

namespace {

PairSetting any_setting(std::string_view profile) {
  PairSetting setting;
  const counters::Allowed allowed{pick<std::uint32_t>(1, 60), milliseconds(100 * pick<std::int64_t>(1, 30))};
  setting.spec = counters::profile_named(profile)->spec(allowed);
  setting.one_way = milliseconds(pick<std::int64_t>(0, 120));
  setting.offered_per_second = pick<std::int64_t>(2, 200);
  setting.pattern = pick<int>(0, 2) == 0 ? Pattern::kBurst : Pattern::kRoundRobin;
  setting.nodes_asked = pick<std::size_t>(1, 3);
  setting.lateness = milliseconds(pick<std::int64_t>(0, 50));
  setting.bins = 4;
  return setting;
}

std::uint64_t any_seed() { return pick<std::uint64_t>(1, 1'000'000); }

/// Requests in the order in which a counter sees them, and what it answered.
struct Seen {
  std::int64_t ms;  ///< on the counter's clock
  bool is_admitted;
};

/// Of each window from its first hit, exactly the first `limit` are admitted.
void check_windows(std::vector<Seen> seen, const logic::throttling::TallySpec& tally) {
  std::int64_t begin = -1;
  std::uint32_t in_window = 0;
  for (const Seen& one : seen) {
    if (begin < 0 || one.ms - begin >= tally.period.ns / 1'000'000) {
      begin = one.ms;
      in_window = 0;
    }
    RC_ASSERT(one.is_admitted == (++in_window <= tally.limit));
  }
}

}  // namespace

TEST_CASE("an independent counter admits min(demand, limit) in each of its windows") {
  check("windows of each node", 150, [] {
    const PairSetting setting = any_setting("express_memory");
    const PairRun run = run_pair(setting, any_seed());
    for (std::size_t node = 0; node < setting.nodes_asked; ++node) {
      std::vector<Asked> own;
      for (const Asked& one : run.asked) {
        if (one.node == node) own.push_back(one);
      }
      std::stable_sort(own.begin(), own.end(), [](const Asked& a, const Asked& b) { return a.when < b.when; });
      std::vector<Seen> seen;
      for (const Asked& one : own) seen.push_back({one.when.ns / 1'000'000, one.is_admitted});
      check_windows(seen, setting.spec.tally);
    }
  });
}

// When the store saw a request follows from its answer: that leaves at once, and its way back is no fuller than the one
// there.
TEST_CASE("a shared counter admits min(demand, limit) in each of its windows") {
  check("windows of the store", 150, [] {
    const PairSetting setting = any_setting("express_redis");
    const PairRun run = run_pair(setting, any_seed());
    std::vector<std::pair<std::int64_t, Seen>> arrivals;
    for (const Asked& one : run.asked) {
      const std::int64_t latency = one.latency.ns;
      RC_ASSERT(latency >= 2 * setting.spec.way_to_store.ns + (one.node == 1 ? 2 * setting.one_way.ns : 0));
      const std::int64_t back = setting.spec.way_to_store.ns + (one.node == 1 ? setting.one_way.ns : 0);
      const std::int64_t at = one.when.ns + latency - back;
      arrivals.push_back({at, {at / 1'000'000, one.is_admitted}});
    }
    std::stable_sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::map<std::int64_t, std::pair<std::uint32_t, std::uint32_t>> windows;  // demand, admitted by begin
    std::int64_t begin = -1;
    for (const auto& [at, seen] : arrivals) {
      if (begin < 0 || seen.ms - begin >= setting.spec.tally.period.ns / 1'000'000) begin = seen.ms;
      ++windows[begin].first;
      windows[begin].second += seen.is_admitted ? 1 : 0;
    }
    for (const auto& [_, window] : windows) {
      RC_ASSERT(window.second == std::min(window.first, setting.spec.tally.limit));
    }
  });
}

// Node 0 has the counter and node 1 a copy. When the counter is full, node 0 stops; what node 1 admitted in the D
// before that is not counted yet, and it stops D later. So more than the limit is only what node 1 is asked within 2 D
// and the exchange's own delay. A copy never counts what was not admitted, so nobody is refused before the limit is
// reached.
TEST_CASE("copies admit no less than min(demand, limit), and no more than what is under way beyond it") {
  check("aligned windows", 150, [] {
    const PairSetting setting = any_setting("redis_async");
    const PairRun run = run_pair(setting, any_seed());
    const auto& tally = setting.spec.tally;
    // TCP's window holds more back than the way takes when over ten are sent in a round trip: a round trip more.
    const sim::Duration blind = 4 * setting.one_way + setting.spec.exchange_delay;
    std::map<std::int64_t, std::vector<Asked>> windows;
    constexpr sim::VirtualTime kWarmUp{sim::seconds(20).ns};  // of the pair: windows are aligned to the simulation
    for (const Asked& one : run.asked) {
      const sim::VirtualTime when = one.when + (kWarmUp - sim::VirtualTime{});
      windows[sim::floor_to(when, tally.period).ns].push_back(one);
    }
    for (const auto& [_, asked] : windows) {
      const auto admitted = static_cast<std::size_t>(
          std::count_if(asked.begin(), asked.end(), [](const Asked& one) { return one.is_admitted; }));
      std::size_t under_way = 0;
      for (const Asked& last : asked) {
        under_way = std::max(under_way,
                             static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [&](const Asked& one) {
                               return one.node == 1 && one.when <= last.when && last.when - one.when <= blind;
                             })));
      }
      RC_ASSERT(admitted >= std::min<std::size_t>(asked.size(), tally.limit));
      RC_ASSERT(admitted <= tally.limit + under_way);
    }
  });
}

// In a node's first period everything that it knows of was admitted, here or there: it cannot be refused any before the
// limit. And what is refused before the period's end is refused because as many were admitted.
TEST_CASE("peers admit no less than min(demand, limit) in their first period") {
  check("first period", 150, [] {
    const PairSetting setting = any_setting("haproxy_peers_admitted");
    const PairRun run = run_pair(setting, any_seed());
    const auto& tally = setting.spec.tally;
    sim::VirtualTime first = sim::kNever;
    for (const Asked& one : run.asked) first = std::min(first, one.when);
    std::uint32_t demand = 0;
    std::uint32_t admitted = 0;
    for (const Asked& one : run.asked) {
      if (one.when - first >= tally.period) continue;
      ++demand;
      admitted += one.is_admitted ? 1 : 0;
    }
    RC_ASSERT(admitted >= std::min(demand, tally.limit));
  });
}

TEST_CASE("the further apart, the more copies and peers admit at first, the later a store answers, and nothing else") {
  std::vector<int> previous(4, 0);
  sim::Duration slowest{};
  for (const int one_way : {0, 10, 20, 30, 40, 50, 60, 70, 80, 90}) {
    const auto run = [one_way](std::string_view profile) {
      PairSetting setting;
      setting.spec = counters::profile_named(profile)->spec({20, sim::seconds(2)});
      setting.one_way = milliseconds(one_way);
      setting.lateness = {};
      return std::pair{setting, run_pair(setting, 1)};
    };
    INFO("D = " << one_way << " ms");
    const auto [copies, by_copies] = run("redis_async");
    const auto [alone, by_itself] = run("haproxy_admitted");
    const auto [store, by_store] = run("express_redis");
    CHECK(admitted_by_bin(copies, by_copies)[0] >= previous[0]);
    CHECK(admitted_by_bin(alone, by_itself) == std::vector<int>(7, 40));
    sim::Duration latency{};
    for (const Asked& one : by_store.asked) latency = std::max(latency, one.latency);
    CHECK(latency >= slowest);
    slowest = latency;
    previous[0] = admitted_by_bin(copies, by_copies)[0];
  }
  CHECK(previous[0] == 29);  // 20 + 2 r D
}

// Lessons come in the first of the 20 ms between two requests of a node, or miss it: the losses grow in steps.
TEST_CASE("the further apart, the more peers lose") {
  int previous = 0;
  for (const int one_way : {0, 8, 28, 48, 68, 88}) {
    PairSetting setting;
    setting.spec = counters::haproxy_peers_admitted({20, sim::seconds(2)});
    setting.one_way = milliseconds(one_way);
    setting.lateness = {};
    setting.bins = 1;
    const int admitted = admitted_by_bin(setting, run_pair(setting, 1))[0];
    INFO("D = " << one_way << " ms: " << admitted);
    CHECK(admitted >= previous);
    previous = admitted;
  }
  CHECK(previous > 150);
}

}  // namespace parallax::test
