#include "sim/timeouts.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

constexpr SiteId kSite{0};
constexpr Duration kLength = milliseconds(10);

VirtualTime at(Duration d) { return VirtualTime{} + d; }

SimulationSpec one_site() { return {.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}; }

/// What expired, with its instant in ms.
using Expiries = std::vector<std::pair<std::int64_t, int>>;

struct World {
  Simulation simulation;
  Site& site{simulation.site(kSite)};
  Expiries expired;
  Timeouts<int> timeouts{
      site, kLength, [this](int entry) { expired.emplace_back((site.now() - VirtualTime{}).ns / 1'000'000, entry); }};

  World() : simulation{one_site()} {}
};

TEST_CASE("time-outs expire their length after they began") {
  World world;
  world.timeouts.begin(1);
  world.site.at(at(milliseconds(3)), [&world] { world.timeouts.begin(2); });
  world.site.at(at(milliseconds(30)), [&world] { world.timeouts.begin(3); });
  world.simulation.run(at(seconds(1)));
  CHECK(world.expired == Expiries{{10, 1}, {13, 2}, {40, 3}});
  CHECK(world.timeouts.begun() == 3);
  CHECK(world.timeouts.open() == 0);
}

TEST_CASE("a time-out that has ended does not expire, wherever it stands") {
  // The first, which is the event that waits; one in the middle; the last.
  for (const std::uint64_t ended : {0U, 1U, 2U}) {
    World world;
    for (int entry = 0; entry < 3; ++entry) CHECK(world.timeouts.begin(entry) == static_cast<std::uint64_t>(entry));
    world.timeouts.end(ended);
    CHECK(world.timeouts.open() == 2);
    world.simulation.run(at(seconds(1)));
    Expiries expected;
    for (int entry = 0; entry < 3; ++entry) {
      if (static_cast<std::uint64_t>(entry) != ended) expected.emplace_back(10, entry);
    }
    CHECK(world.expired == expected);
  }
}

TEST_CASE("after all have ended another may begin") {
  World world;
  world.timeouts.end(world.timeouts.begin(1));
  world.site.at(at(milliseconds(4)), [&world] { world.timeouts.begin(2); });   // the first's event still waits
  world.site.at(at(milliseconds(50)), [&world] { world.timeouts.begin(3); });  // nothing waits
  world.simulation.run(at(seconds(1)));
  CHECK(world.expired == Expiries{{14, 2}, {60, 3}});
}

TEST_CASE("a time-out is found while it waits, and not after it has ended or expired") {
  World world;
  CHECK(world.timeouts.find(0) == nullptr);
  const std::uint64_t first = world.timeouts.begin(7);
  const std::uint64_t second = world.timeouts.begin(8);
  REQUIRE(world.timeouts.find(first) != nullptr);
  CHECK(*world.timeouts.find(first) == 7);
  REQUIRE(world.timeouts.find(second) != nullptr);
  CHECK(*world.timeouts.find(second) == 8);
  CHECK(world.timeouts.find(second + 1) == nullptr);
  world.timeouts.end(second);
  CHECK(world.timeouts.find(second) == nullptr);
  CHECK(world.timeouts.find(first) != nullptr);
  world.simulation.run(at(seconds(1)));
  CHECK(world.timeouts.find(first) == nullptr);
  CHECK(world.timeouts.find(second) == nullptr);
}

TEST_CASE("a time-out is no longer found when its own expiry runs") {
  Simulation simulation{one_site()};
  int asked = 0;
  Timeouts<int>* self = nullptr;
  Timeouts<int> timeouts{simulation.site(kSite), kLength, [&](int) {
                           ++asked;
                           CHECK(self->find(0) == nullptr);
                           CHECK(self->open() == 0);
                         }};
  self = &timeouts;
  timeouts.begin(1);
  simulation.run(at(seconds(1)));
  CHECK(asked == 1);
}

