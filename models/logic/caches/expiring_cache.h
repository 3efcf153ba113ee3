// A single-node cache as gateways have it (carbon-kernel CacheImpl): entries age from the write; a sweeper removes
// what is older than the time to live; a look-up does not test the age, so an entry lives up to one sweep interval
// longer. Over capacity, the overflow and a quarter of the capacity go, least recently used first.
//
// A key is (object, variant): one token has an entry per resource, and revoking it removes them all. Entries stand in
// two intrusive lists, by write and by object, so an operation costs the entries that it touches, but for an overflow:
// a look-up only stamps its entry, and who was used least recently is asked then, for a quarter of the cache at a time.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/time.h"

namespace parallax::logic {

struct CacheKey {
  std::uint32_t object;
  std::uint32_t variant;
  constexpr std::uint64_t packed() const { return static_cast<std::uint64_t>(object) << 32 | variant; }
};

template <typename Value>
class ExpiringCache {
 public:
  struct Entry {
    CacheKey key;
    sim::VirtualTime written;
    Value value;
  };

  /// Requires: capacity >= 1, ttl > 0.
  ExpiringCache(std::size_t capacity, sim::Duration ttl) : capacity_{capacity}, ttl_{ttl} {}

  std::size_t size() const { return by_key_.size(); }

  /// The first instant at which the entry is too old.
  sim::VirtualTime due(const Entry& entry) const { return entry.written + ttl_; }

  /// The entry that is due first; null if the cache is empty.
  const Entry* oldest() const { return head_ == kNone ? nullptr : &slots_[head_].entry; }

  /// The entry, made the most recently used; null if there is none. Valid until the next call that changes the cache.
  const Entry* find(CacheKey key) {
    const auto found = by_key_.find(key.packed());
    if (found == by_key_.end()) return nullptr;
    Slot& slot = slots_[found->second];
    slot.used = ++uses_;
    return &slot.entry;
  }

  /// Replaces an entry of the same key without telling `on_drop`; tells it of those that must make room.
  template <typename OnDrop>
  void put(CacheKey key, const Value& value, sim::VirtualTime now, OnDrop&& on_drop) {
    if (const auto found = by_key_.find(key.packed()); found != by_key_.end()) release(found->second);
    const std::uint32_t slot = acquire({key, now, value});
    by_key_.emplace(key.packed(), slot);
    if (size() > capacity_) make_room(size() - capacity_ + capacity_ / 4, on_drop);
  }

  /// Removes every entry that is due at `now`, the oldest first. `on_drop` gets each Entry.
  template <typename OnDrop>
  void sweep(sim::VirtualTime now, OnDrop&& on_drop) {
    while (head_ != kNone && due(slots_[head_].entry) <= now) drop(head_, on_drop);
  }

  /// Removes one entry without telling.
  void forget(CacheKey key) {
    if (const auto found = by_key_.find(key.packed()); found != by_key_.end()) release(found->second);
  }

  /// Removes everything, the oldest first.
  template <typename OnDrop>
  void clear(OnDrop&& on_drop) {
    while (head_ != kNone) drop(head_, on_drop);
  }

  /// Removes every variant of `object`.
  template <typename OnDrop>
  void erase_object(std::uint32_t object, OnDrop&& on_drop) {
    for (auto found = by_object_.find(object); found != by_object_.end(); found = by_object_.find(object)) {
      drop(found->second, on_drop);
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  static constexpr std::uint64_t kFree = 0;
  struct Links {
    std::uint32_t previous{kNone};
    std::uint32_t next{kNone};
  };
  struct Slot {
    Entry entry;
    std::uint64_t used{kFree};  ///< number of the look-up or write that used it last, counted from 1
    Links by_write{};
    Links variants{};
  };

  std::uint32_t acquire(const Entry& entry) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back({entry});
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot] = {entry, ++uses_};
    append(slot);
    join_variants(slot);
    return slot;
  }

  void release(std::uint32_t slot) {
    unlink(slot);
    leave_variants(slot);
    by_key_.erase(slots_[slot].entry.key.packed());
    slots_[slot].used = kFree;
    free_.push_back(slot);
  }

  template <typename OnDrop>
  void drop(std::uint32_t slot, OnDrop&& on_drop) {
    const Entry entry = slots_[slot].entry;
    release(slot);
    on_drop(entry);
  }

  template <typename OnDrop>
  void make_room(std::size_t entries, OnDrop&& on_drop) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_use;  // (used, slot)
    by_use.reserve(size());
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot].used != kFree) by_use.emplace_back(slots_[slot].used, slot);
    }
    const auto last = by_use.begin() + static_cast<std::ptrdiff_t>(entries);
    std::nth_element(by_use.begin(), last - 1, by_use.end());
    std::sort(by_use.begin(), last);
    for (auto one = by_use.begin(); one != last; ++one) drop(one->second, on_drop);
  }

  void append(std::uint32_t slot) {
    slots_[slot].by_write = {tail_, kNone};
    (tail_ == kNone ? head_ : slots_[tail_].by_write.next) = slot;
    tail_ = slot;
  }

  void unlink(std::uint32_t slot) {
    const Links links = slots_[slot].by_write;
    (links.previous == kNone ? head_ : slots_[links.previous].by_write.next) = links.next;
    (links.next == kNone ? tail_ : slots_[links.next].by_write.previous) = links.previous;
  }

  // by_object_ names the variant that was written last; the others hang behind it.
  void join_variants(std::uint32_t slot) {
    const auto [first, is_new] = by_object_.try_emplace(slots_[slot].entry.key.object, slot);
    if (is_new) return;
    slots_[slot].variants.next = first->second;
    slots_[first->second].variants.previous = slot;
    first->second = slot;
  }

  void leave_variants(std::uint32_t slot) {
    const Links links = slots_[slot].variants;
    if (links.next != kNone) slots_[links.next].variants.previous = links.previous;
    if (links.previous != kNone) {
      slots_[links.previous].variants.next = links.next;
    } else if (links.next != kNone) {
      by_object_[slots_[slot].entry.key.object] = links.next;
    } else {
      by_object_.erase(slots_[slot].entry.key.object);
    }
  }

  std::size_t capacity_;
  sim::Duration ttl_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  // Looked up, never iterated: their order must not matter.
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_key_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> by_object_;
  std::uint32_t head_{kNone};  ///< written first
  std::uint32_t tail_{kNone};
  std::uint64_t uses_{0};
};

}  // namespace parallax::logic
