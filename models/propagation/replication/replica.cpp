#include "models/propagation/replication/replica.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/propagation/ticks.h"

namespace parallax::propagation::replication {

using domain::ConflictKind;
using domain::ConflictOutcome;
using domain::RowMeans;
using domain::RowOperation;
using store::Change;
using store::Changes;
using store::Lsn;
using store::Means;
using store::Slot;
using store::TableId;
using store::Transaction;
using store::Value;

namespace {

// A one-row transaction of a narrow table; the truth's updates took 207 bytes each (PostgreSQL 15, WAL positions).
constexpr std::uint64_t kWalBytesPerChange = 220;

// Rows of several key columns, or of none, are told apart by a hash (FNV-1a).
class Hash {
 public:
  void add(Value value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) hash_ = (hash_ ^ (bits >> shift & 0xff)) * 0x100'0000'01b3;
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_{0xcbf2'9ce4'8422'2325};
};

RowMeans means_at_origin(Means means) {
  switch (means) {
    case Means::kStatement:
      return RowMeans::kStatement;
    case Means::kCascade:
      return RowMeans::kCascade;
    case Means::kTrigger:
      return RowMeans::kTrigger;
    case Means::kTruncation:
      return RowMeans::kStatement;
  }
  return RowMeans::kStatement;
}

bool is_same_write(const store::Written& written, const Change& change) {
  return written.version == change.version && written.stamp == change.stamp;
}

RowMeans means_here(Means means) {
  const RowMeans there = means_at_origin(means);
  return there == RowMeans::kStatement ? RowMeans::kApply : there;
}

}  // namespace

Replica::Replica(sim::Site& site, const store::Schema& schema, const ReplicaSpec& spec)
    : site_{site},
      spec_{spec},
      store_{schema, site.id(), spec.data_center},
      wal_{site, draw_phase(site, spec.name + " WAL writer", WalWriter::kDelay),
           [this](std::uint64_t place) { readable(place); }} {}

// A definition is about no row.
std::uint64_t Replica::identity(const Change& change, std::span<const Value> row) const {
  if (change.operation == store::Operation::kDefinition) return 0;
  const std::optional<store::Key>& key = store_.table(change.table).spec().primary;
  if (key && key->columns.size() == 1) return static_cast<std::uint64_t>(row[key->columns.front()]);
  Hash hash;
  if (key) {
    for (const store::Column column : key->columns) hash.add(row[column]);
  } else {
    for (const Value value : row) hash.add(value);
  }
  return hash.value();
}

Transaction Replica::begin() {
  if (is_full()) count_refusal();
  const store::Access access = is_full() ? store::Access::kReadOnly : access_;
  return Transaction{store_, {site_.now() + spec_.clock_offset, site_.id()}, {}, access};
}

Lsn Replica::commit(Transaction& transaction, sim::RecordId cause, const domain::Passage& passage) {
  for (std::size_t i = 0; i < transaction.size(); ++i) {
    journal(transaction, i, {means_at_origin(transaction.change(i).means), cause, passage});
  }
  const Lsn end = store_.log_end();
  finish(transaction, Flush::kAtCommit);
  return end;
}

domain::Jurisdiction Replica::jurisdiction_of(const Change& change, std::span<const Value> row) const {
  const auto column = store_.table(change.table).spec().jurisdiction;
  if (!column || change.operation == store::Operation::kDefinition || *column >= row.size()) return {};
  return static_cast<domain::Jurisdiction>(row[*column]);
}

domain::RowChanged Replica::row_changed(const Transaction& transaction, std::size_t number, RowMeans means) const {
  const Change& change = transaction.change(number);
  const auto table = static_cast<std::uint16_t>(store::index(change.table) + spec_.first_table);
  return {spec_.layer,
          table,
          static_cast<RowOperation>(change.operation),
          means,
          change.stamp.origin,
          identity(change, transaction.row(number)),
          change.version,
          jurisdiction_of(change, transaction.row(number))};
}

// A row that takes another key is a row gone and a new one.
void Replica::journal(Transaction& transaction, std::size_t number, const Coming& how) {
  const Change& change = transaction.change(number);
  domain::RowChanged changed = row_changed(transaction, number, how.means);
  if (change.operation == store::Operation::kUpdate) {
    const std::uint64_t before = identity(change, transaction.old_row(number));
    if (before != changed.row) {
      domain::RowChanged gone = changed;
      gone.row = before;
      gone.operation = RowOperation::kDeleted;
      site_.record(gone.pack(), how.cause);
      changed.operation = RowOperation::kInserted;
    }
  }
  transaction.set_record(number, site_.record(changed.pack(), how.cause));
  if (listener_ == nullptr || change.operation == store::Operation::kDefinition) return;
  const sim::RecordId own = listener_->row_changed(transaction, number, how);
  if (own.exists()) transaction.set_record(number, own);
}

// What has changed nothing writes no log.
void Replica::finish(Transaction& transaction, Flush flush) {
  const std::uint64_t bytes = transaction.size() * kWalBytesPerChange;
  transaction.commit();
  if (bytes == 0) return;
  const Lsn end = store_.log_end();
  if (readers_.empty()) {
    readable_end_ = end;
    return drop_log();
  }
  account();
  if (flush == Flush::kAtCommit) return wal_.committed_synchronously(end, bytes);
  wal_.committed_asynchronously(end, bytes);
}

void Replica::account() {
  const auto held = static_cast<std::int64_t>(store_.log().bytes());
  site_.account(held - std::exchange(accounted_, held));
}

// The WAL writer may come to places that the log has left behind meanwhile, as it does when another's image is taken.
void Replica::readable(Lsn below) {
  readable_end_ = std::max(readable_end_, below);
  for (const Reader& reader : readers_) reader.news();
}

bool Replica::apply(const Changes& changes, std::size_t first, std::size_t count, const ApplyRules& rules,
                    const domain::Passage& passage, Flush flush, Slot guess) {
  const Applier applier{store_, rules};
  const store::Firing at_once = rules.deferred ? store::Firing{false, rules.firing.triggers, false} : rules.firing;
  Transaction transaction{store_, changes[first].stamp, at_once};
  conflicts_.clear();
  first_change_of_.clear();
  bool is_applied = true;
  for (std::size_t i = 0; i < count && is_applied; ++i) {
    first_change_of_.push_back(transaction.size());
    is_applied = applier.apply(transaction, changes, first + i, conflicts_, i == 0 ? guess : store::kNoSlot);
  }
  if (is_applied && rules.deferred) is_applied = enforce(transaction, rules.firing, first + count - 1);
  first_change_of_.push_back(transaction.size());
  if (!is_applied) {
    journal_undone(transaction, changes, first);
    journal_conflicts(changes, std::span{conflicts_}.last(1));
    return false;
  }
  std::span<const Conflict> untold{conflicts_};
  for (std::size_t i = 0; i < count; ++i) {
    if (!untold.empty()) {
      const auto met = std::ranges::find_if(untold, [&](const Conflict& c) { return c.change != first + i; });
      journal_conflicts(changes, {untold.begin(), met});
      untold = {met, untold.end()};
    }
    for (std::size_t made = first_change_of_[i]; made < first_change_of_[i + 1]; ++made) {
      journal(transaction, made, {means_here(transaction.change(made).means), changes[first + i].record, passage});
    }
  }
  if (!is_forwarded_ && changes[first].stamp.origin != site_.id()) transaction.strip_log();
  finish(transaction, flush);
  return true;
}

void Replica::expect(const Changes& changes, std::size_t number, Fetch what, Slot& guess) const {
  const Change& change = changes[number];
  if (change.operation == store::Operation::kDefinition) return;
  const store::Table& table = store_.table(change.table);
  const std::span<const Value> row = changes.row(number);
  switch (what) {
    case Fetch::kPlace:
      return table.fetch_place(row);
    case Fetch::kRow:
      if (change.operation == store::Operation::kInsert) return table.fetch_unique(row);
      guess = table.fetch_row(row);
      return;
    case Fetch::kKeys:
      if (change.moves) table.fetch_changed_unique(row, guess);
      if (change.operation == store::Operation::kDelete) table.fetch_unique(row);
  }
}

// What it had done before it came to the change that could not be applied.
void Replica::journal_undone(const Transaction& transaction, const Changes& changes, std::size_t first) {
  for (std::size_t i = 0; i + 1 < first_change_of_.size(); ++i) {
    for (std::size_t made = first_change_of_[i]; made < first_change_of_[i + 1]; ++made) {
      const RowMeans means = means_here(transaction.change(made).means);
      site_.record(domain::RowUndone{row_changed(transaction, made, means)}.pack(), changes[first + i].record);
    }
  }
}

// The changes that it makes count with the last that came in.
bool Replica::enforce(Transaction& transaction, store::Firing firing, std::size_t last) {
  const store::Refusal refusal = transaction.enforce(firing);
  if (refusal == store::Refusal::kNone) return true;
  const ConflictKind kind = refusal == store::Refusal::kNoParent ? ConflictKind::kNoParent : ConflictKind::kHasChildren;
  conflicts_.push_back({kind, ConflictOutcome::kStopped, last, {}});
  return false;
}

void Replica::journal_conflicts(const Changes& changes, std::span<const Conflict> conflicts) {
  for (const Conflict& conflict : conflicts) {
    const Change& change = changes[conflict.change];
    journal_conflict(change, identity(change, changes.row(conflict.change)), conflict);
  }
}

void Replica::journal_conflict(const Change& change, std::uint64_t row, const Conflict& conflict) {
  const auto table = static_cast<std::uint16_t>(store::index(change.table) + spec_.first_table);
  const domain::RowConflict record{spec_.layer,         table, conflict.kind,  conflict.outcome,
                                   change.stamp.origin, row,   change.version, conflict.present};
  site_.record(record.pack(), change.record);
}

void Replica::skip(const Changes& changes, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    const Change& change = changes[i];
    journal_conflict(change, identity(change, changes.row(i)),
                     {ConflictKind::kLeftOut, ConflictOutcome::kSkipped, i, {}});
  }
}

Changes Replica::image() const {
  Changes image;
  for (std::size_t t = 0; t < store_.tables(); ++t) {
    const auto id = static_cast<TableId>(t);
    const store::Table& table = store_.table(id);
    for (std::size_t i = 0; i < table.slots(); ++i) {
      const auto slot = static_cast<Slot>(i);
      const store::Written written = table.written(slot);
      if (!written.exists) continue;
      Change change;
      change.stamp = written.stamp;
      change.record = written.record;
      change.version = written.version;
      change.table = id;
      image.add(change, table.values(slot));
    }
  }
  return image;
}

void Replica::expect_image() {
  if (!kept_for_image_) kept_for_image_ = store_.log_begin();
}

// Rows that differ go first and come again after, so that no key of an old row is in the way of a new one.
void Replica::become(const Changes& image, const domain::Passage& passage, std::optional<Lsn> seen) {
  const Lsn own_end = store_.log_end();
  Transaction transaction{store_, {site_.now() + spec_.clock_offset, site_.id()}, {false, false, false}};
  const std::vector<std::size_t> missing = erase_what_differs(transaction, image);
  for (std::size_t i = 0; i < transaction.size(); ++i) journal(transaction, i, {RowMeans::kApply, {}, passage});
  for (const std::size_t i : missing) {
    const Change& row = image[i];
    transaction.set_stamp(row.stamp);
    if (transaction.insert(row.table, image.row(i), row.version)) {
      journal(transaction, transaction.size() - 1, {RowMeans::kApply, row.record, passage});
    } else {  // the tables are not alike
      const Conflict conflict{ConflictKind::kResynchronised, ConflictOutcome::kDiscarded, i, {}};
      journal_conflict(row, identity(row, image.row(i)), conflict);
    }
  }
  transaction.commit();
  if (seen) journal_deletions_undone(*seen, own_end);
  clear_log();
  store_.renumber();
}

// The row here that a row of the image is, by key. Without one a row with its values that no other row of the image is,
// the same write if there is one.
Slot Replica::row_like(const Change& change, std::span<const Value> row, const std::vector<Fate>& fates) const {
  const store::Table& table = store_.table(change.table);
  if (table.has_key()) return table.same_row(row);
  Slot like = store::kNoSlot;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (fates[i] != Fate::kUnknownToImage || !table.written(slot).exists) continue;
    if (!std::ranges::equal(table.values(slot), row)) continue;
    if (is_same_write(table.written(slot), change)) return slot;
    if (like == store::kNoSlot) like = slot;
  }
  return like;
}

