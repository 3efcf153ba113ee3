#include "models/propagation/store/rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace parallax::propagation::store {

Rows::Segment& Rows::with_room() {
  if (slots_ == segments_.size() << segment_bits_) {
    segments_.emplace_back();
    if (segments_.size() > 1) segments_.back().reserve(in_segment() * stride());
  }
  return segments_.back();
}

Slot Rows::add(std::span<const Value> values, const Written& written) {
  assert(values.size() == width_);
  Slot slot{};
  if (free_.empty()) {
    Segment& words = with_room();
    slot = static_cast<Slot>(slots_++);
    std::array<Value, kHead> head;
    pack(written, head.data());
    words.insert(words.end(), head.begin(), head.end());
    words.insert(words.end(), values.begin(), values.end());
  } else {
    slot = free_.back();
    free_.pop_back();
    overwrite(slot, values, written);
  }
  return slot;
}

void Rows::overwrite(Slot slot, std::span<const Value> values, const Written& written) {
  assert(values.size() == width_);
  pack(written, head(slot));
  std::copy(values.begin(), values.end(), head(slot) + kHead);
}

void Rows::remove(Slot slot) {
  assert(exists(slot));
  std::fill_n(head(slot), kHead, 0);
  free_.push_back(slot);
}

void Rows::widen(Value value) {
  Rows wider{width_ + 1};
  for (; wider.slots_ < slots_; ++wider.slots_) {
    const Value* row = head(static_cast<Slot>(wider.slots_));
    Segment& words = wider.with_room();
    words.insert(words.end(), row, row + stride());
    words.push_back(value);
  }
  wider.free_ = std::move(free_);
  *this = std::move(wider);
}

std::size_t Rows::bytes() const {
  std::size_t words = 0;
  for (const Segment& segment : segments_) words += segment.capacity();
  return words * sizeof(Value) + free_.capacity() * sizeof(Slot);
}

}  // namespace parallax::propagation::store
