// Carries out at one replica what another has committed, by the replica's rules. Says every conflict it meets.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/conflict.h"
#include "models/propagation/replication/rules.h"
#include "models/propagation/store/changes.h"
#include "models/propagation/store/transaction.h"

namespace parallax::propagation::replication {

struct Conflict {
  domain::ConflictKind kind;
  domain::ConflictOutcome outcome;
  std::size_t change;       ///< within the block
  domain::Version present;  ///< of the row that was met; 0: none
};

class Applier {
 public:
  Applier(const store::Store& replica, const ApplyRules& rules) : replica_{replica}, rules_{rules} {}

  /// Change number `number` of the block. False: it cannot be applied, and `into` is to be rolled back; the last
  /// conflict says why. Appends to `conflicts`. `guess`: where the row may be.
  bool apply(store::Transaction& into, const store::Changes& changes, std::size_t number,
             std::vector<Conflict>& conflicts, store::Slot guess = store::kNoSlot) const;

 private:
  struct Incoming {
    const store::Changes& block;
    std::size_t number;
    store::Slot guess;
    const store::Change& change() const { return block[number]; }
    std::span<const store::Value> row() const { return block.row(number); }
  };

  bool insert(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const;
  bool update(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const;
  bool erase(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const;
  bool define(store::Transaction& into, const Incoming& incoming, std::vector<Conflict>& conflicts) const;
  bool settle(const store::Result& result, const Incoming& incoming, std::vector<Conflict>& conflicts) const;

  /// What becomes of a change that meets a row of this stamp; or that finds none, which every change is later than.
  domain::ConflictOutcome resolve(Resolution resolution, const store::Stamp& incoming,
                                  const std::optional<store::Stamp>& present) const;

  const store::Store& replica_;
  ApplyRules rules_;
};

}  // namespace parallax::propagation::replication
