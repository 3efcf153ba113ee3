// Rows of one table in slots: values side by side, and what replication knows of each row. A slot keeps its number
// until its row is deleted; the next row takes the slot freed last.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/logic/caches/huge_pages.h"
#include "models/propagation/store/changes.h"

namespace parallax::propagation::store {

enum class Slot : std::uint32_t {};
inline constexpr Slot kNoSlot{0xffff'ffff};

constexpr std::size_t index(Slot slot) { return static_cast<std::size_t>(slot); }

/// Who wrote a row last.
struct Written {
  Stamp stamp;
  sim::RecordId record;
  domain::Version version;
  bool exists{false};
};

class Rows {
 public:
  explicit Rows(std::size_t width) : width_{width} {}

  std::size_t width() const { return width_; }

  /// Slots in use are below this.
  std::size_t slots() const { return written_.size(); }
  std::size_t size() const { return written_.size() - free_.size(); }

  std::span<const Value> values(Slot slot) const { return {first(slot), width_}; }
  Written& written(Slot slot) { return written_[index(slot)]; }
  const Written& written(Slot slot) const { return written_[index(slot)]; }

  Slot add(std::span<const Value> values, const Written& written);
  void overwrite(Slot slot, std::span<const Value> values, const Written& written);
  void remove(Slot slot);

  /// It will be read and written soon: main memory is asked for all of it, without waiting.
  void fetch(Slot slot) const {
    constexpr std::size_t kValuesInLine = 64 / sizeof(Value);
    for (std::size_t i = 0; i < width_; i += kValuesInLine) __builtin_prefetch(first(slot) + i, 1);
    __builtin_prefetch(first(slot) + width_ - 1, 1);
    __builtin_prefetch(&written_[index(slot)], 1);
  }

  /// One more column at the end, with this value in all rows.
  void widen(Value value);

  std::size_t bytes() const;

 private:
  const Value* first(Slot slot) const { return values_.data() + index(slot) * width_; }

  std::size_t width_;
  std::vector<Value, logic::caches::HugePageAllocator<Value>> values_;
  std::vector<Written, logic::caches::HugePageAllocator<Written>> written_;  ///< by slot
  std::vector<Slot> free_;
};

}  // namespace parallax::propagation::store
