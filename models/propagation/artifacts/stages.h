// What an artifact's journey is spent on, in the words of domain::Stage.
#pragma once

#include "models/domain/stage.h"

namespace parallax::propagation::artifacts {

inline constexpr domain::Stage kTransfer = domain::Stage::kArtifactCopy;      ///< asked for or sent, and under way
inline constexpr domain::Stage kPollWait = domain::Stage::kPollInterval;      ///< waits for who looks once in a while
inline constexpr domain::Stage kMirrorWait = domain::Stage::kMirrorInterval;  ///< waits for the next run of a mirror
inline constexpr domain::Stage kCommitWait = domain::Stage::kArtifactCopy;    ///< waits to be, or is being, checked in
inline constexpr domain::Stage kEventWait = domain::Stage::kEventWaiting;     ///< the fixed wait before a pull
inline constexpr domain::Stage kThreadWait = domain::Stage::kEventWaiting;    ///< others are deployed before it
inline constexpr domain::Stage kRetryWait = domain::Stage::kRetryWait;        ///< between an ask in vain and the next
inline constexpr domain::Stage kPuttingUp =
    domain::Stage::kRedeployment;  ///< the old version is gone, the new one not up

}  // namespace parallax::propagation::artifacts
