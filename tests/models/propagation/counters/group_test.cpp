// Groups of limiters in settings worked out by hand. Requests come evenly at two nodes in turn, exactly on time: node 0
// at 0, 20, 40 ms ..., node 1 at 10, 30, 50 ms ..., unless a test says otherwise; limit 20 per 2 s.
#include "models/propagation/counters/group.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "models/propagation/counters/profiles.h"
#include "models/testbeds/throttle_pair.h"
#include "sim/simulation.h"

namespace parallax::test {

using namespace testbeds;

namespace counters = propagation::counters;
using sim::milliseconds;
using sim::seconds;

namespace {

using Bins = std::vector<int>;

PairSetting exact(std::string_view profile, sim::Duration one_way) {
  PairSetting setting;
  setting.spec = counters::profile_named(profile)->spec({20, seconds(2)});
  setting.one_way = one_way;
  setting.lateness = {};
  return setting;
}

constexpr auto kKey = logic::throttling::ThrottleKey::custom(logic::throttling::TemplateId{1}, {1, 1});

/// Several nodes at sites 40 ms from each other, and cuts of every link.
class World {
 public:
  struct Cut {
    std::int64_t from_ms;
    std::int64_t until_ms;
  };

  World(const counters::CounterSpec& spec, std::size_t nodes, const std::vector<Cut>& cuts = {})
      : simulation_{spec_of(nodes, cuts)} {
    std::vector<counters::Group::Node> places;
    for (std::size_t i = 0; i < nodes; ++i) {
      askers_.push_back(std::make_unique<At>());
      places.push_back({site(i), *askers_.back()});
    }
    group_ = std::make_unique<counters::Group>("limits", spec, places);
    group_->start();
  }

  void ask_at(std::int64_t ms, std::size_t node) {
    site(node).at(at(ms), [this, node] { group_->limiter(node).ask(kKey, askers_[node]->asked++); });
  }
  void run(std::int64_t until_ms) { simulation_.run(at(until_ms)); }

  int admitted(std::size_t node) const { return askers_[node]->admitted; }
  int answered(std::size_t node) const { return askers_[node]->answers; }
  std::uint64_t total(std::size_t node) { return group_->limiter(node).total(kKey); }

 private:
  struct At final : counters::Asker {
    void answered(std::uint64_t, counters::Answer answer) override {
      ++answers;
      if (answer == counters::Answer::kAdmitted) ++admitted;
    }
    std::uint64_t asked{0};
    int answers{0};
    int admitted{0};
  };

  static sim::VirtualTime at(std::int64_t ms) { return sim::VirtualTime{} + milliseconds(ms); }
  sim::Site& site(std::size_t i) { return simulation_.site(static_cast<sim::SiteId>(i)); }

  static sim::SimulationSpec spec_of(std::size_t nodes, const std::vector<Cut>& cuts) {
    sim::SimulationSpec spec{.seed = 1, .sites = {}, .links = {}, .outages = {}, .faults = 1};
    for (std::size_t i = 0; i < nodes; ++i) {
      spec.sites.push_back("dc" + std::to_string(i));
      for (std::size_t j = 0; j < nodes; ++j) {
        if (i == j) continue;
        spec.links.push_back(
            {static_cast<sim::SiteId>(i), static_cast<sim::SiteId>(j), sim::Distribution::constant(milliseconds(40))});
      }
    }
    for (const Cut& cut : cuts) {
      for (std::uint32_t link = 0; link < spec.links.size(); ++link) {
        spec.outages.push_back({static_cast<sim::LinkId>(link), at(cut.from_ms), at(cut.until_ms), 0});
      }
    }
    return spec;
  }

