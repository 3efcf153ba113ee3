// One message of a stream: transactions of the origin's log, or an image of all its rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/store/changes.h"
#include "models/propagation/store/store.h"

namespace parallax::propagation::replication {

/// What a transaction waited for instead of its turn, and since when.
struct Delayed {
  domain::Stage by;
  sim::VirtualTime since;
};

/// Not changed once it is sent: the origin holds it until it has been looked at, the target until it has applied it.
struct Shipment : std::enable_shared_from_this<Shipment> {
  enum class Content : std::uint8_t { kTransactions, kImage };

  std::uint64_t number{0};  ///< counted over the stream's life, never reused
  Content content{Content::kTransactions};
  store::Changes changes;
  std::vector<store::Lsn> ends;    ///< of each transaction: the place in the origin's log behind it
  std::optional<Delayed> delayed;  ///< while there was no connection
  store::Lsn begin{0};             ///< the place that it goes on from
  store::Lsn end{0};               ///< the place behind all of it
  Places places;                   ///< of an image: what it holds of others' logs
};

/// What the target has told the origin.
struct Progress {
  std::uint64_t received{0};  ///< shipments below this number will not be looked at again
  store::Lsn kept{0};         ///< below this place the target has it on disk: the origin's log may go
  store::Lsn applied{0};      ///< below this place it is visible at the target
  bool awaits_image{false};   ///< it takes nothing else, and the log is to be kept for it as far as it reaches back
};

}  // namespace parallax::propagation::replication
