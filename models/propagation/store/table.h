// One table: its rows and their indexes. It keeps the promise that no two rows share a key; what else a change must
// respect (parents, children) is the transaction's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/propagation/store/row_index.h"
#include "models/propagation/store/rows.h"
#include "models/propagation/store/schema.h"

namespace parallax::propagation::store {

/// Keys of a table: bit 0 the primary one, bit k the k-th unique one.
using KeySet = std::uint64_t;

/// A key that a row shares with another, and that other.
struct Clash {
  std::size_t key;  ///< 0: the primary key; k: the k-th unique one
  Slot with;
};

class Table {
 public:
  explicit Table(const TableSpec& spec);
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const TableSpec& spec() const { return spec_; }
  /// Where a row says in which data center it was written, if it does.
  std::optional<Column> data_center() const { return data_center_; }
  bool has_key() const { return primary_ != nullptr; }
  std::size_t width() const { return rows_.width(); }
  std::size_t size() const { return rows_.size(); }

  std::span<const Value> values(Slot slot) const { return rows_.values(slot); }
  Written written(Slot slot) const { return rows_.written(slot); }
  bool exists(Slot slot) const { return rows_.exists(slot); }

  /// Slots in use are below this; those in between that hold no row say so in written().
  std::size_t slots() const { return rows_.slots(); }

  /// By the primary key. Requires: one of one column.
  Slot find(Value key) const { return primary_->find(key); }

  /// The row that `row` is, by the primary key; without one by all its values (the first such, by a scan).
  Slot same_row(std::span<const Value> row) const;

  /// The same, of which somebody has made a guess.
  Slot same_row(std::span<const Value> row, Slot guess) const {
    return primary_ && has_row(guess) && !primary_->differs(values(guess), row) ? guess : same_row(row);
  }

  // The row will be looked up by its primary key soon. Main memory is slow to answer, so it is asked in good time:
  // first for the place in the index, when that has come for the row, and when that has come for what else depends on
  // it.
  void fetch_place(std::span<const Value> row) const {
    if (primary_) primary_->fetch_place(row);
  }
  /// Returns where it most probably is; kNoSlot also where it takes more to find out.
  Slot fetch_row(std::span<const Value> row) const {
    const Slot slot = primary_ ? primary_->probably(row) : kNoSlot;
    if (slot != kNoSlot) rows_.fetch(slot);
    return slot;
  }

  /// The places of its unique keys; where they differ, those of the row in the slot too, if there is one.
  void fetch_unique(std::span<const Value> row) const {
    if (row.size() < width()) return;
    for (const auto& key : unique_) key->fetch_place(row);
  }
  void fetch_changed_unique(std::span<const Value> row, Slot slot) const;

  /// By the k-th unique key, counted from 1.
  Slot find_unique(std::size_t key, std::span<const Value> row) const { return unique_[key - 1]->find(row); }

  /// The keys in which `row` is other than the row in the slot. Most updates change none.
  KeySet changed_keys(Slot slot, std::span<const Value> row) const;

  /// The first of the keys, primary before unique, that `row` shares with another row. A key that a row keeps is nobody
  /// else's, so of an update only the changed ones are looked up.
  std::optional<Clash> clash(std::span<const Value> row, KeySet keys) const;

  /// Of its keys all, in the place of the row in `self`, if any.
  std::optional<Clash> clash(std::span<const Value> row, Slot self) const {
    return clash(row, self == kNoSlot ? all_keys_ : changed_keys(self, row));
  }

  /// Columns that an insertion may leave to the database.
  const std::vector<Column>& defaulted() const { return defaulted_; }

  /// Does `row` point to another parent than the row in the slot?
  bool changes_parent(Slot slot, std::span<const Value> row) const {
    const std::span<const Value> present = values(slot);
    return std::ranges::any_of(spec_.foreign, [&](const ForeignKey& k) { return present[k.column] != row[k.column]; });
  }

  /// How many rows other than `self` are in the way of `row`.
  std::size_t clashes(std::span<const Value> row, Slot self) const;

  // Requires: no clash. `changed`: changed_keys() of the same.
  Slot insert(std::span<const Value> row, const Written& written);
  void update(Slot slot, std::span<const Value> row, const Written& written, KeySet changed);
  void update(Slot slot, std::span<const Value> row, const Written& written) {
    update(slot, row, written, changed_keys(slot, row));
  }

  void erase(Slot slot);
  void set_record(Slot slot, sim::RecordId record) { rows_.set_record(slot, record); }

  /// Of the foreign key number `foreign`: the children of a parent, in the order in which they came.
  const ChildIndex& children(std::size_t foreign) const { return *children_[foreign]; }

  /// A row comes behind `previous` among its siblings.
  void move_behind(std::size_t foreign, Slot previous, Slot child);

  void add_column(const ColumnSpec& column, Value value);
  void reserve(std::size_t rows);
  std::size_t bytes() const;

 private:
  bool has_row(Slot slot) const { return index(slot) < rows_.slots() && rows_.exists(slot); }
  KeyIndex& key(std::size_t number) const { return number == 0 ? *primary_ : *unique_[number - 1]; }
  void link(Slot slot);
  void unlink(Slot slot);

  TableSpec spec_;
  std::optional<Column> data_center_;
  Rows rows_;
  std::unique_ptr<KeyIndex> primary_;
  std::vector<std::unique_ptr<KeyIndex>> unique_;
  std::vector<std::unique_ptr<ChildIndex>> children_;  ///< by foreign key
  std::vector<Column> defaulted_;
  std::vector<Column> key_columns_;  ///< of all keys
  KeySet all_keys_{0};
};

}  // namespace parallax::propagation::store
