#include "models/audit/replicas.h"

#include <algorithm>

namespace parallax::audit {

using domain::RowOperation;
using domain::StreamChange;

Replicas::Replicas(const Setup& setup)
    : setup_{setup},
      members_(setup.layers, Member{kNoGroup, 0}),
      statistics_members_(setup.layers, Member{kNoGroup, 0}) {
  for (const auto& group : setup.replica_groups) add_group(group, members_);
  if (!setup.statistics_replicas.empty()) add_group(setup.statistics_replicas, statistics_members_);
}

void Replicas::add_group(const std::vector<domain::LayerId>& layers, std::vector<Member>& members) {
  const auto group = static_cast<std::uint32_t>(group_sizes_.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    members[domain::index(layers[i])] = {group, static_cast<std::uint32_t>(i)};
  }
  group_sizes_.push_back(layers.size());
}

void Replicas::account(sim::VirtualTime now) {
  differing_ns_ += static_cast<std::int64_t>(differing_) * (now - accounted_).ns;
  accounted_ = now;
}

void Replicas::row_changed(const sim::Record& record) {
  const auto changed = domain::RowChanged::unpack(record.body);
  const auto& members = changed.table < setup_.first_statistics_table ? members_ : statistics_members_;
  const Member member = members[domain::index(changed.database)];
  if (member.group == kNoGroup || changed.operation == RowOperation::kDefined) return;
  if (changed.operation == RowOperation::kReset) return reset(member, record.time);
  const domain::SiteId site = setup_.site_of_layer[domain::index(changed.database)];
  const bool has_law = changed.jurisdiction != domain::Jurisdiction{};
  const bool is_abroad = has_law && changed.jurisdiction != setup_.jurisdictions[sim::index(site)];
  exported_ += is_abroad && changed.means == domain::RowMeans::kApply;
  if (setup_.keeps_home && has_law) return;
  Row& row = rows_[{member.group, changed.table, changed.row}];
  row.states.resize(group_sizes_[member.group]);
  State& state = row.states[member.number];
  const bool is_gone = changed.operation == RowOperation::kDeleted;
  if (changed.operation == RowOperation::kInserted) ++state.added;
  if (is_gone) --state.added;
  state.version = is_gone ? domain::Version{} : changed.version;
  compare(row, record.time);
  differing_max_ = std::max(differing_max_, differing_);
}

void Replicas::compare(Row& row, sim::VirtualTime now) {
  const bool differs =
      std::any_of(row.states.begin(), row.states.end(), [&](const State& s) { return s != row.states.front(); });
  if (differs == row.differs) return;
  account(now);
  row.differs = differs;
  differs ? ++differing_ : --differing_;
}

// The order of the rows does not show: what comes of it are sums, and the greatest of them once all are done.
void Replicas::reset(Member member, sim::VirtualTime now) {
  for (auto& [key, row] : rows_) {
    if (key.group != member.group) continue;
    row.states[member.number] = {};
    compare(row, now);
  }
  differing_max_ = std::max(differing_max_, differing_);
}

void Replicas::conflict(const sim::Record& record) {
  const auto met = domain::RowConflict::unpack(record.body);
  ++conflicts_[{met.kind, met.outcome, met.table, met.database, met.origin}];
  if (first_.size() < kMostConflicts) first_.push_back({record.id, record.time, met});
}

void Replicas::stream_changed(const sim::Record& record) {
  const auto changed = domain::StreamChanged::unpack(record.body);
  const auto stream = std::tuple{changed.kind, changed.database, changed.from};
  const auto open = open_stops_.find(stream);
  if (changed.change == StreamChange::kStopped && open == open_stops_.end()) {
    open_stops_[stream] = stops_.size();
    stops_.push_back(
        {changed.database, changed.from, record.time, sim::kNever, 0, changed.waiting, false, false, changed.kind});
    return;
  }
  if (open == open_stops_.end()) return;
  StopFinding& stop = stops_[open->second];
  stop.waiting = std::max(stop.waiting, changed.waiting);
  stop.retries += changed.change == StreamChange::kRetried;
  stop.given_up |= changed.change == StreamChange::kGivenUp;
  if (changed.change != StreamChange::kResumed) return;
  stop.ended = record.time;
  open_stops_.erase(open);
}

void Replicas::abandoned(const domain::ChangeAbandoned& change) {
  refused_writes_ += change.why == domain::Abandoned::kRefused;
}

void Replicas::finish(sim::VirtualTime end, Findings& findings) {
  account(end);
  ReplicationFinding& found = findings.replication;
  found.conflicts = std::move(conflicts_);
  found.first_conflicts = std::move(first_);
  found.stops = std::move(stops_);
  found.divergent_rows_end = differing_;
  found.divergent_rows_max = differing_max_;
  found.divergent_row_time = {differing_ns_};
  found.refused_writes = refused_writes_;
  found.exported_rows = exported_;
  found.has_jurisdictions = std::any_of(setup_.jurisdictions.begin(), setup_.jurisdictions.end(),
                                        [](domain::Jurisdiction j) { return j != domain::Jurisdiction{}; });
  found.is_replicated = !group_sizes_.empty();
  for (StopFinding& stop : found.stops) {
    if (stop.ended == sim::kNever) stop.is_open = true;
    stop.ended = std::min(stop.ended, end);
    found.stopped += stop.ended - stop.began;
  }
}

}  // namespace parallax::audit