// Returns the rows of the image that are then missing here.
std::vector<std::size_t> Replica::erase_what_differs(Transaction& transaction, const Changes& image) {
  std::vector<std::size_t> missing;
  std::vector<std::vector<Fate>> fates(store_.tables());
  for (std::size_t t = 0; t < fates.size(); ++t) fates[t].resize(store_.table(static_cast<TableId>(t)).slots());
  for (std::size_t i = 0; i < image.size(); ++i) {
    const store::Table& table = store_.table(image[i].table);
    std::vector<Fate>& fates_here = fates[store::index(image[i].table)];
    const Slot slot = row_like(image[i], image.row(i), fates_here);
    if (slot == store::kNoSlot) {
      missing.push_back(i);
      continue;
    }
    const store::Written present = table.written(slot);
    const bool is_same = is_same_write(present, image[i]) && std::ranges::equal(table.values(slot), image.row(i));
    if (!is_same) missing.push_back(i);
    const bool is_known = present.version <= image[i].version || !table.has_key();
    if (is_known) fates_here[store::index(slot)] = is_same ? Fate::kStays : Fate::kSuperseded;
  }
  for (std::size_t t = 0; t < fates.size(); ++t) {
    const auto id = static_cast<TableId>(t);
    for (std::size_t i = 0; i < fates[t].size(); ++i) {
      const auto slot = static_cast<Slot>(i);
      if (!store_.table(id).written(slot).exists || fates[t][i] == Fate::kStays) continue;
      if (fates[t][i] == Fate::kUnknownToImage) journal_loss(id, slot);
      transaction.erase(id, slot, {});
    }
  }
  return missing;
}