  sim::Simulation simulation_;
  std::vector<std::unique_ptr<At>> askers_;
  std::unique_ptr<counters::Group> group_;
};

}  // namespace

TEST_CASE("N independent counters admit N times the limit") {
  for (const std::size_t nodes : {1U, 2U, 5U}) {
    World world{counters::express_memory({20, seconds(2)}), nodes};
    int admitted = 0;
    for (std::size_t node = 0; node < nodes; ++node) {
      for (int i = 0; i < 100; ++i) world.ask_at(10'000 + 10 * i, node);
    }
    world.run(11'500);
    for (std::size_t node = 0; node < nodes; ++node) admitted += world.admitted(node);
    CHECK(admitted == 20 * static_cast<int>(nodes));
  }
}

// All in one window of the store's, which begins with the first of node 0.
TEST_CASE("a store admits the limit, however many ask it") {
  for (const std::size_t nodes : {1U, 2U, 5U}) {
    World world{counters::express_redis({20, seconds(2)}), nodes};
    int admitted = 0;
    for (std::size_t node = 0; node < nodes; ++node) {
      for (int i = 0; i < 100; ++i) world.ask_at(10'000 + 10 * i, node);
    }
    world.run(12'000);
    for (std::size_t node = 0; node < nodes; ++node) {
      CHECK(world.answered(node) == 100);
      admitted += world.admitted(node);
    }
    CHECK(admitted == 20);
  }
}

// r = 50 a second at each node, D = 40 ms. The counter has twenty when node 0 has counted eleven, at 0 to 200 ms, and
// the ninth of node 1, asked at 170, has come at 210.1: node 0 admits eleven. The copy sees the twentieth D later, at
// 250.1: node 1 is asked at 10 to 250 until then, which are thirteen. Together 24 = 20 + 2 r D.
//
// Beyond ten packets in a round trip TCP's first window lets nothing through until one has come back: at D = 200 ms
// node 1 sends ten until 190 and the next at 400, and more is admitted meanwhile.
TEST_CASE("copies admit the limit and 2 r D") {
  PairSetting setting = exact("redis_async", milliseconds(40));
  CHECK(admitted_by_bin(setting, run_pair(setting, 1), 0) == Bins(7, 11));
  CHECK(admitted_by_bin(setting, run_pair(setting, 1), 1) == Bins(7, 13));
  for (const int one_way : {0, 10, 20, 60, 80, 100}) {
    setting.one_way = milliseconds(one_way);
    for (const int bin : admitted_by_bin(setting, run_pair(setting, 1))) {
      INFO("D = " << one_way << " ms");
      CHECK(bin >= 20 + 2 * 50 * one_way / 1'000 - 1);
      CHECK(bin <= 20 + 2 * 50 * one_way / 1'000 + 1);
    }
  }
  setting.one_way = milliseconds(200);
  CHECK(admitted_by_bin(setting, run_pair(setting, 1))[0] > 20 + 2 * 50 / 5 + 1);
}

// A lesson leaves 0.3 ms after the request and is learned 40.05 ms later: that of 10,100 at 10,140.35. Then both count
// a seventh at once, teach each other their 7, and eight requests have become seven.
TEST_CASE("a lesson replaces what its pupil has counted") {
  World world{counters::haproxy_peers_admitted({20, seconds(2)}), 2};
  for (int i = 0; i < 6; ++i) world.ask_at(10'000 + 20 * i, 0);
  world.run(10'140);
  CHECK(world.total(1) == 5);
  world.run(10'141);
  CHECK(world.total(1) == 6);

  World both{counters::haproxy_peers_admitted({20, seconds(2)}), 2};
  for (int i = 0; i < 6; ++i) both.ask_at(10'000 + 20 * i, 0);
  both.ask_at(10'300, 0);
  both.ask_at(10'300, 1);
  both.run(10'400);
  CHECK(both.total(0) == 7);
  CHECK(both.total(1) == 7);
  CHECK(both.admitted(0) + both.admitted(1) == 8);
}

// Twenty are admitted in the first 200 ms at D = 5 (lessons come within the 10 ms between requests). From then on the
// entry changes hands each 10 ms: 5 ms on its way (the hosts' clocks, read in steps of 1 ms, and the even start make 4
// or 6 of them), the rest older. So its period of 2 s lasts about 4 s, when bin 2 begins, and not 2.
TEST_CASE("a period that changes hands lasts longer by the time on its way") {
  const PairSetting setting = exact("haproxy_peers_offered", milliseconds(5));
  PairSetting watched = setting;
  watched.bins = 3;
  const PairRun run = run_pair(watched, 1);
  CHECK(admitted_by_bin(watched, run) == Bins{20, 0, 0});
  // Offered 200 in 2 s: a period that lasted 2 s would have held 200 of them, this one holds more.
  std::uint64_t most = 0;
  for (const Believed& believed : run.believed) most = std::max(most, believed.first);
  CHECK(most >= 300);
  CHECK(most <= 450);
}

TEST_CASE("without its store a limiter refuses or admits, and with it again it counts again") {
  for (const auto without : {counters::WithoutStore::kRefused, counters::WithoutStore::kAdmitted}) {
    counters::CounterSpec spec = counters::express_redis({20, seconds(2)});
    spec.without_store = without;
    spec.connection.client_silence_timeout = seconds(3);
    spec.connection.server_silence_timeout = seconds(3);
    World world{spec, 2, {{10'000, 20'000}}};
    for (int i = 0; i < 5; ++i) world.ask_at(11'000 + 100 * i, 1);  // asked in vain, the connection breaks at 13 s
    for (int i = 0; i < 50; ++i) world.ask_at(40'000 + 10 * i, 1);
    world.run(39'000);
    CHECK(world.answered(1) == 5);
    CHECK(world.admitted(1) == (without == counters::WithoutStore::kAdmitted ? 5 : 0));
    world.run(50'000);
    CHECK(world.answered(1) == 55);
    CHECK(world.admitted(1) == (without == counters::WithoutStore::kAdmitted ? 25 : 20));
  }
}

// Each side counts for itself while the link is cut, but the copy nothing at all: what its node admits has no way back.
TEST_CASE("cut off from its counter a copy admits everything") {
  World world{counters::redis_async({20, seconds(2)}), 2, {{10'000, 11'900}}};
  for (int i = 0; i < 80; ++i) world.ask_at(10'005 + 20 * i, 1);
  for (int i = 0; i < 80; ++i) world.ask_at(10'000 + 20 * i, 0);
  world.run(11'800);
  CHECK(world.admitted(0) == 20);
  CHECK(world.admitted(1) == 80);
}

// The connection breaks after 60 s of silence. What node 0 counts from 100 s on comes to the copy as an image when the
// replica has connected anew.
TEST_CASE("a copy that connects anew begins with what the counter has") {
  World world{counters::redis_async({20, seconds(200)}), 2, {{10'000, 110'000}}};
  for (int i = 0; i < 7; ++i) world.ask_at(100'000 + i, 0);
  world.run(105'000);
  CHECK(world.total(1) == 0);
  world.run(150'000);
  CHECK(world.total(1) == 7);
}

TEST_CASE("peers that connect anew teach what was touched meanwhile") {
  World world{counters::haproxy_peers_admitted({20, seconds(200)}), 2, {{10'000, 60'000}}};
  for (int i = 0; i < 7; ++i) world.ask_at(50'000 + i, 0);
  world.run(59'000);
  CHECK(world.total(1) == 0);
  world.run(100'000);
  CHECK(world.total(1) == 7);
}

TEST_CASE("every profile has a name, a source and a limit that it keeps on one node") {
  for (const counters::Profile& profile : counters::profiles()) {
    INFO(profile.name);
    CHECK(counters::profile_named(profile.name) == &profile);
    CHECK_FALSE(profile.source.empty());
    World world{profile.spec({5, seconds(2)}), 1};
    for (int i = 0; i < 50; ++i) world.ask_at(10'000 + 10 * i, 0);
    world.run(11'000);
    CHECK(world.admitted(0) == 5);
  }
  CHECK(counters::profile_named("none") == nullptr);
}

}  // namespace parallax::test
