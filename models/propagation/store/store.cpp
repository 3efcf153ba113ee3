#include "models/propagation/store/store.h"

#include <algorithm>
#include <cassert>

namespace parallax::propagation::store {

Store::Store(const Schema& schema, sim::SiteId site, Value data_center)
    : site_{site},
      data_center_{data_center},
      sequences_(schema.size()),
      dependents_(schema.size()),
      gone_(schema.size()) {
  for (const TableSpec& table : schema) {
    const auto id = static_cast<TableId>(tables_.size());
    tables_.push_back(std::make_unique<Table>(table));
    for (std::size_t i = 0; i < table.foreign.size(); ++i) {
      assert(table.foreign[i].parent < id);
      dependents_[index(table.foreign[i].parent)].push_back({id, i});
    }
  }
}

Slot Store::load(TableId id, std::span<const Value> row, domain::Version version) {
  assert(!in_transaction_);
  Table& table = *tables_[index(id)];
  scratch_.assign(row.begin(), row.end());
  scratch_.resize(table.width());
  assert(!table.clash(scratch_, kNoSlot));
  return table.insert(scratch_, {{}, {}, version});
}

void Store::renumber() {
  for (std::size_t t = 0; t < tables_.size(); ++t) renumber(static_cast<TableId>(t));
}

void Store::renumber(TableId id) {
  const Table& table = *tables_[index(id)];
  const auto& columns = table.spec().columns;
  const auto numbered = std::find_if(columns.begin(), columns.end(),
                                     [](const ColumnSpec& c) { return c.otherwise == Default::kSequence; });
  if (numbered == columns.end()) return;
  const auto column = static_cast<std::size_t>(numbered - columns.begin());
  for (std::size_t i = 0; i < table.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (table.written(slot).exists) sequences_[index(id)].skip(table.values(slot)[column]);
  }
}

void Store::drop_log(Lsn below) {
  if (below <= log_begin_) return;
  assert(below <= log_end());
  log_.drop_first(static_cast<std::size_t>(below - log_begin_));
  log_begin_ = below;
}

void Store::clear() {
  assert(!in_transaction_);
  log_begin_ = log_end();
  log_.clear();
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    auto& table = tables_[t];
    for (std::size_t i = 0; i < table->slots(); ++i) {
      outgrow(static_cast<TableId>(t), table->written(static_cast<Slot>(i)).version);
    }
    const TableSpec spec = table->spec();
    table = std::make_unique<Table>(spec);
  }
}

void Store::execute(TableId table, const Definition& definition) {
  switch (definition.kind) {
    case Definition::Kind::kAddColumn:
      return tables_[index(table)]->add_column({"added", Default::kNone}, definition.value);
    case Definition::Kind::kSetDataCenter:
      data_center_ = definition.value;
      return;
    case Definition::Kind::kSetSequence:
      set_sequence(table, definition.sequence);
      return renumber(table);
    case Definition::Kind::kTruncate:
      return;  // its transaction does it, row by row
  }
}

std::size_t Store::bytes() const {
  std::size_t bytes = log_.bytes();
  for (const auto& table : tables_) bytes += table->bytes();
  return bytes;
}

}  // namespace parallax::propagation::store
