// What an artifact's journey is spent on, in the words of domain::Stage. Where that has no word of its own yet the
// nearest stands in: this is the one place to change when it gets one.
#pragma once

#include "models/domain/stage.h"

namespace parallax::propagation::artifacts {

inline constexpr domain::Stage kTransfer = domain::Stage::kArtifactCopy;    ///< asked for or sent, and under way
inline constexpr domain::Stage kPollWait = domain::Stage::kDeploymentScan;  ///< waits for who looks once in a while
inline constexpr domain::Stage kMirrorWait = domain::Stage::kArtifactCopy;  ///< waits for the next run of a mirror
inline constexpr domain::Stage kCommitWait = domain::Stage::kArtifactCopy;  ///< waits to be, or is being, checked in
inline constexpr domain::Stage kEventWait = domain::Stage::kEventWaiting;   ///< the fixed wait before a pull
inline constexpr domain::Stage kThreadWait = domain::Stage::kEventWaiting;  ///< others are deployed before it
inline constexpr domain::Stage kRetryWait = domain::Stage::kReconnectWait;  ///< between an ask in vain and the next
inline constexpr domain::Stage kPuttingUp =
    domain::Stage::kDeploymentScan;  ///< the old version is gone, the new one not up

}  // namespace parallax::propagation::artifacts
