#include "models/propagation/replication/applier.h"

#include <tuple>

namespace parallax::propagation::replication {

using domain::ConflictKind;
using domain::ConflictOutcome;
using store::Operation;
using store::Refusal;
using store::Slot;
using store::Stamp;
using store::Table;

bool Applier::apply(store::Transaction& into, const store::Changes& changes, std::size_t number,
                    std::vector<Conflict>& conflicts, Slot guess) const {
  const Incoming incoming{changes, number, guess};
  switch (incoming.change().operation) {
    case Operation::kInsert:
      return insert(into, incoming, conflicts);
    case Operation::kUpdate:
      return update(into, incoming, conflicts);
    case Operation::kDelete:
      return erase(into, incoming, conflicts);
    case Operation::kDefinition:
      return define(into, incoming, conflicts);
  }
  return true;
}

// A truncation empties the table that is here, whatever rows it has.
bool Applier::define(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const {
  const auto definition = store::Definition::unpack(incoming.row());
  const store::TableId table = incoming.change().table;
  if (definition.kind == store::Definition::Kind::kTruncate) {
    return settle({into.truncate(table), store::kNoSlot, {}}, incoming, conflicts);
  }
  into.define(table, definition);
  return true;
}

ConflictOutcome Applier::resolve(Resolution resolution, const Stamp& incoming,
                                 const std::optional<Stamp>& present) const {
  switch (resolution) {
    case Resolution::kStop:
      return ConflictOutcome::kStopped;
    case Resolution::kDiscard:
      return ConflictOutcome::kDiscarded;
    case Resolution::kOverwrite:
      return ConflictOutcome::kOverwritten;
    case Resolution::kLatest: {
      const bool is_later =
          !present || std::tie(incoming.committed, incoming.origin) > std::tie(present->committed, present->origin);
      return is_later ? ConflictOutcome::kOverwritten : ConflictOutcome::kDiscarded;
    }
    case Resolution::kTrusted:
      return incoming.origin == rules_.trusted ? ConflictOutcome::kOverwritten : ConflictOutcome::kDiscarded;
  }
  return ConflictOutcome::kStopped;
}

// A statement was refused for another reason than a key: no rule helps.
bool Applier::settle(const store::Result& result, const Incoming& incoming, std::vector<Conflict>& conflicts) const {
  const auto stop = [&](ConflictKind kind) {
    domain::Version present;
    if (result.clash) present = replica_.table(incoming.change().table).written(result.clash->with).version;
    conflicts.push_back({kind, ConflictOutcome::kStopped, incoming.number, present});
    return false;
  };
  switch (result.refusal) {
    case Refusal::kNone:
      return true;
    case Refusal::kNoParent:
      return stop(ConflictKind::kNoParent);
    case Refusal::kHasChildren:
      return stop(ConflictKind::kHasChildren);
    case Refusal::kMissingColumn:
      return stop(ConflictKind::kMissingColumn);
    default:
      return stop(ConflictKind::kInsertInsert);
  }
}

bool Applier::insert(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const {
  const store::Change& change = incoming.change();
  const store::Result tried = into.insert(change.table, incoming.row(), change.version);
  if (!tried.clash) return settle(tried, incoming, conflicts);
  const Table& table = replica_.table(change.table);
  const Slot met = tried.clash->with;
  const domain::Version present = table.written(met).version;
  if (table.clashes(incoming.row(), store::kNoSlot) > 1) {
    conflicts.push_back({ConflictKind::kSeveralKeys, ConflictOutcome::kStopped, incoming.number, present});
    return false;
  }
  const ConflictOutcome outcome = resolve(rules_.insert_insert, change.stamp, table.written(met).stamp);
  conflicts.push_back({ConflictKind::kInsertInsert, outcome, incoming.number, present});
  if (outcome != ConflictOutcome::kOverwritten) return outcome == ConflictOutcome::kDiscarded;
  return settle(into.update(change.table, met, incoming.row(), change.version), incoming, conflicts);
}

bool Applier::update(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const {
  const store::Change& change = incoming.change();
  const Table& table = replica_.table(change.table);
  const std::span<const store::Value> old = incoming.block.old_row(incoming.number);
  const Slot slot = table.same_row(old.empty() ? incoming.row() : old, incoming.guess);
  if (slot == store::kNoSlot) {
    into.outgrow(change.table, change.version);
    const ConflictOutcome outcome = resolve(rules_.update_missing, change.stamp, std::nullopt);
    conflicts.push_back({ConflictKind::kUpdateMissing, outcome, incoming.number, {}});
    if (outcome != ConflictOutcome::kOverwritten) return outcome == ConflictOutcome::kDiscarded;
    return insert(into, incoming, conflicts);
  }
  const store::Written present = table.written(slot);
  if (present.version != change.before) {
    const ConflictOutcome outcome = resolve(rules_.update_update, change.stamp, present.stamp);
    conflicts.push_back({ConflictKind::kUpdateUpdate, outcome, incoming.number, present.version});
    if (outcome != ConflictOutcome::kOverwritten) return outcome == ConflictOutcome::kDiscarded;
  }
  return settle(into.update(change.table, slot, incoming.row(), change.version), incoming, conflicts);
}

bool Applier::erase(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const {
  const store::Change& change = incoming.change();
  const Table& table = replica_.table(change.table);
  const Slot slot = table.same_row(incoming.row(), incoming.guess);
  if (slot == store::kNoSlot) {
    into.outgrow(change.table, change.version);
    const ConflictOutcome outcome = resolve(rules_.delete_missing, change.stamp, std::nullopt);
    conflicts.push_back({ConflictKind::kDeleteMissing, outcome, incoming.number, {}});
    return outcome != ConflictOutcome::kStopped;
  }
  const store::Written present = table.written(slot);
  if (present.version != change.before) {
    const ConflictOutcome outcome = resolve(rules_.delete_changed, change.stamp, present.stamp);
    conflicts.push_back({ConflictKind::kDeleteChanged, outcome, incoming.number, present.version});
    if (outcome != ConflictOutcome::kOverwritten) return outcome == ConflictOutcome::kDiscarded;
  }
  return settle(into.erase(change.table, slot, change.version), incoming, conflicts);
}

}  // namespace parallax::propagation::replication
