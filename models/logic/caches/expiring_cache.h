// A single-node cache as gateways have it (carbon-kernel CacheImpl): entries age from the write; a sweeper removes
// what is older than the time to live; a look-up does not test the age, so an entry lives up to one sweep interval
// longer. Over capacity, the overflow and a quarter of the capacity go, least recently used first.
//
// A key is (object, variant): one token has an entry per resource, and revoking it removes them all. Entries stand in
// two intrusive lists, by write and by object, so an operation costs the entries that it touches, but for an overflow:
// a look-up only stamps its entry, and who was used least recently is asked then, for a quarter of the cache at a time.
//
// What a look-up needs is one piece of memory and what only writes need is another: with millions of entries a look-up
// costs its cache misses.
#pragma once

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/logic/caches/slot_index.h"
#include "sim/time.h"

namespace parallax::logic::caches {

template <typename Object>
struct CacheKey {
  Object object;
  std::uint32_t variant;
  friend constexpr bool operator==(const CacheKey&, const CacheKey&) = default;
};

/// Object: a regular type that boost::hash knows. Value: a small regular type.
template <typename Object, typename Value>
class ExpiringCache {
 public:
  using Key = CacheKey<Object>;
  struct Entry {
    Key key;
    sim::VirtualTime written;
    Value value;
  };

  /// Requires: capacity >= 1, ttl > 0.
  ExpiringCache(std::size_t capacity, sim::Duration ttl) : capacity_{capacity}, ttl_{ttl} {}

  std::size_t size() const { return by_key_.size(); }

  /// The first instant at which an entry of this cache is too old.
  sim::VirtualTime due(const Entry& entry) const { return entry.written + ttl_; }

  /// When the first entry is due; nothing if the cache is empty.
  std::optional<sim::VirtualTime> next_due() const {
    if (head_ == kNone) return std::nullopt;
    return histories_[static_cast<std::size_t>(head_)].written + ttl_;
  }

  /// Whether any variant of `object` is there.
  bool holds(const Object& object) const { return last_variant(object) != kNone; }

  /// Begins to fetch what find() will look at first. Worth it where there is something to do until then.
  void prefetch(const Key& key) const { by_key_.prefetch(hash_of(key)); }

  /// The value, made the most recently used; null if there is none. Valid until the next call that changes the cache.
  const Value* find(const Key& key) {
    const SlotId found = slot_of(key);
    if (found == kNoSlot) return nullptr;
    Slot& slot = slot_at(found);
    slot.used = ++uses_;
    return &slot.value;
  }

  /// Replaces an entry of the same key without telling `on_drop`; tells it of those that must make room. `written` is
  /// now, or earlier for a copy that is as old as what it was made of.
  template <typename OnDrop>
  void put(const Key& key, const Value& value, sim::VirtualTime written, OnDrop&& on_drop) {
    forget(key);
    acquire(key, value, written);
    if (size() > capacity_) make_room(size() - capacity_ + capacity_ / 4, on_drop);
  }

  /// Removes every entry that is due at `now`, the oldest first. `on_drop` gets each Entry.
  template <typename OnDrop>
  void sweep(sim::VirtualTime now, OnDrop&& on_drop) {
    while (head_ != kNone && history_of(head_).written + ttl_ <= now) drop(head_, on_drop);
  }

  /// Removes one entry without telling.
  void forget(const Key& key) {
    if (const SlotId found = slot_of(key); found != kNoSlot) release(found);
  }

  /// Removes one entry.
  template <typename OnDrop>
  void erase(const Key& key, OnDrop&& on_drop) {
    if (const SlotId found = slot_of(key); found != kNoSlot) drop(found, on_drop);
  }

  /// Removes everything, the oldest first.
  template <typename OnDrop>
  void clear(OnDrop&& on_drop) {
    while (head_ != kNone) drop(head_, on_drop);
  }

  /// Removes every variant of `object`, the one written last first.
  template <typename OnDrop>
  void erase_object(const Object& object, OnDrop&& on_drop) {
    for (SlotId found = last_variant(object); found != kNoSlot; found = last_variant(object)) drop(found, on_drop);
  }

 private:
  static constexpr SlotId kNone = kNoSlot;
  static constexpr std::uint64_t kFree = 0;
  struct Slot {
    Key key;
    std::uint64_t used{kFree};  ///< number of the look-up or write that used it last, counted from 1
    Value value;
  };
  struct Links {
    SlotId previous{kNone};
    SlotId next{kNone};
  };
  struct History {
    sim::VirtualTime written;
    Links by_write{};
    Links variants{};
  };

