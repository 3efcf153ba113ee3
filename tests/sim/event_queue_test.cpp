#include "sim/event_queue.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <vector>

#include "tests/support/checked_property.h"

namespace parallax::sim {
namespace {

using parallax::testing::check;
using parallax::testing::pick;

EventKey key(std::int64_t ns, std::uint64_t origin) { return {VirtualTime{ns}, origin}; }

Event event(EventKey k) { return {k, EventTarget{}}; }

/// Takes all events; their keys must be `expected`, in this order.
void check_drained(EventQueue& queue, const std::vector<EventKey>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (queue.size() != expected.size() - i) FAIL("size() is wrong before event " << i);
    const Event* next = queue.peek();
    if (next == nullptr || next->key != expected[i]) FAIL("peek() is wrong before event " << i);
    if (queue.pop().key != expected[i]) FAIL("pop() is wrong at event " << i);
  }
  CHECK(queue.peek() == nullptr);
  CHECK(queue.size() == 0);
}

/// The queue beside a sorted set; every step must agree.
class Checked {
 public:
  void push(EventKey k) {
    queue_.push(event(k));
    reference_.insert(k);
  }

  EventKey pop() {
    const Event* next = queue_.peek();
    if (next == nullptr) FAIL("nothing left, but " << reference_.size() << " are missing");
    const EventKey k = queue_.pop().key;
    if (k != *reference_.begin()) FAIL("popped " << k.time.ns << " ns, not " << reference_.begin()->time.ns << " ns");
    reference_.erase(reference_.begin());
    if (queue_.size() != reference_.size()) FAIL("size() is wrong");
    return k;
  }

  std::size_t drain() {
    std::size_t drained = 0;
    for (; !reference_.empty(); ++drained) pop();
    CHECK(queue_.peek() == nullptr);
    return drained;
  }

  bool empty() const { return reference_.empty(); }