// Only what this site wrote itself is a loss; the rest of what the image does not know has been deleted there.
void Replica::journal_loss(TableId id, Slot slot) {
  const store::Table& table = store_.table(id);
  const store::Written written = table.written(slot);
  if (written.stamp.origin != site_.id() || !written.record.exists()) return;
  Change lost;
  lost.table = id;
  lost.stamp = written.stamp;
  lost.record = written.record;
  journal_conflict(lost, identity(lost, table.values(slot)),
                   {ConflictKind::kResynchronised, ConflictOutcome::kOverwritten, 0, written.version});
}

// A row that was deleted here is back with the image, to which the deletion had not come yet.
void Replica::journal_deletions_undone(Lsn seen, Lsn end) {
  for (Lsn at = std::max(seen, store_.log_begin()); at < end; ++at) {
    const auto number = static_cast<std::size_t>(at - store_.log_begin());
    const Change& deletion = store_.log()[number];
    if (deletion.operation != store::Operation::kDelete || deletion.stamp.origin != site_.id()) continue;
    const std::span<const Value> row = store_.log().row(number);
    const store::Table& table = store_.table(deletion.table);
    const Slot slot = table.same_row(row);
    if (slot == store::kNoSlot || table.written(slot).version > deletion.version) continue;
    journal_conflict(deletion, identity(deletion, row),
                     {ConflictKind::kResynchronised, ConflictOutcome::kOverwritten, 0, deletion.version});
  }
}

