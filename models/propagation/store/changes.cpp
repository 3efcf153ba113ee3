#include "models/propagation/store/changes.h"

#include <algorithm>

#include "models/logic/caches/fetch.h"

namespace parallax::propagation::store {

void Changes::add(const Change& change, std::span<const Value> row, std::span<const Value> old_row) {
  Change& added = changes_.emplace_back(change);
  added.first_value = dropped_values_ + values_.size();
  added.width = static_cast<std::uint16_t>(row.size());
  values_.insert(values_.end(), row.begin(), row.end());
  if (!old_row.empty()) values_.insert(values_.end(), old_row.begin(), old_row.end());
}

void Changes::add(const Changes& other, std::size_t first, std::size_t count) {
  if (count == 0) return;
  const std::uint64_t from = other[first].first_value;
  const std::uint64_t to = dropped_values_ + values_.size();
  const std::span<const Value> last = other.values(first + count - 1);
  values_.insert(values_.end(), other.values_of(first), last.data() + last.size());
  const auto begin = other.changes_.begin() + static_cast<std::ptrdiff_t>(other.dropped_ + first);
  changes_.insert(changes_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = changes_.size() - count; i < changes_.size(); ++i) changes_[i].first_value += to - from;
}

void Changes::fetch(std::size_t i, std::size_t ahead) const {
  constexpr std::size_t kValuesInLine = 64 / sizeof(Value);
  if (i + ahead >= size()) return;
  const Change& here = (*this)[i];
  logic::caches::fetch(&(*this)[i + ahead]);
  const auto row = static_cast<std::size_t>(here.first_value - dropped_values_) + ahead * here.width;
  const std::size_t end = std::min(row + here.width, values_.size());
  for (std::size_t value = row; value < end; value += kValuesInLine) logic::caches::fetch(&values_[value]);
}

void Changes::strip_last(std::size_t count) {
  if (count == 0) return;
  const std::uint64_t first = changes_[changes_.size() - count].first_value;
  values_.resize(static_cast<std::size_t>(first - dropped_values_));
  for (std::size_t i = changes_.size() - count; i < changes_.size(); ++i) {
    changes_[i].first_value = first;
    changes_[i].width = 0;
  }
}

void Changes::remove_last(std::size_t count) {
  if (count == 0) return;
  const std::uint64_t first = changes_[changes_.size() - count].first_value;
  changes_.resize(changes_.size() - count);
  values_.resize(static_cast<std::size_t>(first - dropped_values_));
}

// What is gone is erased once it is more than half, so each change is moved once at the most on average.
void Changes::drop_first(std::size_t count) {
  dropped_ += count;
  if (dropped_ == changes_.size()) return clear();
  if (2 * dropped_ < changes_.size()) return;
  const std::uint64_t first = changes_[dropped_].first_value;
  values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(first - dropped_values_));
  dropped_values_ = first;
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(dropped_));
  dropped_ = 0;
}

void Changes::clear() {
  changes_.clear();
  values_.clear();
  dropped_ = 0;
  dropped_values_ = 0;
}

}  // namespace parallax::propagation::store
