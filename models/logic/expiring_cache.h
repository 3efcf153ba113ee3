// A single-node cache as gateways have it (carbon-kernel CacheImpl): entries age from the write; a sweeper removes
// what is older than the time to live; a look-up does not test the age, so an entry lives up to one sweep interval
// longer. Over capacity, the overflow and a quarter of the capacity go, least recently used first.
//
// A key is (object, variant): one token has an entry per resource, and revoking it removes them all. Entries stand in
// three intrusive lists, by use, by write and by object, so every operation costs the entries that it touches.
#pragma once

#include <array>
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
  const Entry* oldest() const { return head_[kByWrite] == kNone ? nullptr : &slots_[head_[kByWrite]].entry; }

  /// The entry, made the most recently used; null if there is none. Valid until the next call that changes the cache.
  const Entry* find(CacheKey key) {
    const auto found = by_key_.find(key.packed());
    if (found == by_key_.end()) return nullptr;
    unlink(kByUse, found->second);
    append(kByUse, found->second);
    return &slots_[found->second].entry;
  }

  /// Replaces an entry of the same key without telling `on_drop`; tells it of those that must make room.
  template <typename OnDrop>
  void put(CacheKey key, const Value& value, sim::VirtualTime now, OnDrop&& on_drop) {
    if (const auto found = by_key_.find(key.packed()); found != by_key_.end()) release(found->second);
    const std::uint32_t slot = acquire({key, now, value});
    by_key_.emplace(key.packed(), slot);
    if (size() <= capacity_) return;
    for (std::size_t excess = size() - capacity_ + capacity_ / 4; excess > 0; --excess) drop(head_[kByUse], on_drop);
  }

  /// Removes every entry that is due at `now`, the oldest first. `on_drop` gets each Entry.
  template <typename OnDrop>
  void sweep(sim::VirtualTime now, OnDrop&& on_drop) {
    while (head_[kByWrite] != kNone && due(slots_[head_[kByWrite]].entry) <= now) drop(head_[kByWrite], on_drop);
  }

  /// Removes one entry without telling.
  void forget(CacheKey key) {
    if (const auto found = by_key_.find(key.packed()); found != by_key_.end()) release(found->second);
  }

  /// Removes everything, the oldest first.
  template <typename OnDrop>
  void clear(OnDrop&& on_drop) {
    while (head_[kByWrite] != kNone) drop(head_[kByWrite], on_drop);
  }

  /// Removes every variant of `object`.
  template <typename OnDrop>
  void erase_object(std::uint32_t object, OnDrop&& on_drop) {
    for (auto found = by_object_.find(object); found != by_object_.end(); found = by_object_.find(object)) {
      drop(found->second, on_drop);
    }
  }

 private:
  enum List : std::size_t { kByUse, kByWrite };
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  struct Links {
    std::uint32_t previous{kNone};
    std::uint32_t next{kNone};
  };
  struct Slot {
    Entry entry;
    std::array<Links, 2> links{};
    Links variants{};
  };

  std::uint32_t acquire(const Entry& entry) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back({entry});
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot] = {entry};
    append(kByUse, slot);
    append(kByWrite, slot);
    join_variants(slot);
    return slot;
  }

  void release(std::uint32_t slot) {
    unlink(kByUse, slot);
    unlink(kByWrite, slot);
    leave_variants(slot);
    by_key_.erase(slots_[slot].entry.key.packed());
    free_.push_back(slot);
  }

  template <typename OnDrop>
  void drop(std::uint32_t slot, OnDrop&& on_drop) {
    const Entry entry = slots_[slot].entry;
    release(slot);
    on_drop(entry);
  }

  void append(List list, std::uint32_t slot) {
    slots_[slot].links[list] = {tail_[list], kNone};
    (tail_[list] == kNone ? head_[list] : slots_[tail_[list]].links[list].next) = slot;
    tail_[list] = slot;
  }

  void unlink(List list, std::uint32_t slot) {
    const Links links = slots_[slot].links[list];
    (links.previous == kNone ? head_[list] : slots_[links.previous].links[list].next) = links.next;
    (links.next == kNone ? tail_[list] : slots_[links.next].links[list].previous) = links.previous;
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
  std::array<std::uint32_t, 2> head_{kNone, kNone};
  std::array<std::uint32_t, 2> tail_{kNone, kNone};
};

}  // namespace parallax::logic
