// What a database does with changes that come from another: which of its own rules they set off, and what becomes of
// those that collide with what it holds.
#pragma once

#include <cstdint>
#include <optional>

#include "models/domain/conflict.h"
#include "models/propagation/store/transaction.h"

namespace parallax::propagation::replication {

/// Who wins where a change meets a row that it did not expect.
enum class Resolution : std::uint8_t {
  kStop,       ///< nobody: the apply stops, and everything behind this transaction with it
  kDiscard,    ///< the row that is here
  kOverwrite,  ///< the change
  kLatest,     ///< whichever was committed later by the clock of its origin; of one instant the greater site
  kTrusted,    ///< what comes from the trusted source; its own rows where this is it
};

struct ApplyRules {
  store::Firing firing{false, false, false};
  bool deferred{false};  ///< cascades and tests of foreign keys wait for the end of the transaction

  Resolution insert_insert{Resolution::kStop};
  Resolution update_update{Resolution::kOverwrite};
  Resolution update_missing{Resolution::kDiscard};  ///< kOverwrite: the row is inserted
  Resolution delete_changed{Resolution::kOverwrite};
  Resolution delete_missing{Resolution::kDiscard};

  sim::SiteId trusted{};  ///< of kTrusted
};

}  // namespace parallax::propagation::replication