 private:
  EventQueue queue_;
  std::set<EventKey> reference_;
};

TEST_CASE("events come in the order of time, then of who scheduled them, however they went in") {
  const std::vector<EventKey> keys{key(1, 9), key(2, 3), key(2, 4), key(2, 1ULL << 48 | 1), key(2, 1ULL << 48 | 2),
                                   key(5, 0), key(9, 7)};
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6};
  int permutations = 0;
  do {
    EventQueue queue;
    for (const std::size_t i : order) queue.push(event(keys[i]));
    for (const EventKey k : keys) {
      if (queue.peek() == nullptr || queue.pop().key != k) FAIL("order of insertion shows");
    }
    ++permutations;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(permutations == 5'040);  // 7!
}

TEST_CASE("the next event shows before it is taken") {
  EventQueue queue;
  CHECK(queue.peek() == nullptr);
  queue.push(event(key(7, 1)));
  queue.push(event(key(3, 2)));
  REQUIRE(queue.peek() != nullptr);
  CHECK(queue.peek()->key == key(3, 2));
  CHECK(queue.size() == 2);
  queue.pop();
  REQUIRE(queue.peek() != nullptr);
  CHECK(queue.peek()->key == key(7, 1));
}

TEST_CASE("an event that comes before the one that shows takes its place") {
  EventQueue queue;
  queue.push(event(key(7, 1)));
  REQUIRE(queue.peek() != nullptr);
  queue.push(event(key(7, 0)));
  CHECK(queue.peek()->key == key(7, 0));
}

TEST_CASE("an event keeps its target wherever the queue moves it") {
  struct Handler final : EventHandler {
    void on_event() override {}
  };
  // 10,000 events go through a rung, buckets and the bottom.
  std::vector<Handler> handlers(10'000);
  EventQueue queue;
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    const std::size_t shuffled = i * 7'919 % handlers.size();  // prime to 10,000, so each once
    queue.push({key(static_cast<std::int64_t>(shuffled * shuffled), shuffled), EventTarget{handlers[shuffled]}});
  }
  for (Handler& handler : handlers) {
    REQUIRE(queue.peek() != nullptr);
    if (&queue.pop().target.handler() != &handler) FAIL("another's target");
  }
}

TEST_CASE("an event of the same instant that sorts before the last one taken comes next") {
  // Site 7's message wakes site 5, which schedules something for the same instant.
  EventQueue queue;
  for (std::uint64_t site = 6; site <= 9; ++site) queue.push(event(key(1'000, site << 48 | 1)));
  for (std::uint64_t site = 6; site <= 7; ++site) {
    REQUIRE(queue.peek() != nullptr);
    CHECK(queue.pop().key == key(1'000, site << 48 | 1));
  }
  queue.push(event(key(1'000, 5ULL << 48 | 1)));
  check_drained(queue, {key(1'000, 5ULL << 48 | 1), key(1'000, 8ULL << 48 | 1), key(1'000, 9ULL << 48 | 1)});
}

TEST_CASE("pushes and pops at random agree with a sorted set") {
  std::mt19937_64 random{20'260'101};  // specified by the standard, so the same everywhere
  Checked queue;
  std::int64_t now = 0;
  int popped = 0;
  for (std::uint64_t step = 0; step < 200'000; ++step) {
    // Filling and emptying in turns, so that the queue is sometimes empty and sometimes thousands long; many ties.
    const bool fills = step / 20'000 % 2 == 0;
    if (random() % 8 < (fills ? 5U : 3U)) {
      queue.push(key(now + static_cast<std::int64_t>(random() % 500), (random() % 3) << 48 | step));
    } else if (!queue.empty()) {
      now = queue.pop().time.ns;
      ++popped;
    }
  }
  CHECK(popped > 80'000);
  queue.drain();
}

TEST_CASE("a million events of one instant come in the order of their origins") {
  constexpr std::uint64_t kEvents = 1'000'000;
  EventQueue queue;
  for (std::uint64_t i = 0; i < kEvents; ++i) queue.push(event(key(5, i * 999'983 % kEvents)));  // a prime: each once
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    if (queue.peek() == nullptr || queue.pop().key != key(5, i)) FAIL("wrong at event " << i);
  }
  CHECK(queue.size() == 0);
}

TEST_CASE("every site at one instant, inserted in reverse") {
  EventQueue queue;
  std::vector<EventKey> expected;
  for (std::uint64_t site = 0; site < 65'536; ++site) {
    for (const std::uint64_t number : {std::uint64_t{1}, (std::uint64_t{1} << 48) - 1}) {
      expected.push_back(key(1, site << 48 | number));
    }
  }
  for (auto k = expected.rbegin(); k != expected.rend(); ++k) queue.push(event(*k));
  check_drained(queue, expected);
}

TEST_CASE("gaps that double from a nanosecond to 146 years") {
  // 2^0 .. 2^62 ns, in both directions; a hundred at each, so that each bucket must be dealt again.
  for (const bool ascending : {true, false}) {
    EventQueue queue;
    std::vector<EventKey> expected;
    for (int exponent = 0; exponent <= 62; ++exponent) {
      for (std::uint64_t i = 0; i < 100; ++i) expected.push_back(key(std::int64_t{1} << exponent, i));
    }
    std::vector<EventKey> order = expected;
    if (!ascending) std::reverse(order.begin(), order.end());
    for (const EventKey k : order) queue.push(event(k));
    check_drained(queue, expected);
  }
}

TEST_CASE("an event reschedules itself ever further ahead") {
  Checked queue;
  queue.push(key(0, 0));
  for (int exponent = 0; exponent <= 62; ++exponent) {
    queue.pop();
    queue.push(key(std::int64_t{1} << exponent, 0));
    queue.push(key((std::int64_t{1} << exponent) + 1, 1));
    queue.pop();
  }
  CHECK(queue.drain() == 1);  // two in, two out, 63 times
}

TEST_CASE("short events go on while far timers wait") {
  // The far ones end the first rung at a second, so every short one goes below it, a thousand at a time: more than the
  // sorted bottom takes (256), so that it must become a rung again and again.
  std::mt19937_64 random{20'260'101};
  Checked queue;
  std::uint64_t origin = 0;
  for (int i = 0; i < 1'000; ++i) queue.push(key(static_cast<std::int64_t>(random() % 1'000), ++origin));
  for (int i = 0; i < 1'000; ++i) {
    queue.push(key(1'000'000'000 + static_cast<std::int64_t>(random() % 1'000), ++origin));
  }
  std::int64_t now = 0;
  for (int i = 0; i < 100'000; ++i) {
    now = queue.pop().time.ns;
    queue.push(key(now + 1 + static_cast<std::int64_t>(random() % 1'000), ++origin));
  }
  CHECK(now < 1'000'000);  // 100,000 events at about two a nanosecond: far from the timers
  CHECK(queue.drain() == 2'000);
}

TEST_CASE("every event comes just before the one that was next") {
  constexpr std::int64_t kEvents = 100'000;  // past the depth at which the ladder is dealt anew
  EventQueue queue;
  std::vector<EventKey> expected;
  for (std::int64_t i = kEvents; i > 0; --i) {
    queue.push(event(key(i, 1)));
    REQUIRE(queue.peek() != nullptr);  // so that it lies in the bottom
    if (queue.peek()->key != key(i, 1)) FAIL("not next: " << i);
  }
  for (std::int64_t i = 1; i <= kEvents; ++i) expected.push_back(key(i, 1));
  check_drained(queue, expected);
}

// A refill opens rungs too, so that the depth can step over the one at which the ladder is dealt anew.
TEST_CASE("events in descending order, with a crowded bucket on the way, come in ascending order") {
  constexpr std::int64_t kSpills = 63 * 256;
  EventQueue queue;
  std::vector<EventKey> expected;
  std::uint64_t origin = 0;
  const auto push = [&](std::int64_t time) {
    const EventKey k = key(time, ++origin);
    queue.push(event(k));
    expected.push_back(k);
  };
  for (std::int64_t i = 0; i < 5'000; ++i) push(1'000'000 + i % 7);  // one bucket of many
  REQUIRE(queue.peek() != nullptr);
  for (std::int64_t i = kSpills; i > 0; --i) push(100'000 + i);
  REQUIRE(queue.peek() != nullptr);
  for (std::int64_t i = 60'000; i > 0; --i) push(i);
  std::sort(expected.begin(), expected.end());
  check_drained(queue, expected);
}

TEST_CASE("a queue that was drained is as good as new") {
  std::mt19937_64 random{20'260'101};
  Checked queue;
  std::int64_t now = 0;
  for (const std::size_t size : {1U, 2U, 32U, 33U, 256U, 257U, 5'000U, 70'000U, 1U, 300U}) {
    for (std::uint64_t i = 0; i < size; ++i) queue.push(key(now + static_cast<std::int64_t>(random() % 100'000), i));
    CHECK(queue.drain() == size);
    now += 100'000;
  }
}

/// One law of delays, with zero, equal, short, long and far ones among them.
std::int64_t any_delay(std::mt19937_64& random, const std::array<unsigned, 5>& weights) {
  unsigned dice =
      static_cast<unsigned>(random() % (weights[0] + weights[1] + weights[2] + weights[3] + weights[4] + 1));
  const auto below = [&random](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  if (dice < weights[0]) return 0;
  if ((dice -= weights[0]) < weights[1]) return 1'000;
  if ((dice -= weights[1]) < weights[2]) return below(100);
  if ((dice -= weights[2]) < weights[3]) return below(1'000'000);
  if ((dice -= weights[3]) < weights[4]) return std::int64_t{1} << below(58);
  return 1;
}

TEST_CASE("any mixture of delays, with any number of events, agrees with a sorted set") {
  check("queue against set", 60, [] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    std::array<unsigned, 5> weights{};
    for (unsigned& weight : weights) weight = pick(0U, 4U);
    const int pending = pick(1, 3'000);
    Checked queue;
    std::uint64_t scheduled = 0;
    const auto push = [&](std::int64_t now) {
      queue.push(key(now + any_delay(random, weights), (random() % 4) << 48 | ++scheduled));
    };
    for (int i = 0; i < pending; ++i) push(0);
    // One or two for each that is taken, so that it grows; what comes near the end of time is not followed.
    for (int step = 0; step < 5'000 && !queue.empty(); ++step) {
      const std::int64_t now = queue.pop().time.ns;
      for (std::uint64_t n = random() % 8; n < 8; n += 4) {
        if (now < std::int64_t{1} << 61) push(now);
      }
    }
    queue.drain();
  });
}

}  // namespace
}  // namespace parallax::sim
