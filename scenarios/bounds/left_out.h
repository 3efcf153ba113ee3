// Stages that hold nothing but time for which there is no bound: how many may be before a change nobody says, nor
// whether a conflict stops the apply. They are left out of a window before it is held against its bound.
#pragma once

#include "models/domain/stage.h"

namespace parallax::bounds {

constexpr bool is_left_out(domain::Stage stage) {
  return stage == domain::Stage::kApplyBacklog || stage == domain::Stage::kApplyStopped ||
         stage == domain::Stage::kEventWaiting || stage == domain::Stage::kResynchronisation;
}

}  // namespace parallax::bounds
