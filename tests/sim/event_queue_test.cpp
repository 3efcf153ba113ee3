#include "sim/event_queue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace parallax::sim {
namespace {

using Ran = std::vector<std::uint64_t>;

EventKey key(std::int64_t ns, std::uint64_t origin) { return {VirtualTime{ns}, origin}; }

/// An action that writes `number` down.
Action note(Ran& ran, std::uint64_t number) {
  return [&ran, number] { ran.push_back(number); };
}

Ran run_all(EventQueue& queue, Ran& ran) {
  while (!queue.empty()) queue.pop()();
  return ran;
}

TEST_CASE("events come in the order of time, then of who scheduled them, however they went in") {
  std::vector<EventKey> keys{key(1, 9), key(2, 3), key(2, 4), key(2, 1ULL << 48 | 1), key(2, 1ULL << 48 | 2),
                             key(5, 0), key(9, 7)};
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6};
  int permutations = 0;
  do {
    EventQueue queue;
    Ran ran;
    for (const std::size_t i : order) queue.push(keys[i], note(ran, i));
    if (run_all(queue, ran) != Ran{0, 1, 2, 3, 4, 5, 6}) FAIL("order of insertion shows");
    ++permutations;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(permutations == 5'040);  // 7!
}

TEST_CASE("the next event's key shows before it runs") {
  EventQueue queue;
  Ran ran;
  queue.push(key(7, 1), note(ran, 7));
  const Timer first = queue.push(key(3, 2), note(ran, 3));
  CHECK(queue.top() == key(3, 2));
  queue.cancel(first);
  REQUIRE_FALSE(queue.empty());
  CHECK(queue.top() == key(7, 1));
}

TEST_CASE("a cancelled event does not run, and can be cancelled only once") {
  EventQueue queue;
  Ran ran;
  queue.push(key(1, 1), note(ran, 1));
  const Timer timer = queue.push(key(2, 2), note(ran, 2));
  queue.push(key(3, 3), note(ran, 3));
  CHECK(queue.cancel(timer));
  CHECK_FALSE(queue.cancel(timer));
  CHECK(run_all(queue, ran) == Ran{1, 3});
  CHECK_FALSE(queue.cancel(timer));
}

TEST_CASE("an event that has run cannot be cancelled") {
  EventQueue queue;
  Ran ran;
  const Timer timer = queue.push(key(1, 1), note(ran, 1));
  queue.pop()();
  CHECK_FALSE(queue.cancel(timer));
  CHECK(ran == Ran{1});
}

TEST_CASE("no event, no cancellation") {
  EventQueue queue;
  CHECK_FALSE(queue.cancel(Timer{}));
  Ran ran;
  queue.push(key(1, 1), note(ran, 1));
  CHECK_FALSE(queue.cancel(Timer{}));  // slot 0 is in use, but generation 0 names nothing
  CHECK(run_all(queue, ran) == Ran{1});
}

TEST_CASE("a queue of cancelled events is empty") {
  EventQueue queue;
  Ran ran;
  const Timer a = queue.push(key(1, 1), note(ran, 1));
  const Timer b = queue.push(key(2, 2), note(ran, 2));
  CHECK(queue.cancel(b));
  CHECK(queue.cancel(a));
  CHECK(queue.empty());
}

TEST_CASE("a slot used again neither revives the old event nor obeys its timer") {
  EventQueue queue;
  Ran ran;
  const Timer old = queue.push(key(5, 1), note(ran, 1));
  CHECK(queue.cancel(old));
  const Timer fresh = queue.push(key(9, 2), note(ran, 2));
  REQUIRE(fresh.slot == old.slot);  // else this test shows nothing
  CHECK_FALSE(queue.cancel(old));
  REQUIRE_FALSE(queue.empty());
  CHECK(queue.top() == key(9, 2));  // not 5: the old key still lies in the heap
  CHECK(run_all(queue, ran) == Ran{2});
}

/// The same by a sorted map; events are numbered by their origin.
struct Reference {
  std::map<std::pair<std::int64_t, std::uint64_t>, std::uint64_t> events;

  bool cancel(EventKey k) { return events.erase({k.time.ns, k.origin}) == 1; }
  std::uint64_t pop() { return events.extract(events.begin()).mapped(); }
};

TEST_CASE("pushes, pops and cancellations at random agree with a sorted map") {
  std::mt19937_64 random{20'260'101};  // specified by the standard, so the same everywhere
  EventQueue queue;
  Reference reference;
  Ran ran;
  Ran expected;
  std::vector<std::pair<EventKey, Timer>> issued;
  for (std::uint64_t step = 0; step < 50'000; ++step) {
    const std::uint64_t dice = random() % 8;
    if (dice < 4) {
      const EventKey k = key(static_cast<std::int64_t>(random() % 500), (random() % 3) << 48 | step);  // many ties
      issued.emplace_back(k, queue.push(k, note(ran, k.origin)));
      reference.events[{k.time.ns, k.origin}] = k.origin;
    } else if (dice < 6 && !issued.empty()) {
      const auto& [k, timer] = issued[random() % issued.size()];  // live, run and cancelled ones alike
      if (queue.cancel(timer) != reference.cancel(k)) FAIL("cancel() differs at step " << step);
    } else {
      if (queue.empty() != reference.events.empty()) FAIL("empty() differs at step " << step);
      if (reference.events.empty()) continue;
      queue.pop()();
      expected.push_back(reference.pop());
    }
  }
  CHECK(expected.size() > 5'000);
  while (!reference.events.empty()) expected.push_back(reference.pop());
  CHECK(run_all(queue, ran) == expected);
}

}  // namespace
}  // namespace parallax::sim
