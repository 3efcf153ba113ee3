// What the ways of artifacts say of their stages.
#pragma once

#include "models/domain/declared_stage.h"
#include "models/propagation/artifacts/spec.h"

namespace parallax::propagation::artifacts {

/// A question to a source and its answer. `round_trip`: there and back.
domain::DeclaredStage declared_question(const RequestSpec& spec, const domain::WaySpan& round_trip);

/// From an event at a gateway that pulls until it asks, and from the answer until it serves what it says.
domain::DeclaredStage declared_event_wait(const PullSpec& spec);
domain::DeclaredStage declared_redeployment(const PullSpec& spec);

/// A row or file waits for who looks every `period`, and asks. One who is still waiting for an answer misses a look.
domain::DeclaredStages declared_look(domain::Stage wait, sim::Duration period, const RequestSpec& spec,
                                     const domain::WaySpan& round_trip);

/// Of the deployment synchronizer: until a manager has checked in, until a worker has it without word and with.
domain::DeclaredStages declared_commit(const SvnTaskSpec& task, sim::Duration check_in, const RequestSpec& spec,
                                       const domain::WaySpan& round_trip);
domain::DeclaredStages declared_update(const SvnTaskSpec& task, const RequestSpec& spec,
                                       const domain::WaySpan& round_trip);
domain::DeclaredStages declared_update_told(const SvnTaskSpec& task, sim::Duration message, const RequestSpec& spec,
                                            const domain::WaySpan& round_trip);

/// Of the last file of an API.
domain::DeclaredStages declared_stages(const FileReplicaSpec& spec, const domain::WaySpan& way);

/// Of the last of so many gateways that a person sees to one after the other, or calls.
domain::DeclaredStages declared_stages(const ManualSpec& spec, std::size_t place, const domain::WaySpan& way);
domain::DeclaredStages declared_calls(const CallSpec& spec, const std::vector<domain::WaySpan>& round_trips_before,
                                      const domain::WaySpan& round_trip);

}  // namespace parallax::propagation::artifacts
