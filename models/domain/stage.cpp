#include "models/domain/stage.h"

namespace parallax::domain {

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::kNone:
      return "none";
    case Stage::kDatabaseWrite:
      return "database_write";
    case Stage::kDatabaseRead:
      return "database_read";
    case Stage::kTokenCacheTtl:
      return "token_cache_ttl";
    case Stage::kCacheSweep:
      return "cache_sweep";
    case Stage::kClusterMessage:
      return "cluster_message";
    case Stage::kDeploymentScan:
      return "deployment_scan";
    case Stage::kOperator:
      return "operator";
    case Stage::kReplicationLag:
      return "replication_lag";
    case Stage::kApplyBacklog:
      return "apply_backlog";
    case Stage::kApplyStopped:
      return "apply_stopped";
    case Stage::kResynchronisation:
      return "resynchronisation";
    case Stage::kLinkDown:
      return "link_down";
    case Stage::kSiteDown:
      return "site_down";
    case Stage::kArtifactCopy:
      return "artifact_copy";
    case Stage::kCounterNotShared:
      return "counter_not_shared";
    case Stage::kDatabaseUnreachable:
      return "database_unreachable";
    case Stage::kEventInFlight:
      return "event_in_flight";
    case Stage::kDecisionPush:
      return "decision_push";
    case Stage::kEventBatching:
      return "event_batching";
    case Stage::kBroker:
      return "broker";
    case Stage::kReconnectWait:
      return "reconnect_wait";
    case Stage::kEventWaiting:
      return "event_waiting";
    case Stage::kMessageLost:
      return "message_lost";
    case Stage::kPending:
      return "pending";
    case Stage::kPollInterval:
      return "poll_interval";
    case Stage::kMirrorInterval:
      return "mirror_interval";
    case Stage::kRetryWait:
      return "retry_wait";
    case Stage::kGivenUp:
      return "given_up";
    case Stage::kStaleRecache:
      return "stale_recache";
    case Stage::kRedeployment:
      return "redeployment";
    case Stage::kClockSkew:
      return "clock_skew";
    case Stage::kCertificate:
      return "certificate";
    case Stage::kDiskFull:
      return "disk_full";
    case Stage::kFrozen:
      return "frozen";
    case Stage::kConflictDiscarded:
      return "conflict_discarded";
  }
  return "unknown";
}

}  // namespace parallax::domain
