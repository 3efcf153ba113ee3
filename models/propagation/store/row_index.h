// Slots by the values of some columns: one slot each (a key), or a chain of them (children by their parent).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/logic/caches/slot_index.h"
#include "models/propagation/store/rows.h"

namespace parallax::propagation::store {

/// Of a key. Looked up, never iterated. The rows outlive it and stay where they are. Hashes are kept beside the slots,
/// so that neither growing nor taking one out reads rows, which a large table has in main memory only.
class KeyIndex {
 public:
  KeyIndex(const Rows& rows, const std::vector<Column>& columns) : rows_{rows} {
    for (const Column column : columns) parts_.push_back({column, factor_of(column)});
  }
  KeyIndex(const KeyIndex&) = delete;
  KeyIndex& operator=(const KeyIndex&) = delete;

  /// The row that has the same key as `row`, a whole row; kNoSlot if there is none.
  Slot find(std::span<const Value> row) const {
    return find(hash(row), [&](std::span<const Value> other) { return is_equal(row, other); });
  }

  /// Of a key of one column.
  Slot find(Value key) const {
    const Part& part = parts_.front();
    return find(fold(part.times(key)), [&](std::span<const Value> other) { return other[part.column] == key; });
  }

  // Requires: no other row with the key of the row in the slot; the row as it was when its slot was inserted.
  void insert(Slot slot) { slots_.insert(hash(rows_.values(slot)), id(slot)); }
  void erase(Slot slot) { slots_.erase(hash(rows_.values(slot)), id(slot)); }
  void reserve(std::size_t rows) { slots_.reserve(rows); }

  /// `row` will be looked up soon: main memory is asked for the place, without waiting.
  void fetch_place(std::span<const Value> row) const { slots_.prefetch(hash(row)); }

  /// What a look-up will most probably find, without reading any row.
  Slot probably(std::span<const Value> row) const {
    return static_cast<Slot>(slots_.find(hash(row), [](SlotId) { return true; }));
  }

  /// Has `row` another key than `other`? A look at all columns costs less than to guess which is the first to differ.
  bool differs(std::span<const Value> row, std::span<const Value> other) const {
    Value difference = 0;
    for (const Part& part : parts_) difference |= row[part.column] ^ other[part.column];
    return difference != 0;
  }

  std::size_t bytes() const { return slots_.bytes(); }

 private:
  using SlotId = logic::caches::SlotId;

  static constexpr SlotId id(Slot slot) { return static_cast<SlotId>(slot); }
  static_assert(static_cast<SlotId>(kNoSlot) == logic::caches::kNoSlot);

  struct Part {
    Column column;
    std::uint64_t factor;  ///< odd, another one for each column
    std::uint64_t times(Value value) const { return static_cast<std::uint64_t>(value) * factor; }
  };

  static constexpr std::uint64_t kGolden = 0x9e37'79b9'7f4a'7c15;  ///< the fraction of the golden ratio

  // The halves of a product are folded into one: dense numbers become 64 bits that have nothing to do with each other.
  static constexpr std::uint64_t spread(std::uint64_t bits) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(bits) * kGolden;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  static std::uint64_t factor_of(Column column) { return spread(spread(column + kGolden)) | 1; }

  // Multilinear: the products of one key do not wait for each other, and its upper half is the good one.
  static std::uint32_t fold(std::uint64_t sum) { return static_cast<std::uint32_t>(spread(sum) >> 32); }

  std::uint32_t hash(std::span<const Value> row) const {
    std::uint64_t sum = 0;
    for (const Part& part : parts_) sum += part.times(row[part.column]);
    return fold(sum);
  }

  bool is_equal(std::span<const Value> row, std::span<const Value> other) const { return !differs(row, other); }

  template <typename Equal>
  Slot find(std::uint32_t hash, const Equal& is_it) const {
    return static_cast<Slot>(
        slots_.find(hash, [&](SlotId candidate) { return is_it(rows_.values(static_cast<Slot>(candidate))); }));
  }

  const Rows& rows_;
  std::vector<Part> parts_;
  logic::caches::SlotIndex slots_;
};

/// Of a foreign key: the children of each parent, in the order in which they came.
class ChildIndex {
 public:
  /// kNoSlot: no children.
  Slot first(Value parent) const {
    const auto found = chains_.find(parent);
    return found == chains_.end() ? kNoSlot : found->second.first;
  }
  Slot next(Slot child) const { return links_[index(child)].next; }
  Slot previous(Slot child) const { return links_[index(child)].previous; }

  void insert(Value parent, Slot child);
  void erase(Value parent, Slot child);

  /// A child goes to the place behind another child of its parent; behind kNoSlot: to the first.
  void move_behind(Value parent, Slot previous, Slot child);

  std::size_t bytes() const {
    return links_.capacity() * sizeof(Link) + chains_.bucket_count() * (sizeof(Value) + sizeof(Chain) + 1);
  }

 private:
  struct Chain {
    Slot first{kNoSlot};
    Slot last{kNoSlot};
  };
  struct Link {
    Slot previous{kNoSlot};
    Slot next{kNoSlot};
  };

  boost::unordered_flat_map<Value, Chain> chains_;  // looked up, never iterated
  std::vector<Link> links_;                         ///< by slot
};

inline void ChildIndex::insert(Value parent, Slot child) {
  if (index(child) >= links_.size()) links_.resize(index(child) + 1);
  Chain& chain = chains_[parent];
  links_[index(child)] = {chain.last, kNoSlot};
  (chain.last == kNoSlot ? chain.first : links_[index(chain.last)].next) = child;
  chain.last = child;
}

inline void ChildIndex::erase(Value parent, Slot child) {
  const auto found = chains_.find(parent);
  Chain& chain = found->second;
  const Link link = links_[index(child)];
  (link.previous == kNoSlot ? chain.first : links_[index(link.previous)].next) = link.next;
  (link.next == kNoSlot ? chain.last : links_[index(link.next)].previous) = link.previous;
  if (chain.first == kNoSlot) chains_.erase(found);
}

inline void ChildIndex::move_behind(Value parent, Slot previous, Slot child) {
  erase(parent, child);
  Chain& chain = chains_[parent];
  Slot& to_child = previous == kNoSlot ? chain.first : links_[index(previous)].next;
  const Slot next = to_child;
  links_[index(child)] = {previous, next};
  (next == kNoSlot ? chain.last : links_[index(next)].previous) = child;
  to_child = child;
}

}  // namespace parallax::propagation::store