void Replica::restarted() {
  wal_.restart();
  readable(store_.log_end());
}

void Replica::clear() {
  site_.record(domain::RowChanged{
      spec_.layer, spec_.first_table, domain::RowOperation::kReset, RowMeans::kStatement, site_.id(), 0, {}}
                   .pack());
  store_.clear();
  places_.clear();
  wal_.restart();
  clear_log();
}

void Replica::clear_log() {
  kept_for_image_.reset();
  readable_end_ = log_broken_off_ = store_.log_end();
  for (Reader& reader : readers_) reader.needs = readable_end_;
  drop_log();
  account();
}

Replica::ReaderId Replica::add_reader(Reads reads, std::function<void()> news) {
  is_forwarded_ |= reads == Reads::kAllRows;
  readers_.push_back({std::move(news), store_.log_end()});
  return readers_.size() - 1;
}

std::optional<Lsn> Replica::place_in(sim::SiteId origin) const {
  return sim::index(origin) < places_.size() ? places_[sim::index(origin)] : std::nullopt;
}

void Replica::set_place(sim::SiteId origin, Lsn place) {
  if (sim::index(origin) >= places_.size()) places_.resize(sim::index(origin) + 1);
  places_[sim::index(origin)] = place;
}

void Replica::release(ReaderId reader, Lsn below) {
  readers_[reader].needs = std::max(readers_[reader].needs, below);
  drop_log();
}

void Replica::drop_log() {
  Lsn below = kept_for_image_.value_or(store_.log_end());
  for (const Reader& reader : readers_) below = std::min(below, reader.needs);
  store_.drop_log(below);
}

}  // namespace parallax::propagation::replication
