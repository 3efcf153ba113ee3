#include "models/propagation/replication/declared_stages.h"

#include "models/propagation/replication/wal_writer.h"

namespace parallax::propagation::replication {

using domain::DeclaredStages;
using domain::Stage;

// At a poll it leaves whatever the capture takes. A row that finds nobody before it is applied as it comes, and keeps
// the apply busy then; at the worst a batch has just begun.
DeclaredStages declared_stages(const StreamSpec& spec, const domain::WaySpan& way) {
  const bool polls = spec.ship_interval.ns > 0;
  const sim::Duration least_before = polls ? sim::Duration{} : spec.capture_delay;
  const sim::Duration most_before = polls ? spec.ship_interval : spec.capture_delay;
  const sim::Duration batch = spec.apply_time * std::int64_t{spec.apply_batch};
  return {stage_over(Stage::kReplicationLag, way, least_before, most_before + spec.apply_interval + batch),
          {Stage::kApplyBacklog, {}, sim::Duration{}, {}, true}};
}

DeclaredStages declared_relay(const StreamSpec& spec) {
  constexpr std::int64_t kMostRounds = 4;  // wal_writer.h
  if (!spec.flushed_by_wal_writer) return {};
  return {domain::stage_up_to(Stage::kReplicationLag, WalWriter::kDelay * kMostRounds)};
}

}  // namespace parallax::propagation::replication