TEST_CASE("of ten thousand time-outs one is an event at a time") {
  World world;
  for (int entry = 0; entry < 10'000; ++entry) world.timeouts.begin(entry);
  CHECK(world.timeouts.open() == 10'000);
  for (std::uint64_t number = 0; number < 9'999; ++number) world.timeouts.end(number);
  world.simulation.run(at(milliseconds(20)));
  CHECK(world.expired == Expiries{{10, 9'999}});
  CHECK(world.simulation.events() == 2);  // the first, which passes the turn on, and the last
}

// An entry waits in 24 bytes: its key takes 16, the number and the mark that it is open 8. One of them is an event of
// 24 bytes too. So 1,000 of them are 24,024 bytes.
TEST_CASE("what waits counts for the limit on memory, what has ended and passed does not") {
  const auto run = [](int entries, std::uint64_t limit) {
    SimulationSpec spec = one_site();
    spec.limits.bytes = limit;
    Simulation simulation{spec};
    Site& site = simulation.site(kSite);
    Timeouts<int> timeouts{site, seconds(1), [](int) {}};  // far longer than a window
    // Ten lots, each when the one before it has expired, then nothing.
    for (int lot = 0; lot < 10; ++lot) {
      site.at(at(seconds(2 * lot)), [&timeouts, entries] {
        for (int entry = 0; entry < entries; ++entry) timeouts.begin(entry);
      });
    }
    return simulation.run(at(minutes(1)));
  };
  // Beside them wait at most nine lots that have not begun, an action of 80 bytes and an event of 24 each.
  constexpr std::uint64_t kOthers = 9 * (80 + 24);
  CHECK(run(1'000, 24'024 + kOthers) == Ending::kMemoryLimit);
  CHECK(run(1'000, 24'024 + kOthers + 1) == Ending::kComplete);
}

/// The same by an action for each.
class ByAction {
 public:
  ByAction(Site& site, Duration length, std::function<void(const int&)> expired)
      : site_{site}, length_{length}, expired_{std::move(expired)} {}

  std::uint64_t begin(int entry) {
    const std::uint64_t number = begun_++;
    waiting_[number] = site_.after(length_, [this, number, entry] {
      waiting_.erase(number);
      expired_(entry);
    });
    return number;
  }
  bool is_open(std::uint64_t number) const { return waiting_.contains(number); }
  void end(std::uint64_t number) {
    site_.cancel(waiting_.at(number));
    waiting_.erase(number);
  }

 private:
  Site& site_;
  Duration length_;
  std::function<void(const int&)> expired_;
  std::map<std::uint64_t, Timer> waiting_;
  std::uint64_t begun_{0};
};

class ByRing {
 public:
  ByRing(Site& site, Duration length, std::function<void(const int&)> expired)
      : timeouts_{site, length, std::move(expired)} {}
  std::uint64_t begin(int entry) { return timeouts_.begin(entry); }
  bool is_open(std::uint64_t number) { return timeouts_.find(number) != nullptr; }
  void end(std::uint64_t number) { timeouts_.end(number); }

 private:
  Timeouts<int> timeouts_;
};

/// An entity that begins and ends time-outs at random, on whole milliseconds, between other events of the same
/// instants. Expired time-outs are logged as they are, other events as negative numbers.
template <typename TimeoutsOfSomeKind>
class Waiter {
 public:
  explicit Waiter(std::uint64_t seed) : random_{seed} {
    act();
    simulation_.run(at(seconds(3)));
  }

  std::vector<int> log;

 private:
  void act() {
    for (std::uint64_t n = random_() % 3; n > 0; --n) begin();
    // At the instant at which what just began expires, but after it; what begins now is after this.
    site_.after(kLength, [this, note = --note_] { log.push_back(note); });
    for (std::uint64_t n = random_() % 3; n > 0; --n) begin();
    for (std::uint64_t n = random_() % 4; n > 0 && !numbers_.empty(); --n) {
      // Any of the last twenty: waiting, ended and expired ones alike, the one that is an event among them.
      const std::uint64_t number =
          numbers_[numbers_.size() - 1 - random_() % std::min<std::size_t>(numbers_.size(), 20)];
      log.push_back(timeouts_.is_open(number) ? 2'000'000 : 3'000'000);
      if (timeouts_.is_open(number)) timeouts_.end(number);
    }
    if (site_.now() < at(seconds(2)))
      site_.after(milliseconds(static_cast<std::int64_t>(random_() % 4)), [this] { act(); });
  }

  void begin() { numbers_.push_back(timeouts_.begin(++entry_)); }

  void expire(int entry) {
    log.push_back(entry);
    if (entry % 4 == 0 && site_.now() < at(seconds(2))) begin();
    if (entry % 5 == 0) site_.after(Duration{}, [this, note = --note_] { log.push_back(note); });
  }

  std::mt19937_64 random_;
  Simulation simulation_{one_site()};
  Site& site_{simulation_.site(kSite)};
  TimeoutsOfSomeKind timeouts_{site_, kLength, [this](const int& entry) { expire(entry); }};
  std::vector<std::uint64_t> numbers_;
  int entry_{0};
  int note_{0};
};

TEST_CASE("time-outs expire exactly where an event for each of them would be") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<int> log = Waiter<ByRing>{seed}.log;
    CHECK(log.size() > 2'000);
    if (log != Waiter<ByAction>{seed}.log) FAIL("another order with seed " << seed);
  }
}

}  // namespace
}  // namespace parallax::sim
