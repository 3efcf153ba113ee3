#include "models/logic/caches/expiring_cache.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <list>
#include <optional>
#include <vector>

#include "sim/random.h"

namespace parallax::logic::caches {
namespace {

using Cache = ExpiringCache<std::uint32_t, int>;
using Key = Cache::Key;
using sim::VirtualTime;

constexpr sim::Duration kTtl = sim::seconds(900);

struct Dropped {
  std::uint32_t object;
  std::uint32_t variant;
  VirtualTime written;
  int value;
  friend auto operator<=>(const Dropped&, const Dropped&) = default;
};

Dropped dropped(const Cache::Entry& entry) { return {entry.key.object, entry.key.variant, entry.written, entry.value}; }

VirtualTime at(std::int64_t seconds) { return VirtualTime{} + sim::seconds(seconds); }

constexpr auto kIgnore = [](const Cache::Entry&) {};

// The same rules, as plainly as they can be said: entries in a list, least recently used first.
class NaiveCache {
 public:
  NaiveCache(std::size_t capacity, sim::Duration ttl) : capacity_{capacity}, ttl_{ttl} {}

  std::optional<int> find(Key key) {
    for (auto entry = by_use_.begin(); entry != by_use_.end(); ++entry) {
      if (entry->object != key.object || entry->variant != key.variant) continue;
      by_use_.splice(by_use_.end(), by_use_, entry);
      return entry->value;
    }
    return std::nullopt;
  }

  std::vector<Dropped> put(Key key, int value, VirtualTime now) {
    by_use_.remove_if([&](const Dropped& e) { return e.object == key.object && e.variant == key.variant; });
    by_use_.push_back({key.object, key.variant, now, value});
    std::vector<Dropped> gone;
    if (by_use_.size() <= capacity_) return gone;
    for (std::size_t left = by_use_.size() - capacity_ + capacity_ / 4; left > 0; --left) {
      gone.push_back(by_use_.front());
      by_use_.pop_front();
    }
    return gone;
  }

  std::vector<Dropped> sweep(VirtualTime now) {
    return take([&](const Dropped& e) { return e.written + ttl_ <= now; });
  }
  std::vector<Dropped> erase_object(std::uint32_t object) {
    return take([&](const Dropped& e) { return e.object == object; });
  }

  std::optional<VirtualTime> oldest_due() const {
    std::optional<VirtualTime> due;
    for (const Dropped& e : by_use_) due = due ? std::min(*due, e.written + ttl_) : e.written + ttl_;
    return due;
  }
  std::size_t size() const { return by_use_.size(); }

 private:
  template <typename Predicate>
  std::vector<Dropped> take(const Predicate& goes) {
    std::vector<Dropped> gone;
    std::copy_if(by_use_.begin(), by_use_.end(), std::back_inserter(gone), goes);
    by_use_.remove_if(goes);
    return gone;
  }

