// One transaction on a store. A statement that is refused changes nothing, and the transaction can go on without it or
// be given up. What is not committed is rolled back.
//
//   Transaction transaction{store, stamp};
//   if (!transaction.erase(apis, slot)) return;  // rolled back
//   transaction.commit();
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/propagation/store/store.h"

namespace parallax::propagation::store {

/// Whether statements may change anything.
enum class Access : std::uint8_t { kWrite, kReadOnly };

/// What a statement sets off or is tested against, besides keys.
struct Firing {
  bool cascades{true};
  bool triggers{true};
  bool parents{true};  ///< a child needs its parent, a parent with children may neither go nor change its key
};

enum class Refusal : std::uint8_t {
  kNone,
  kDuplicateKey,
  kNoParent,
  kHasChildren,
  kNoSuchRow,
  kRangeExhausted,  ///< the sequence has no number left
  kMissingColumn,   ///< the row has columns that the table does not have
  kReadOnly,        ///< the database takes no writes of its own clients
};

struct Result {
  Refusal refusal{Refusal::kNone};
  Slot slot{kNoSlot};          ///< of the inserted or updated row
  std::optional<Clash> clash;  ///< with kDuplicateKey

  explicit operator bool() const { return refusal == Refusal::kNone; }
};

class Transaction {
 public:
  Transaction(Store& store, const Stamp& stamp, Firing firing = {}, Access access = Access::kWrite);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// kDefault columns are filled in. A row with fewer columns than the table (before a column was added) is filled up
  /// with zeros. Requires, as update() does: `row` is not the store's own memory.
  Result insert(TableId table, std::span<const Value> row, domain::Version version);

  /// A row with fewer columns leaves the others as they are. Requires: a row in `slot`.
  Result update(TableId table, Slot slot, std::span<const Value> row, domain::Version version);
  Result erase(TableId table, Slot slot, domain::Version version);

  /// Its next changes were written then and there.
  void set_stamp(const Stamp& stamp) { stamp_ = stamp; }

  /// See Store; not taken back by a rollback.
  domain::Version first_version(TableId table) const { return store_.first_version(table); }
  void outgrow(TableId table, domain::Version version) { store_.outgrow(table, version); }

  /// Cannot be rolled back; alone in its transaction.
  void define(TableId table, const Definition& definition);

  /// Every row of the table goes, and no trigger of a row fires. Refused where other tables point to it, whether they
  /// have rows or not. Requires: nothing before it in the transaction.
  Refusal truncate(TableId table);

  /// What `firing` says about parents and children, for all that was done: for a transaction that was begun without.
  Refusal enforce(Firing firing);

  /// How many changes it has made so far, with those of cascades and triggers.
  std::size_t size() const { return static_cast<std::size_t>(store_.log_end() - first_); }

  /// The place of its change i in the log.
  Lsn lsn(std::size_t i) const { return first_ + i; }
  const Change& change(std::size_t i) const { return store_.log_[at(i)]; }
  std::span<const Value> row(std::size_t i) const { return store_.log_.row(at(i)); }

  /// The journal record that tells of change i, kept with the change and with its row.
  void set_record(std::size_t i, sim::RecordId record);

  /// What stood in the slot before change i; nothing of an insertion.
  std::span<const Value> old_row(std::size_t i) const;

  /// The log will not say what the rows were that it has changed: nobody will read that. Before commit().
  void strip_log() { store_.log_.strip_last(size()); }

  void commit();
  void roll_back();

 private:
  std::size_t at(std::size_t i) const { return static_cast<std::size_t>(first_ - store_.log_begin_) + i; }
  Table& table(TableId id) const { return *store_.tables_[index(id)]; }
  Refusal complete(TableId id, std::span<const Value>& row, std::span<const Value> present);
  Refusal fill_in(TableId id, std::span<const Value> row, std::span<const Value> present);
  bool lacks_parent(const Table& table, std::span<const Value> row) const;
  bool has_children(TableId id, Value key) const;
  bool leaves_children(TableId id, Slot slot) const;
  Refusal erase_children(TableId id, Value key, OnDelete how, Means means);
  Refusal erase_by(TableId id, Slot slot, domain::Version version, Means means);
  void log(TableId id, Slot slot, Operation operation, domain::Version version, Means means, KeySet changed = 0);
  void log_definition(TableId id, const Definition& definition);
  void keep_for_undo(const Table& from, Slot slot);
  void keep_siblings_for_undo(const Table& from, Slot slot);
  void roll_back_to(std::size_t savepoint);
  void restore_siblings(Table& table, std::size_t i) const;
  Written written(domain::Version version) const { return {stamp_, {}, version}; }

  Store& store_;
  Stamp stamp_;
  Firing firing_;
  Access access_;
  Lsn first_;
  bool is_open_{true};
};

}  // namespace parallax::propagation::store
