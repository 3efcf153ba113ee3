#include "models/audit/discards.h"

#include <algorithm>

namespace parallax::audit {

using domain::ConflictOutcome;

// A conflict names the record by which the origin has committed the row, and that one the record of its invocation.
void Discards::add(const sim::Record& conflict, const Journeys& journeys) {
  const auto met = domain::RowConflict::unpack(conflict.body);
  if (met.outcome != ConflictOutcome::kDiscarded) return;
  const std::optional<Step> committed = journeys.find(conflict.cause);
  if (!committed) return;
  const domain::Passage shipped{domain::Stage::kNone, domain::Stage::kReplicationLag, committed->time};
  by_write_[committed->cause.packed].push_back({met.database, {conflict.time, conflict.cause, shipped}});
}

std::optional<Step> Discards::find(domain::LayerId replica, sim::RecordId invoked) const {
  const auto found = by_write_.find(invoked.packed);
  if (found == by_write_.end()) return std::nullopt;
  const auto& entries = found->second;
  const auto there = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.replica == replica; });
  return there == entries.end() ? std::nullopt : std::optional{there->step};
}

}  // namespace parallax::audit
