// The tables of one database with their sequences and the log of what was committed. It is changed by transactions
// alone (transaction.h), of which there is one at a time: in virtual time a transaction takes no time; what a database
// takes for it is its host's delay.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/propagation/store/changes.h"
#include "models/propagation/store/definition.h"
#include "models/propagation/store/schema.h"
#include "models/propagation/store/sequence.h"
#include "models/propagation/store/table.h"

namespace parallax::propagation::store {

/// A place in the log: how many changes were committed before.
using Lsn = std::uint64_t;

class Store {
 public:
  /// `data_center`: what the DCID column says by default.
  Store(const Schema& schema, sim::SiteId site, Value data_center);

  sim::SiteId site() const { return site_; }
  std::size_t tables() const { return tables_.size(); }
  const Table& table(TableId id) const { return *tables_[index(id)]; }
  Value data_center() const { return data_center_; }

  Sequence& sequence(TableId id) { return sequences_[index(id)]; }
  void set_sequence(TableId id, const SequenceSpec& spec) { sequences_[index(id)] = Sequence{spec}; }

  /// Sequences go on behind the rows that are there, as whoever copies a database must see to.
  void renumber();

  /// A row that is there from the start: no transaction, no log. A row from before a column was added is filled up with
  /// zeros. Requires: no clash.
  Slot load(TableId id, std::span<const Value> row, domain::Version version);

  // The log. Change i of it has the place log_begin() + i.
  Changes& log() { return log_; }
  Lsn log_begin() const { return log_begin_; }
  Lsn log_end() const { return log_begin_ + log_.size(); }

  /// Of a row that a client of this database inserts. One that takes the place of a deleted row must not have a version
  /// that the other had, or two writes would be taken for one: it is greater than all that have gone from the table.
  /// One word a table is enough for that. It is the simulation's own knowledge, so it outlives the disk.
  domain::Version first_version(TableId id) const { return gone_[index(id)].next(site_); }

  /// A row of this version, or its deletion, is gone from the table or came when the row was not there.
  void outgrow(TableId id, domain::Version version) { gone_[index(id)] = std::max(gone_[index(id)], version); }

  /// Nobody needs what is below any more.
  void drop_log(Lsn below);

  /// Every row of every table goes, and the log with them. Definitions stay.
  void clear();

  void reserve(TableId id, std::size_t rows) { tables_[index(id)]->reserve(rows); }
  std::size_t bytes() const;

  /// Whose rows point to rows of `parent`.
  struct Dependent {
    TableId table;
    std::size_t foreign;  ///< number of the foreign key
  };
  const std::vector<Dependent>& dependents(TableId parent) const { return dependents_[index(parent)]; }

 private:
  friend class Transaction;

  void renumber(TableId id);
  void execute(TableId table, const Definition& definition);

  sim::SiteId site_;
  Value data_center_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<Sequence> sequences_;                 ///< by table
  std::vector<std::vector<Dependent>> dependents_;  ///< by table
  std::vector<domain::Version> gone_;               ///< by table: the greatest that has gone
  Changes log_;
  Lsn log_begin_{0};

  // Of the open transaction, one for each of its changes.
  struct Undo {
    Slot slot;
    std::size_t first_value;  ///< of the old row among old_values_; behind it, if it left a parent, the sibling before
                              ///< it by foreign key
    Written written;
  };
  std::vector<Undo> undo_;
  std::vector<Value> old_values_;
  std::vector<Value> scratch_;
  bool in_transaction_{false};
};

}  // namespace parallax::propagation::store