  static std::uint32_t hash_of(const Object& object) { return mixed(boost::hash<Object>{}(object)); }
  static std::uint32_t hash_of(const Key& key) {
    return mixed(boost::hash<Object>{}(key.object) + key.variant * std::uint64_t{0x9e37'79b9'7f4a'7c15});
  }
  // The upper half of SplitMix64's last step.
  static std::uint32_t mixed(std::uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
    x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
    return static_cast<std::uint32_t>((x ^ x >> 31) >> 32);
  }

  SlotId slot_of(const Key& key) const {
    return by_key_.find(hash_of(key), [&](SlotId slot) { return slots_[static_cast<std::size_t>(slot)].key == key; });
  }
  SlotId last_variant(const Object& object) const {
    return by_object_.find(hash_of(object),
                           [&](SlotId slot) { return slots_[static_cast<std::size_t>(slot)].key.object == object; });
  }
  Slot& slot_at(SlotId slot) { return slots_[static_cast<std::size_t>(slot)]; }
  History& history_of(SlotId slot) { return histories_[static_cast<std::size_t>(slot)]; }

  void acquire(const Key& key, const Value& value, sim::VirtualTime written) {
    if (free_.empty()) {
      free_.push_back(static_cast<SlotId>(slots_.size()));
      slots_.push_back({key, kFree, value});
      histories_.push_back({});
    }
    const SlotId slot = free_.back();
    free_.pop_back();
    slot_at(slot) = {key, ++uses_, value};
    history_of(slot) = {written};
    by_key_.insert(hash_of(key), slot);
    insert_by_write(slot);
    join_variants(slot);
  }

  void release(SlotId slot) {
    unlink(slot);
    leave_variants(slot);
    by_key_.erase(hash_of(slot_at(slot).key), slot);
    slot_at(slot).used = kFree;
    free_.push_back(slot);
  }

  template <typename OnDrop>
  void drop(SlotId slot, OnDrop&& on_drop) {
    const Entry entry{slot_at(slot).key, history_of(slot).written, slot_at(slot).value};
    release(slot);
    on_drop(entry);
  }

  template <typename OnDrop>
  void make_room(std::size_t entries, OnDrop&& on_drop) {
    std::vector<std::pair<std::uint64_t, SlotId>> by_use;  // (used, slot)
    by_use.reserve(size());
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot].used != kFree) by_use.emplace_back(slots_[slot].used, static_cast<SlotId>(slot));
    }
    const auto last = by_use.begin() + static_cast<std::ptrdiff_t>(entries);
    std::nth_element(by_use.begin(), last - 1, by_use.end());
    std::sort(by_use.begin(), last);
    for (auto one = by_use.begin(); one != last; ++one) drop(one->second, on_drop);
  }

  // At the end, unless it is a copy: then before those written after what it was made of.
  void insert_by_write(SlotId slot) {
    SlotId before = tail_;
    while (before != kNone && history_of(before).written > history_of(slot).written) {
      before = history_of(before).by_write.previous;
    }
    const SlotId behind = before == kNone ? head_ : history_of(before).by_write.next;
    history_of(slot).by_write = {before, behind};
    (before == kNone ? head_ : history_of(before).by_write.next) = slot;
    (behind == kNone ? tail_ : history_of(behind).by_write.previous) = slot;
  }

  void unlink(SlotId slot) {
    const Links links = history_of(slot).by_write;
    (links.previous == kNone ? head_ : history_of(links.previous).by_write.next) = links.next;
    (links.next == kNone ? tail_ : history_of(links.next).by_write.previous) = links.previous;
  }

  // by_object_ holds the variant that was written last; the others hang behind it.
  void join_variants(SlotId slot) {
    const Object& object = slot_at(slot).key.object;
    const SlotId last = last_variant(object);
    if (last == kNone) return by_object_.insert(hash_of(object), slot);
    history_of(slot).variants.next = last;
    history_of(last).variants.previous = slot;
    by_object_.replace(hash_of(object), last, slot);
  }

  void leave_variants(SlotId slot) {
    const Links links = history_of(slot).variants;
    if (links.next != kNone) history_of(links.next).variants.previous = links.previous;
    if (links.previous != kNone) {
      history_of(links.previous).variants.next = links.next;
      return;
    }
    const std::uint32_t hash = hash_of(slot_at(slot).key.object);
    if (links.next == kNone) return by_object_.erase(hash, slot);
    by_object_.replace(hash, slot, links.next);
  }

  std::size_t capacity_;
  sim::Duration ttl_;
  std::vector<Slot, HugePageAllocator<Slot>> slots_;
  std::vector<History> histories_;  // by slot
  std::vector<SlotId> free_;
  SlotIndex by_key_;
  SlotIndex by_object_;  ///< of each object the variant that was written last
  SlotId head_{kNone};   ///< written first
  SlotId tail_{kNone};
  std::uint64_t uses_{0};
};

}  // namespace parallax::logic::caches
