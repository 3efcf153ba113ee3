#include "models/propagation/store/transaction.h"

#include <algorithm>
#include <cassert>

namespace parallax::propagation::store {

Transaction::Transaction(Store& store, const Stamp& stamp, Firing firing, Access access)
    : store_{store}, stamp_{stamp}, firing_{firing}, access_{access}, first_{store.log_end()} {
  assert(!store.in_transaction_);
  store.in_transaction_ = true;
}

Transaction::~Transaction() {
  if (is_open_) roll_back();
}

void Transaction::commit() {
  if (size() > 0) store_.log_[at(size() - 1)].ends_transaction = true;
  is_open_ = false;
  store_.in_transaction_ = false;
  store_.undo_.clear();
  store_.old_values_.clear();
}

void Transaction::roll_back() {
  roll_back_to(0);
  commit();
}

// In reverse, so that a row goes back to the slot that it came from: the slot freed last is taken first.
void Transaction::roll_back_to(std::size_t savepoint) {
  for (std::size_t i = size(); i-- > savepoint;) {
    const Change& change = store_.log_[at(i)];
    const Store::Undo& undo = store_.undo_[i];
    Table& changed = table(change.table);
    switch (change.operation) {
      case Operation::kInsert:
        changed.erase(undo.slot);
        break;
      case Operation::kUpdate:
        changed.update(undo.slot, old_row(i), undo.written);
        restore_siblings(changed, i);
        break;
      case Operation::kDelete:
        changed.insert(old_row(i), undo.written);
        restore_siblings(changed, i);
        break;
      case Operation::kDefinition:
        assert(Definition::unpack(row(i)).kind == Definition::Kind::kTruncate);
    }
    store_.old_values_.resize(undo.first_value);
    store_.undo_.pop_back();
  }
  store_.log_.remove_last(size() - savepoint);
}

// Those before it are where they were when it left, for everything since then is undone already.
void Transaction::restore_siblings(Table& table, std::size_t i) const {
  const std::span<const Value> old = old_row(i);
  const Value* previous = old.data() + table.width();
  const bool came_back = change(i).operation == Operation::kDelete;
  for (std::size_t foreign = 0; foreign < table.spec().foreign.size(); ++foreign) {
    const Column column = table.spec().foreign[foreign].column;
    if (!came_back && row(i)[column] == old[column]) continue;  // it has never left
    table.move_behind(foreign, static_cast<Slot>(previous[foreign]), store_.undo_[i].slot);
  }
}

void Transaction::set_record(std::size_t i, sim::RecordId record) {
  Change& change = store_.log_[at(i)];
  change.record = record;
  if (change.operation == Operation::kDelete || change.operation == Operation::kDefinition) return;
  table(change.table).set_record(store_.undo_[i].slot, record);
}

std::span<const Value> Transaction::old_row(std::size_t i) const {
  const Store::Undo& undo = store_.undo_[i];
  const bool existed = undo.written.exists;
  const std::size_t width = existed ? store_.log_[at(i)].width : 0;
  return {store_.old_values_.data() + undo.first_value, width};
}

// Most rows are whole as they come.
Refusal Transaction::complete(TableId id, std::span<const Value>& row, std::span<const Value> present) {
  const Table& into = table(id);
  if (row.size() > into.width()) return Refusal::kMissingColumn;
  const auto is_left_open = [&](Column column) { return row[column] == kDefault; };
  if (row.size() == into.width() && std::ranges::none_of(into.defaulted(), is_left_open)) return Refusal::kNone;
  const Refusal refusal = fill_in(id, row, present);
  row = store_.scratch_;
  return refusal;
}

// `present`: the row that it replaces, if any.
Refusal Transaction::fill_in(TableId id, std::span<const Value> row, std::span<const Value> present) {
  const Table& into = table(id);
  std::vector<Value>& full = store_.scratch_;
  full.assign(row.begin(), row.end());
  if (!present.empty())
    full.insert(full.end(), present.begin() + static_cast<std::ptrdiff_t>(row.size()), present.end());
  full.resize(into.width());
  for (const Column column : into.defaulted()) {
    if (column >= row.size() || row[column] != kDefault) continue;
    switch (into.spec().columns[column].otherwise) {
      case Default::kNone:
        break;
      case Default::kDataCenter:
        full[column] = store_.data_center_;
        break;
      case Default::kSequence: {
        const auto number = store_.sequence(id).take();
        if (!number) return Refusal::kRangeExhausted;
        full[column] = *number;
      }
    }
  }
  return Refusal::kNone;
}

bool Transaction::lacks_parent(const Table& child, std::span<const Value> row) const {
  for (const ForeignKey& key : child.spec().foreign) {
    if (store_.table(key.parent).find(row[key.column]) == kNoSlot) return true;
  }
  return false;
}

bool Transaction::has_children(TableId id, Value key) const {
  for (const Store::Dependent& dependent : store_.dependents(id)) {
    if (store_.table(dependent.table).children(dependent.foreign).first(key) != kNoSlot) return true;
  }
  return false;
}

// Once its primary key is another.
bool Transaction::leaves_children(TableId id, Slot slot) const {
  if (store_.dependents(id).empty()) return false;
  return has_children(id, table(id).values(slot)[table(id).spec().primary->columns.front()]);
}

Result Transaction::insert(TableId id, std::span<const Value> row, domain::Version version) {
  if (access_ == Access::kReadOnly) return {Refusal::kReadOnly, kNoSlot, {}};
  if (const Refusal refusal = complete(id, row, {}); refusal != Refusal::kNone) return {refusal, kNoSlot, {}};
  Table& into = table(id);
  into.fetch_place(row);  // so that it waits for all of its places at once
  into.fetch_unique(row);
  if (const auto clash = into.clash(row, kNoSlot)) return {Refusal::kDuplicateKey, kNoSlot, clash};
  if (firing_.parents && lacks_parent(into, row)) return {Refusal::kNoParent, kNoSlot, {}};
  const Slot slot = into.insert(row, written(version));
  store_.undo_.push_back({slot, store_.old_values_.size(), {}});
  log(id, slot, Operation::kInsert, version, Means::kStatement);
  return {Refusal::kNone, slot, {}};
}

Result Transaction::update(TableId id, Slot slot, std::span<const Value> row, domain::Version version) {
  if (access_ == Access::kReadOnly) return {Refusal::kReadOnly, slot, {}};
  Table& into = table(id);
  const Refusal refusal = complete(id, row, into.values(slot));
  if (refusal != Refusal::kNone) return {refusal, slot, {}};
  const KeySet changed = into.changed_keys(slot, row);
  if (changed != 0) into.fetch_changed_unique(row, slot);
  if (const auto clash = into.clash(row, changed)) return {Refusal::kDuplicateKey, slot, clash};
  if (firing_.parents && lacks_parent(into, row)) return {Refusal::kNoParent, slot, {}};
  if (firing_.parents && (changed & 1) != 0 && leaves_children(id, slot)) return {Refusal::kHasChildren, slot, {}};
  keep_for_undo(into, slot);
  if (into.changes_parent(slot, row)) keep_siblings_for_undo(into, slot);
  into.update(slot, row, written(version), changed);
  log(id, slot, Operation::kUpdate, version, Means::kStatement, changed);
  return {Refusal::kNone, slot, {}};
}

Result Transaction::erase(TableId id, Slot slot, domain::Version version) {
  if (access_ == Access::kReadOnly) return {Refusal::kReadOnly, slot, {}};
  const std::size_t savepoint = size();
  const Refusal refusal = erase_by(id, slot, version, Means::kStatement);
  if (refusal != Refusal::kNone) roll_back_to(savepoint);
  return {refusal, slot, {}};
}

Refusal Transaction::erase_by(TableId id, Slot slot, domain::Version version, Means means) {
  if (store_.dependents(id).empty()) {
    log(id, slot, Operation::kDelete, version, means);
    return Refusal::kNone;
  }
  const Value key = table(id).values(slot)[table(id).spec().primary->columns.front()];
  Refusal refusal = Refusal::kNone;
  if (firing_.triggers) refusal = erase_children(id, key, OnDelete::kTrigger, Means::kTrigger);
  if (refusal != Refusal::kNone) return refusal;
  log(id, slot, Operation::kDelete, version, means);
  if (firing_.cascades) refusal = erase_children(id, key, OnDelete::kCascade, Means::kCascade);
  if (refusal != Refusal::kNone) return refusal;
  return firing_.parents && has_children(id, key) ? Refusal::kHasChildren : Refusal::kNone;
}

Refusal Transaction::erase_children(TableId id, Value key, OnDelete how, Means means) {
  for (const Store::Dependent& dependent : store_.dependents(id)) {
    const Table& children = store_.table(dependent.table);
    if (children.spec().foreign[dependent.foreign].on_delete != how) continue;
    for (Slot child = children.children(dependent.foreign).first(key); child != kNoSlot;
         child = children.children(dependent.foreign).first(key)) {
      const domain::Version next = children.written(child).version.next(stamp_.origin);
      const Refusal refusal = erase_by(dependent.table, child, next, means);
      if (refusal != Refusal::kNone) return refusal;
    }
  }
  return Refusal::kNone;
}

Refusal Transaction::enforce(Firing firing) {
  for (std::size_t i = 0; i < size(); ++i) {
    const Change change = store_.log_[at(i)];
    const Table& changed = table(change.table);
    if (change.operation == Operation::kInsert || change.operation == Operation::kUpdate) {
      const Slot slot = store_.undo_[i].slot;
      if (firing.parents && changed.written(slot).exists && lacks_parent(changed, changed.values(slot))) {
        return Refusal::kNoParent;
      }
    }
    if (change.operation != Operation::kDelete || store_.dependents(change.table).empty()) continue;
    const Value key = row(i)[changed.spec().primary->columns.front()];
    if (changed.find(key) != kNoSlot) continue;  // it is there again
    if (firing.cascades) {
      const Refusal refusal = erase_children(change.table, key, OnDelete::kCascade, Means::kCascade);
      if (refusal != Refusal::kNone) return refusal;
    }
    if (firing.parents && has_children(change.table, key)) return Refusal::kHasChildren;
  }
  return Refusal::kNone;
}

void Transaction::define(TableId id, const Definition& definition) {
  assert(size() == 0);
  store_.execute(id, definition);
  log_definition(id, definition);
}

Refusal Transaction::truncate(TableId id) {
  assert(size() == 0);
  if (access_ == Access::kReadOnly) return Refusal::kReadOnly;
  if (!store_.dependents(id).empty()) return Refusal::kHasChildren;
  log_definition(id, {Definition::Kind::kTruncate, 0, {}});
  const Table& from = table(id);
  for (std::size_t i = 0; i < from.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (!from.written(slot).exists) continue;
    log(id, slot, Operation::kDelete, from.written(slot).version.next(stamp_.origin), Means::kTruncation);
  }
  return Refusal::kNone;
}

void Transaction::log_definition(TableId id, const Definition& definition) {
  Change change;
  change.stamp = stamp_;
  change.table = id;
  change.operation = Operation::kDefinition;
  store_.undo_.push_back({kNoSlot, store_.old_values_.size(), {}});
  store_.log_.add(change, definition.pack());
}

void Transaction::keep_for_undo(const Table& from, Slot slot) {
  const std::span<const Value> values = from.values(slot);
  store_.undo_.push_back({slot, store_.old_values_.size(), from.written(slot)});
  store_.old_values_.insert(store_.old_values_.end(), values.begin(), values.end());
}

void Transaction::keep_siblings_for_undo(const Table& from, Slot slot) {
  for (std::size_t foreign = 0; foreign < from.spec().foreign.size(); ++foreign) {
    store_.old_values_.push_back(static_cast<Value>(index(from.children(foreign).previous(slot))));
  }
}

// A deletion is also done here: its row must be read before it is gone.
void Transaction::log(TableId id, Slot slot, Operation operation, domain::Version version, Means means,
                      KeySet changed_keys) {
  Table& changed = table(id);
  if (operation == Operation::kDelete) {
    keep_for_undo(changed, slot);
    keep_siblings_for_undo(changed, slot);
  }
  const Store::Undo& undo = store_.undo_.back();
  Change change;
  change.stamp = stamp_;
  change.version = version;
  change.before = undo.written.version;
  change.table = id;
  change.operation = operation;
  change.means = means;
  change.moves = changed_keys != 0;
  std::span<const Value> old;
  if (operation == Operation::kUpdate) {
    const std::span<const Value> replaced{store_.old_values_.data() + undo.first_value, changed.width()};
    if (!changed.has_key() || (changed_keys & 1) != 0) old = replaced;
  }
  const bool is_gone = operation == Operation::kDelete || !old.empty();  // under its key, or with its values
  if (is_gone || version < undo.written.version) store_.outgrow(id, std::max(undo.written.version, version));
  store_.log_.add(change, changed.values(slot), old);
  if (operation == Operation::kDelete) changed.erase(slot);
}

}  // namespace parallax::propagation::store
