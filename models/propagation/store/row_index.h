// Slots by the values of some columns: one slot each (a key), or a chain of them (children by their parent).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "models/propagation/store/rows.h"

namespace parallax::propagation::store {

/// Of a key. Looked up, never iterated. The rows outlive it and stay where they are.
class KeyIndex {
 public:
  KeyIndex(const Rows& rows, std::vector<Column> columns)
      : columns_{std::move(columns)}, slots_{0, Hash{&rows, &columns_}, Equal{&rows, &columns_}} {}
  KeyIndex(const KeyIndex&) = delete;
  KeyIndex& operator=(const KeyIndex&) = delete;

  /// The row that has the same key as `row`, a whole row; kNoSlot if there is none.
  Slot find(std::span<const Value> row) const {
    const auto found = slots_.find(WholeRow{row.data()});
    return found == slots_.end() ? kNoSlot : *found;
  }

  /// Of a key of one column.
  Slot find(Value key) const {
    const auto found = slots_.find(OneValue{key});
    return found == slots_.end() ? kNoSlot : *found;
  }

  void insert(Slot slot) { slots_.insert(slot); }
  void erase(Slot slot) { slots_.erase(slot); }
  void reserve(std::size_t rows) { slots_.reserve(rows); }

  const std::vector<Column>& columns() const { return columns_; }
  std::size_t bytes() const { return slots_.bucket_count() * (sizeof(Slot) + 1); }

 private:
  struct WholeRow {
    const Value* values;
  };
  struct OneValue {
    Value value;
  };

  // The finaliser of MurmurHash3: ids are dense, so their bits must be spread.
  static std::uint64_t mix(std::uint64_t h, Value value) {
    h ^= static_cast<std::uint64_t>(value);
    h = (h ^ h >> 33) * 0xff51'afd7'ed55'8ccd;
    h = (h ^ h >> 33) * 0xc4ce'b9fe'1a85'ec53;
    return h ^ h >> 33;
  }

  struct Hash {
    using is_transparent = void;
    const Rows* rows;
    const std::vector<Column>* columns;
    std::size_t operator()(WholeRow row) const {
      std::uint64_t h = 0;
      for (const Column column : *columns) h = mix(h, row.values[column]);
      return h;
    }
    std::size_t operator()(OneValue key) const { return mix(0, key.value); }
    std::size_t operator()(Slot slot) const { return (*this)(WholeRow{rows->values(slot).data()}); }
  };

  struct Equal {
    using is_transparent = void;
    const Rows* rows;
    const std::vector<Column>* columns;
    bool operator()(Slot a, Slot b) const { return (*this)(WholeRow{rows->values(a).data()}, b); }
    bool operator()(WholeRow row, Slot slot) const {
      const Value* other = rows->values(slot).data();
      for (const Column column : *columns) {
        if (row.values[column] != other[column]) return false;
      }
      return true;
    }
    bool operator()(OneValue key, Slot slot) const { return key.value == rows->values(slot)[columns->front()]; }
    bool operator()(Slot slot, WholeRow row) const { return (*this)(row, slot); }
    bool operator()(Slot slot, OneValue key) const { return (*this)(key, slot); }
  };

  std::vector<Column> columns_;
  boost::unordered_flat_set<Slot, Hash, Equal> slots_;
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
