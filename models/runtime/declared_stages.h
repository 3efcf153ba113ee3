// What hosts say of their stages.
#pragma once

#include "models/domain/declared_stage.h"
#include "models/logic/gateway/pipeline.h"
#include "models/propagation/cluster.h"

namespace parallax::runtime {

/// An answer in a gateway's cache of tokens, from when it was put there until it is dropped for its age.
inline domain::DeclaredStages declared_cached(const logic::gateway::PipelineOptions& options) {
  if (options.caching == logic::gateway::TokenCaching::kOff) return {};
  return {domain::stage_up_to(domain::Stage::kTokenCacheTtl, options.cache.ttl),
          domain::stage_up_to(domain::Stage::kCacheSweep, options.cache.sweep_interval)};
}

/// From one member of a cluster to another.
inline domain::DeclaredStage declared_message(const propagation::ClusterSpec& spec) {
  return domain::stage_of(domain::Stage::kClusterMessage, spec.message_delay);
}

/// An artifact that has arrived in a site's store waits for a gateway's scan.
inline domain::DeclaredStage declared_scan(const propagation::ClusterSpec& spec) {
  return domain::stage_up_to(domain::Stage::kDeploymentScan, spec.deployment_scan);
}

}  // namespace parallax::runtime
