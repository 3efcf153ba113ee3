// Finds slots by a hash: open addressing, linear probing, eight bytes an entry, so that a look-up among millions costs
// one cache line here and then the slot itself, which holds the key. The hash must be a good one, of 32 bits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/logic/caches/fetch.h"
#include "models/logic/caches/huge_pages.h"

namespace parallax::logic::caches {

/// A place in somebody's table.
enum class SlotId : std::uint32_t {};
inline constexpr SlotId kNoSlot{0xffff'ffff};

class SlotIndex {
 public:
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry); }

  /// Does not grow until it has so many.
  void reserve(std::size_t slots) {
    while (slots * 2 > entries_.size()) grow();
  }

  /// Begins to fetch what find() will look at.
  void prefetch(std::uint32_t hash) const {
    if (!entries_.empty()) fetch(&entries_[home(hash)]);
  }

  /// The slot with this hash for which `is_it(SlotId)` holds; kNoSlot if there is none.
  template <typename IsIt>
  SlotId find(std::uint32_t hash, IsIt&& is_it) const {
    if (entries_.empty()) return kNoSlot;
    for (std::size_t at = home(hash); entries_[at].slot != kNoSlot; at = next(at)) {
      if (entries_[at].hash == hash && is_it(entries_[at].slot)) return entries_[at].slot;
    }
    return kNoSlot;
  }

  /// Requires: the slot is not there.
  void insert(std::uint32_t hash, SlotId slot) {
    if ((size_ + 1) * 2 > entries_.size()) grow();
    place({hash, slot});
    ++size_;
  }

  /// Puts `by` in the place of `slot`. Requires: `slot` is there, with this hash, which is that of `by` too.
  void replace(std::uint32_t hash, SlotId slot, SlotId by) { entries_[place_of(hash, slot)].slot = by; }

  /// Requires: the slot is there, with this hash.
  void erase(std::uint32_t hash, SlotId slot) {
    std::size_t hole = place_of(hash, slot);
    // Whoever stands behind the hole and may stand in it moves up, so that no probe ends too early.
    for (std::size_t at = next(hole); entries_[at].slot != kNoSlot; at = next(at)) {
      const std::size_t from_home = (at - home(entries_[at].hash)) & mask();
      if (from_home < ((at - hole) & mask())) continue;
      entries_[hole] = entries_[at];
      hole = at;
    }
    entries_[hole] = {};
    --size_;
  }

 private:
  struct Entry {
    std::uint32_t hash{0};
    SlotId slot{kNoSlot};
  };

  std::size_t mask() const { return entries_.size() - 1; }
  std::size_t home(std::uint32_t hash) const { return hash & mask(); }
  std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

  std::size_t place_of(std::uint32_t hash, SlotId slot) const {
    std::size_t at = home(hash);
    while (entries_[at].slot != slot) at = next(at);
    return at;
  }

  void place(const Entry& entry) {
    std::size_t at = home(entry.hash);
    while (entries_[at].slot != kNoSlot) at = next(at);
    entries_[at] = entry;
  }

  void grow() {
    const std::size_t wanted = std::max<std::size_t>(16, entries_.size() * 2);
    for (const Entry& entry : std::exchange(entries_, Entries(wanted))) {
      if (entry.slot != kNoSlot) place(entry);
    }
  }

  using Entries = std::vector<Entry, HugePageAllocator<Entry>>;
  Entries entries_;  ///< a power of two of them, at most half of them taken
  std::size_t size_{0};
};

}  // namespace parallax::logic::caches
