#include "models/propagation/store/rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace parallax::propagation::store {

Slot Rows::add(std::span<const Value> values, const Written& written) {
  assert(values.size() == width_);
  Slot slot{};
  if (free_.empty()) {
    slot = static_cast<Slot>(slots_++);
    std::array<Value, kHead> head;
    pack(written, head.data());
    words_.insert(words_.end(), head.begin(), head.end());
    words_.insert(words_.end(), values.begin(), values.end());
  } else {
    slot = free_.back();
    free_.pop_back();
    overwrite(slot, values, written);
  }
  return slot;
}

void Rows::overwrite(Slot slot, std::span<const Value> values, const Written& written) {
  assert(values.size() == width_);
  Value* head = words_.data() + place(slot);
  pack(written, head);
  std::copy(values.begin(), values.end(), head + kHead);
}

void Rows::remove(Slot slot) {
  assert(exists(slot));
  std::fill_n(words_.data() + place(slot), kHead, 0);
  free_.push_back(slot);
}

void Rows::widen(Value value) {
  decltype(words_) wider;
  wider.reserve(slots_ * (stride() + 1));
  for (std::size_t slot = 0; slot < slots_; ++slot) {
    const auto row = words_.begin() + static_cast<std::ptrdiff_t>(slot * stride());
    wider.insert(wider.end(), row, row + static_cast<std::ptrdiff_t>(stride()));
    wider.push_back(value);
  }
  words_ = std::move(wider);
  ++width_;
}

std::size_t Rows::bytes() const { return words_.capacity() * sizeof(Value) + free_.capacity() * sizeof(Slot); }

}  // namespace parallax::propagation::store
