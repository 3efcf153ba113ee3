// What a stream of rows says of its stages.
#pragma once

#include "models/domain/declared_stage.h"
#include "models/propagation/replication/spec.h"

namespace parallax::propagation::replication {

/// From the commit at the origin until the row is visible at the target, where nothing waits before it.
domain::DeclaredStages declared_stages(const StreamSpec& spec, const domain::WaySpan& way);

/// Before it can be shipped on from there: 0 but for the WAL writer's flush.
domain::DeclaredStages declared_relay(const StreamSpec& spec);

}  // namespace parallax::propagation::replication
