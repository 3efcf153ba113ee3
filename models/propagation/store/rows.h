// Rows of one table in slots: of each what replication knows of it and its values, side by side, so that main memory is
// asked for one place. A slot keeps its number until its row is deleted; the next row takes the slot freed last.
//
// Slots lie in segments, all of one size but the first, which grows up to it: a large table that grows moves no row,
// and the kernel clears no more memory for it than its rows fill.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/logic/caches/fetch.h"
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
  explicit Rows(std::size_t width) : width_{width}, segment_bits_{bits_of(stride())} {}

  std::size_t width() const { return width_; }

  /// Slots in use are below this.
  std::size_t slots() const { return slots_; }
  std::size_t size() const { return slots_ - free_.size(); }

  std::span<const Value> values(Slot slot) const { return {head(slot) + kHead, width_}; }
  Written written(Slot slot) const { return unpack(head(slot)); }
  bool exists(Slot slot) const { return head(slot)[kRest] != 0; }

  Slot add(std::span<const Value> values, const Written& written);
  void overwrite(Slot slot, std::span<const Value> values, const Written& written);
  void remove(Slot slot);
  void set_record(Slot slot, sim::RecordId record) { head(slot)[kRecord] = static_cast<Value>(record.packed); }

  /// It will be read and written soon: main memory is asked for all of it, without waiting.
  void fetch(Slot slot) const {
    using logic::caches::For;
    constexpr std::size_t kWordsInLine = 64 / sizeof(Value);
    const Value* first = head(slot);
    for (std::size_t i = 0; i < stride(); i += kWordsInLine) logic::caches::fetch<For::kWriting>(first + i);
    logic::caches::fetch<For::kWriting>(first + stride() - 1);
  }

  /// One more column at the end, with this value in all rows.
  void widen(Value value);

  std::size_t bytes() const;

 private:
  // In front of the values: three words, so that a row of 21 values (access tokens) fills three lines of the cache.
  static constexpr std::size_t kCommitted = 0;
  static constexpr std::size_t kRecord = 1;
  static constexpr std::size_t kRest = 2;  ///< origin in the upper 16 bits, 1 in the next, the version; 0: no row
  static constexpr std::size_t kHead = 3;

  static Written unpack(const Value* head) {
    const auto rest = static_cast<std::uint64_t>(head[kRest]);
    return {{sim::VirtualTime{head[kCommitted]}, static_cast<sim::SiteId>(rest >> 48)},
            {static_cast<std::uint64_t>(head[kRecord])},
            {static_cast<std::uint32_t>(rest)},
            rest != 0};
  }
  static void pack(const Written& written, Value* head) {
    head[kCommitted] = written.stamp.committed.ns;
    head[kRecord] = static_cast<Value>(written.record.packed);
    head[kRest] = static_cast<Value>(static_cast<std::uint64_t>(written.stamp.origin) << 48 | std::uint64_t{1} << 32 |
                                     written.version.packed);
  }

  // A segment holds a power of two of slots, in as many bytes as are worth huge pages.
  static constexpr std::size_t kLeastSegment = 4 << 20;
  static unsigned bits_of(std::size_t stride) {
    return static_cast<unsigned>(std::bit_width(kLeastSegment / (stride * sizeof(Value))));
  }

  std::size_t stride() const { return kHead + width_; }
  std::size_t in_segment() const { return std::size_t{1} << segment_bits_; }

  Value* head(Slot slot) { return const_cast<Value*>(std::as_const(*this).head(slot)); }
  const Value* head(Slot slot) const {
    return segments_[index(slot) >> segment_bits_].data() + (index(slot) & (in_segment() - 1)) * stride();
  }

  using Segment = std::vector<Value, logic::caches::HugePageAllocator<Value>>;
  Segment& with_room();

  std::size_t width_;
  unsigned segment_bits_;
  std::size_t slots_{0};
  std::vector<Segment> segments_;  ///< words of the slots, one slot after the other
  std::vector<Slot> free_;
};

}  // namespace parallax::propagation::store