  std::size_t capacity_;
  sim::Duration ttl_;
  std::list<Dropped> by_use_;
};

std::vector<Dropped> sorted(std::vector<Dropped> entries) {
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool oldest_first(const std::vector<Dropped>& entries) {
  return std::is_sorted(entries.begin(), entries.end(),
                        [](const Dropped& a, const Dropped& b) { return a.written < b.written; });
}

// One random operation on both; the clock never goes back.
class Duel {
 public:
  Duel(std::size_t capacity, std::uint64_t seed)
      : cache_{capacity, kTtl}, naive_{capacity, kTtl}, stream_{seed, "cache test", "operations"} {}

  void step() {
    now_ = now_ + sim::seconds(static_cast<std::int64_t>(stream_.below(20)));
    const Key key{static_cast<std::uint32_t>(stream_.below(12)), static_cast<std::uint32_t>(stream_.below(4))};
    std::vector<Dropped> gone;
    const auto collect = [&gone](const Cache::Entry& entry) { gone.push_back(dropped(entry)); };
    switch (stream_.below(10)) {
      case 0:
        cache_.sweep(now_, collect);
        CHECK(oldest_first(gone));
        CHECK(sorted(gone) == sorted(naive_.sweep(now_)));
        break;
      case 1:
        cache_.erase_object(key.object, collect);
        CHECK(sorted(gone) == sorted(naive_.erase_object(key.object)));
        break;
      case 2:
      case 3:
      case 4:
      case 5: {
        const auto* found = cache_.find(key);
        CHECK((found ? std::optional{*found} : std::nullopt) == naive_.find(key));
        break;
      }
      default:
        cache_.put(key, ++value_, now_, collect);
        CHECK(gone == naive_.put(key, value_, now_));  // in the same order too
    }
    CHECK(cache_.size() == naive_.size());
    CHECK(cache_.next_due() == naive_.oldest_due());
  }

 private:
  Cache cache_;
  NaiveCache naive_;
  sim::Stream stream_;
  VirtualTime now_;
  int value_{0};
};

// 12 objects of 4 variants are 48 keys: capacity 64 never overflows, the others do, 1 with every second put.
TEST_CASE("the cache does what a naive list does under random operations") {
  for (const std::size_t capacity : {1U, 3U, 8U, 20U, 47U, 64U}) {
    Duel duel{capacity, capacity};
    for (int i = 0; i < 3'000; ++i) duel.step();
  }
}

TEST_CASE("a find does not test the age: an entry lives until the sweep") {
  Cache cache{10, kTtl};
  cache.put({1, 0}, 7, at(0), kIgnore);
  REQUIRE(cache.find({1, 0}) != nullptr);
  cache.sweep(at(900) - sim::nanoseconds(1), kIgnore);
  CHECK(cache.find({1, 0}) != nullptr);
  // The sweep at its 900th second to the nanosecond takes it.
  CHECK(cache.next_due() == at(900));
  cache.sweep(at(900), kIgnore);
  CHECK(cache.find({1, 0}) == nullptr);
  CHECK(cache.size() == 0);
}

TEST_CASE("a find does not renew the age of an entry, a put does") {
  Cache cache{10, kTtl};
  cache.put({1, 0}, 1, at(0), kIgnore);
  cache.put({2, 0}, 1, at(0), kIgnore);
  cache.find({1, 0});
  cache.put({2, 0}, 2, at(500), kIgnore);
  cache.sweep(at(900), kIgnore);
  CHECK(cache.find({1, 0}) == nullptr);
  REQUIRE(cache.find({2, 0}) != nullptr);
  CHECK(*cache.find({2, 0}) == 2);
}

// 9 entries in a cache for 8: the overflow of 1 and a quarter of 8 go, 3 in all, those used longest ago.
TEST_CASE("an overflow takes the least recently used entries and a quarter of the capacity with it") {
  Cache cache{8, kTtl};
  for (std::uint32_t object = 0; object < 8; ++object) cache.put({object, 0}, 0, at(object), kIgnore);
  cache.find({0, 0});
  cache.find({2, 0});
  std::vector<std::uint32_t> gone;
  cache.put({8, 0}, 0, at(8), [&](const Cache::Entry& entry) { gone.push_back(entry.key.object); });
  CHECK(gone == std::vector<std::uint32_t>{1, 3, 4});
  CHECK(cache.size() == 6);
  CHECK(cache.find({0, 0}) != nullptr);
  CHECK(cache.find({8, 0}) != nullptr);
}

TEST_CASE("a cache for one keeps the entry that was put last") {
  Cache cache{1, kTtl};
  cache.put({1, 0}, 1, at(0), kIgnore);
  int drops = 0;
  cache.put({2, 0}, 2, at(1), [&](const Cache::Entry& entry) { drops += entry.key.object == 1 ? 1 : 100; });
  CHECK(drops == 1);
  CHECK(cache.find({1, 0}) == nullptr);
  CHECK(*cache.find({2, 0}) == 2);
}

TEST_CASE("a put of a key that is there replaces it without a word") {
  Cache cache{1, kTtl};
  cache.put({1, 0}, 1, at(0), kIgnore);
  cache.put({1, 0}, 2, at(1), [](const Cache::Entry&) { FAIL("nothing had to make room"); });
  CHECK(cache.size() == 1);
  CHECK(*cache.find({1, 0}) == 2);
  CHECK(cache.next_due() == at(901));
}

TEST_CASE("a sweep drops what is due, the oldest first, and leaves the rest") {
  Cache cache{10, kTtl};
  cache.put({3, 0}, 0, at(20), kIgnore);
  cache.put({1, 0}, 0, at(30), kIgnore);
  cache.put({2, 0}, 0, at(40), kIgnore);
  cache.put({3, 0}, 0, at(50), kIgnore);  // rewritten: the youngest now
  cache.find({1, 0});                     // used last, which must not matter
  std::vector<std::uint32_t> gone;
  cache.sweep(at(945), [&](const Cache::Entry& entry) { gone.push_back(entry.key.object); });
  CHECK(gone == std::vector<std::uint32_t>{1, 2});
  CHECK(cache.next_due() == at(950));
}

TEST_CASE("erasing an object takes all its variants and nobody else's") {
  Cache cache{10, kTtl};
  for (std::uint32_t variant = 0; variant < 3; ++variant) cache.put({5, variant}, 0, at(variant), kIgnore);
  cache.put({6, 1}, 0, at(3), kIgnore);
  cache.put({5, 1}, 9, at(4), kIgnore);
  std::vector<std::uint32_t> variants;
  cache.erase_object(5, [&](const Cache::Entry& entry) {
    CHECK(entry.key.object == 5);
    variants.push_back(entry.key.variant);
  });
  std::sort(variants.begin(), variants.end());
  CHECK(variants == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(cache.size() == 1);
  CHECK(cache.find({6, 1}) != nullptr);
  cache.erase_object(5, [](const Cache::Entry&) { FAIL("nothing is left of it"); });
}

TEST_CASE("in an empty cache nothing is ever due") { CHECK(Cache{1, kTtl}.next_due() == std::nullopt); }

// 3 was written last but is a copy of something older than 2: it is due before it.
TEST_CASE("a copy is as old as what it was made of") {
  Cache cache{10, kTtl};
  cache.put({1, 0}, 1, at(100), kIgnore);
  cache.put({2, 0}, 2, at(300), kIgnore);
  cache.put({3, 0}, 3, at(200), kIgnore);
  cache.put({4, 0}, 4, at(50), kIgnore);
  cache.put({5, 0}, 5, at(300), kIgnore);
  CHECK(cache.next_due() == at(950));
  std::vector<int> gone;
  const auto note = [&](const Cache::Entry& entry) { gone.push_back(entry.value); };
  cache.sweep(at(1'100), note);
  CHECK(gone == std::vector<int>{4, 1, 3});
  CHECK(cache.next_due() == at(1'200));
  cache.sweep(at(1'200), note);
  CHECK(gone == std::vector<int>{4, 1, 3, 2, 5});
  CHECK(cache.size() == 0);
}

}  // namespace
}  // namespace parallax::logic::caches
