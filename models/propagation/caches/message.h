// What members of a cluster send each other: 56 bytes, so that it travels in an action with one pointer.
#pragma once

#include <cstdint>

#include "models/domain/stage.h"
#include "models/propagation/caches/key.h"
#include "models/propagation/caches/roster.h"
#include "sim/time.h"

namespace parallax::propagation::caches {

enum class Verb : std::uint8_t {
  // A member asks the owner.
  kGet,
  kPut,
  kRemove,
  kMerge,  ///< an entry of a half that joins the other one

  // The owner answers.
  kFound,
  kMissing,
  kDone,
  kDoneAndBackedUp,  ///< the backup acknowledges by itself
  kWrongTarget,      ///< it is not the owner, as far as it knows: try again

  // The owner tells the backup, and that one the member that asked.
  kBackUp,
  kBackUpRemoval,
  kBackedUp,

  // The owner tells all members.
  kUpdated,
  kRemoved,

  kMove,  ///< to a member that has come to hold a partition

  kInvalidate,  ///< one member tells another: forget this
};

struct Message {
  Copy copy;  ///< of a removal its `put` is the record that led to it, its version what replaces it
  Key key;
  sim::VirtualTime at;    ///< since then the time goes to `stage`
  std::uint32_t call{0};  ///< of `from`'s side; 0: nobody waits
  Verb verb{};
  MemberId from{};
  MemberId to{};
  domain::Stage stage{domain::Stage::kClusterMessage};
};
static_assert(sizeof(Message) == 56);

}  // namespace parallax::propagation::caches
