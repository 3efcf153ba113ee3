// Tables as plainly as they can be said: rows in a vector by slot, looked at one after the other; a rollback is a copy
// of what was before. What the store must be equal to.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/propagation/store/transaction.h"

namespace parallax::propagation::store::testing {

using Row = std::vector<Value>;

struct NaiveRow {
  Row values;
  domain::Version version;
  std::vector<std::uint64_t> came;  ///< by foreign key: when it came to its parent
};

struct NaiveChange {
  Operation operation;
  Means means;
  TableId table;
  Row row;
  Row old_row;  ///< of an update without a key, or of the key
  domain::Version version;
  domain::Version before;
  friend bool operator==(const NaiveChange&, const NaiveChange&) = default;
};

struct NaiveTable {
  std::vector<std::optional<NaiveRow>> slots;
  std::vector<std::size_t> free;
};

/// Of one site; columns have no defaults.
class NaiveStore {
 public:
  explicit NaiveStore(Schema the_schema) : schema{std::move(the_schema)}, tables(schema.size()) {}

  Refusal insert(TableId id, const Row& row, domain::Version version) {
    if (is_taken(id, row, std::nullopt)) return Refusal::kDuplicateKey;
    if (firing.parents && lacks_parent(id, row)) return Refusal::kNoParent;
    NaiveTable& table = tables[index(id)];
    if (table.free.empty()) {
      table.free.push_back(table.slots.size());
      table.slots.emplace_back();
    }
    std::vector<std::uint64_t> came(schema[index(id)].foreign.size(), ++clock_);
    table.slots[table.free.back()] = NaiveRow{row, version, came};
    table.free.pop_back();
    log.push_back({Operation::kInsert, Means::kStatement, id, row, {}, version, {}});
    return Refusal::kNone;
  }

  Refusal update(TableId id, std::size_t slot, const Row& row, domain::Version version) {
    if (is_taken(id, row, slot)) return Refusal::kDuplicateKey;
    if (firing.parents && lacks_parent(id, row)) return Refusal::kNoParent;
    NaiveRow& old = *tables[index(id)].slots[slot];
    const auto& primary = schema[index(id)].primary;
    const bool keeps_key =
        primary && std::ranges::all_of(primary->columns, [&](Column c) { return row[c] == old.values[c]; });
    if (firing.parents && !keeps_key && has_children(id, old.values[0])) return Refusal::kHasChildren;
    log.push_back(
        {Operation::kUpdate, Means::kStatement, id, row, keeps_key ? Row{} : old.values, version, old.version});
    for (std::size_t f = 0; f < old.came.size(); ++f) {
      const Column column = schema[index(id)].foreign[f].column;
      if (old.values[column] != row[column]) old.came[f] = ++clock_;
    }
    old.values = row;
    old.version = version;
    return Refusal::kNone;
  }

  Refusal erase(TableId id, std::size_t slot, domain::Version version) {
    const NaiveStore before = *this;
    const Refusal refusal = erase_by(id, slot, version, Means::kStatement);
    if (refusal != Refusal::kNone) *this = before;
    return refusal;
  }

  /// The slots of the children of a parent in the order in which they came.
  std::vector<std::size_t> children(TableId id, std::size_t foreign, Value parent) const {
    const auto& slots = tables[index(id)].slots;
    std::vector<std::size_t> found;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      const Column column = schema[index(id)].foreign[foreign].column;
      if (slots[slot] && slots[slot]->values[column] == parent) found.push_back(slot);
    }
    std::ranges::sort(found, {}, [&](std::size_t slot) { return slots[slot]->came[foreign]; });
    return found;
  }

  Schema schema;
  std::vector<NaiveTable> tables;
  std::vector<NaiveChange> log;
  Firing firing;
  sim::SiteId site{};

 private:
  static bool equal_in(const std::vector<Column>& columns, const Row& a, const Row& b) {
    return std::ranges::all_of(columns, [&](Column c) { return a[c] == b[c]; });
  }
  bool is_taken(TableId id, const Row& row, std::optional<std::size_t> self) const {
    const TableSpec& spec = schema[index(id)];
    std::vector<Key> keys = spec.unique;
    if (spec.primary) keys.push_back(*spec.primary);
    const auto& slots = tables[index(id)].slots;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      if (!slots[slot] || slot == self) continue;
      for (const Key& key : keys) {
        if (equal_in(key.columns, slots[slot]->values, row)) return true;
      }
    }
    return false;
  }
  bool lacks_parent(TableId id, const Row& row) const {
    return std::ranges::any_of(schema[index(id)].foreign, [&](const ForeignKey& key) {
      return std::ranges::none_of(tables[index(key.parent)].slots,
                                  [&](const auto& slot) { return slot && slot->values[0] == row[key.column]; });
    });
  }

  /// Calls visit(table, foreign key) for each foreign key that refers to `parent`; ends with the first refusal.
  template <typename Visitor>
  Refusal each_reference(TableId parent, const Visitor& visit) const {
    for (std::size_t t = 0; t < schema.size(); ++t) {
      for (std::size_t f = 0; f < schema[t].foreign.size(); ++f) {
        if (schema[t].foreign[f].parent != parent) continue;
        if (const Refusal refusal = visit(static_cast<TableId>(t), f); refusal != Refusal::kNone) return refusal;
      }
    }
    return Refusal::kNone;
  }
  bool has_children(TableId id, Value key) const {
    return each_reference(id, [&](TableId child, std::size_t f) {
             return children(child, f, key).empty() ? Refusal::kNone : Refusal::kHasChildren;
           }) != Refusal::kNone;
  }
  Refusal erase_children(TableId id, Value key, OnDelete how, Means means) {
    return each_reference(id, [&](TableId child, std::size_t f) {
      if (schema[index(child)].foreign[f].on_delete != how) return Refusal::kNone;
      while (!children(child, f, key).empty()) {
        const std::size_t slot = children(child, f, key).front();
        const domain::Version next = tables[index(child)].slots[slot]->version.next(site);
        if (const Refusal refusal = erase_by(child, slot, next, means); refusal != Refusal::kNone) return refusal;
      }
      return Refusal::kNone;
    });
  }
  Refusal erase_by(TableId id, std::size_t slot, domain::Version version, Means means) {
    NaiveTable& table = tables[index(id)];
    const Value key = table.slots[slot]->values[0];
    if (firing.triggers) {
      const Refusal refusal = erase_children(id, key, OnDelete::kTrigger, Means::kTrigger);
      if (refusal != Refusal::kNone) return refusal;
    }
    const NaiveRow gone = *table.slots[slot];
    table.slots[slot].reset();
    table.free.push_back(slot);
    log.push_back({Operation::kDelete, means, id, gone.values, {}, version, gone.version});
    if (firing.cascades) {
      const Refusal refusal = erase_children(id, key, OnDelete::kCascade, Means::kCascade);
      if (refusal != Refusal::kNone) return refusal;
    }
    return firing.parents && has_children(id, key) ? Refusal::kHasChildren : Refusal::kNone;
  }

  std::uint64_t clock_{0};
};

}  // namespace parallax::propagation::store::testing
