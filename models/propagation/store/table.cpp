#include "models/propagation/store/table.h"

#include <algorithm>
#include <bit>

namespace parallax::propagation::store {

Table::Table(const TableSpec& spec) : spec_{spec}, rows_{spec.columns.size()} {
  for (std::size_t i = 0; i < spec.columns.size(); ++i) {
    if (spec.columns[i].otherwise == Default::kDataCenter) data_center_ = static_cast<Column>(i);
    if (spec.columns[i].otherwise != Default::kNone) defaulted_.push_back(static_cast<Column>(i));
  }
  all_keys_ = ((KeySet{1} << spec.unique.size()) - 1) << 1 | (spec.primary ? 1 : 0);
  if (spec.primary) primary_ = std::make_unique<KeyIndex>(rows_, spec.primary->columns);
  for (const Key& key : spec.unique) unique_.push_back(std::make_unique<KeyIndex>(rows_, key.columns));
  const auto note = [&](const Key& key) {
    key_columns_.insert(key_columns_.end(), key.columns.begin(), key.columns.end());
  };
  if (spec.primary) note(*spec.primary);
  std::ranges::for_each(spec.unique, note);
  for (std::size_t i = 0; i < spec.foreign.size(); ++i) children_.push_back(std::make_unique<ChildIndex>());
}

Slot Table::same_row(std::span<const Value> row) const {
  if (primary_) return primary_->find(row);
  for (std::size_t i = 0; i < rows_.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (rows_.exists(slot) && std::ranges::equal(rows_.values(slot), row)) return slot;
  }
  return kNoSlot;
}

void Table::fetch_changed_unique(std::span<const Value> row, Slot slot) const {
  if (unique_.empty() || row.size() < width() || !has_row(slot)) return;
  const std::span<const Value> present = rows_.values(slot);
  for (const auto& key : unique_) {
    if (!key->differs(present, row)) continue;
    key->fetch_place(present);
    key->fetch_place(row);
  }
}

// Most updates change none, which one look at all columns of keys tells.
KeySet Table::changed_keys(Slot slot, std::span<const Value> row) const {
  const std::span<const Value> present = rows_.values(slot);
  Value difference = 0;
  for (const Column column : key_columns_) difference |= row[column] ^ present[column];
  if (difference == 0) return 0;
  KeySet changed = primary_ && primary_->differs(present, row) ? 1 : 0;
  for (std::size_t i = 0; i < unique_.size(); ++i) {
    if (unique_[i]->differs(present, row)) changed |= KeySet{2} << i;
  }
  return changed;
}

std::optional<Clash> Table::clash(std::span<const Value> row, KeySet keys) const {
  for (; keys != 0; keys &= keys - 1) {
    const auto number = static_cast<std::size_t>(std::countr_zero(keys));
    if (const Slot other = key(number).find(row); other != kNoSlot) return Clash{number, other};
  }
  return std::nullopt;
}

std::size_t Table::clashes(std::span<const Value> row, Slot self) const {
  std::vector<Slot> others;
  const auto note = [&](Slot other) {
    const bool is_new = std::find(others.begin(), others.end(), other) == others.end();
    if (other != kNoSlot && other != self && is_new) others.push_back(other);
  };
  if (primary_) note(primary_->find(row));
  for (const auto& key : unique_) note(key->find(row));
  return others.size();
}

Slot Table::insert(std::span<const Value> row, const Written& written) {
  const Slot slot = rows_.add(row, written);
  link(slot);
  return slot;
}

// Indexes whose columns stay the same are left alone: most updates change no key.
void Table::update(Slot slot, std::span<const Value> row, const Written& written, KeySet changed) {
  const std::span<const Value> old = rows_.values(slot);
  for (std::size_t i = 0; i < children_.size(); ++i) {
    const Column column = spec_.foreign[i].column;
    if (old[column] == row[column]) continue;
    children_[i]->erase(old[column], slot);
    children_[i]->insert(row[column], slot);
  }
  for (KeySet left = changed; left != 0; left &= left - 1)
    key(static_cast<std::size_t>(std::countr_zero(left))).erase(slot);
  rows_.overwrite(slot, row, written);
  for (KeySet left = changed; left != 0; left &= left - 1)
    key(static_cast<std::size_t>(std::countr_zero(left))).insert(slot);
}

void Table::erase(Slot slot) {
  unlink(slot);
  rows_.remove(slot);
}

void Table::move_behind(std::size_t foreign, Slot previous, Slot child) {
  children_[foreign]->move_behind(rows_.values(child)[spec_.foreign[foreign].column], previous, child);
}

void Table::link(Slot slot) {
  if (primary_) primary_->insert(slot);
  for (const auto& key : unique_) key->insert(slot);
  for (std::size_t i = 0; i < children_.size(); ++i) {
    children_[i]->insert(rows_.values(slot)[spec_.foreign[i].column], slot);
  }
}

void Table::unlink(Slot slot) {
  if (primary_) primary_->erase(slot);
  for (const auto& key : unique_) key->erase(slot);
  for (std::size_t i = 0; i < children_.size(); ++i) {
    children_[i]->erase(rows_.values(slot)[spec_.foreign[i].column], slot);
  }
}

void Table::add_column(const ColumnSpec& column, Value value) {
  spec_.columns.push_back(column);
  rows_.widen(value);
}

void Table::reserve(std::size_t rows) {
  if (primary_) primary_->reserve(rows);
  for (const auto& key : unique_) key->reserve(rows);
}

std::size_t Table::bytes() const {
  std::size_t bytes = rows_.bytes();
  if (primary_) bytes += primary_->bytes();
  for (const auto& key : unique_) bytes += key->bytes();
  for (const auto& index : children_) bytes += index->bytes();
  return bytes;
}

}  // namespace parallax::propagation::store
