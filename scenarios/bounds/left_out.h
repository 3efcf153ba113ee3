// Stages that hold nothing but time for which there is no bound: how many may be before a change nobody says, nor
// whether a conflict stops the apply, nor whether a subscriber is there when an event is published, which at the start
// it is not. They are left out of a window before it is held against its bound.
#pragma once

#include "models/domain/stage.h"

namespace parallax::bounds {

constexpr bool is_left_out(domain::Stage stage) {
  switch (stage) {
    case domain::Stage::kApplyBacklog:
    case domain::Stage::kApplyStopped:
    case domain::Stage::kEventWaiting:
    case domain::Stage::kMessageLost:
    case domain::Stage::kReconnectWait:
    case domain::Stage::kResynchronisation:
      return true;
    default:
      return false;
  }
}

}  // namespace parallax::bounds
