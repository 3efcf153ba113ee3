// That the number of threads does not show: the same worlds with one thread, which runs all sites as one process, and
// with several, which run windows.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "any_world.h"
#include "chatter.h"
#include "sim/simulation.h"
#include "tests/support/checked_property.h"

namespace parallax::sim {
namespace {

using parallax::testing::check;
using parallax::testing::pick;
using testing::any_world;
using testing::at_ms;
using testing::Chatter;

constexpr std::int64_t kEnd = 400;  // ms

/// All that a run leaves.
struct Outcome {
  std::vector<Record> journal;
  Fingerprint fingerprint;
  std::vector<std::uint64_t> touched;
  std::uint64_t events;
  VirtualTime now;
  Ending ending;
  Chatter::Counts counts;

  /// The journals are equal where their fingerprints are.
  friend bool operator==(const Outcome& x, const Outcome& y) {
    const auto fields = [](const Outcome& o) {
      return std::tie(o.fingerprint.high, o.fingerprint.low, o.touched, o.events, o.now, o.ending);
    };
    return fields(x) == fields(y);
  }
};

struct World {
  SimulationSpec spec;
  std::size_t voices;
};

World any_busy_world() { return {any_world(), *rc::gen::element<std::size_t>(1, 1, 5, 60, 200)}; }

Chatter::Options options_of(const World& world) {
  return {.talkers = world.spec.sites.size(),
          .until = at_ms(world.voices > 20 ? 20 : 200),
          .voices = world.voices,
          .uses_everything = true};
}

Outcome outcome_of(const Simulation& simulation, Chatter& chatter, Ending ending) {
  const Fingerprint fingerprint = chatter.fingerprint();
  return {std::move(chatter.journal), fingerprint, simulation.touched(), simulation.events(),
          simulation.now(),           ending,      chatter.counts()};
}

/// The run with so many threads, in pieces that end at `ends` (in ms) and at 400 ms.
Outcome run(const World& world, unsigned threads, Limits limits = {}, const std::vector<std::int64_t>& ends = {}) {
  SimulationSpec spec = world.spec;
  spec.threads = threads;
  spec.limits = limits;
  Simulation simulation{spec};
  Chatter chatter{simulation, options_of(world)};
  for (const std::int64_t end : ends) simulation.run(at_ms(end));
  const Ending ending = simulation.run(at_ms(kEnd));
  return outcome_of(simulation, chatter, ending);
}

/// Window by window, as a limit of one event makes it; the greatest number of events in any of them.
std::pair<Outcome, std::uint64_t> run_by_windows(const World& world) {
  SimulationSpec spec = world.spec;
  spec.limits.events = 1;
  Simulation simulation{spec};
  Chatter chatter{simulation, options_of(world)};
  std::uint64_t greatest = 0;
  std::uint64_t before = 0;
  while (simulation.run(at_ms(kEnd)) == Ending::kEventLimit) {
    greatest = std::max(greatest, simulation.events() - before);
    before = simulation.events();
  }
  return {outcome_of(simulation, chatter, Ending::kComplete), greatest};
}

std::size_t logical_processes(SimulationSpec spec) {
  spec.threads = 2;
  Simulation simulation{spec};
  std::set<const LogicalProcess*> processes;
  for (std::size_t i = 0; i < simulation.site_count(); ++i) {
    processes.insert(&simulation.process_of(static_cast<SiteId>(i)));
  }
  return processes.size();
}

// Threads take part in windows after one of 200 events (simulation.cpp).
constexpr std::uint64_t kEventsWorthThreads = 200;

TEST_CASE("any world runs alike with one thread and with several") {
  int worlds_of_many_threads = 0;
  int worlds_of_small_windows = 0;
  std::uint64_t faults_turned = 0;
  std::uint64_t gave_up = 0;
  std::uint64_t answered = 0;
  std::uint64_t touched = 0;
  check("the number of threads does not show", 150, [&] {
    const World world = any_busy_world();
    const Outcome one = run(world, 1);
    for (const unsigned threads : {2U, 4U, 8U}) RC_ASSERT(run(world, threads) == one);
    const auto [by_windows, greatest] = run_by_windows(world);
    RC_ASSERT(by_windows == one);
    const bool uses_threads = greatest >= kEventsWorthThreads && logical_processes(world.spec) > 1;
    ++(uses_threads ? worlds_of_many_threads : worlds_of_small_windows);
    faults_turned += one.counts.faults;
    gave_up += one.counts.gave_up;
    answered += one.counts.answered;
    for (const std::uint64_t messages : one.touched) touched += messages;
  });
  CHECK(worlds_of_many_threads >= 20);
  CHECK(worlds_of_small_windows >= 20);
  CHECK(faults_turned > 100);  // that the worlds are worth it
  CHECK(gave_up > 1'000);
  CHECK(answered > 1'000);
  CHECK(touched > 1'000);
}

TEST_CASE("any world run in pieces, by one thread or several, is the run in one") {
  check("pieces do not show", 100, [] {
    const World world = any_busy_world();
    std::vector<std::int64_t> ends;
    for (int pieces = pick(1, 8); pieces > 0; --pieces) ends.push_back(pick<std::int64_t>(0, 60));
    std::sort(ends.begin(), ends.end());
    const Outcome whole = run(world, 1);
    for (const unsigned threads : {1U, 2U, 3U}) RC_ASSERT(run(world, threads, {}, ends) == whole);
  });
}

bool begins_with(const std::vector<Record>& journal, const std::vector<Record>& beginning) {
  const auto fields = [](const Record& r) { return std::tie(r.time, r.id, r.cause, r.body); };
  return beginning.size() <= journal.size() &&
         std::equal(beginning.begin(), beginning.end(), journal.begin(),
                    [&](const Record& r, const Record& s) { return fields(r) == fields(s); });
}

TEST_CASE("a limit ends any world at the same instant for every number of threads") {
  int event_limits = 0;
  int memory_limits = 0;
  check("limits do not depend on threads", 150, [&] {
    const World world = any_busy_world();
    const Outcome whole = run(world, 1);
    RC_ASSERT(whole.ending == Ending::kComplete);
    Limits limits;
    if (pick(0, 2) == 0) {
      limits.events = pick<std::uint64_t>(1, whole.events + 2);
    } else {
      limits.bytes = 104 * pick<std::uint64_t>(1, 3 * world.voices * world.spec.sites.size() + 2);
    }
    const Outcome one = run(world, 1, limits);
    for (const unsigned threads : {2U, 4U}) RC_ASSERT(run(world, threads, limits) == one);
    RC_ASSERT(begins_with(whole.journal, one.journal));
    if (one.ending == Ending::kComplete) {
      RC_ASSERT(one == whole);  // it may have reached the limit with its last window
    } else {
      RC_ASSERT(one.now <= whole.now);
      for (const Record& record : one.journal) RC_ASSERT(record.time < one.now);
    }
    if (one.ending == Ending::kEventLimit) {
      ++event_limits;
      RC_ASSERT(one.events >= limits.events);
    }
    if (one.ending == Ending::kMemoryLimit) ++memory_limits;
  });
  CHECK(event_limits >= 10);
  CHECK(memory_limits >= 10);
}

TEST_CASE("with threads = 0 every core takes part, and nothing else changes") {
  const auto ms = Distribution::constant(milliseconds(1));
  const SiteId a{0};
  const SiteId b{1};
  const World world{{.seed = 7, .sites = {"a", "b"}, .links = {{a, b, ms}, {b, a, ms}}, .outages = {}}, 300};
  const auto [one, greatest] = run_by_windows(world);
  CHECK(greatest >= kEventsWorthThreads);
  CHECK(run(world, 0) == one);
}

TEST_CASE("what a site throws while threads run it comes out of run()") {
  struct Failure {};
  const auto ms = Distribution::constant(milliseconds(1));
  const SiteId a{0};
  const SiteId b{1};
  Simulation simulation{
      {.seed = 7, .sites = {"a", "b"}, .links = {{a, b, ms}, {b, a, ms}}, .outages = {}, .threads = 2}};
  for (int i = 0; i < 1'000; ++i) simulation.site(a).at(at_ms(1), [] {});
  simulation.site(b).at(at_ms(5), [] { throw Failure{}; });
  CHECK_THROWS_AS(simulation.run(at_ms(10)), Failure);
}

}  // namespace
}  // namespace parallax::sim
