#include "models/propagation/store/rows.h"

#include <algorithm>
#include <cassert>

namespace parallax::propagation::store {

Slot Rows::add(std::span<const Value> values, const Written& written) {
  assert(values.size() == width_);
  if (free_.empty()) {
    const auto slot = static_cast<Slot>(written_.size());
    values_.insert(values_.end(), values.begin(), values.end());
    written_.push_back(written);
    written_.back().exists = true;
    return slot;
  }
  const Slot slot = free_.back();
  free_.pop_back();
  overwrite(slot, values, written);
  return slot;
}

void Rows::overwrite(Slot slot, std::span<const Value> values, const Written& written) {
  std::copy(values.begin(), values.end(), values_.begin() + static_cast<std::ptrdiff_t>(index(slot) * width_));
  written_[index(slot)] = written;
  written_[index(slot)].exists = true;
}

void Rows::remove(Slot slot) {
  assert(written_[index(slot)].exists);
  written_[index(slot)] = {};
  free_.push_back(slot);
}

void Rows::widen(Value value) {
  decltype(values_) wider;
  wider.reserve(written_.size() * (width_ + 1));
  for (std::size_t slot = 0; slot < written_.size(); ++slot) {
    const auto old = values(static_cast<Slot>(slot));
    wider.insert(wider.end(), old.begin(), old.end());
    wider.push_back(value);
  }
  values_ = std::move(wider);
  ++width_;
}

std::size_t Rows::bytes() const {
  return values_.capacity() * sizeof(Value) + written_.capacity() * sizeof(Written) + free_.capacity() * sizeof(Slot);
}

}  // namespace parallax::propagation::store
