#include "sim/process.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

constexpr SiteId kSite{0};
using Instants = std::vector<std::int64_t>;

SimulationSpec one_site() { return {.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}; }

Process two_waits(Site& site, Instants& seen) {
  seen.push_back(site.now().ns);
  co_await site.delay(milliseconds(5));
  seen.push_back(site.now().ns);
  co_await site.delay(minutes(2));
  seen.push_back(site.now().ns);
}

TEST_CASE("a process starts at once and waits in virtual time") {
  Simulation simulation{one_site()};
  Instants seen;
  two_waits(simulation.site(kSite), seen);
  CHECK(seen == Instants{0});
  simulation.run(VirtualTime{} + minutes(10));
  CHECK(seen == Instants{0, 5'000'000, 120'005'000'000});  // 5 ms, then 2 min more
  CHECK(simulation.events() == 2);
}

TEST_CASE("a process started by an event goes on from then") {
  Simulation simulation{one_site()};
  Instants seen;
  Site& site = simulation.site(kSite);
  site.at(VirtualTime{} + seconds(1), [&site, &seen] { two_waits(site, seen); });
  simulation.run(VirtualTime{} + minutes(10));
  CHECK(seen == Instants{1'000'000'000, 1'005'000'000, 121'005'000'000});
}

TEST_CASE("waiting for no time lets what is due already go first") {
  Simulation simulation{one_site()};
  Site& site = simulation.site(kSite);
  Instants order;
  struct Model {
    static Process yield(Site& here, Instants& log) {
      here.after(Duration{}, [&log] { log.push_back(1); });
      co_await here.delay(Duration{});
      log.push_back(2);
    }
  };
  Model::yield(site, order);
  CHECK(order.empty());
  simulation.run(VirtualTime{1});
  CHECK(order == Instants{1, 2});
}

struct Counter {
  int live{0};
  int ended{0};
};

/// Counts the frames that it lives in.
struct Resident {
  Counter& counter;
  explicit Resident(Counter& c) : counter{c} { ++counter.live; }
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;
  ~Resident() { --counter.live; }
};

Process count_down(Site& site, std::int64_t steps, Counter& counter, Instants& seen) {
  const Resident resident{counter};
  for (std::int64_t step = 0; step < steps; ++step) co_await site.delay(milliseconds(1));
  seen.push_back(steps);
  ++counter.ended;
}

TEST_CASE("many processes run side by side, each to its own end") {
  Simulation simulation{one_site()};
  Counter counter;
  Instants seen;
  Instants expected;
  for (std::int64_t steps = 100; steps > 0; --steps) count_down(simulation.site(kSite), steps, counter, seen);
  for (std::int64_t steps = 1; steps <= 100; ++steps) expected.push_back(steps);
  CHECK(counter.live == 100);
  simulation.run(VirtualTime{} + seconds(1));
  CHECK(seen == expected);  // the one that waits k times 1 ms ends k-th
  CHECK(counter.ended == 100);
  CHECK(counter.live == 0);
  CHECK(simulation.events() == 5'050);  // 1 + 2 + ... + 100
}

TEST_CASE("a process that still waits when its simulation is destroyed is freed, once") {
  Counter counter;
  Instants seen;
  {
    Simulation simulation{one_site()};
    for (const std::int64_t steps : {1, 5, 1'000, 2'000}) count_down(simulation.site(kSite), steps, counter, seen);
    simulation.run(VirtualTime{} + milliseconds(100));
    CHECK(counter.ended == 2);
    CHECK(counter.live == 2);
  }
  CHECK(counter.live == 0);
  CHECK(counter.ended == 2);
}

Process hold(Site& site, [[maybe_unused]] std::shared_ptr<int> until_freed) { co_await site.delay(milliseconds(1)); }

TEST_CASE("a process frees its frame when it ends, not with its site") {
  // Parameters live as long as the frame.
  Simulation simulation{one_site()};
  const auto held = std::make_shared<int>(0);
  hold(simulation.site(kSite), held);
  CHECK(held.use_count() == 2);
  simulation.run(VirtualTime{} + seconds(1));
  CHECK(held.use_count() == 1);
}

TEST_CASE("a process that never ran is freed with its simulation") {
  Counter counter;
  Instants seen;
  {
    Simulation simulation{one_site()};
    count_down(simulation.site(kSite), 3, counter, seen);
  }
  CHECK(counter.live == 0);
  CHECK(seen.empty());
}

Process parent(Site& site, Counter& counter, Instants& seen) {
  const Resident resident{counter};
  co_await site.delay(milliseconds(10));
  count_down(site, 3, counter, seen);  // goes on by itself, 3 ms long
  count_down(site, 50, counter, seen);
  co_await site.delay(milliseconds(20));
  seen.push_back(site.now().ns);
}

TEST_CASE("a process may start others, which outlive it") {
  Counter counter;
  Instants seen;
  {
    Simulation simulation{one_site()};
    parent(simulation.site(kSite), counter, seen);
    simulation.run(VirtualTime{} + milliseconds(40));
    // The first child ends at 13 ms, the parent at 30 ms, the second child not before 60 ms.
    CHECK(seen == Instants{3, 30'000'000});
    CHECK(counter.live == 1);
  }
  CHECK(counter.live == 0);
}

struct Model {
  Instants seen;
  Process wait_at(Site& site, Duration wait) {
    co_await site.delay(wait);
    seen.push_back(site.now().ns);
  }
};

TEST_CASE("a member function's process lives at the site that follows the object") {
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {}, .outages = {}}};
  Model model;
  model.wait_at(simulation.site(SiteId{1}), milliseconds(7));
  simulation.run(VirtualTime{} + seconds(1));
  CHECK(model.seen == Instants{7'000'000});
}

Process at_both(Site& home, Site& other, Instants& seen) {
  co_await home.delay(milliseconds(3));
  seen.push_back(static_cast<std::int64_t>(index(home.id())));
  seen.push_back(static_cast<std::int64_t>(index(other.id())));
}

TEST_CASE("a process may know a second site") {
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {}, .outages = {}}};
  Instants seen;
  at_both(simulation.site(SiteId{1}), simulation.site(SiteId{0}), seen);
  simulation.run(VirtualTime{} + seconds(1));
  CHECK(seen == Instants{1, 0});
}

}  // namespace
}  // namespace parallax::sim
