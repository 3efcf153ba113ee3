// That the engine asks for no memory in a steady state. With a sanitizer nothing is counted, but the worlds run.
#include <catch2/catch.hpp>
#include <new>
#include <vector>

#include "sim/event_queue.h"
#include "sim/simulation.h"
#include "sim/timeouts.h"
#include "tests/support/allocations.h"

namespace parallax::sim {
namespace {

using parallax::testing::allocations;

constexpr SiteId kSite{0};

VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }

/// Allocations of a simulation between these instants, by any thread. What comes before is warming up.
std::uint64_t allocations_between(Simulation& simulation, VirtualTime from, VirtualTime until) {
  simulation.run(from);
  const std::uint64_t events = simulation.events();
  const std::uint64_t before = allocations();
  simulation.run(until);
  const std::uint64_t during = allocations() - before;
  CHECK(simulation.events() > events + 1'000);  // or it would show nothing
  return during;
}

SimulationSpec one_site() { return {.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}; }

TEST_CASE("allocations are counted") {
  const std::uint64_t before = allocations();
  void* volatile memory = ::operator new(1'000);  // volatile: compilers may leave out pairs that nobody sees
  ::operator delete(memory);
  CHECK(allocations() - before == (parallax::testing::kCountsAllocations ? 1 : 0));
}

TEST_CASE("an event that reschedules itself a million times takes no more memory than one") {
  EventQueue queue;
  queue.push({{VirtualTime{0}, 0}, EventTarget{}});
  const auto reschedule = [&queue](int times) {
    for (int i = 0; i < times; ++i) {
      Event event = *queue.peek();
      queue.pop();
      event.key.time = event.key.time + nanoseconds(i % 1'000);
      ++event.key.origin;
      queue.push(event);
    }
  };
  reschedule(10);
  const std::uint64_t before = allocations();
  reschedule(1'000'000);
  const std::uint64_t during = allocations() - before;
  CHECK(during == 0);
  CHECK(queue.size() == 1);
}

/// Wakes itself every so often.
class Clock final : public EventHandler {
 public:
  Clock(Site& site, Duration period) : site_{site}, period_{period} { site_.wake_after(period_, *this); }
  void on_event() override { site_.wake_after(period_, *this); }

 private:
  Site& site_;
  Duration period_;
};

TEST_CASE("handlers allocate nothing") {
  Simulation simulation{one_site()};
  std::vector<Clock> clocks;
  clocks.reserve(1'000);
  // Periods that share no rhythm, near and far: the queue's rungs come and go.
  for (int i = 0; i < 1'000; ++i) clocks.emplace_back(simulation.site(kSite), microseconds(100 + 7 * i));
  CHECK(allocations_between(simulation, at_ms(500), at_ms(1'000)) == 0);
}

/// Each time two timers: one cancels the other. And a record.
struct Timers {
  Site& site;
  Timer last{};

  void act() {
    site.cancel(last);
    last = site.after(milliseconds(5), [] { FAIL("was cancelled"); });
    site.record({});
    site.after(microseconds(100), [this] { act(); });
  }
};

TEST_CASE("actions, cancelled or not, and records that are counted allocate nothing") {
  Simulation simulation{one_site()};
  std::size_t records = 0;
  simulation.add_reader([&records](std::span<const Record> stretch) { records += stretch.size(); });
  Timers timers{simulation.site(kSite)};
  timers.act();
  CHECK(allocations_between(simulation, at_ms(2'000), at_ms(4'000)) == 0);
  CHECK(records == 40'000);  // every 100 us for 4 s
}

struct Nursery {
  Site& site;
  std::uint64_t ended{0};

  Process wait(Site& here, Duration duration) {
    co_await here.delay(duration);
    co_await here.delay(duration);
    ++ended;
  }
  Process wait_longer(Site& here, std::int64_t steps) {
    for (std::int64_t step = 0; step < steps; ++step) co_await here.delay(microseconds(300));
    ++ended;
  }
  void spawn() {
    wait(site, milliseconds(2));
    wait_longer(site, 5);
    site.after(microseconds(100), [this] { spawn(); });
  }
};

TEST_CASE("processes that start and end allocate nothing") {
  Simulation simulation{one_site()};
  Nursery nursery{simulation.site(kSite)};
  nursery.spawn();
  CHECK(allocations_between(simulation, at_ms(500), at_ms(1'500)) == 0);
  CHECK(nursery.ended > 20'000);
}

TEST_CASE("time-outs that end and time-outs that expire allocate nothing") {
  Simulation simulation{one_site()};
  Site& site = simulation.site(kSite);
  std::uint64_t expired = 0;
  Timeouts<std::uint64_t> timeouts{site, milliseconds(30), [&expired](std::uint64_t) { ++expired; }};
  struct Model {
    Site& here;
    Timeouts<std::uint64_t>& pending;
    void act() {
      const std::uint64_t number = pending.begin(7);
      if (number % 4 != 0) here.after(milliseconds(3), [this, number] { pending.end(number); });
      here.after(microseconds(50), [this] { act(); });
    }
  } model{site, timeouts};
  model.act();
  CHECK(allocations_between(simulation, at_ms(500), at_ms(1'500)) == 0);
  CHECK(expired > 5'000);
}

/// Three sites in a ring, 1 ms apart; each message is recorded and sent on. Delays are constant, so that no vector has
/// to grow for the odd window with more messages than any before. The links from the second site depend on a condition,
/// so that what goes on from there is looked at again.
struct Ring {
  Simulation simulation;
  std::size_t records{0};

  explicit Ring(unsigned threads, int messages)
      : simulation{{.seed = 1,
                    .sites = {"a", "b", "c"},
                    .links = {link(0, 1), link(1, 2), link(2, 0)},
                    .outages = {},
                    .faults = 1,
                    .conditional_outages = {{LinkId{1}, 0}},
                    .threads = threads}} {
    simulation.add_reader([this](std::span<const Record> stretch) { records += stretch.size(); });
    for (int i = 0; i < messages; ++i) {
      const SiteId first{static_cast<std::uint16_t>(i % 3)};
      simulation.site(first).at(VirtualTime{} + microseconds(i), [this, first] { pass(first); });
    }
  }

  static LinkSpec link(std::uint16_t from, std::uint16_t to) {
    return {SiteId{from}, SiteId{to}, Distribution::constant(milliseconds(1))};
  }

  /// By way of the next site to the one after it.
  void pass(SiteId self) {
    simulation.site(self).record({});
    const SiteId target{static_cast<std::uint16_t>((index(self) + 2) % 3)};
    simulation.site(self).send(target, [this, target] { pass(target); });
  }
};

TEST_CASE("messages between sites and their records allocate nothing, with one thread or two") {
  for (const unsigned threads : {1U, 2U}) {
    // 100: windows that are not worth threads; 2,000: some 700 events of 1 ms each for two threads.
    for (const int messages : {100, 2'000}) {
      INFO(threads << " threads, " << messages << " messages");
      Ring ring{threads, messages};
      CHECK(allocations_between(ring.simulation, at_ms(300), at_ms(500)) == 0);
      CHECK(ring.records > 10'000);
    }
  }
}

}  // namespace
}  // namespace parallax::sim
