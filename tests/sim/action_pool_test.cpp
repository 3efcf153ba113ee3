#include "sim/action_pool.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace parallax::sim {
namespace {

using Ran = std::vector<std::uint64_t>;

/// An action that writes `number` down.
Action note(Ran& ran, std::uint64_t number) {
  return [&ran, number] { ran.push_back(number); };
}

TEST_CASE("an action is taken once, and does what it was made for") {
  ActionPool pool;
  Ran ran;
  ActionSlot& first = pool.put(note(ran, 1));
  ActionSlot& second = pool.put(note(ran, 2));
  CHECK(pool.in_use() == 2);
  pool.take(second)();
  pool.take(first)();
  CHECK(ran == Ran{2, 1});
  CHECK(pool.in_use() == 0);
}

TEST_CASE("a cancelled action is empty when its event comes, and can be cancelled only once") {
  ActionPool pool;
  Ran ran;
  ActionSlot& slot = pool.put(note(ran, 1));
  const Timer timer = slot.timer;
  CHECK(pool.cancel(timer));
  CHECK_FALSE(pool.cancel(timer));
  CHECK(pool.in_use() == 1);  // its event still lies in the queue
  CHECK_FALSE(pool.take(slot));
  CHECK_FALSE(pool.cancel(timer));
  CHECK(pool.in_use() == 0);
}

TEST_CASE("an action that was taken cannot be cancelled") {
  ActionPool pool;
  Ran ran;
  ActionSlot& slot = pool.put(note(ran, 1));
  const Timer timer = slot.timer;
  pool.take(slot)();
  CHECK_FALSE(pool.cancel(timer));
  CHECK(ran == Ran{1});
}

TEST_CASE("no action, no cancellation") {
  ActionPool pool;
  CHECK_FALSE(pool.cancel(Timer{}));
  Ran ran;
  ActionSlot& slot = pool.put(note(ran, 1));
  REQUIRE(slot.timer.slot == 0);      // else this test shows nothing
  CHECK_FALSE(pool.cancel(Timer{}));  // slot 0 is in use, but generation 0 names nothing
  CHECK(pool.take(slot));
}

TEST_CASE("a slot used again neither revives the old action nor obeys its timer") {
  ActionPool pool;
  Ran ran;
  ActionSlot& old = pool.put(note(ran, 1));
  const Timer cancelled = old.timer;
  CHECK(pool.cancel(cancelled));
  CHECK_FALSE(pool.take(old));
  ActionSlot& fresh = pool.put(note(ran, 2));
  REQUIRE(&fresh == &old);  // else this test shows nothing
  CHECK_FALSE(pool.cancel(cancelled));
  pool.take(fresh)();
  CHECK(ran == Ran{2});
}

TEST_CASE("slots keep their place while the pool grows") {
  ActionPool pool;
  Ran ran;
  Ran expected;
  std::vector<ActionSlot*> slots;
  std::set<std::uint32_t> numbers;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    slots.push_back(&pool.put(note(ran, i)));
    numbers.insert(slots.back()->timer.slot);
    expected.push_back(i);
  }
  CHECK(numbers.size() == 10'000);
  CHECK(pool.in_use() == 10'000);
  for (ActionSlot* slot : slots) pool.take (*slot)();
  CHECK(ran == expected);
}

TEST_CASE("puts, cancellations and takes at random agree with a map") {
  struct Put {
    Timer timer;
    std::uint64_t number;
  };
  std::mt19937_64 random{20'260'101};  // specified by the standard, so the same everywhere
  ActionPool pool;
  Ran ran;
  Ran expected;
  std::vector<ActionSlot*> in_use;
  std::map<ActionSlot*, std::uint64_t> live;     // number of the action that a slot holds
  std::map<std::uint64_t, ActionSlot*> slot_of;  // of those that neither ran nor were cancelled
  std::vector<Put> put;
  int cancelled = 0;
  for (std::uint64_t step = 0; step < 50'000; ++step) {
    const std::uint64_t dice = random() % 8;
    if (dice < 3) {
      ActionSlot& slot = pool.put(note(ran, step));
      in_use.push_back(&slot);
      live[&slot] = step;
      slot_of[step] = &slot;
      put.push_back({slot.timer, step});
    } else if (dice < 5 && !put.empty()) {
      // Of the latest hundred: live, run and cancelled ones alike.
      const std::size_t back = random() % std::min<std::size_t>(put.size(), 100);
      const Put& one = put[put.size() - 1 - back];
      const auto still = slot_of.find(one.number);
      if (pool.cancel(one.timer) != (still != slot_of.end())) FAIL("cancel() differs at step " << step);
      if (still == slot_of.end()) continue;
      live.erase(still->second);
      slot_of.erase(still);
      ++cancelled;
    } else if (!in_use.empty()) {
      std::swap(in_use[random() % in_use.size()], in_use.back());
      ActionSlot* slot = in_use.back();
      in_use.pop_back();
      Action action = pool.take(*slot);
      const auto expects = live.find(slot);
      if (static_cast<bool>(action) != (expects != live.end())) FAIL("take() differs at step " << step);
      if (!action) continue;
      action();
      expected.push_back(expects->second);
      slot_of.erase(expects->second);
      live.erase(expects);
    }
  }
  CHECK(ran == expected);
  CHECK(ran.size() > 5'000);
  CHECK(cancelled > 1'000);
  CHECK(pool.in_use() == in_use.size());
}

}  // namespace
}  // namespace parallax::sim
